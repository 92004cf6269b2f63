#include "people/consent.h"

#include "base/id.h"
#include "people/alias.h"
#include "people/state.h"

/* Clocks of tills and call centres run ahead a little. */
enum { AHEAD_MS = 5 * 60 * 1000 };

const char *const purpose_words[PURPOSE_COUNT + 1] = {"survey", "service", "marketing", "research", "training", NULL};
const char *const reach_words[REACH_COUNT + 1] = {"email", "webhook", NULL};
const char *const consent_state_words[] = {"given", "withdrawn", NULL};
const char *const consent_how_words[HOW_COUNT + 1] = {"form",    "call",  "paper", "import", "survey",
                                                      "opt_out", "staff", "api",   NULL};

static const struct shape_field consent_fields[] = {
    {"id", SHAPE_ID, offsetof(struct consent, id), .flags = SHAPE_REQUIRED},
    {"alias", SHAPE_STR, offsetof(struct consent, alias), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL,
     .help = "shape.consent.alias"},
    {"purpose", SHAPE_WORD, offsetof(struct consent, purpose), .words = purpose_words, .flags = SHAPE_REQUIRED,
     .help = "shape.consent.purpose"},
    {"state", SHAPE_WORD, offsetof(struct consent, state), .words = consent_state_words, .flags = SHAPE_REQUIRED},
    {"wording", SHAPE_I64, offsetof(struct consent, wording), .flags = SHAPE_REQUIRED, .help = "shape.consent.wording"},
    {"channel", SHAPE_STR, offsetof(struct consent, channel), .help = "shape.consent.channel"},
    {"how", SHAPE_WORD, offsetof(struct consent, how), .words = consent_how_words, .flags = SHAPE_REQUIRED,
     .help = "shape.consent.how"},
    {"evidence", SHAPE_STR, offsetof(struct consent, evidence), .flags = SHAPE_PERSONAL,
     .help = "shape.consent.evidence"},
    {"at_ms", SHAPE_TIME, offsetof(struct consent, at_ms), .flags = SHAPE_REQUIRED, .help = "shape.consent.at_ms"},
    {"recorded_ms", SHAPE_TIME, offsetof(struct consent, recorded_ms), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, offsetof(struct consent, by), .flags = SHAPE_REQUIRED, .help = "shape.consent.by"},
};
const struct shape consent_shape = SHAPE("Consent", struct consent, consent_fields, "shape.consent");

static const struct shape_field wording_fields[] = {
    {"purpose", SHAPE_WORD, offsetof(struct wording, purpose), .words = purpose_words, .flags = SHAPE_REQUIRED},
    {"version", SHAPE_I64, offsetof(struct wording, version), .flags = SHAPE_REQUIRED},
    {"texts", SHAPE_JSON, offsetof(struct wording, texts), .flags = SHAPE_REQUIRED, .help = "shape.wording.texts"},
    {"created_ms", SHAPE_TIME, offsetof(struct wording, created_ms), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, offsetof(struct wording, by), .flags = SHAPE_REQUIRED},
};
const struct shape wording_shape = SHAPE("ConsentWording", struct wording, wording_fields, "shape.wording");

static err check_wording(struct ctx *ctx, struct store *store, const struct consent *consent)
{
    i64 there = 0;
    if (consent->wording == 0 && consent->state == CONSENT_WITHDRAWN) {
        return OK;
    }
    TRY(store_number(ctx, store, SQL_WORDING_THERE,
                     ARGS(ARG_STR("purpose", str_from(purpose_words[consent->purpose])),
                          ARG_I64("version", consent->wording)),
                     &there));
    return there > 0 ? OK : FAIL(ctx, ERR_INVALID, "wording", "error.consent.wording");
}

err consent_put(struct ctx *ctx, struct store *store, struct consent *consent)
{
    i64 now_ms = ctx_now_ms(ctx);
    consent->alias = alias_whole(&ctx->arena, consent->alias);
    if (!str_is(consent->alias)) {
        return FAIL(ctx, ERR_INVALID, "alias", "error.consent.alias");
    }
    consent->at_ms = consent->at_ms == 0 ? now_ms : consent->at_ms;
    if (consent->at_ms > now_ms + AHEAD_MS) {
        return FAIL(ctx, ERR_INVALID, "at_ms", "error.consent.future");
    }
    consent->at_ms = lesser(consent->at_ms, now_ms); // so that no later word is older than this one
    TRY(check_wording(ctx, store, consent));
    consent->id = id_new();
    consent->recorded_ms = now_ms;
    return store_run(ctx, store, SQL_CONSENT_ADD, ARGS_OF(&consent_shape, consent, ARG_ID("version", consent->wording)),
                     NULL);
}

str consent_texts(struct ctx *ctx, const struct str_list *texts)
{
    struct json_writer out = json_writer_in(&ctx->arena);
    json_list(&out);
    for (i64 i = 0; i < texts->count; i++) {
        json_put_str(&out, texts->items[i]);
    }
    json_list_end(&out);
    return json_text(&out);
}

err consent_list(struct ctx *ctx, struct store *store, const struct str_list *aliases, struct shape_list *out)
{
    return store_all(ctx, store, SQL_CONSENT_ROWS, ARGS(ARG_STR("aliases", consent_texts(ctx, aliases))),
                     &consent_shape, out);
}

err consent_holds(struct ctx *ctx, struct store *store, const struct str_list *aliases, enum purpose purpose,
                  enum reach reach, bool *holds, struct consent *out)
{
    struct consent newest = {0};
    err code = store_one(ctx, store, SQL_CONSENT_NEWEST,
                         ARGS(ARG_STR("aliases", consent_texts(ctx, aliases)),
                              ARG_STR("purpose", str_from(purpose_words[purpose])),
                              ARG_STR("channel", str_from(reach_words[reach]))),
                         &consent_shape, &newest);
    if (code != OK && code != ERR_NOT_FOUND) {
        return code;
    }
    *holds = code == OK && newest.state == CONSENT_GIVEN;
    if (out != NULL) {
        *out = newest;
    }
    return OK;
}

err consent_forget(struct ctx *ctx, struct store *store, const struct str_list *aliases)
{
    return store_run(ctx, store, SQL_CONSENT_FORGET, ARGS(ARG_STR("aliases", consent_texts(ctx, aliases))), NULL);
}

/* {"vi":"…","en":"…"}: texts by language, at least one. */
static err check_texts(struct ctx *ctx, str texts)
{
    struct json object;
    i64 count = 0;
    TRY(json_parse(ctx, json_reader_here(), texts, &object));
    if (json_type(object) != JSON_OBJECT) {
        return FAIL(ctx, ERR_INVALID, "texts", "error.type", {"expected", STR("object")});
    }
    for (struct json_iter i = json_each(object); json_next(&i); count++) {
        str text;
        bool known = str_eq(i.key, STR("vi")) || str_eq(i.key, STR("en"));
        if (!known || !json_str(i.value, &text) || str_trim(text).len == 0) {
            return FAIL(ctx, ERR_INVALID, "texts", "error.consent.texts");
        }
    }
    return count > 0 ? OK : FAIL(ctx, ERR_INVALID, "texts", "error.consent.texts");
}

err wording_add(struct ctx *ctx, struct store *store, struct wording *wording)
{
    str purpose = str_from(purpose_words[wording->purpose]);
    i64 newest = 0;
    TRY(check_texts(ctx, wording->texts));
    TRY(store_number(ctx, store, SQL_WORDING_NEWEST, ARGS(ARG_STR("purpose", purpose)), &newest));
    wording->version = newest + 1;
    wording->created_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_WORDING_ADD, ARGS_OF(&wording_shape, wording), NULL);
}

err wording_list(struct ctx *ctx, struct store *store, struct shape_list *out)
{
    return store_all(ctx, store, SQL_WORDING_ROWS, ARGS_NONE, &wording_shape, out);
}
