#include "listen/voices/analysis.h"

#include "journey/periods.h"
#include "journey/tally.h"
#include "measure/forecast.h"

const char *const forecast_what_words[] = {"score", "count", NULL};

enum {
    PERIODS_BACK = 260, /* history that a forecast looks at: five years of weeks */
    ANSWERS_LEAST = 5,  /* a score of fewer is chance; it is shown, and nothing is learnt from it */
    DAY_MS = 24 * 3600 * 1000,
};

struct bin {
    i64 n, scored;
    struct tally tally;
};

struct binning {
    const struct forecast_asked *asked;
    const struct analysed *series;
    i64 *starts;                /* [count + 1], newest first: starts[0] is the end of the newest period */
    struct bin *bins;           /* newest first */
    i64 count, used, oldest_ms; /* oldest_ms: of the oldest row that was counted */
};

static err take(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct binning *binning = self;
    struct scale scale;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (row->at_ms >= binning->starts[0]) {
        return OK; // the period that is not over
    }
    i64 at = greater(binning->used - 1, 0);
    while (at < binning->count && row->at_ms < binning->starts[at + 1]) {
        at++;
    }
    if (at == binning->count) {
        return ERR_EMPTY; // older than all that is looked at: rows come newest first
    }
    binning->used = at + 1;
    binning->oldest_ms = row->at_ms;
    struct bin *bin = &binning->bins[at];
    bin->n++;
    bool mine = row->score.is && analysis_is(binning->series, row->metric, row->question, row->scale);
    if (mine && scale_parse(row->scale, &scale)) {
        bin->scored++;
        tally_add(&bin->tally, scale, row->score.value);
    }
    return OK;
}

/* The first period is left out where the feedback begins later than on its first day: it is a part of one. */
static void leave_out_a_part(struct binning *binning)
{
    i64 used = binning->used;
    bool longer = binning->asked->every == PERIOD_WEEK || binning->asked->every == PERIOD_MONTH;
    if (longer && used > 1 && binning->oldest_ms >= binning->starts[used] + DAY_MS) {
        binning->used--;
    }
}

static i64 season_of(enum period every)
{
    return every == PERIOD_DAY ? 7 : every == PERIOD_WEEK ? 52 : every == PERIOD_MONTH ? 12 : 0;
}

/* The borders of the periods before `until`, newest first. */
static i64 *borders(struct arena *arena, const struct forecast_asked *asked)
{
    i64 *starts = arena_new(arena, i64, PERIODS_BACK + 1);
    starts[0] = period_start(asked->zone, asked->every, asked->until_ms);
    for (i64 i = 1; i <= PERIODS_BACK; i++) {
        starts[i] = period_start(asked->zone, asked->every, starts[i - 1] - 1);
    }
    return starts;
}

/* Between its neighbours, where nobody answered. */
static void fill_gaps(f64 *values, const bool *has, i64 count)
{
    i64 last = -1;
    for (i64 i = 0; i < count; i++) {
        if (!has[i]) {
            continue;
        }
        for (i64 k = last + 1; k < i; k++) {
            f64 part = last < 0 ? 1.0 : (f64)(k - last) / (f64)(i - last);
            values[k] = last < 0 ? values[i] : values[last] + part * (values[i] - values[last]);
        }
        last = i;
    }
    for (i64 k = last + 1; last >= 0 && k < count; k++) {
        values[k] = values[last];
    }
}

static void limits(const struct analysed *series, enum forecast_what of, f64 *least, f64 *most, str *unit)
{
    struct scale scale = {0, 100};
    enum metric metric = METRIC_NONE;
    (void)scale_parse(series->scale, &scale);
    (void)metric_parse(series->metric, &metric);
    *least = 0.0;
    *most = 1e12;
    *unit = STR("feedback");
    if (of == FORECAST_OF_SCORE) {
        *unit = metric == METRIC_NPS ? STR("points") : metric == METRIC_CSAT ? STR("percent") : STR("mean");
        *least = metric == METRIC_NPS ? -100.0 : metric == METRIC_CSAT ? 0.0 : scale.low;
        *most = metric == METRIC_NPS || metric == METRIC_CSAT ? 100.0 : scale.high;
    }
}

static str date_of(struct arena *arena, const struct zone *zone, i64 at_ms)
{
    char text[ISO_MAX];
    return str_copy(arena, iso_date(zone, at_ms, text));
}

/* Oldest first: the values of the periods, and their points in the answer. */
static i64 history_of(struct ctx *ctx, const struct binning *binning, f64 *values, bool *has,
                      struct forecast_answer *out)
{
    i64 count = binning->used, known = 0;
    struct forecast_point *points = arena_new(&ctx->arena, struct forecast_point, count + 1);
    for (i64 i = 0; i < count; i++) {
        const struct bin *bin = &binning->bins[count - 1 - i];
        struct forecast_point *point = &points[i];
        point->period = date_of(&ctx->arena, binning->asked->zone, binning->starts[count - i]);
        point->n = binning->asked->of == FORECAST_OF_COUNT ? bin->n : bin->scored;
        struct score score = tally_score(&bin->tally);
        bool counted = binning->asked->of == FORECAST_OF_COUNT, answered = bin->scored > 0 && score.is;
        has[i] = counted || (answered && bin->scored >= ANSWERS_LEAST);
        values[i] = counted ? (f64)bin->n : score.score;
        point->value = (struct maybe_f64){counted || answered ? values[i] : 0.0, counted || answered};
        known += has[i];
    }
    out->history = (struct shape_list){points, count};
    return known;
}

static void write_forecast(struct ctx *ctx, const struct forecast_asked *asked, i64 from_ms,
                           const struct forecast *forecast, struct forecast_answer *out)
{
    struct forecast_point *points = arena_new(&ctx->arena, struct forecast_point, asked->horizon);
    i64 at = from_ms;
    for (i64 i = 0; i < asked->horizon; i++) {
        const struct forecast_value *value = &forecast->values[i];
        points[i] = (struct forecast_point){
            .period = date_of(&ctx->arena, asked->zone, at),
            .value = {value->value, true},
            .low = {value->low, true},
            .high = {value->high, true},
            .low80 = {value->low80, true},
            .high80 = {value->high80, true},
        };
        at = period_next(asked->zone, asked->every, at);
    }
    const struct backtest *tested = &forecast->backtest;
    out->forecast = (struct shape_list){points, asked->horizon};
    out->method = str_from(forecast_method_words[forecast->method]);
    out->backtest = arena_new(&ctx->arena, struct forecast_check, 1);
    *out->backtest = (struct forecast_check){tested->origins, tested->horizon,    tested->mae,        tested->naive_mae,
                                             tested->mase,    tested->coverage95, tested->coverage80, tested->better};
}

err analysis_forecast(struct ctx *ctx, const struct feedback_chosen *chosen, const struct forecast_asked *asked,
                      struct forecast_answer *out)
{
    static const char *const every[] = {"none", "hour", "day", "week", "month", "quarter", "year"};
    struct analysed series;
    struct forecast forecast;
    *out = (struct forecast_answer){.of = (i32)asked->of,
                                    .every = str_from(every[asked->every]),
                                    .need = FORECAST_PERIODS_LEAST};
    TRY(analysis_series(ctx, chosen, &series));
    struct binning binning = {
        .asked = asked,
        .series = &series,
        .starts = borders(&ctx->arena, asked),
        .bins = arena_new(&ctx->arena, struct bin, PERIODS_BACK),
        .count = PERIODS_BACK,
    };
    enum metric metric = METRIC_NONE;
    (void)metric_parse(series.metric, &metric);
    for (i64 i = 0; i < PERIODS_BACK; i++) {
        binning.bins[i].tally.metric = metric;
    }
    err code = feedback_each(ctx, chosen, take, &binning);
    if (code != OK && code != ERR_EMPTY) {
        return code;
    }
    leave_out_a_part(&binning);
    f64 *values = arena_new(&ctx->arena, f64, PERIODS_BACK), least, most;
    bool *has = arena_new(&ctx->arena, bool, PERIODS_BACK);
    i64 known = history_of(ctx, &binning, values, has, out);
    limits(&series, asked->of, &least, &most, &out->unit);
    out->have = known;
    // Where a quarter of the periods has no answers, what would be forecast is what was filled in.
    out->few = known < FORECAST_PERIODS_LEAST || known * 4 < binning.used * 3;
    if (out->few) {
        return OK;
    }
    fill_gaps(values, has, binning.used);
    struct forecast_input input = {values, binning.used, season_of(asked->every), asked->horizon, least, most};
    code = forecast_of(&ctx->arena, &input, &forecast);
    if (code == ERR_EMPTY) {
        out->few = true;
        return OK;
    }
    TRY(code);
    write_forecast(ctx, asked, binning.starts[0], &forecast, out);
    return OK;
}
