#include "listen/survey/taking.h"

#include "base/id.h"
#include "journey/pointer.h"
#include "listen/names.h"
#include "listen/survey/agree.h"
#include "listen/survey/file.h"
#include "listen/survey/sending.h"
#include "listen/survey/state.h"

enum { ANONYMOUS_MIN = 8, ANONYMOUS_MAX = 100, SPENT_MAX_MS = 24 * 3600 * 1000 };

str taking_alias(struct ctx *ctx, const struct taking *taking)
{
    str given = taking->submission->anonymous;
    if (taking->gate.link.alias.len > 0) {
        return taking->gate.link.alias;
    }
    bool usable = str_is(given) && given.len >= ANONYMOUS_MIN && given.len <= ANONYMOUS_MAX &&
                  taking->gate.link.kind != WAY_KIOSK; // a kiosk is one browser and many people
    return usable ? str_format(&ctx->arena, "anon:%.*s", STR_ARG(given)) : STR("");
}

str taking_device(struct ctx *ctx, const struct taking *taking)
{
    str parts[] = {STR("respondent's device"), taking->submission->address,
                   str_is(taking->submission->agent) ? taking->submission->agent : STR("")};
    struct u128 hash = hash_keyed(taking->surveys->options.key, parts, countof(parts));
    return hex(&hash.low, sizeof hash.low, arena_alloc(&ctx->arena, 2 * (i64)sizeof hash.low, 1));
}

err taking_moment(struct ctx *ctx, struct taking *taking)
{
    i64 at_ms = taking->submission->at_ms, now_ms = ctx_now_ms(ctx);
    if (at_ms == 0) {
        return OK;
    }
    if (taking->gate.link.kind != WAY_KIOSK) {
        return FAIL(ctx, ERR_INVALID, "at_ms", "error.survey.at_kiosk");
    }
    if (at_ms > now_ms + 60000 || at_ms < now_ms - RESPONSE_AT_DAYS * 86400000LL) {
        return FAIL(ctx, ERR_INVALID, "at_ms", "error.survey.at");
    }
    taking->at_ms = lesser(at_ms, now_ms);
    return OK;
}

static bool is_language(const struct survey_document *document, str language)
{
    for (i64 i = 0; i < document->languages.count; i++) {
        if (str_eq(document->languages.items[i], language)) {
            return true;
        }
    }
    return false;
}

/* The version it began with; a page that was left open across a publication ends with its own. */
static err load_version(struct ctx *ctx, struct taking *taking)
{
    struct response *response = &taking->response;
    if (response->version == taking->gate.version) {
        taking->document = taking->gate.document;
    } else {
        str before = pointer_enter(ctx, STR("version"));
        err code = survey_version_get(ctx, taking->surveys, response->survey, response->version, NULL,
                                      &taking->document);
        if (code == ERR_NOT_FOUND) {
            ctx_forgive(ctx);
            return FAIL(ctx, ERR_INVALID, "", "error.survey.no_version");
        }
        TRY(code);
        ctx->pointer = before;
    }
    str language = taking->submission->language;
    if (!is_language(&taking->document, language)) {
        if (str_is(language) && language.len > 0) {
            return FAIL(ctx, ERR_INVALID, "language", "error.survey.languages");
        }
        language = str_is(response->language) && response->language.len > 0 ? response->language
                                                                            : taking->document.languages.items[0];
    }
    response->language = language;
    return OK;
}

/* Does the document speak of a hidden field of this name, in a condition or in a text? */
static bool is_declared(struct ctx *ctx, str text, str name)
{
    return str_find(text, str_format(&ctx->arena, "\"%.*s\"", STR_ARG(name))) >= 0 ||
           str_find(text, str_format(&ctx->arena, "{{hidden.%.*s}}", STR_ARG(name))) >= 0;
}

/* Names become columns of the log, and anybody may send them here: new ones only up to what a key may bring. */
static i64 keep_admitted(struct ctx *ctx, const struct taking *taking, struct hidden_field *fields, i64 count)
{
    struct names *names = taking->surveys->options.names;
    bool *admitted = arena_new(&ctx->arena, bool, greater(count, 1));
    if (names == NULL || count == 0) {
        return count;
    }
    names_begin(names);
    for (i64 i = 0; i < count; i++) {
        admitted[i] = names_admit(names, STR(SURVEY_SOURCE), NAME_PROPERTY, fields[i].name);
    }
    names_end(names);
    i64 kept = 0;
    str text = STR_NONE;
    for (i64 i = 0; i < count; i++) {
        text = admitted[i] || str_is(text) ? text : survey_document_text(ctx, &taking->document);
        if (admitted[i] || is_declared(ctx, text, fields[i].name)) {
            fields[kept++] = fields[i];
        }
    }
    return kept;
}

/* Hidden fields: those of the link cannot be changed from outside. */
static err merge_hidden(struct ctx *ctx, struct taking *taking)
{
    struct hidden_field *given, *fixed;
    i64 given_count, fixed_count, fresh_count = 0;
    TRY(survey_hidden_read(ctx, taking->submission->hidden, &given, &given_count));
    TRY(survey_hidden_read(ctx, taking->gate.link.hidden, &fixed, &fixed_count));
    for (i64 i = 0; i < given_count; i++) {
        bool known = false;
        for (i64 k = 0; k < fixed_count; k++) {
            known = known || str_eq(given[i].name, fixed[k].name);
            if (str_eq(given[i].name, fixed[k].name) && !str_eq(given[i].value, fixed[k].value)) {
                return FAIL(ctx, ERR_INVALID,
                            str_c(&ctx->arena, str_format(&ctx->arena, "hidden/%.*s", STR_ARG(given[i].name))),
                            "error.survey.hidden");
            }
        }
        if (!known) {
            given[fresh_count++] = given[i];
        }
    }
    fresh_count = lesser(fresh_count, SURVEY_HIDDEN_MAX - fixed_count);
    fresh_count = keep_admitted(ctx, taking, given, fresh_count);
    memcpy(fixed + fixed_count, given, (size_t)fresh_count * sizeof *given);
    fixed_count += fresh_count;
    taking->hidden = fixed;
    taking->hidden_count = fixed_count;
    return OK;
}

static str hidden_text(struct ctx *ctx, const struct taking *taking)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_object(&writer);
    for (i64 i = 0; i < taking->hidden_count; i++) {
        json_key(&writer, taking->hidden[i].name);
        json_put_str(&writer, taking->hidden[i].value);
    }
    json_object_end(&writer);
    return json_text(&writer);
}

/* A response that goes on keeps the hidden fields it began with. */
static err load_hidden(struct ctx *ctx, struct taking *taking)
{
    if (!taking->created && str_is(taking->response.hidden) && !str_is(taking->submission->hidden)) {
        return survey_hidden_read(ctx, taking->response.hidden, &taking->hidden, &taking->hidden_count);
    }
    TRY(merge_hidden(ctx, taking));
    taking->response.hidden = hidden_text(ctx, taking);
    return OK;
}

static struct survey_walk walk_of(const struct taking *taking)
{
    return (struct survey_walk){
        .document = &taking->document,
        .answers = taking->answers,
        .hidden = taking->hidden,
        .hidden_count = taking->hidden_count,
        .language = taking->response.language,
        .key = str_is(taking->response.request_key) ? taking->response.request_key : STR(""),
    };
}

/* What was sent is all that is said now. `sent` says which came now and are not counted yet. */
static err merge_answers(struct ctx *ctx, struct taking *taking, bool *sent)
{
    const struct survey_document *document = &taking->document;
    i64 count = document->questions.count;
    bool given = str_is(taking->submission->answers) && !str_eq(taking->submission->answers, STR("null"));
    taking->answers = arena_new(&ctx->arena, struct survey_answer, greater(count, 1));
    taking->counted = arena_new(&ctx->arena, struct survey_answer, greater(count, 1));
    TRY(survey_answers_read(ctx, document, given ? taking->submission->answers : taking->response.answers,
                            taking->answers));
    TRY(survey_answers_read(ctx, document, taking->response.counted, taking->counted));
    for (i64 i = 0; i < count; i++) {
        sent[i] = given && taking->answers[i].given && !taking->counted[i].given;
    }
    return OK;
}

static const char *answer_pointer(struct ctx *ctx, const struct taking *taking, i64 index)
{
    str id = survey_question_at(&taking->document, index)->id;
    return str_c(&ctx->arena, str_format(&ctx->arena, "answers/%.*s", STR_ARG(id)));
}

/* Is it all that a required question wants: every row of a matrix, the whole order of a ranking? */
static bool is_complete(const struct survey_question *question, const struct survey_answer *answer)
{
    i64 whole = question->type == SURVEY_MATRIX    ? question->rows.count
                : question->type == SURVEY_RANKING ? question->options.count
                                                   : answer->chosen.count;
    return answer->given && answer->chosen.count == whole;
}

/* What is counted is an event already: it stays what it was, wherever the way leads since, so that figures of answers and of events
 * are the same. */
static void keep_counted(struct taking *taking)
{
    for (i64 i = 0; i < taking->document.questions.count; i++) {
        if (taking->counted[i].given) {
            taking->answers[i] = taking->counted[i];
            taking->way.on[i] = true;
        }
    }
}

/* The way is that of what is said now, which is what the page walks by. Answers beside it are refused when they come now, and
 * dropped when an earlier one has led elsewhere since. */
static err check_way(struct ctx *ctx, struct taking *taking, const bool *sent)
{
    struct survey_walk walk = walk_of(taking);
    survey_way(ctx, &walk, &taking->way);
    for (i64 i = 0; i < taking->document.questions.count; i++) {
        const struct survey_question *question = survey_question_at(&taking->document, i);
        if (!taking->way.on[i]) {
            if (sent[i]) {
                return FAIL(ctx, ERR_INVALID, answer_pointer(ctx, taking, i), "error.survey.off_way");
            }
            taking->answers[i].given = false;
        } else if (taking->submission->finished && question->required && question->type != SURVEY_NOTE &&
                   !taking->counted[i].given && !is_complete(question, &taking->answers[i])) {
            return FAIL(ctx, ERR_INVALID, answer_pointer(ctx, taking, i), "error.survey.required");
        }
    }
    keep_counted(taking);
    return OK;
}

/* Quotas and room. */

static str end_id(str to)
{
    return str_starts(to, STR("end:")) ? str_slice(to, 4, to.len) : to;
}

/* The first quota that is full for these answers, or takes them. A finished response takes its place in each. */
static err check_quotas(struct ctx *ctx, struct taking *taking, str *full)
{
    struct store *store = taking->surveys->options.store;
    const struct survey_quota *quotas = taking->document.quotas.items;
    struct survey_walk walk = walk_of(taking);
    struct branch_on on = survey_on(&walk, &taking->way);
    *full = STR_NONE;
    for (i64 i = 0; i < taking->document.quotas.count && !str_is(*full); i++) {
        i64 taken = 0;
        if (!branch_holds(&quotas[i].condition, &on)) {
            continue;
        }
        TRY(store_number(ctx, store, SQL_QUOTA_TAKEN,
                         ARGS(ARG_I64("survey", taking->response.survey), ARG_STR("name", quotas[i].name)), &taken));
        *full = taken >= quotas[i].most ? end_id(quotas[i].to) : STR_NONE;
    }
    for (i64 i = 0; i < taking->document.quotas.count && !str_is(*full) && taking->submission->finished; i++) {
        if (branch_holds(&quotas[i].condition, &on)) {
            TRY(store_run(ctx, store, SQL_QUOTA_TAKE,
                          ARGS(ARG_I64("survey", taking->response.survey), ARG_STR("name", quotas[i].name)), NULL));
        }
    }
    return OK;
}

static err take_room(struct ctx *ctx, struct taking *taking)
{
    i64 changed = 0;
    TRY(store_run(ctx, taking->surveys->options.store, SQL_SURVEY_LINK_FINISHED,
                  ARGS(ARG_I64("id", taking->gate.link.id)), &changed));
    bool once = survey_link_once(&taking->gate.link);
    if (changed > 0) {
        return OK;
    }
    return once ? FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.used") : FAIL(ctx, ERR_GONE, NULL, "error.survey.full");
}

/* What is kept of the page's own measuring. */
static str spent_text(struct ctx *ctx, struct taking *taking)
{
    struct json object;
    struct json_writer writer = json_writer_in(&ctx->arena);
    str given = taking->submission->spent;
    if (!str_is(given) || json_parse(ctx, json_reader_here(), given, &object) != OK) {
        ctx_forgive(ctx);
        return str_is(taking->response.spent) ? taking->response.spent : STR("{}");
    }
    json_object(&writer);
    for (struct json_iter member = json_each(object); json_next(&member);) {
        f64 ms;
        if (survey_question_find(&taking->document, member.key) >= 0 && json_f64(member.value, &ms) && ms >= 0 &&
            ms <= SPENT_MAX_MS) {
            json_key(&writer, member.key);
            json_put_i64(&writer, (i64)ms);
        }
    }
    json_object_end(&writer);
    return json_text(&writer);
}

static str seen_text(struct ctx *ctx, struct taking *taking)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    const struct str_list *seen = &taking->submission->seen;
    if (seen->count == 0 && str_is(taking->response.seen)) {
        return taking->response.seen;
    }
    json_list(&writer);
    for (i64 i = 0; i < seen->count && i < SURVEY_QUESTIONS_MAX; i++) {
        if (survey_question_find(&taking->document, seen->items[i]) >= 0) {
            json_put_str(&writer, seen->items[i]);
        }
    }
    json_list_end(&writer);
    return json_text(&writer);
}

/* As they came, before anything is left out of them. */
static str digest_of(struct ctx *ctx, const struct taking *taking)
{
    struct sha256 digest = sha256(survey_answers_text(ctx, &taking->document, taking->answers, NULL));
    return hex(digest.bytes, 16, arena_alloc(&ctx->arena, 32, 1));
}

err taking_is_same(struct ctx *ctx, struct taking *taking, bool *same)
{
    str given = taking->submission->answers, sent = taking->response.sent;
    *same = sent.len == 0 || !str_is(given) || str_eq(given, STR("null"));
    if (*same) {
        return OK;
    }
    const struct response *response = &taking->response;
    TRY(survey_version_get(ctx, taking->surveys, response->survey, response->version, NULL, &taking->document));
    taking->answers = arena_new(&ctx->arena, struct survey_answer, greater(taking->document.questions.count, 1));
    if (survey_answers_read(ctx, &taking->document, given, taking->answers) != OK) {
        ctx_forgive(ctx); // it was finished with answers that could be read
        return OK;
    }
    *same = str_eq(sent, digest_of(ctx, taking));
    return OK;
}

static void fill(struct ctx *ctx, struct taking *taking, str full)
{
    struct response *response = &taking->response;
    bool finished = taking->submission->finished;
    response->answers = survey_answers_text(ctx, &taking->document, taking->answers, taking->way.on);
    response->spent = spent_text(ctx, taking);
    response->seen = seen_text(ctx, taking);
    response->answered = 0;
    response->contact = false;
    for (i64 i = 0; i < taking->document.questions.count; i++) {
        response->answered += taking->answers[i].given ? 1 : 0;
        response->contact = response->contact || (taking->answers[i].given &&
                                                  survey_question_at(&taking->document, i)->type == SURVEY_CONTACT);
    }
    str place = taking->gate.link.place.len > 0 ? taking->gate.link.place : taking->document.place;
    response->place = str_is(place) ? place : STR("");
    response->end = str_is(full) ? full : finished ? taking->way.end : STR("");
    response->state = !finished ? RESPONSE_PARTIAL : str_is(full) ? RESPONSE_OVER : RESPONSE_FINISHED;
    response->changed_ms = greater(taking->at_ms, response->started_ms);
    response->finished_ms = finished ? response->changed_ms : 0;
    if (response->state == RESPONSE_FINISHED) {
        response->counted = response->answers;
        response->pending_ms = ctx_now_ms(ctx) + RESPONSE_AGAIN_MS;
    } else {
        bool more = response->answered > 0 && !finished && !str_is(full);
        response->pending_ms = more ? ctx_now_ms(ctx) + response_partial_ms(&taking->document) : 0;
    }
}

err taking_write(struct ctx *ctx, struct taking *taking)
{
    struct store *store = taking->surveys->options.store;
    str full, secret = response_edit(ctx, taking->surveys, &taking->response);
    TRY(load_version(ctx, taking));
    TRY(load_hidden(ctx, taking));
    bool *sent = arena_new(&ctx->arena, bool, greater(taking->document.questions.count, 1));
    TRY(merge_answers(ctx, taking, sent));
    taking->response.sent = taking->submission->finished ? digest_of(ctx, taking) : STR("");
    TRY(survey_agree_keep(ctx, &taking->document, taking->answers));
    str counted = taking->response.counted;
    TRY(check_way(ctx, taking, sent));
    TRY(check_quotas(ctx, taking, &full));
    fill(ctx, taking, full);
    if (taking->response.state == RESPONSE_FINISHED) {
        TRY(take_room(ctx, taking));
    }
    struct sha256 digest = sha256(secret);
    str edit = str_copy(&ctx->arena, (str){(const char *)digest.bytes, sizeof digest.bytes});
    enum statement sql = taking->created ? SQL_RESPONSE_ADD : SQL_RESPONSE_CHANGE;
    TRY(store_run(ctx, store, sql, ARGS_OF(&response_row_shape, &taking->response, ARG_BYTES("edit", edit)), NULL));
    if (taking->submission->finished) {
        TRY(survey_agree_write(ctx, store, &taking->document, &taking->response, counted));
    }
    return survey_files_attach(ctx, taking->surveys,
                               &(struct file_attaching){
                                   .document = &taking->document,
                                   .answers = taking->answers,
                                   .link = taking->gate.link.id,
                                   .response = taking->response.id,
                                   .finished = taking->submission->finished,
                               });
}
