#include "listen/survey/listing.h"

#include "listen/survey/state.h"

#include <math.h>

#define L(member) offsetof(struct listed_response, member)
static const struct shape_field listed_fields[] = {
    {"id", SHAPE_ID, L(response.id), .flags = SHAPE_REQUIRED},
    {"state", SHAPE_WORD, L(response.state), .words = response_state_words, .flags = SHAPE_REQUIRED},
    {"version", SHAPE_I64, L(response.version), .flags = SHAPE_REQUIRED},
    {"language", SHAPE_STR, L(response.language), .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_STR, L(response.channel), .flags = SHAPE_REQUIRED},
    {"place", SHAPE_STR, L(response.place), .flags = SHAPE_REQUIRED},
    {"link", SHAPE_ID, L(response.link), .flags = SHAPE_REQUIRED},
    {"link_name", SHAPE_STR, L(link_name), .flags = SHAPE_REQUIRED},
    {"link_kind", SHAPE_WORD, L(link_kind), .words = survey_link_words, .flags = SHAPE_REQUIRED},
    {"alias", SHAPE_STR, L(response.alias), .flags = SHAPE_PERSONAL | SHAPE_OMIT_NONE},
    {"device", SHAPE_STR, L(response.device), .flags = SHAPE_REQUIRED, .help = "shape.response.device"},
    {"started_ms", SHAPE_TIME, L(response.started_ms), .flags = SHAPE_REQUIRED},
    {"finished_ms", SHAPE_TIME, L(response.finished_ms), .flags = SHAPE_REQUIRED},
    {"seconds", SHAPE_MAYBE_F64, L(seconds), .flags = SHAPE_REQUIRED},
    {"end", SHAPE_STR, L(response.end), .flags = SHAPE_REQUIRED},
    {"answered", SHAPE_I64, L(response.answered), .flags = SHAPE_REQUIRED},
    {"answers", SHAPE_JSON, L(answers), .flags = SHAPE_REQUIRED, .help = "shape.response.answers"},
};
const struct shape listed_response_shape = SHAPE("SurveyResponse", struct listed_response, listed_fields,
                                                 "shape.response");
static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, L(response.id)},
    {"survey", SHAPE_ID, L(response.survey)},
    {"version", SHAPE_I64, L(response.version)},
    {"link", SHAPE_ID, L(response.link)},
    {"state", SHAPE_WORD, L(response.state), .words = response_state_words},
    {"language", SHAPE_STR, L(response.language)},
    {"alias", SHAPE_STR, L(response.alias)},
    {"channel", SHAPE_STR, L(response.channel)},
    {"place", SHAPE_STR, L(response.place)},
    {"device", SHAPE_STR, L(response.device)},
    {"answers", SHAPE_STR, L(response.answers)},
    {"counted", SHAPE_STR, L(response.counted)},
    {"hidden", SHAPE_STR, L(response.hidden)},
    {"seen", SHAPE_STR, L(response.seen)},
    {"spent", SHAPE_STR, L(response.spent)},
    {"answered", SHAPE_I64, L(response.answered)},
    {"end", SHAPE_STR, L(response.end)},
    {"started_ms", SHAPE_TIME, L(response.started_ms)},
    {"changed_ms", SHAPE_TIME, L(response.changed_ms)},
    {"finished_ms", SHAPE_TIME, L(response.finished_ms)},
    {"link_name", SHAPE_STR, L(link_name)},
    {"link_kind", SHAPE_WORD, L(link_kind), .words = survey_link_words},
};
static const struct shape row_shape = SHAPE("SurveyResponseRow", struct listed_response, row_fields, NULL);
#undef L

struct walking {
    struct ctx *ctx;
    struct ctx here;
    const struct listing *listing;
    const struct survey_document *versions;
    i64 version_count;
    struct listed_response *items;
    i64 count;
    bool more;
};

/* A score as it is counted: reversed wordings are flipped. */
static f64 stored_number(const struct survey_question *question, const struct survey_answer *answer)
{
    struct answer given = {survey_metric((enum survey_type)question->type), survey_scale(question), answer->number,
                           question->reversed};
    struct scale scale;
    f64 score = answer->number;
    return given.metric != METRIC_NONE && metric_admit(&given, &score, &scale) == OK ? score : answer->number;
}

/* Who may not read words may not guess them either. */
static bool says(const struct survey_question *question, const struct survey_answer *answer, str wanted, bool personal)
{
    char text[32];
    if (!answer->given || !str_is(wanted) || wanted.len == 0) {
        return answer->given;
    }
    if (survey_numeric((enum survey_type)question->type)) {
        i64 len = f64_text(stored_number(question, answer), text);
        return str_eq((str){text, len}, wanted);
    }
    for (i64 i = 0; i < answer->chosen.count; i++) {
        if (str_eq(answer->chosen.items[i], wanted)) {
            return true;
        }
    }
    return personal && str_is(answer->text) && str_eq(answer->text, wanted);
}

/* Does it hold the answer that is looked for, among those that count? */
static bool fits(struct walking *walking, const struct listed_response *item)
{
    const struct listing *listing = walking->listing;
    i64 version = item->response.version - 1;
    if (!str_is(listing->question) || listing->question.len == 0) {
        return true;
    }
    if (version < 0 || version >= walking->version_count || !str_is(item->response.counted)) {
        return false;
    }
    const struct survey_document *document = &walking->versions[version];
    i64 at = survey_question_find(document, listing->question);
    if (at < 0 || (str_is(listing->series) && listing->series.len > 0 &&
                   !str_eq(survey_question_at(document, at)->series, listing->series))) {
        return false;
    }
    struct survey_answer *answers = arena_new(&walking->here.arena, struct survey_answer, document->questions.count);
    if (survey_answers_read(&walking->here, document, item->response.counted, answers) != OK) {
        return false;
    }
    return says(survey_question_at(document, at), &answers[at], listing->answer, listing->personal);
}

/* Time that the page measured, else from the first to the last moment. */
static struct maybe_f64 seconds_of(struct ctx *ctx, const struct response *response)
{
    struct json spent;
    f64 sum = 0;
    if (response->finished_ms == 0) {
        return (struct maybe_f64){0};
    }
    if (json_parse(ctx, json_reader_here(), response->spent, &spent) == OK) {
        for (struct json_iter member = json_each(spent); json_next(&member);) {
            f64 ms;
            sum += json_f64(member.value, &ms) ? ms : 0;
        }
    }
    return (struct maybe_f64){(sum > 0 ? sum : (f64)(response->finished_ms - response->started_ms)) / 1000, true};
}

/* Without what somebody wrote beside an option: "x" for {"option":"x","other":"…"}, in lists too. */
static void put_without_words(struct json_writer *out, struct json value)
{
    if (json_type(value) != JSON_LIST) {
        json_put_value(out, json_type(value) == JSON_OBJECT ? json_get(value, STR("option")) : value);
        return;
    }
    json_list(out);
    for (struct json_iter item = json_each(value); json_next(&item);) {
        put_without_words(out, item.value);
    }
    json_list_end(out);
}

/* Who may not see people reads nothing that somebody wrote or sent along: it may name anyone. */
static str shown_answers(struct ctx *ctx, const struct walking *walking, const struct response *response)
{
    struct json object;
    struct json_writer writer = json_writer_in(&ctx->arena);
    i64 version = response->version - 1;
    str all = str_is(response->counted) ? response->counted : response->answers;
    if (walking->listing->personal) {
        return all;
    }
    if (version < 0 || version >= walking->version_count) {
        return STR("{}");
    }
    if (json_parse(ctx, json_reader_here(), all, &object) != OK) {
        return STR("{}");
    }
    json_object(&writer);
    for (struct json_iter member = json_each(object); json_next(&member);) {
        i64 at = survey_question_find(&walking->versions[version], member.key);
        i32 type = at >= 0 ? survey_question_at(&walking->versions[version], at)->type : SURVEY_TEXT;
        if (survey_wordy((enum survey_type)type)) {
            continue;
        }
        json_key(&writer, member.key);
        if (type == SURVEY_SINGLE || type == SURVEY_MULTIPLE) {
            put_without_words(&writer, member.value);
        } else {
            json_put_value(&writer, member.value);
        }
    }
    json_object_end(&writer);
    return json_text(&writer);
}

static err complete(struct walking *walking, struct ctx *ctx, const struct store_row *row, struct listed_response *item)
{
    *item = (struct listed_response){0};
    TRY(row_read(ctx, row, &row_shape, item));
    item->answers = shown_answers(ctx, walking, &item->response);
    item->seconds = seconds_of(ctx, &item->response);
    return OK;
}

static err each(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct walking *walking = self;
    struct listed_response item;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    TRY(complete(walking, &walking->here, row, &item));
    bool wanted = fits(walking, &item);
    if (wanted && walking->count == walking->listing->limit) {
        walking->more = true;
        return ERR_EMPTY; // there is one more: enough is known
    }
    if (wanted) {
        TRY(complete(walking, walking->ctx, row, &walking->items[walking->count++]));
    }
    ctx_reset(&walking->here);
    return OK;
}

static err read_versions(struct ctx *ctx, struct surveys *surveys, i64 survey, struct walking *walking)
{
    struct shape_list rows;
    TRY(survey_versions(ctx, surveys, survey, &rows));
    struct survey_document *versions = arena_new(&ctx->arena, struct survey_document, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        TRY(survey_document_read(ctx, ((const struct survey_version *)rows.items)[i].document, &versions[i]));
    }
    walking->versions = versions;
    walking->version_count = rows.count;
    return OK;
}

static struct store_args listing_args(struct ctx *ctx, const struct listing *listing)
{
    struct store_args base = results_args(ctx, &listing->filter);
    const struct store_arg more[] = {
        ARG_STR("state", str_is(listing->state) ? listing->state : STR("")),
        ARG_I64("before", listing->before > 0 ? listing->before : INT64_MAX),
    };
    struct store_arg *all = arena_new(&ctx->arena, struct store_arg, base.count + countof(more));
    memcpy(all, base.items, sizeof(struct store_arg) * (size_t)base.count);
    memcpy(all + base.count, more, sizeof more);
    return (struct store_args){.items = all, .count = base.count + countof(more)};
}

err response_list(struct ctx *ctx, struct surveys *surveys, const struct listing *listing, struct shape_list *out,
                  i64 *next)
{
    struct walking walking = {.ctx = ctx, .listing = listing};
    walking.items = arena_new(&ctx->arena, struct listed_response, greater(listing->limit, 1));
    TRY(read_versions(ctx, surveys, listing->filter.survey, &walking));
    err code = store_each(ctx, surveys->options.store, SQL_RESPONSES_LISTED, listing_args(ctx, listing), each,
                          &walking);
    ctx_end(&walking.here);
    TRY(code == ERR_EMPTY ? OK : code);
    *out = (struct shape_list){walking.items, walking.count};
    *next = walking.more ? walking.items[walking.count - 1].response.id : 0;
    return OK;
}

err response_show(struct ctx *ctx, struct surveys *surveys, const struct listing *listing, i64 id,
                  struct listed_response *out, struct survey_document *document)
{
    struct walking walking = {.ctx = ctx, .listing = listing};
    struct survey_link link;
    *out = (struct listed_response){0};
    TRY(response_get(ctx, surveys, id, &out->response));
    if (out->response.survey != listing->filter.survey) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_response");
    }
    TRY(survey_link_get(ctx, surveys, out->response.link, STR(""), &link));
    out->link_name = link.name;
    out->link_kind = link.kind;
    TRY(read_versions(ctx, surveys, out->response.survey, &walking));
    if (out->response.version < 1 || out->response.version > walking.version_count) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_version");
    }
    *document = walking.versions[out->response.version - 1];
    if (!survey_sees(&listing->filter.sight, document, out->response.place, link.touchpoint)) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_response");
    }
    out->answers = shown_answers(ctx, &walking, &out->response);
    out->seconds = seconds_of(ctx, &out->response);
    return OK;
}
