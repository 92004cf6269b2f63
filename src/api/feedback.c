/* The inbox of voices: /api/v1/feedback. */
#include "api/asked.h"
#include "api/routes.h"
#include "api/voices.h"
#include "listen/voices/counts.h"
#include "listen/voices/filter_fields.h"
#include "text/reading.h"

struct list_query {
    struct feedback_filter filter;
    i64 limit;
    str after;
};

static const struct shape_field list_fields[] = {
    FEEDBACK_FILTER_FIELDS(offsetof(struct list_query, filter)),
    {"limit", SHAPE_I64, offsetof(struct list_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct list_query, after), .max = 40},
};
static const struct shape list_shape = SHAPE("FeedbackQuery", struct list_query, list_fields, NULL);

/* Words are what an inbox is about: scores without any are shown only when they are asked for. */
static struct feedback_filter with_words(const struct request *request, const struct feedback_filter *given)
{
    struct feedback_filter filter = *given;
    filter.has_text = str_is(request_query(request, "has_text")) ? filter.has_text : ONLY_TRUE;
    return filter;
}

static err list(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct list_query *query = request->query;
    struct feedback_filter filter = with_words(request, &query->filter);
    struct feedback_chosen *chosen;
    struct shape_list items;
    i64 before, limit = page_limit(query->limit);
    TRY(voices_read_cursor(ctx, query->after, &before));
    TRY(voices_choose(request, &filter, &chosen));
    TRY(feedback_page(ctx, chosen, before, limit, &items));
    TRY(feedback_show(ctx, request->app->people, items.items, items.count));
    const struct feedback *rows = items.items;
    str next = items.count < limit ? STR_NONE : voices_cursor(&ctx->arena, rows[items.count - 1].position);
    return reply_list(reply, &feedback_shape, items, next);
}

static err counts(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct feedback_filter filter = with_words(request, request->query);
    struct question_defaults defaults;
    struct feedback_chosen *chosen;
    struct feedback_counts out;
    TRY(asked_defaults(ctx, request->app, &defaults));
    TRY(voices_choose(request, &filter, &chosen));
    TRY(feedback_count(ctx, chosen, defaults.minimum_n, &out));
    return reply_shape(reply, &feedback_counts_shape, &out);
}

static err show(struct request *request, struct reply *reply)
{
    struct feedback row;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(voices_one(request, id, &row));
    TRY(feedback_show(request->ctx, request->app->people, &row, 1));
    return reply_shape(reply, &feedback_shape, &row);
}

/* For the description: text/reading.h writes it. */
struct shown_reading {
    str text, language, class, emotion, topics, because;
    f64 sentiment;
    bool complaint, mixed, spam, nonsense;
};
static const struct shape_field reading_fields[] = {
    {"text", SHAPE_STR, offsetof(struct shown_reading, text), .flags = SHAPE_REQUIRED},
    {"language", SHAPE_STR, offsetof(struct shown_reading, language), .help = "shape.feedback.language"},
    {"sentiment", SHAPE_F64, offsetof(struct shown_reading, sentiment), .help = "shape.feedback.sentiment"},
    {"class", SHAPE_STR, offsetof(struct shown_reading, class), .help = "shape.feedback.class"},
    {"emotion", SHAPE_STR, offsetof(struct shown_reading, emotion), .help = "shape.feedback.emotion"},
    {"complaint", SHAPE_BOOL, offsetof(struct shown_reading, complaint)},
    {"topics", SHAPE_JSON, offsetof(struct shown_reading, topics), .help = "shape.feedback.topics"},
    {"mixed", SHAPE_BOOL, offsetof(struct shown_reading, mixed)},
    {"spam", SHAPE_BOOL, offsetof(struct shown_reading, spam), .help = "shape.feedback.spam"},
    {"nonsense", SHAPE_BOOL, offsetof(struct shown_reading, nonsense)},
    {"because", SHAPE_JSON, offsetof(struct shown_reading, because), .help = "shape.reading.because"},
};
static const struct shape reading_shape = SHAPE("FeedbackReading", struct shown_reading, reading_fields,
                                                "shape.reading");

/* Why the words are read as they are: each finding with the words it rests on. */
static err reading(struct request *request, struct reply *reply)
{
    struct feedback row;
    struct reading found;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(voices_one(request, id, &row));
    str text = row.has_text ? row.text : STR("");
    reading_of(text, &found);
    struct json_writer out = reply_writer(reply);
    json_object(&out);
    json_pair_str(&out, "text", text);
    reading_write(&out, text, &found);
    json_object_end(&out);
    return reply_json(reply, json_text(&out));
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/feedback", list, RIGHT_VOICES_READ, .query = &list_shape, .out = &feedback_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.feedback.list"},
    {HTTP_GET, "/api/v1/feedback/counts", counts, RIGHT_VOICES_READ, .query = &feedback_filter_shape,
     .out = &feedback_counts_shape, .summary = "route.feedback.counts"},
    {HTTP_GET, "/api/v1/feedback/:id", show, RIGHT_VOICES_READ, .out = &feedback_shape, .flags = ROUTE_PERSONAL,
     .summary = "route.feedback.show"},
    {HTTP_GET, "/api/v1/feedback/:id/reading", reading, RIGHT_PEOPLE_READ, .out = &reading_shape,
     .flags = ROUTE_PERSONAL, .summary = "route.feedback.reading"},
};
const struct route_table feedback_routes = ROUTES(routes);
