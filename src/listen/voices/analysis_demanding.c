#include "listen/voices/analysis.h"

#include "base/hash.h"
#include "measure/tenth.h"

#include <stdlib.h>

enum { TOUCHPOINTS_MAX = 500, ALL = -1 };

struct answer_of {
    u64 unit;
    i32 touchpoint;
    f64 score;
};

struct gathering {
    struct arena *arena;
    const struct analysed *series;
    struct answer_of *items;
    i64 count, room, left_out;
    str touchpoints[TOUCHPOINTS_MAX];
    i32 touchpoint_count;
};

static i32 touchpoint_of(struct gathering *gathering, str touchpoint)
{
    for (i32 i = 0; i < gathering->touchpoint_count; i++) {
        if (str_eq(gathering->touchpoints[i], touchpoint)) {
            return i;
        }
    }
    if (touchpoint.len == 0 || gathering->touchpoint_count == TOUCHPOINTS_MAX) {
        return ALL;
    }
    gathering->touchpoints[gathering->touchpoint_count] = str_copy(gathering->arena, touchpoint);
    return gathering->touchpoint_count++;
}

static err take(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct gathering *gathering = self;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (!row->score.is) {
        return OK;
    }
    if (!analysis_is(gathering->series, row->metric, row->question, row->scale)) {
        gathering->left_out++;
        return OK;
    }
    if (gathering->count == gathering->room) {
        i64 room = greater(1024, gathering->room * 2), item = (i64)sizeof(struct answer_of);
        gathering->items = arena_grow(gathering->arena, gathering->items, gathering->room * item, room * item, 8);
        gathering->room = room;
    }
    u64 unit = row->alias.len > 0 ? hash_str(row->alias) : hash64(&row->id, (i64)sizeof row->id);
    gathering->items[gathering->count++] = (struct answer_of){unit, touchpoint_of(gathering, row->touchpoint),
                                                              row->score.value};
    return OK;
}

static int by_unit(const void *a, const void *b)
{
    const struct answer_of *left = a, *right = b;
    return left->unit != right->unit ? (left->unit > right->unit) - (left->unit < right->unit)
                                     : (left->score > right->score) - (left->score < right->score);
}

/* The worst tenth of the persons' means at one touchpoint, or at all; items are ordered by person. */
static bool row_of(const struct gathering *gathering, i32 touchpoint, f64 *means, i64 minimum_n,
                   struct demanding_row *out)
{
    i64 people = 0, n = 0;
    struct tenth tenth;
    for (i64 at = 0; at < gathering->count;) {
        u64 unit = gathering->items[at].unit;
        f64 sum = 0.0;
        i64 count = 0;
        for (; at < gathering->count && gathering->items[at].unit == unit; at++) {
            if (touchpoint == ALL || gathering->items[at].touchpoint == touchpoint) {
                sum += gathering->items[at].score;
                count++;
            }
        }
        if (count > 0) {
            means[people++] = sum / (f64)count;
            n += count;
        }
    }
    if (tenth_of(means, people, &tenth) != OK) {
        return false;
    }
    *out = (struct demanding_row){
        .touchpoint = touchpoint == ALL ? STR_NONE : gathering->touchpoints[touchpoint],
        .n = n,
        .people = people,
        .mean = tenth.mean,
        .tenth = tenth.tenth_mean,
        .gap = tenth.mean - tenth.tenth_mean,
        .tenth_n = tenth.tenth_count,
        .worst_below = tenth.border,
        .few = people < minimum_n,
    };
    return true;
}

static int by_gap(const void *a, const void *b)
{
    const struct demanding_row *left = a, *right = b;
    return left->few != right->few   ? left->few - right->few
           : left->gap != right->gap ? (left->gap < right->gap) - (left->gap > right->gap)
                                     : str_cmp(left->touchpoint, right->touchpoint);
}

err analysis_demanding(struct ctx *ctx, const struct feedback_chosen *chosen, i64 minimum_n,
                       struct demanding_answer *out)
{
    struct analysed series;
    struct gathering *gathering = arena_new(&ctx->arena, struct gathering, 1);
    *out = (struct demanding_answer){0};
    TRY(analysis_series(ctx, chosen, &series));
    *gathering = (struct gathering){.arena = &ctx->arena, .series = &series};
    TRY(feedback_each(ctx, chosen, take, gathering));
    if (gathering->count > 0) {
        qsort(gathering->items, (size_t)gathering->count, sizeof *gathering->items, by_unit);
    }
    f64 *means = arena_new(&ctx->arena, f64, gathering->count + 1);
    struct demanding_row *rows = arena_new(&ctx->arena, struct demanding_row, gathering->touchpoint_count + 1);
    i64 count = row_of(gathering, ALL, means, minimum_n, &rows[0]);
    for (i32 touchpoint = 0; touchpoint < gathering->touchpoint_count; touchpoint++) {
        count += row_of(gathering, touchpoint, means, minimum_n, &rows[count]);
    }
    if (count > 1) {
        qsort(rows + 1, (size_t)count - 1, sizeof *rows, by_gap);
    }
    out->metric = series.metric;
    out->question = series.question;
    out->scale = series.scale;
    out->left_out = gathering->left_out;
    out->rows = (struct shape_list){rows, count};
    return OK;
}
