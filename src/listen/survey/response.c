#include "listen/survey/response.h"

#include "base/id.h"
#include "base/random.h"
#include "base/zone.h"
#include "journey/pointer.h"
#include "listen/survey/logic.h"
#include "listen/survey/sending.h"
#include "listen/survey/state.h"
#include "listen/survey/taking.h"

#include <stdio.h>

const char *const response_state_words[RESPONSE_STATE_COUNT_ + 1] = {"partial", "finished", "over", NULL};

#define R(member) offsetof(struct response, member)
static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, R(id)},
    {"survey", SHAPE_ID, R(survey)},
    {"version", SHAPE_I64, R(version)},
    {"link", SHAPE_ID, R(link)},
    {"state", SHAPE_WORD, R(state), .words = response_state_words},
    {"edit", SHAPE_STR, R(edit)},
    {"request_key", SHAPE_STR, R(request_key)},
    {"language", SHAPE_STR, R(language)},
    {"alias", SHAPE_STR, R(alias)},
    {"channel", SHAPE_STR, R(channel)},
    {"place", SHAPE_STR, R(place)},
    {"device", SHAPE_STR, R(device)},
    {"answers", SHAPE_STR, R(answers)},
    {"counted", SHAPE_STR, R(counted)},
    {"sent", SHAPE_STR, R(sent)},
    {"hidden", SHAPE_STR, R(hidden)},
    {"seen", SHAPE_STR, R(seen)},
    {"spent", SHAPE_STR, R(spent)},
    {"answered", SHAPE_I64, R(answered)},
    {"end", SHAPE_STR, R(end)},
    {"contact", SHAPE_BOOL, R(contact)},
    {"started_ms", SHAPE_TIME, R(started_ms)},
    {"changed_ms", SHAPE_TIME, R(changed_ms)},
    {"finished_ms", SHAPE_TIME, R(finished_ms)},
    {"pending_ms", SHAPE_TIME, R(pending_ms)},
};
const struct shape response_row_shape = SHAPE("ResponseRow", struct response, row_fields, NULL);
#undef R

i64 response_partial_ms(const struct survey_document *document)
{
    i64 after_ms = 24LL * 3600 * 1000;
    if (str_is(document->partial_after)) {
        (void)duration_parse(document->partial_after, &after_ms);
    }
    return after_ms;
}

str response_edit(struct ctx *ctx, const struct surveys *surveys, const struct response *response)
{
    char id[ID_TEXT_LEN];
    str key = str_is(response->request_key) ? response->request_key : STR("");
    str parts[] = {STR("response edit"), id_text(response->id, id), key};
    struct u128 secret = hash_keyed(surveys->options.key, parts, countof(parts));
    return hex(&secret, sizeof secret, arena_alloc(&ctx->arena, 2 * (i64)sizeof secret, 1));
}

err response_get(struct ctx *ctx, struct surveys *surveys, i64 id, struct response *out)
{
    *out = (struct response){0};
    err code = store_one(ctx, surveys->options.store, SQL_RESPONSE_ROW, ARGS(ARG_I64("id", id)), &response_row_shape,
                         out);
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_response") : code;
}

static str digest_of(struct ctx *ctx, str secret)
{
    struct sha256 digest = sha256(secret);
    return str_copy(&ctx->arena, (str){(const char *)digest.bytes, sizeof digest.bytes});
}

err response_by_edit(struct ctx *ctx, struct surveys *surveys, i64 link, str edit, struct response *out)
{
    *out = (struct response){0};
    return store_one(ctx, surveys->options.store, SQL_RESPONSE_BY_EDIT,
                     ARGS(ARG_I64("link", link), ARG_BYTES("edit", digest_of(ctx, edit))), &response_row_shape, out);
}

static err refuse(struct ctx *ctx, enum gate_state state)
{
    static const struct {
        err code;
        const char *key;
    } table[] = {
        [GATE_PIN] = {ERR_FORBIDDEN, "error.survey.pin"},         [GATE_CLOSED] = {ERR_GONE, "error.survey.closed"},
        [GATE_PAUSED] = {ERR_CONFLICT, "error.survey.paused"},    [GATE_FULL] = {ERR_GONE, "error.survey.full"},
        [GATE_USED] = {ERR_CONFLICT, "error.survey.used"},        [GATE_EXPIRED] = {ERR_GONE, "error.survey.expired"},
        [GATE_INVITED] = {ERR_FORBIDDEN, "error.survey.invited"},
    };
    return state == GATE_OPEN ? OK : FAIL(ctx, table[state].code, NULL, table[state].key);
}

/* Which response this is: a new one, one that goes on, or one that was sent already. */

static err by_key(struct ctx *ctx, struct taking *taking)
{
    str key = taking->submission->key;
    if (!str_is(key) || key.len == 0) {
        return ERR_NOT_FOUND;
    }
    return store_one(ctx, taking->surveys->options.store, SQL_RESPONSE_BY_KEY,
                     ARGS(ARG_I64("link", taking->gate.link.id), ARG_STR("key", key)), &response_row_shape,
                     &taking->response);
}

/* A response is continued with its edit secret. */
static err continued(struct ctx *ctx, struct taking *taking)
{
    const struct submission *submission = taking->submission;
    struct response *response = &taking->response;
    TRY(response_get(ctx, taking->surveys, submission->response, response));
    if (response->link != taking->gate.link.id) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_response");
    }
    str digest = str_is(submission->edit) ? digest_of(ctx, submission->edit) : STR("");
    if (!str_eq(digest, response->edit)) {
        return FAIL(ctx, ERR_FORBIDDEN, NULL, "error.survey.edit");
    }
    return OK;
}

static i64 version_of(const struct taking *taking)
{
    i64 given = taking->submission->version;
    return given > 0 ? given : taking->gate.version;
}

/* Under another key, from which another secret follows: what the first device holds opens nothing any more. What counts already
 * stays and is shown to nobody (response_unseen); everything else begins anew. */
static err begin_again(struct ctx *ctx, struct taking *taking)
{
    struct response *response = &taking->response;
    str key = taking->submission->key;
    bool counts = str_is(response->counted);
    response->request_key = str_is(key) && key.len > 0 ? key : random_token(&ctx->arena, 16);
    response->answers = counts ? response->counted : STR("{}");
    response->hidden = response->language = response->seen = response->spent = STR_NONE;
    response->device = taking_device(ctx, taking);
    if (!counts) {
        response->version = version_of(taking);
        response->alias = taking_alias(ctx, taking);
        response->started_ms = taking->at_ms;
    }
    return store_run(ctx, taking->surveys->options.store, SQL_SURVEY_FILES_DETACH,
                     ARGS(ARG_I64("response", response->id)), NULL);
}

/* Only that somebody sees the survey? Without `answers` nothing is said, and nothing taken back. */
static bool only_looks(const struct submission *submission)
{
    return !submission->finished && (!str_is(submission->answers) || str_eq(submission->answers, STR("null")));
}

/* A link that works once holds one response: another device takes the unfinished one over, and begins with nothing. Whoever only
 * looks takes over no answers. */
static err taken_over(struct ctx *ctx, struct taking *taking)
{
    const struct survey_link *link = &taking->gate.link;
    if (!survey_link_once(link)) {
        return ERR_NOT_FOUND;
    }
    TRY(store_one(ctx, taking->surveys->options.store, SQL_RESPONSE_OF_LINK, ARGS(ARG_I64("link", link->id)),
                  &response_row_shape, &taking->response));
    if (taking->response.answered > 0 && only_looks(taking->submission)) {
        return FAIL(ctx, ERR_FORBIDDEN, NULL, "error.survey.edit");
    }
    return taking->response.state == RESPONSE_PARTIAL ? begin_again(ctx, taking) : OK;
}

static err leave_out(struct ctx *ctx, struct json_reader *reader, str counted, str *answers)
{
    struct json all, there;
    struct json_writer writer = json_writer_in(&ctx->arena);
    TRY(json_parse(ctx, reader, counted, &there));
    TRY(json_parse(ctx, json_reader_here(), *answers, &all));
    json_object(&writer);
    for (struct json_iter member = json_each(all); json_next(&member);) {
        if (!json_is(json_get(there, member.key))) {
            json_key(&writer, member.key);
            json_put_value(&writer, member.value);
        }
    }
    json_object_end(&writer);
    *answers = json_text(&writer);
    return OK;
}

err response_unseen(struct ctx *ctx, const struct survey_link *link, struct response *response)
{
    if (!survey_link_once(link) || !str_is(response->counted)) {
        return OK;
    }
    struct json_reader *reader = json_reader_open();
    err code = leave_out(ctx, reader, response->counted, &response->answers);
    json_reader_close(reader);
    return code;
}

static err find(struct ctx *ctx, struct taking *taking)
{
    if (taking->submission->response != 0) {
        return continued(ctx, taking);
    }
    err code = by_key(ctx, taking);
    if (code == ERR_NOT_FOUND) {
        code = taken_over(ctx, taking);
    } else {
        taking->again = code == OK;
    }
    if (code == ERR_NOT_FOUND) {
        taking->created = true;
        return OK;
    }
    return code;
}

/* What is over is not written again; the same twice under one key gets the same answer. */
static err check_unfinished(struct ctx *ctx, struct taking *taking)
{
    const struct response *response = &taking->response;
    if (response->state != RESPONSE_PARTIAL) {
        TRY(taking->again ? taking_is_same(ctx, taking, &taking->repeated) : OK);
        return taking->repeated ? OK : FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.finished");
    }
    i64 until_ms = response->started_ms + RESPONSE_CONTINUE_DAYS * 86400000LL;
    return ctx_now_ms(ctx) <= until_ms ? OK : FAIL(ctx, ERR_GONE, NULL, "error.survey.expired");
}

static void new_response(struct ctx *ctx, struct taking *taking)
{
    const struct submission *submission = taking->submission;
    taking->response = (struct response){
        .id = id_new(),
        .survey = taking->gate.link.survey,
        .version = version_of(taking),
        .link = taking->gate.link.id,
        .request_key = str_is(submission->key) && submission->key.len > 0 ? submission->key : STR_NONE,
        .channel = taking->gate.link.channel,
        .started_ms = taking->at_ms,
    };
    taking->response.device = taking_device(ctx, taking);
    taking->response.alias = taking_alias(ctx, taking);
}

static err take(struct ctx *ctx, struct store *store, void *arg)
{
    (void)store;
    struct taking *taking = arg;
    const struct submission *submission = taking->submission;
    struct gate_asked asked = {submission->token, submission->pin, submission->at_ms};
    TRY(survey_gate(ctx, taking->surveys, &asked, &taking->gate));
    // What was begun in time may be finished after the link is full or used by itself; the room is looked at again below.
    err code = taking->gate.state == GATE_PIN ? ERR_NOT_FOUND : find(ctx, taking);
    if (code == OK && !taking->created) {
        TRY(check_unfinished(ctx, taking));
        if (taking->repeated) {
            return OK;
        }
    }
    if (taking->gate.state != GATE_PIN) {
        TRY(code);
    }
    TRY(refuse(ctx, (enum gate_state)taking->gate.state));
    TRY(taking_moment(ctx, taking));
    if (taking->created) {
        new_response(ctx, taking);
    }
    return taking_write(ctx, taking);
}

err response_take(struct ctx *ctx, struct surveys *surveys, const struct submission *submission, struct receipt *out)
{
    struct taking taking = {.surveys = surveys, .submission = submission, .at_ms = ctx_now_ms(ctx)};
    TRY(store_write(ctx, surveys->options.store, take, &taking));
    *out = (struct receipt){
        .response = taking.response.id,
        .edit = response_edit(ctx, surveys, &taking.response),
        .state = taking.response.state,
        .end = taking.response.end,
        .created = taking.created,
    };
    if (taking.response.state == RESPONSE_FINISHED && !taking.repeated) {
        sending_now(ctx, surveys, &taking.response, &taking.document);
    }
    surveys_tell(surveys, ctx, taking.response.survey);
    return OK;
}

struct cleaning {
    i64 before_ms, most;
};

static err clean(struct ctx *ctx, struct store *store, void *arg)
{
    const struct cleaning *cleaning = arg;
    i64 changed = 0;
    TRY(store_run(ctx, store, SQL_RESPONSES_EMPTY,
                  ARGS(ARG_I64("before_ms", cleaning->before_ms), ARG_I64("most", cleaning->most)), &changed));
    return changed == 0 ? OK : store_run(ctx, store, SQL_ALL_TAKEN_BACK, ARGS_NONE, NULL);
}

err response_clean(struct ctx *ctx, struct surveys *surveys, i64 most)
{
    struct cleaning cleaning = {ctx_now_ms(ctx) - 24LL * 3600 * 1000, most};
    return store_write(ctx, surveys->options.store, clean, &cleaning);
}
