#include "listen/voices/models_inside.h"

#include "base/zone.h"
#include "json/read.h"
#include "listen/voices/work.h"
#include "measure/metric.h"

#include <stdlib.h>

const str model_class_names[3] = {{"negative", 8}, {"neutral", 7}, {"positive", 8}};

enum { NEGATIVE, NEUTRAL, POSITIVE };

static i32 class_number(str class)
{
    for (i32 i = 0; i < 3; i++) {
        if (str_eq(class, model_class_names[i])) {
            return i;
        }
    }
    return -1;
}

/* What a score says about the words beside it; -1: nothing. */
static i32 class_of_score(const struct feedback *row)
{
    enum metric metric = METRIC_NONE;
    struct scale scale;
    if (!row->score.is || !scale_parse(row->scale, &scale) || scale.high <= scale.low) {
        return -1;
    }
    (void)metric_parse(row->metric, &metric);
    f64 score = row->score.value;
    if (metric == METRIC_NPS) {
        return score >= 9.0 ? POSITIVE : score >= 7.0 ? NEUTRAL : NEGATIVE;
    }
    f64 place = (score - scale.low) / (f64)(scale.high - scale.low);
    return place > 0.6 ? POSITIVE : place < 0.4 ? NEGATIVE : NEUTRAL;
}

static void put(struct lessons *lessons, i64 id, str text, i32 label)
{
    if (lessons->count == lessons->room) {
        i64 room = greater(1024, lessons->room * 2);
        lessons->texts = mem_resize(lessons->texts, room * (i64)sizeof(str));
        lessons->labels = mem_resize(lessons->labels, room * (i64)sizeof(i32));
        lessons->ids = mem_resize(lessons->ids, room * (i64)sizeof(i64));
        lessons->room = room;
    }
    lessons->texts[lessons->count] = str_copy(lessons->arena, text);
    lessons->labels[lessons->count] = label;
    lessons->ids[lessons->count++] = id;
}

/* Corrections first; only those in which somebody set the class. */
static err take_correction(void *self, struct ctx *ctx, const struct feedback_label *label)
{
    struct lessons *lessons = self;
    struct json root;
    i32 class = class_number(label->class);
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (class < 0 || label->text.len == 0 || json_parse(ctx, json_reader_here(), label->corrected, &root) != OK ||
        !json_is(json_get(root, STR("class")))) {
        ctx_forgive(ctx);
        return OK;
    }
    put(lessons, label->id, label->text, class);
    lessons->corrections++;
    return OK;
}

static int by_id(const void *a, const void *b)
{
    i64 left = *(const i64 *)a, right = *(const i64 *)b;
    return (left > right) - (left < right);
}

struct taking {
    struct lessons *lessons;
    const i64 *corrected; /* sorted */
    i64 count;
};

static err take_scored(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct taking *taking = self;
    i32 class = class_of_score(row);
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (class < 0 || !row->has_text || row->spam ||
        (taking->count > 0 &&
         bsearch(&row->id, taking->corrected, (size_t)taking->count, sizeof row->id, by_id) != NULL)) {
        return OK;
    }
    if (taking->lessons->count == MODEL_TEXTS_MAX) {
        taking->lessons->left_out++;
        return OK;
    }
    put(taking->lessons, row->id, row->text, class);
    taking->lessons->scored++;
    return OK;
}

err lessons_gather(struct ctx *ctx, struct store *store, struct lessons *out)
{
    struct feedback_source_of from = {.store = store, .zone = zone_utc(), .sight = {.personal = true}};
    struct feedback_filter *filter = arena_new(&ctx->arena, struct feedback_filter, 1);
    struct feedback_chosen *chosen;
    *out = (struct lessons){.arena = &ctx->arena};
    TRY(feedback_labels(ctx, store, take_correction, out));
    i64 *corrected = arena_new(&ctx->arena, i64, out->count + 1);
    for (i64 i = 0; i < out->count; i++) {
        corrected[i] = out->ids[i];
    }
    if (out->count > 0) {
        qsort(corrected, (size_t)out->count, sizeof *corrected, by_id);
    }
    filter->has_text = ONLY_TRUE;
    TRY(feedback_choose(ctx, &from, filter, &chosen));
    struct taking taking = {out, corrected, out->count};
    return feedback_each(ctx, chosen, take_scored, &taking);
}

void lessons_free(struct lessons *lessons)
{
    mem_free(lessons->texts);
    mem_free(lessons->labels);
    mem_free(lessons->ids);
}

static err count_correction(void *self, struct ctx *ctx, const struct feedback_label *label)
{
    i64 *count = self;
    struct json root;
    bool class = json_parse(ctx, json_reader_here(), label->corrected, &root) == OK &&
                 json_is(json_get(root, STR("class")));
    ctx_forgive(ctx);
    *count += class && label->text.len > 0;
    return OK;
}

static err count_scored(void *self, struct ctx *ctx, const struct feedback_tally *tally)
{
    i64 *count = self;
    (void)ctx;
    *count += tally->has_text && tally->score.is && !tally->spam && tally->scale.len > 0 ? tally->n : 0;
    return OK;
}

err lessons_count(struct ctx *ctx, struct store *store, i64 *corrections, i64 *scored)
{
    struct feedback_source_of from = {.store = store, .zone = zone_utc(), .sight = {.personal = true}};
    struct feedback_filter *filter = arena_new(&ctx->arena, struct feedback_filter, 1);
    struct feedback_chosen *chosen;
    *corrections = *scored = 0;
    TRY(feedback_labels(ctx, store, count_correction, corrections));
    filter->has_text = ONLY_TRUE;
    TRY(feedback_choose(ctx, &from, filter, &chosen));
    return feedback_tally(ctx, chosen, count_scored, scored);
}
