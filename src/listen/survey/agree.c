#include "listen/survey/agree.h"

#include "base/id.h"
#include "journey/pointer.h"
#include "listen/survey/sending.h"
#include "people/consent.h"
#include "text/fold.h"
#include "text/phone.h"

static bool asks(const struct survey_question *question)
{
    return question->type == SURVEY_CONTACT && str_is(question->purpose) && question->purpose.len > 0;
}

/* Most surveys ask for nothing: they read no wordings. */
static err wordings_of(struct ctx *ctx, struct store *store, const struct survey_document *document,
                       struct shape_list *out)
{
    *out = (struct shape_list){NULL, 0};
    for (i64 i = 0; i < document->questions.count; i++) {
        if (asks(survey_question_at(document, i))) {
            return wording_list(ctx, store, out);
        }
    }
    return OK;
}

/* The version that was shown, else the newest of that time, else the newest; NULL where the purpose has no words. */
static const struct wording *wording_of(const struct shape_list *wordings, str purpose, i64 version, i64 at_ms)
{
    const struct wording *newest = NULL, *then = NULL;
    for (i64 i = 0; i < wordings->count; i++) { // the newest of a purpose comes first
        const struct wording *wording = (const struct wording *)wordings->items + i;
        if (!str_eq(str_from(purpose_words[wording->purpose]), purpose)) {
            continue;
        }
        if (wording->version == version) {
            return wording;
        }
        newest = newest == NULL ? wording : newest;
        then = then == NULL && wording->created_ms <= at_ms ? wording : then;
    }
    return then != NULL ? then : newest;
}

err survey_agree_check(struct ctx *ctx, struct store *store, const struct survey_document *document,
                       struct survey_problems *problems)
{
    struct shape_list wordings;
    TRY(wordings_of(ctx, store, document, &wordings));
    for (i64 i = 0; i < document->questions.count; i++) {
        const struct survey_question *question = survey_question_at(document, i);
        if (!asks(question) || wording_of(&wordings, question->purpose, 0, 0) != NULL ||
            problems->count >= SURVEY_PROBLEMS_MAX) {
            continue;
        }
        str before = pointer_enter(ctx, STR("questions"));
        (void)pointer_enter_index(ctx, i);
        err said = FAIL(ctx, ERR_INVALID, "purpose", "error.survey.no_wording");
        (void)said;
        problems->items[problems->count++] = (struct survey_problem){ctx->fault.pointer, ctx->fault};
        ctx_forgive(ctx);
        ctx->pointer = before;
    }
    return OK;
}

err survey_agree_show(struct ctx *ctx, struct store *store, struct survey_document *document)
{
    struct shape_list wordings;
    struct survey_question *questions = document->questions.items;
    TRY(wordings_of(ctx, store, document, &wordings));
    for (i64 i = 0; i < document->questions.count; i++) {
        const struct wording *wording = asks(&questions[i])
                                            ? wording_of(&wordings, questions[i].purpose, 0, ctx_now_ms(ctx))
                                            : NULL;
        if (wording != NULL) {
            struct json_writer writer = json_writer_in(&ctx->arena);
            json_object(&writer);
            json_pair_i64(&writer, "version", wording->version);
            json_key(&writer, STR("texts"));
            json_put_raw(&writer, wording->texts);
            json_object_end(&writer);
            questions[i].agree = json_text(&writer);
        }
    }
    return OK;
}

struct agreement {
    bool agreed;
    i64 wording;
    str email, phone; /* none: not said, or not to be reached under */
};

static err read_agreement(struct ctx *ctx, str json, struct agreement *out)
{
    struct json object;
    str text;
    *out = (struct agreement){.email = STR_NONE, .phone = STR_NONE};
    TRY(json_parse(ctx, json_reader_here(), json, &object));
    (void)json_bool(json_get(object, STR("consent")), &out->agreed);
    (void)json_i64(json_get(object, STR("wording")), &out->wording);
    if (json_str(json_get(object, STR("email")), &text)) {
        out->email = fold_email(&ctx->arena, text);
    }
    if (json_str(json_get(object, STR("phone")), &text)) {
        out->phone = phone_e164(&ctx->arena, text);
    }
    return OK;
}

err survey_agree_keep(struct ctx *ctx, const struct survey_document *document, struct survey_answer *answers)
{
    for (i64 i = 0; i < document->questions.count; i++) {
        struct agreement agreement;
        if (answers[i].given && asks(survey_question_at(document, i))) {
            TRY(read_agreement(ctx, answers[i].json, &agreement));
            answers[i].given = agreement.agreed;
        }
    }
    return OK;
}

/* Nobody vouches for an address that was typed: whoever withdrew under it agrees again where it is known who speaks. */
static err put_typed(struct ctx *ctx, struct store *store, const char *kind, str address, const struct consent *word)
{
    if (!str_is(address)) {
        return OK;
    }
    bool holds;
    struct consent newest, own = *word;
    own.alias = str_format(&ctx->arena, "%s:%.*s", kind, STR_ARG(address));
    struct str_list aliases = {&own.alias, 1};
    TRY(consent_holds(ctx, store, &aliases, (enum purpose)word->purpose, REACH_EMAIL, &holds, &newest));
    ctx_forgive(ctx); // no word yet
    return newest.id != 0 && !holds ? OK : consent_put(ctx, store, &own);
}

/* An anonymous id is the page's own: only an invitation says who answers. */
static err put_words(struct ctx *ctx, struct store *store, const struct response *response,
                     const struct agreement *agreement, const struct wording *wording)
{
    char id[ID_TEXT_LEN];
    struct consent word = {
        .alias = response->alias,
        .purpose = wording->purpose,
        .state = CONSENT_GIVEN,
        .wording = wording->version,
        .channel = STR_NONE,
        .how = HOW_SURVEY,
        .evidence = id_text(response->id, id),
        .at_ms = response->changed_ms,
        .by = STR(SURVEY_SOURCE),
    };
    TRY(put_typed(ctx, store, "email", agreement->email, &word));
    TRY(put_typed(ctx, store, "phone", agreement->phone, &word));
    bool known = str_is(response->alias) && response->alias.len > 0 && !str_starts(response->alias, STR("anon:"));
    return known ? consent_put(ctx, store, &word) : OK;
}

err survey_agree_write(struct ctx *ctx, struct store *store, const struct survey_document *document,
                       const struct response *response, str before)
{
    i64 count = greater(document->questions.count, 1);
    struct survey_answer *now = arena_new(&ctx->arena, struct survey_answer, count);
    struct survey_answer *counted = arena_new(&ctx->arena, struct survey_answer, count);
    struct shape_list wordings;
    TRY(wordings_of(ctx, store, document, &wordings));
    if (wordings.count == 0) {
        return OK;
    }
    TRY(survey_answers_read(ctx, document, response->answers, now));
    TRY(survey_answers_read(ctx, document, before, counted));
    for (i64 i = 0; i < document->questions.count; i++) {
        const struct survey_question *question = survey_question_at(document, i);
        struct agreement agreement;
        if (!asks(question) || !now[i].given || counted[i].given) {
            continue;
        }
        TRY(read_agreement(ctx, now[i].json, &agreement));
        const struct wording *wording = wording_of(&wordings, question->purpose, agreement.wording,
                                                   response->changed_ms);
        if (agreement.agreed && wording != NULL) {
            TRY(put_words(ctx, store, response, &agreement, wording));
        }
    }
    return OK;
}
