#include "listen/survey/link.h"

#include "base/id.h"
#include "base/random.h"
#include "listen/survey/answer.h"
#include "listen/survey/state.h"

const char *const survey_link_words[WAY_COUNT_ + 1] = {"link", "single", "qr", "widget", "kiosk", "invitation", NULL};
static const char *const channels[WAY_COUNT_] = {"link", "link", "qr", "web", "kiosk", "email"};

enum { NONCE_BYTES = 16, TOKEN_BYTES = 18 };

#define L(member) offsetof(struct survey_link, member)
static const struct shape_field link_fields[] = {
    {"id", SHAPE_ID, L(id), .flags = SHAPE_REQUIRED},
    {"survey", SHAPE_ID, L(survey), .flags = SHAPE_REQUIRED},
    {"kind", SHAPE_WORD, L(kind), .words = survey_link_words, .flags = SHAPE_REQUIRED, .help = "shape.link.kind"},
    {"name", SHAPE_STR, L(name), .flags = SHAPE_REQUIRED},
    {"place", SHAPE_STR, L(place), .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, L(touchpoint), .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_STR, L(channel), .flags = SHAPE_REQUIRED},
    {"alias", SHAPE_STR, L(alias), .flags = SHAPE_PERSONAL | SHAPE_OMIT_NONE},
    {"hidden", SHAPE_JSON, L(hidden), .flags = SHAPE_PERSONAL, .help = "shape.link.hidden"},
    {"locked", SHAPE_BOOL, L(locked), .flags = SHAPE_REQUIRED, .help = "shape.link.locked"},
    {"most", SHAPE_I64, L(most), .flags = SHAPE_REQUIRED, .help = "shape.link.most"},
    {"finished", SHAPE_I64, L(finished), .flags = SHAPE_REQUIRED},
    {"paused", SHAPE_BOOL, L(paused), .flags = SHAPE_REQUIRED},
    {"expires_ms", SHAPE_TIME, L(expires_ms), .flags = SHAPE_REQUIRED},
    {"created_ms", SHAPE_TIME, L(created_ms), .flags = SHAPE_REQUIRED},
    {"url", SHAPE_STR, L(url), .flags = SHAPE_OMIT_NONE, .help = "shape.link.url"},
};
const struct shape survey_link_shape = SHAPE("SurveyLink", struct survey_link, link_fields, "shape.survey_link");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, L(id)},
    {"survey", SHAPE_ID, L(survey)},
    {"kind", SHAPE_WORD, L(kind), .words = survey_link_words},
    {"name", SHAPE_STR, L(name)},
    {"place", SHAPE_STR, L(place)},
    {"touchpoint", SHAPE_STR, L(touchpoint)},
    {"channel", SHAPE_STR, L(channel)},
    {"alias", SHAPE_STR, L(alias)},
    {"hidden", SHAPE_STR, L(hidden)},
    {"pin", SHAPE_STR, L(pin)},
    {"most", SHAPE_I64, L(most)},
    {"finished", SHAPE_I64, L(finished)},
    {"paused", SHAPE_BOOL, L(paused)},
    {"expires_ms", SHAPE_TIME, L(expires_ms)},
    {"created_ms", SHAPE_TIME, L(created_ms)},
    {"nonce", SHAPE_STR, L(nonce)},
};
static const struct shape row_shape = SHAPE("SurveyLinkRow", struct survey_link, row_fields, NULL);
#undef L

/* Tokens. */

static str base64url(struct arena *arena, const u8 *bytes, i64 len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *out = arena_alloc(arena, len / 3 * 4, 1);
    for (i64 i = 0; i + 2 < len; i += 3) {
        u32 three = (u32)bytes[i] << 16 | (u32)bytes[i + 1] << 8 | bytes[i + 2];
        for (i64 k = 0; k < 4; k++) {
            out[i / 3 * 4 + k] = letters[three >> (18 - 6 * k) & 63];
        }
    }
    return (str){out, len / 3 * 4};
}

static str token_of(struct ctx *ctx, const struct surveys *surveys, i64 id, str nonce)
{
    static const char purpose[] = "survey link";
    u8 number[8];
    for (i64 i = 0; i < 8; i++) {
        number[i] = (u8)((u64)id >> (8 * i));
    }
    struct sha256_parts parts;
    sha256_begin(&parts);
    sha256_add(&parts, (str){(const char *)surveys->options.key, HASH_KEY_LEN});
    sha256_add(&parts, (str){purpose, sizeof purpose});
    sha256_add(&parts, (str){(const char *)number, sizeof number});
    sha256_add(&parts, nonce);
    struct sha256 digest = sha256_end(&parts);
    return base64url(&ctx->arena, digest.bytes, TOKEN_BYTES);
}

static void show_url(struct ctx *ctx, const struct surveys *surveys, str base, struct survey_link *link)
{
    str token = token_of(ctx, surveys, link->id, link->nonce);
    link->url = str_format(&ctx->arena, "%.*s/s/%.*s", STR_ARG(base), STR_ARG(token));
    link->locked = link->pin.len > 0;
}

static str pin_hash(struct ctx *ctx, const struct surveys *surveys, i64 link, str pin)
{
    char id[ID_TEXT_LEN];
    str parts[] = {STR("survey pin"), id_text(link, id), pin};
    struct u128 hash = hash_keyed(surveys->options.key, parts, countof(parts));
    return pin.len == 0 ? STR("") : hex(&hash, sizeof hash, arena_alloc(&ctx->arena, 2 * (i64)sizeof hash, 1));
}

bool survey_link_opens(const struct surveys *surveys, const struct survey_link *link, str pin)
{
    struct ctx here = {0};
    u8 differs = 0;
    str hash = pin_hash(&here, surveys, link->id, str_is(pin) && pin.len > 0 ? pin : STR("?"));
    for (i64 i = 0; i < link->pin.len; i++) { // every byte is looked at, whatever the first says
        differs |= (u8)(hash.len == link->pin.len ? hash.data[i] ^ link->pin.data[i] : 1);
    }
    ctx_end(&here);
    return differs == 0;
}

/* Making. */

struct adding {
    struct surveys *surveys;
    const struct survey_linking *with;
    struct survey_link *links;
};

static str or_empty(str text)
{
    return str_is(text) ? text : STR("");
}

static err add_one(struct ctx *ctx, struct store *store, const struct adding *adding, struct survey_link *link)
{
    char *nonce = arena_alloc(&ctx->arena, NONCE_BYTES, 1);
    random_bytes(nonce, NONCE_BYTES);
    *link = adding->with->like;
    link->id = id_new();
    link->survey = adding->with->survey;
    link->created_ms = ctx_now_ms(ctx);
    link->nonce = (str){nonce, NONCE_BYTES};
    link->most = link->kind == WAY_SINGLE || link->kind == WAY_INVITED ? 1 : link->most;
    link->finished = 0;
    link->name = or_empty(link->name);
    link->place = or_empty(link->place);
    link->touchpoint = or_empty(link->touchpoint);
    link->alias = or_empty(link->alias);
    link->hidden = str_is(link->hidden) && !str_eq(link->hidden, STR("null")) ? link->hidden : STR("{}");
    link->channel = str_is(link->channel) && link->channel.len > 0 ? link->channel : str_from(channels[link->kind]);
    link->pin = pin_hash(ctx, adding->surveys, link->id, or_empty(link->pin));
    struct sha256 digest = sha256(token_of(ctx, adding->surveys, link->id, link->nonce));
    str bytes = str_copy(&ctx->arena, (str){(const char *)digest.bytes, sizeof digest.bytes});
    return store_later(ctx, store, SQL_SURVEY_LINK_ADD,
                       ARGS_OF(&row_shape, link, ARG_BYTES("nonce", link->nonce), ARG_BYTES("digest", bytes)));
}

static err add_links(struct ctx *ctx, struct store *store, void *arg)
{
    struct adding *adding = arg;
    i64 version = 0, count = 0;
    TRY(store_number(ctx, store, SQL_SURVEY_NEWEST, ARGS(ARG_I64("id", adding->with->survey)), &version));
    TRY(store_number(ctx, store, SQL_SURVEY_LINK_COUNT, ARGS(ARG_I64("survey", adding->with->survey)), &count));
    if (version <= 0) {
        return version < 0 ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.none")
                           : FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.unpublished");
    }
    if (count + adding->with->count > SURVEY_LINKS_MAX && adding->with->like.kind != WAY_INVITED) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.saved.full",
                    {"most", str_format(&ctx->arena, "%d", SURVEY_LINKS_MAX)});
    }
    for (i64 i = 0; i < adding->with->count; i++) {
        TRY(add_one(ctx, store, adding, &adding->links[i]));
    }
    return OK;
}

err survey_link_add(struct ctx *ctx, struct surveys *surveys, const struct survey_linking *with, struct shape_list *out)
{
    struct hidden_field *hidden;
    i64 hidden_count;
    TRY(survey_hidden_read(ctx, with->like.hidden, &hidden, &hidden_count));
    struct survey_link *links = arena_new(&ctx->arena, struct survey_link, greater(with->count, 1));
    struct adding adding = {surveys, with, links};
    TRY(store_write(ctx, surveys->options.store, add_links, &adding));
    for (i64 i = 0; i < with->count; i++) {
        show_url(ctx, surveys, with->base, &links[i]);
    }
    *out = (struct shape_list){links, with->count};
    return OK;
}

err survey_invite(struct ctx *ctx, struct surveys *surveys, const struct survey_invitation *with, str *token, i64 *link)
{
    struct survey survey;
    struct shape_list made;
    TRY(survey_get(ctx, surveys, with->survey, &survey));
    if (survey.state != SURVEY_OPEN) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.not_open");
    }
    struct survey_linking linking = {
        .survey = with->survey,
        .count = 1,
        .base = STR(""),
        .like = {.kind = WAY_INVITED,
                 .alias = with->alias,
                 .channel = with->channel,
                 .expires_ms = with->expires_ms,
                 .hidden = with->hidden},
    };
    TRY(survey_link_add(ctx, surveys, &linking, &made));
    const struct survey_link *one = made.items;
    *token = str_slice(one->url, 3, one->url.len);
    *link = one->id;
    return OK;
}

/* Reading. */

err survey_link_list(struct ctx *ctx, struct surveys *surveys, const struct survey_link_query *query,
                     struct shape_list *out)
{
    str kind = query->kind >= 0 ? str_from(survey_link_words[query->kind]) : STR("");
    TRY(store_all(ctx, surveys->options.store, SQL_SURVEY_LINK_ROWS,
                  ARGS(ARG_I64("survey", query->survey),
                       ARG_I64("before", query->before > 0 ? query->before : INT64_MAX), ARG_STR("kind", kind),
                       ARG_I64("limit", query->limit)),
                  &row_shape, out));
    for (i64 i = 0; i < out->count; i++) {
        show_url(ctx, surveys, query->base, (struct survey_link *)out->items + i);
    }
    return OK;
}

static err no_link(struct ctx *ctx, err code)
{
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_link") : code;
}

err survey_link_get(struct ctx *ctx, struct surveys *surveys, i64 id, str base, struct survey_link *out)
{
    *out = (struct survey_link){0};
    TRY(no_link(ctx,
                store_one(ctx, surveys->options.store, SQL_SURVEY_LINK_ROW, ARGS(ARG_I64("id", id)), &row_shape, out)));
    show_url(ctx, surveys, base, out);
    return OK;
}

err survey_link_find(struct ctx *ctx, struct surveys *surveys, str token, struct survey_link *out)
{
    struct sha256 digest = sha256(token);
    *out = (struct survey_link){0};
    if (token.len != TOKEN_BYTES / 3 * 4) {
        return no_link(ctx, ERR_NOT_FOUND);
    }
    TRY(no_link(ctx, store_one(ctx, surveys->options.store, SQL_SURVEY_LINK_FIND,
                               ARGS(ARG_BYTES("digest", ((str){(const char *)digest.bytes, sizeof digest.bytes}))),
                               &row_shape, out)));
    out->locked = out->pin.len > 0;
    return OK;
}

/* Changing. */

err survey_link_change(struct ctx *ctx, struct surveys *surveys, const struct survey_link *link)
{
    struct survey_link present;
    TRY(survey_link_get(ctx, surveys, link->id, STR(""), &present));
    str pin = str_is(link->pin) ? pin_hash(ctx, surveys, link->id, link->pin) : present.pin;
    bool once = present.kind == WAY_SINGLE || present.kind == WAY_INVITED;
    return store_run(ctx, surveys->options.store, SQL_SURVEY_LINK_CHANGE,
                     ARGS(ARG_I64("id", link->id), ARG_STR("name", or_empty(link->name)),
                          ARG_STR("place", or_empty(link->place)), ARG_STR("touchpoint", or_empty(link->touchpoint)),
                          ARG_I64("most", once ? 1 : link->most), ARG_I64("paused", link->paused ? 1 : 0),
                          ARG_ID("expires_ms", link->expires_ms), ARG_STR("pin", pin)),
                     NULL);
}

static err remove_link(struct ctx *ctx, struct store *store, void *arg)
{
    const struct survey_link *link = arg;
    i64 answered = 0;
    TRY(store_number(ctx, store, SQL_SURVEY_LINK_ANSWERED, ARGS(ARG_I64("link", link->id)), &answered));
    if (answered > 0) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.answered");
    }
    TRY(store_run(ctx, store, SQL_LINK_TAKEN_BACK, ARGS(ARG_I64("link", link->id)), NULL));
    TRY(store_run(ctx, store, SQL_SURVEY_LINK_EMPTY, ARGS(ARG_I64("link", link->id)), NULL));
    return store_run(ctx, store, SQL_SURVEY_LINK_REMOVE, ARGS(ARG_I64("id", link->id)), NULL);
}

err survey_link_remove(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey_link *removed)
{
    TRY(survey_link_get(ctx, surveys, id, STR(""), removed));
    return store_write(ctx, surveys->options.store, remove_link, removed);
}
