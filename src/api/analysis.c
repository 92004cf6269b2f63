/* What feedback means: /api/v1/analysis and /api/v1/phrases. Decode, one call below, encode. */
#include "listen/voices/analysis.h"

#include "api/asked.h"
#include "api/routes.h"
#include "api/voices.h"
#include "listen/voices/filter_fields.h"
#include "listen/voices/phrases.h"

enum { WEEK_MS = 7 * 24 * 3600 * 1000, HORIZON = 8, WEEKS = 2, WEEKS_BEFORE = 8, WEEKS_MAX = 12 };

struct drivers_query {
    struct feedback_filter filter;
    i32 by;
};
static const struct shape_field drivers_query_fields[] = {
    FEEDBACK_FILTER_FIELDS(offsetof(struct drivers_query, filter)),
    {"by", SHAPE_WORD, offsetof(struct drivers_query, by), .words = drivers_by_words, .help = "shape.drivers_query.by"},
};
static const struct shape drivers_query_shape = SHAPE("DriversQuery", struct drivers_query, drivers_query_fields, NULL);

static err defaults_of(struct request *request, struct question_defaults *out)
{
    return asked_defaults(request->ctx, request->app, out);
}

static err drivers(struct request *request, struct reply *reply)
{
    const struct drivers_query *query = request->query;
    struct feedback_filter wide = query->filter;
    struct feedback_chosen *score, *around;
    struct question_defaults defaults;
    struct drivers_answer answer;
    TRY(defaults_of(request, &defaults));
    TRY(voices_choose(request, &query->filter, &score));
    wide.metric = wide.question = wide.scale = (struct str_list){0};
    TRY(voices_choose(request, &wide, &around));
    TRY(analysis_drivers(request->ctx, score, around, (enum drivers_by)query->by, defaults.minimum_n, &answer));
    answer.caveat = sentence(request->language, "analysis.caveat");
    return reply_shape(reply, &drivers_answer_shape, &answer);
}

static const char *const every_words[] = {"week", "day", "month", NULL};

struct forecast_query {
    struct feedback_filter filter;
    i32 of, every;
    i64 horizon;
};
static const struct shape_field forecast_query_fields[] = {
    FEEDBACK_FILTER_FIELDS(offsetof(struct forecast_query, filter)),
    {"of", SHAPE_WORD, offsetof(struct forecast_query, of), .words = forecast_what_words,
     .help = "shape.forecast_query.of"},
    {"every", SHAPE_WORD, offsetof(struct forecast_query, every), .words = every_words,
     .help = "shape.forecast_query.every"},
    {"horizon", SHAPE_I64, offsetof(struct forecast_query, horizon), .min = 1, .max = 60,
     .help = "shape.forecast_query.horizon"},
};
static const struct shape forecast_query_shape = SHAPE("ForecastQuery", struct forecast_query, forecast_query_fields,
                                                       NULL);

static err forecast(struct request *request, struct reply *reply)
{
    static const enum period every[] = {PERIOD_WEEK, PERIOD_DAY, PERIOD_MONTH};
    const struct forecast_query *query = request->query;
    struct feedback_chosen *chosen;
    struct question_defaults defaults;
    struct forecast_answer answer;
    TRY(defaults_of(request, &defaults));
    struct forecast_asked asked = {
        .of = (enum forecast_what)query->of,
        .every = every[query->every],
        .horizon = query->horizon == 0 ? HORIZON : query->horizon,
        .zone = defaults.zone,
        .until_ms = ctx_now_ms(request->ctx),
    };
    if (str_is(query->filter.to) && !iso_parse(defaults.zone, query->filter.to, &asked.until_ms)) {
        return FAIL(request->ctx, ERR_INVALID, "to", "error.feedback.date");
    }
    TRY(voices_choose(request, &query->filter, &chosen));
    TRY(analysis_forecast(request->ctx, chosen, &asked, &answer));
    return reply_shape(reply, &forecast_answer_shape, &answer);
}

struct compare_input {
    struct feedback_filter first, second;
};
static const struct shape_field compare_input_fields[] = {
    {"first", SHAPE_OBJECT, offsetof(struct compare_input, first), .of = &feedback_filter_shape,
     .flags = SHAPE_REQUIRED},
    {"second", SHAPE_OBJECT, offsetof(struct compare_input, second), .of = &feedback_filter_shape,
     .flags = SHAPE_REQUIRED},
};
static const struct shape compare_input_shape = SHAPE("CompareInput", struct compare_input, compare_input_fields,
                                                      "shape.compare_input");

static err compare(struct request *request, struct reply *reply)
{
    const struct compare_input *input = request->input;
    struct feedback_chosen *first, *second;
    struct feedback_source_of from;
    struct compare_answer answer;
    TRY(voices_source(request, &from));
    TRY(feedback_choose(request->ctx, &from, &input->first, &first));
    TRY(feedback_choose(request->ctx, &from, &input->second, &second));
    TRY(analysis_compare(request->ctx, first, second, from.sight.personal, &answer));
    return reply_shape(reply, &compare_answer_shape, &answer);
}

static err demanding(struct request *request, struct reply *reply)
{
    struct feedback_chosen *chosen;
    struct question_defaults defaults;
    struct demanding_answer answer;
    TRY(defaults_of(request, &defaults));
    TRY(voices_choose(request, request->query, &chosen));
    TRY(analysis_demanding(request->ctx, chosen, defaults.minimum_n, &answer));
    return reply_shape(reply, &demanding_answer_shape, &answer);
}

struct phrases_query {
    struct feedback_filter filter;
    i64 weeks;
};
static const struct shape_field phrases_query_fields[] = {
    FEEDBACK_FILTER_FIELDS(offsetof(struct phrases_query, filter)),
    {"weeks", SHAPE_I64, offsetof(struct phrases_query, weeks), .min = 1, .max = WEEKS_MAX,
     .help = "shape.phrases_query.weeks"},
};
static const struct shape phrases_query_shape = SHAPE("PhrasesQuery", struct phrases_query, phrases_query_fields, NULL);

/* The newest weeks against four times as many before them, at least WEEKS_BEFORE. */
static err phrases(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct phrases_query *query = request->query;
    struct feedback_filter filter = query->filter;
    struct feedback_chosen *chosen;
    struct question_defaults defaults;
    char text[ISO_MAX];
    TRY(defaults_of(request, &defaults));
    i64 until = ctx_now_ms(ctx), weeks = query->weeks == 0 ? WEEKS : query->weeks;
    if (str_is(filter.to) && !iso_parse(defaults.zone, filter.to, &until)) {
        return FAIL(ctx, ERR_INVALID, "to", "error.feedback.date");
    }
    struct phrases_answer answer = {.weeks = weeks};
    i64 since = until - weeks * WEEK_MS, begin = since - greater(4 * weeks, WEEKS_BEFORE) * WEEK_MS;
    answer.since = str_copy(&ctx->arena, iso_format(defaults.zone, since, text));
    if (!str_is(filter.from)) {
        filter.from = str_copy(&ctx->arena, iso_format(defaults.zone, begin, text));
    }
    filter.has_text = ONLY_TRUE;
    TRY(voices_choose(request, &filter, &chosen));
    TRY(phrases_growing(ctx, chosen, since, &answer));
    return reply_shape(reply, &phrases_answer_shape, &answer);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/analysis/drivers", drivers, RIGHT_VOICES_READ, .query = &drivers_query_shape,
     .out = &drivers_answer_shape, .summary = "route.analysis.drivers"},
    {HTTP_GET, "/api/v1/analysis/forecast", forecast, RIGHT_VOICES_READ, .query = &forecast_query_shape,
     .out = &forecast_answer_shape, .summary = "route.analysis.forecast"},
    {HTTP_POST, "/api/v1/analysis/compare", compare, RIGHT_VOICES_READ, .in = &compare_input_shape,
     .out = &compare_answer_shape, .summary = "route.analysis.compare"},
    {HTTP_GET, "/api/v1/analysis/demanding", demanding, RIGHT_VOICES_READ, .query = &feedback_filter_shape,
     .out = &demanding_answer_shape, .summary = "route.analysis.demanding"},
    {HTTP_GET, "/api/v1/phrases", phrases, RIGHT_PEOPLE_READ, .query = &phrases_query_shape,
     .out = &phrases_answer_shape, .flags = ROUTE_PERSONAL, .summary = "route.phrases"},
};
const struct route_table analysis_routes = ROUTES(routes);
