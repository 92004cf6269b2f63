#include "listen/survey/results.h"

#include "listen/survey/results_pass.h"
#include "listen/survey/state.h"

#include <stdio.h>

static const struct shape_field count_fields[] = {
    {"id", SHAPE_STR, offsetof(struct result_count, id), .flags = SHAPE_REQUIRED},
    {"n", SHAPE_I64, offsetof(struct result_count, n), .flags = SHAPE_REQUIRED},
};
static const struct shape count_shape = SHAPE("SurveyResultCount", struct result_count, count_fields,
                                              "shape.result_count");
static const struct shape_field mean_fields[] = {
    {"id", SHAPE_STR, offsetof(struct result_count, id), .flags = SHAPE_REQUIRED},
    {"n", SHAPE_I64, offsetof(struct result_count, n), .flags = SHAPE_REQUIRED},
    {"mean", SHAPE_F64, offsetof(struct result_count, mean), .flags = SHAPE_REQUIRED, .help = "shape.result_mean.mean"},
};
static const struct shape mean_shape = SHAPE("SurveyResultMean", struct result_count, mean_fields, "shape.result_mean");
static const struct shape_field value_fields[] = {
    {"value", SHAPE_F64, offsetof(struct result_value, value), .flags = SHAPE_REQUIRED},
    {"n", SHAPE_I64, offsetof(struct result_value, n), .flags = SHAPE_REQUIRED},
};
static const struct shape value_shape = SHAPE("SurveyResultValue", struct result_value, value_fields,
                                              "shape.result_value");
static const struct shape_field row_fields[] = {
    {"id", SHAPE_STR, offsetof(struct result_row, id), .flags = SHAPE_REQUIRED},
    {"options", SHAPE_LIST, offsetof(struct result_row, options), .of = &count_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape row_shape = SHAPE("SurveyResultRow", struct result_row, row_fields, "shape.result_row");

#define F(member) offsetof(struct result_figure, member)
static const struct shape_field figure_fields[] = {
    {"metric", SHAPE_STR, F(metric), .flags = SHAPE_REQUIRED},
    {"scale", SHAPE_STR, F(scale), .flags = SHAPE_REQUIRED},
    {"n", SHAPE_I64, F(n), .flags = SHAPE_REQUIRED},
    {"score", SHAPE_MAYBE_F64, F(score), .flags = SHAPE_REQUIRED, .help = "shape.result_figure.score"},
    {"low", SHAPE_MAYBE_F64, F(low), .flags = SHAPE_REQUIRED},
    {"high", SHAPE_MAYBE_F64, F(high), .flags = SHAPE_REQUIRED},
    {"mean", SHAPE_MAYBE_F64, F(mean), .flags = SHAPE_REQUIRED},
    {"few", SHAPE_BOOL, F(few), .flags = SHAPE_REQUIRED},
    {"counts", SHAPE_LIST, F(counts), .of = &value_shape, .flags = SHAPE_REQUIRED},
};
const struct shape result_figure_shape = SHAPE("SurveyResultFigure", struct result_figure, figure_fields,
                                               "shape.result_figure");
#undef F

struct result_version {
    i64 version;
};
static const struct shape_field version_fields[] = {
    {"version", SHAPE_I64, offsetof(struct result_version, version), .flags = SHAPE_REQUIRED},
};
static const struct shape version_shape = SHAPE("SurveyResultVersion", struct result_version, version_fields,
                                                "shape.result_version");

#define Q(member) offsetof(struct result_question, member)
static const struct shape_field question_fields[] = {
    {"id", SHAPE_STR, Q(id), .flags = SHAPE_REQUIRED},
    {"series", SHAPE_STR, Q(series), .flags = SHAPE_REQUIRED, .help = "shape.survey.series"},
    {"type", SHAPE_STR, Q(type), .flags = SHAPE_REQUIRED},
    {"question", SHAPE_JSON, Q(question), .flags = SHAPE_REQUIRED, .help = "shape.result_question.question"},
    {"versions", SHAPE_LIST, Q(version_list), .of = &version_shape, .flags = SHAPE_REQUIRED,
     .help = "shape.result_question.versions"},
    {"seen", SHAPE_I64, Q(seen), .flags = SHAPE_REQUIRED},
    {"answered", SHAPE_I64, Q(answered), .flags = SHAPE_REQUIRED},
    {"skipped", SHAPE_I64, Q(skipped), .flags = SHAPE_REQUIRED, .help = "shape.result_question.skipped"},
    {"left", SHAPE_I64, Q(left), .flags = SHAPE_REQUIRED, .help = "shape.result_question.left"},
    {"seconds_median", SHAPE_MAYBE_F64, Q(seconds_median), .flags = SHAPE_REQUIRED},
    {"figure", SHAPE_MAYBE_OBJECT, Q(figure), .of = &result_figure_shape, .flags = SHAPE_OMIT_NONE},
    {"options", SHAPE_LIST, Q(options), .of = &count_shape, .flags = SHAPE_OMIT_NONE},
    {"rows", SHAPE_LIST, Q(rows), .of = &row_shape, .flags = SHAPE_OMIT_NONE},
    {"ranks", SHAPE_LIST, Q(ranks), .of = &mean_shape, .flags = SHAPE_OMIT_NONE},
    {"emotions", SHAPE_LIST, Q(emotions), .of = &mean_shape, .flags = SHAPE_OMIT_NONE},
    {"histogram", SHAPE_LIST, Q(histogram), .of = &value_shape, .flags = SHAPE_OMIT_NONE},
    {"q25", SHAPE_MAYBE_F64, Q(q25), .flags = SHAPE_OMIT_NONE},
    {"median", SHAPE_MAYBE_F64, Q(median), .flags = SHAPE_OMIT_NONE},
    {"q75", SHAPE_MAYBE_F64, Q(q75), .flags = SHAPE_OMIT_NONE},
    {"texts", SHAPE_I64, Q(texts), .flags = SHAPE_REQUIRED},
};
static const struct shape question_shape = SHAPE("SurveyResultQuestion", struct result_question, question_fields,
                                                 "shape.result_question");
#undef Q

#define R(member) offsetof(struct results, member)
static const struct shape_field results_fields[] = {
    {"invited", SHAPE_I64, R(invited), .flags = SHAPE_REQUIRED},
    {"answered_invited", SHAPE_I64, R(answered_invited), .flags = SHAPE_REQUIRED},
    {"response_rate", SHAPE_MAYBE_F64, R(response_rate), .flags = SHAPE_REQUIRED,
     .help = "shape.results.response_rate"},
    {"opened", SHAPE_I64, R(opened), .flags = SHAPE_REQUIRED},
    {"started", SHAPE_I64, R(started), .flags = SHAPE_REQUIRED},
    {"finished", SHAPE_I64, R(finished), .flags = SHAPE_REQUIRED},
    {"partial", SHAPE_I64, R(partial), .flags = SHAPE_REQUIRED},
    {"over", SHAPE_I64, R(over), .flags = SHAPE_REQUIRED, .help = "shape.results.over"},
    {"seconds_median", SHAPE_MAYBE_F64, R(seconds_median), .flags = SHAPE_REQUIRED},
    {"seconds_p90", SHAPE_MAYBE_F64, R(seconds_p90), .flags = SHAPE_REQUIRED},
    {"ends", SHAPE_LIST, R(ends), .of = &count_shape, .flags = SHAPE_REQUIRED},
    {"questions", SHAPE_LIST, R(questions), .of = &question_shape, .flags = SHAPE_REQUIRED},
};
const struct shape results_shape = SHAPE("SurveyResults", struct results, results_fields, "shape.results");
#undef R

static err each(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct pass *pass = self;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    pass_row(pass, row);
    return OK;
}

static str or_empty(str text)
{
    return str_is(text) ? text : STR("");
}

static str texts_json(struct ctx *ctx, const struct str_list *texts)
{
    struct json_writer out = json_writer_in(&ctx->arena);
    json_list(&out);
    for (i64 i = 0; i < texts->count; i++) {
        json_put_str(&out, texts->items[i]);
    }
    json_list_end(&out);
    return json_text(&out);
}

struct store_args results_args(struct ctx *ctx, const struct results_filter *filter)
{
    const struct store_arg args[] = {
        ARG_I64("survey", filter->survey),
        ARG_I64("version", filter->version),
        ARG_I64("link", filter->link),
        ARG_STR("place", or_empty(filter->place)),
        ARG_STR("channel", or_empty(filter->channel)),
        ARG_STR("language", or_empty(filter->language)),
        ARG_I64("from_ms", filter->from_ms),
        ARG_I64("to_ms", filter->to_ms != 0 ? filter->to_ms : INT64_MAX),
        ARG_I64("everywhere", filter->sight.places.count == 0 ? 1 : 0),
        ARG_STR("places", texts_json(ctx, &filter->sight.places)),
        ARG_I64("every_touchpoint", filter->sight.some_touchpoints ? 0 : 1),
        ARG_I64("document_seen", filter->document_seen ? 1 : 0),
        ARG_STR("touchpoints", texts_json(ctx, &filter->sight.touchpoints)),
    };
    struct store_arg *kept = arena_new(&ctx->arena, struct store_arg, countof(args));
    memcpy(kept, args, sizeof args);
    return (struct store_args){.items = kept, .count = countof(args)};
}

err survey_version_answers(struct ctx *ctx, struct surveys *surveys, const struct results_filter *filter,
                           struct shape_list versions)
{
    static const struct shape_field fields[] = {
        {"version", SHAPE_I64, offsetof(struct survey_version, version)},
        {"responses", SHAPE_I64, offsetof(struct survey_version, responses)},
    };
    static const struct shape shape = SHAPE("SurveyVersionAnswers", struct survey_version, fields, NULL);
    struct shape_list counts;
    TRY(store_all(ctx, surveys->options.store, SQL_RESULTS_VERSIONS, results_args(ctx, filter), &shape, &counts));
    const struct survey_version *counted = counts.items;
    for (i64 i = 0; i < versions.count; i++) {
        struct survey_version *version = (struct survey_version *)versions.items + i;
        version->responses = 0;
        for (i64 k = 0; k < counts.count; k++) {
            version->responses += counted[k].version == version->version ? counted[k].responses : 0;
        }
    }
    return OK;
}

static void say_versions(struct ctx *ctx, const struct pass *pass, const struct question_tally *tally,
                         struct result_question *out)
{
    struct result_version *versions = arena_new(&ctx->arena, struct result_version, greater(pass->version_count, 1));
    for (i64 v = 0; v < pass->version_count && v < VERSION_WORDS * 64; v++) {
        if ((tally->versions[v / 64] >> (v % 64) & 1) != 0) {
            versions[out->version_list.count++].version = v + 1;
        }
    }
    out->version_list.items = versions;
}

/* Only what was answered, or is still asked. */
static void say(struct pass *pass, i64 minimum_n, struct results *out)
{
    struct ctx *ctx = pass->ctx;
    struct result_question *items = arena_new(&ctx->arena, struct result_question, greater(pass->tally_count, 1));
    for (i64 i = 0; i < pass->tally_count; i++) {
        struct question_tally *tally = &pass->tallies[i];
        i64 newest = pass->version_count - 1;
        bool asked = newest < VERSION_WORDS * 64 && (tally->versions[newest / 64] >> (newest % 64) & 1) != 0;
        if (asked || tally->seen > 0 || tally->answered > 0) {
            struct result_question *item = &items[out->questions.count++];
            tally_say(ctx, tally, minimum_n, item);
            say_versions(ctx, pass, tally, item);
        }
    }
    out->questions.items = items;
    out->ends.items = pass->ends;
    out->seconds_median = numbers_quantile(&pass->seconds, 50);
    out->seconds_p90 = numbers_quantile(&pass->seconds, 90);
    if (out->invited > 0) {
        out->response_rate = (struct maybe_f64){(f64)out->answered_invited / (f64)out->invited, true};
    }
}

/* Is it everything, as whoever sees everything sees it? That is what results_kept.c keeps. */
static bool is_whole(const struct results_filter *filter)
{
    return filter->version == 0 && filter->link == 0 && or_empty(filter->place).len == 0 &&
           or_empty(filter->channel).len == 0 && or_empty(filter->language).len == 0 && filter->from_ms == 0 &&
           filter->to_ms == 0 && survey_sees_all(&filter->sight);
}

err survey_results(struct ctx *ctx, struct surveys *surveys, const struct results_filter *filter, i64 minimum_n,
                   struct results *out)
{
    struct pass pass;
    *out = (struct results){0};
    TRY(pass_begin(ctx, surveys, filter->survey, out, &pass));
    TRY(store_number(ctx, surveys->options.store, SQL_RESULTS_INVITED, results_args(ctx, filter), &out->invited));
    err code = is_whole(filter)
                   ? results_kept(ctx, surveys, filter->survey, &pass)
                   : store_each(ctx, surveys->options.store, SQL_RESULTS_EACH, results_args(ctx, filter), each, &pass);
    pass_end(&pass);
    TRY(code);
    say(&pass, minimum_n, out);
    return OK;
}

static err compute_score(struct ctx *ctx, struct surveys *surveys, i64 survey, struct result_figure *out)
{
    struct results results;
    TRY(survey_results(ctx, surveys, &(struct results_filter){.survey = survey}, 0, &results));
    const struct result_question *questions = results.questions.items;
    for (i64 i = 0; i < results.questions.count; i++) {
        if (questions[i].figure != NULL) {
            *out = *questions[i].figure;
            return OK;
        }
    }
    return OK;
}

/* The place of a survey among the kept scores; the lock is held. */
static struct kept_score *kept_of(struct surveys *surveys, i64 survey)
{
    return &surveys->scores[(u64)survey % KEPT_SCORES];
}

static struct result_figure *bare(struct ctx *ctx, const struct kept_score *kept, i64 minimum_n)
{
    struct result_figure *figure = arena_new(&ctx->arena, struct result_figure, 1);
    *figure = kept->figure;
    figure->metric = metric_word(kept->metric);
    figure->scale = str_copy(&ctx->arena, str_from(kept->scale));
    figure->counts = (struct shape_list){0};
    figure->few = figure->n < minimum_n;
    return figure;
}

err survey_score(struct ctx *ctx, struct surveys *surveys, const struct survey *survey, i64 minimum_n,
                 const struct result_figure **out)
{
    struct kept_score now = {
        .survey = survey->id, .version = survey->version, .counted = survey->counted, .last_ms = survey->last_ms};
    *out = NULL;
    pthread_mutex_lock(&surveys->lock);
    struct kept_score kept = *kept_of(surveys, survey->id);
    pthread_mutex_unlock(&surveys->lock);
    bool fresh = kept.survey == now.survey && kept.version == now.version && kept.counted == now.counted &&
                 kept.last_ms == now.last_ms;
    if (!fresh) {
        struct ctx here = {.stop = ctx->stop};
        err code = compute_score(&here, surveys, survey->id, &now.figure);
        now.there = code == OK && str_is(now.figure.metric) && metric_parse(now.figure.metric, &now.metric);
        if (now.there) {
            snprintf(now.scale, sizeof now.scale, "%.*s", STR_ARG(now.figure.scale));
        }
        ctx_end(&here);
        TRY(code);
        kept = now;
        pthread_mutex_lock(&surveys->lock);
        *kept_of(surveys, survey->id) = now;
        pthread_mutex_unlock(&surveys->lock);
    }
    *out = kept.there ? bare(ctx, &kept, minimum_n) : NULL;
    return OK;
}
