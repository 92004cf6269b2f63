#include "listen/voices/analysis.h"

#include "base/hash.h"
#include "measure/drivers.h"
#include "measure/metric.h"
#include "text/reading.h"

#include <stdlib.h>

const char *const drivers_by_words[] = {"topics", "questions", "touchpoints", NULL};

enum { TARGET = -1, SERIES_MAX = 400, SAID_LEAST = 5 };

struct series_tally {
    struct arena *arena;
    struct analysed *items;
    i64 count, room;
};

static bool same(const struct analysed *a, str metric, str question, str scale)
{
    // A metric is one series over questions; without a metric the question is.
    bool thing = a->metric.len > 0 ? str_eq(a->metric, metric) : metric.len == 0 && str_eq(a->question, question);
    return thing && str_eq(a->scale, scale);
}

bool analysis_is(const struct analysed *series, str metric, str question, str scale)
{
    return same(series, metric, question, scale);
}

static err tally_series(void *self, struct ctx *ctx, const struct feedback_tally *row)
{
    struct series_tally *tally = self;
    (void)ctx;
    if (!row->score.is || row->scale.len == 0) {
        return OK;
    }
    for (i64 i = 0; i < tally->count; i++) {
        if (same(&tally->items[i], row->metric, row->question, row->scale)) {
            tally->items[i].n += row->n;
            return OK;
        }
    }
    if (tally->count == tally->room) {
        i64 room = greater(16, tally->room * 2);
        tally->items = arena_grow(tally->arena, tally->items, tally->room * (i64)sizeof(struct analysed),
                                  room * (i64)sizeof(struct analysed), _Alignof(struct analysed));
        tally->room = room;
    }
    tally->items[tally->count++] = (struct analysed){
        .metric = str_copy(tally->arena, row->metric),
        .question = row->metric.len > 0 ? STR_NONE : str_copy(tally->arena, row->question),
        .scale = str_copy(tally->arena, row->scale),
        .n = row->n,
    };
    return OK;
}

err analysis_series(struct ctx *ctx, const struct feedback_chosen *chosen, struct analysed *out)
{
    struct series_tally tally = {.arena = &ctx->arena};
    i64 all = 0;
    *out = (struct analysed){0};
    TRY(feedback_tally(ctx, chosen, tally_series, &tally));
    for (i64 i = 0; i < tally.count; i++) {
        all += tally.items[i].n;
        if (tally.items[i].n > out->n) {
            *out = tally.items[i];
        }
    }
    out->others = all - out->n;
    return OK;
}

bool analysis_place(str scale, f64 score, f64 *out)
{
    struct scale borders;
    if (!scale_parse(scale, &borders) || borders.high <= borders.low) {
        return false;
    }
    *out = (score - borders.low) / (f64)(borders.high - borders.low);
    return true;
}

/* Rows of the regression, gathered. */
struct matrix {
    struct arena *arena;
    const struct analysed *series;
    struct drivers_answer *answer;
    f64 *scores;
    i64 *good, *bad; /* bits of topics */
    i64 count, room;
};

static void grow_matrix(struct matrix *matrix)
{
    i64 room = greater(1024, matrix->room * 2), item = (i64)sizeof(i64);
    matrix->scores = arena_grow(matrix->arena, matrix->scores, matrix->room * item, room * item, 8);
    matrix->good = arena_grow(matrix->arena, matrix->good, matrix->room * item, room * item, 8);
    matrix->bad = arena_grow(matrix->arena, matrix->bad, matrix->room * item, room * item, 8);
    matrix->room = room;
}

static err take_topics(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct matrix *matrix = self;
    bool mine = row->score.is && row->has_text && same(matrix->series, row->metric, row->question, row->scale);
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (!mine || matrix->count == ANALYSIS_ROWS_MAX) {
        matrix->answer->left_out += row->score.is;
        return OK;
    }
    if (matrix->count == matrix->room) {
        grow_matrix(matrix);
    }
    matrix->scores[matrix->count] = row->score.value;
    matrix->good[matrix->count] = row->topics_good & ~row->topics_bad;
    matrix->bad[matrix->count++] = row->topics_bad & ~row->topics_good;
    return OK;
}

static int by_importance(const void *a, const void *b)
{
    const struct driver_row *left = a, *right = b;
    return left->importance != right->importance
               ? (left->importance < right->importance) - (left->importance > right->importance)
               : str_cmp(left->key, right->key);
}

/* Runs the regression and puts its parts into the rows. */
static err explain(struct ctx *ctx, const struct drivers_input *input, i64 minimum_n, struct driver_row *rows,
                   struct drivers_answer *out)
{
    struct drivers found;
    err code = drivers_of(&ctx->arena, input, &found);
    if (code == ERR_EMPTY || code == ERR_INVALID) {
        out->few = true;
        return OK;
    }
    TRY(code);
    out->method = (i32)found.method;
    out->r2 = found.r2;
    out->r2_low = found.r2_low;
    out->r2_high = found.r2_high;
    for (i64 i = 0; i < input->driver_count; i++) {
        f64 whole = found.r2 > 0.0 ? found.r2 : 1.0;
        rows[i].importance = found.items[i].part / whole;
        rows[i].low = found.items[i].low / whole;
        rows[i].high = lesser(found.items[i].high / whole, 1.0);
        rows[i].effect = found.items[i].effect;
        rows[i].few = rows[i].n < minimum_n;
    }
    qsort(rows, (size_t)input->driver_count, sizeof *rows, by_importance);
    out->drivers = (struct shape_list){rows, input->driver_count};
    return OK;
}

static err drivers_of_topics(struct ctx *ctx, const struct feedback_chosen *score, const struct analysed *series,
                             i64 minimum_n, struct drivers_answer *out)
{
    struct matrix matrix = {.arena = &ctx->arena, .series = series, .answer = out};
    struct driver_row *rows = arena_new(&ctx->arena, struct driver_row, DRIVERS_MAX);
    i64 bits[DRIVERS_MAX], drivers = 0;
    TRY(feedback_each(ctx, score, take_topics, &matrix));
    out->n = matrix.count;
    for (i64 topic = 1; topic < TOPIC_COUNT_ && drivers < DRIVERS_MAX; topic++) {
        struct driver_row row = {.key = str_from(text_topic_words[topic])};
        for (i64 i = 0; i < matrix.count; i++) {
            row.good += matrix.good[i] >> topic & 1;
            row.bad += matrix.bad[i] >> topic & 1;
        }
        row.n = row.good + row.bad;
        if (row.n >= SAID_LEAST) {
            bits[drivers] = topic;
            rows[drivers++] = row;
        }
    }
    out->need = greater(minimum_n, 5 * drivers);
    if (drivers == 0 || matrix.count < out->need) {
        out->few = true;
        return OK;
    }
    f64 *values = arena_new(&ctx->arena, f64, matrix.count * drivers);
    for (i64 i = 0; i < matrix.count; i++) {
        for (i64 k = 0; k < drivers; k++) {
            values[i * drivers + k] = (f64)((matrix.good[i] >> bits[k] & 1) - (matrix.bad[i] >> bits[k] & 1));
        }
    }
    return explain(ctx, &(struct drivers_input){values, matrix.scores, matrix.count, drivers}, minimum_n, rows, out);
}

/* One answer of a unit: a sitting (questions) or a person (touchpoints). */
struct observation {
    u64 unit;
    i32 series; /* TARGET, or a place in the list of keys */
    f32 value;
};

struct observed {
    struct arena *arena;
    const struct analysed *target;
    struct drivers_answer *answer;
    enum drivers_by by;
    struct observation *items;
    i64 count, room;
    str keys[SERIES_MAX];
    i32 key_count;
};

static i32 key_of(struct observed *observed, str key)
{
    for (i32 i = 0; i < observed->key_count; i++) {
        if (str_eq(observed->keys[i], key)) {
            return i;
        }
    }
    if (observed->key_count == SERIES_MAX) {
        return SERIES_MAX;
    }
    observed->keys[observed->key_count] = str_copy(observed->arena, key);
    return observed->key_count++;
}

static err take_observation(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct observed *observed = self;
    str unit = observed->by == BY_QUESTIONS ? row->response : row->alias;
    str key = observed->by == BY_QUESTIONS ? row->question : row->touchpoint;
    f64 place;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (!row->score.is || unit.len == 0 || !analysis_place(row->scale, row->score.value, &place)) {
        return OK;
    }
    bool target = same(observed->target, row->metric, row->question, row->scale);
    bool other_scale = !target && observed->target->metric.len > 0 && str_eq(row->metric, observed->target->metric);
    i32 series = target ? TARGET : key.len == 0 || other_scale ? SERIES_MAX : key_of(observed, key);
    if (series == SERIES_MAX) {
        return OK;
    }
    if (observed->count == ANALYSIS_ROWS_MAX) {
        observed->answer->left_out += target;
        return OK;
    }
    if (observed->count == observed->room) {
        i64 room = greater(1024, observed->room * 2), item = (i64)sizeof(struct observation);
        observed->items = arena_grow(observed->arena, observed->items, observed->room * item, room * item, 8);
        observed->room = room;
    }
    observed->items[observed->count++] = (struct observation){hash_str(unit), series,
                                                              (f32)(target ? row->score.value : place)};
    return OK;
}

static int by_unit(const void *a, const void *b)
{
    const struct observation *left = a, *right = b;
    return left->unit != right->unit       ? (left->unit > right->unit) - (left->unit < right->unit)
           : left->series != right->series ? (left->series > right->series) - (left->series < right->series)
                                           : (left->value > right->value) - (left->value < right->value);
}

/* Means of a unit's answers, series by series; returns where the next unit begins. */
static i64 unit_means(const struct observed *observed, i64 from, f64 *means, bool *has, f64 *target, bool *has_target)
{
    i64 at = from;
    *has_target = false;
    while (at < observed->count && observed->items[at].unit == observed->items[from].unit) {
        i64 end = at;
        f64 sum = 0.0;
        while (end < observed->count && observed->items[end].unit == observed->items[at].unit &&
               observed->items[end].series == observed->items[at].series) {
            sum += (f64)observed->items[end++].value;
        }
        f64 mean = sum / (f64)(end - at);
        if (observed->items[at].series == TARGET) {
            *target = mean;
            *has_target = true;
        } else {
            means[observed->items[at].series] = mean;
            has[observed->items[at].series] = true;
        }
        at = end;
    }
    return at;
}

struct table {
    f64 *values, *scores; /* [unit][key], [unit] */
    bool *has;
    i64 units;
};

static struct table table_of(struct ctx *ctx, struct observed *observed)
{
    i64 keys = observed->key_count, units = 0;
    struct table table = {0};
    for (i64 i = 0; i < observed->count; i++) {
        units += i == 0 || observed->items[i].unit != observed->items[i - 1].unit;
    }
    table.values = arena_new(&ctx->arena, f64, units * keys + 1);
    table.has = arena_new(&ctx->arena, bool, units *keys + 1);
    table.scores = arena_new(&ctx->arena, f64, units + 1);
    for (i64 at = 0; at < observed->count;) {
        bool has_target;
        f64 *means = table.values + table.units * keys;
        bool *has = table.has + table.units * keys;
        memset(has, 0, (size_t)keys);
        at = unit_means(observed, at, means, has, &table.scores[table.units], &has_target);
        table.units += has_target;
    }
    return table;
}

/* Keys that at least half of the units have, the most answered first as far as a regression takes them. */
static i64 choose_keys(const struct observed *observed, const struct table *table, i64 *chosen, i64 *answered)
{
    i64 keys = observed->key_count, count = 0;
    for (i64 key = 0; key < keys; key++) {
        i64 n = 0;
        for (i64 unit = 0; unit < table->units; unit++) {
            n += table->has[unit * keys + key];
        }
        if (n * 2 >= table->units && n > 0 && count < DRIVERS_MAX) {
            answered[count] = n;
            chosen[count++] = key;
        }
    }
    return count;
}

static err drivers_of_answers(struct ctx *ctx, const struct feedback_chosen *around, const struct analysed *series,
                              enum drivers_by by, i64 minimum_n, struct drivers_answer *out)
{
    struct observed *observed = arena_new(&ctx->arena, struct observed, 1);
    i64 chosen[DRIVERS_MAX], answered[DRIVERS_MAX];
    *observed = (struct observed){.arena = &ctx->arena, .target = series, .answer = out, .by = by};
    TRY(feedback_each(ctx, around, take_observation, observed));
    if (observed->count > 0) {
        qsort(observed->items, (size_t)observed->count, sizeof *observed->items, by_unit);
    }
    struct table table = table_of(ctx, observed);
    i64 keys = observed->key_count, drivers = choose_keys(observed, &table, chosen, answered), n = 0;
    f64 *values = arena_new(&ctx->arena, f64, table.units * drivers + 1);
    f64 *scores = arena_new(&ctx->arena, f64, table.units + 1);
    struct driver_row *rows = arena_new(&ctx->arena, struct driver_row, drivers + 1);
    for (i64 unit = 0; unit < table.units; unit++) {
        bool whole = true;
        for (i64 k = 0; k < drivers; k++) {
            whole = whole && table.has[unit * keys + chosen[k]];
            values[n * drivers + k] = table.values[unit * keys + chosen[k]];
        }
        scores[n] = table.scores[unit];
        n += whole;
    }
    out->n = n;
    out->left_out += table.units - n;
    out->need = greater(minimum_n, 5 * drivers);
    if (drivers == 0 || n < out->need) {
        out->few = true;
        return OK;
    }
    for (i64 k = 0; k < drivers; k++) {
        f64 sum = 0.0;
        for (i64 i = 0; i < n; i++) {
            sum += values[i * drivers + k];
        }
        rows[k] = (struct driver_row){.key = observed->keys[chosen[k]], .n = answered[k], .mean = {sum / (f64)n, true}};
    }
    return explain(ctx, &(struct drivers_input){values, scores, n, drivers}, minimum_n, rows, out);
}

err analysis_drivers(struct ctx *ctx, const struct feedback_chosen *score, const struct feedback_chosen *around,
                     enum drivers_by by, i64 minimum_n, struct drivers_answer *out)
{
    struct analysed series;
    *out = (struct drivers_answer){.by = (i32)by, .need = minimum_n};
    TRY(analysis_series(ctx, score, &series));
    out->metric = series.metric;
    out->question = series.question;
    out->scale = series.scale;
    if (series.n == 0) {
        out->few = true;
        return OK;
    }
    if (by == BY_TOPICS) {
        return drivers_of_topics(ctx, score, &series, minimum_n, out);
    }
    out->left_out = series.others;
    return drivers_of_answers(ctx, around, &series, by, minimum_n, out);
}
