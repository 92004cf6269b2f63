#include "journey/answer_codes.h"

#include <stdlib.h>

/* Scores from the lowest up. */
struct ranked {
    f64 value;
    u32 code;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static bool is_allowed(enum metric metric, struct scale scale, f64 value)
{
    struct tally tally = {.metric = metric};
    tally_add(&tally, scale, value);
    return tally_score(&tally).n > 0;
}

/* Which scores any metric allows on any of the scales. */
static i64 rank_scores(const struct asking *asking, const struct scale *scales, i64 scale_count, struct ranked *out)
{
    struct numbers_seen scores = asking->view.scores;
    i64 count = 0;
    for (u32 code = 1; code <= scores.count; code++) {
        bool allowed = false;
        for (i64 scale = 0; scale < scale_count && !allowed; scale++) {
            for (i32 metric = METRIC_NPS; metric < METRIC_COUNT && !allowed; metric++) {
                allowed = is_allowed((enum metric)metric, scales[scale], scores.values[code]);
            }
        }
        out[count] = (struct ranked){scores.values[code], code};
        count += allowed;
    }
    if (count > 0) {
        qsort(out, (size_t)count, sizeof out[0], by_value);
    }
    return count;
}

static void number_answers(struct answer_codes *codes, const struct scale *scales, const struct ranked *ranked)
{
    codes->count = 1;
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        for (i64 score = 1; score < codes->score_count; score++) {
            for (i64 scale = 0; scale < codes->scale_count && codes->count <= UINT16_MAX; scale++) {
                f64 value = ranked[score - 1].value;
                if (is_allowed((enum metric)metric, scales[scale], value)) {
                    codes->numbers[(metric * codes->scale_count + scale) * codes->score_count + score] =
                        (u16)codes->count;
                    codes->meanings[codes->count++] = (struct answer_meaning){(enum metric)metric, scales[scale],
                                                                              value};
                }
            }
        }
    }
}

void answer_codes_prepare(const struct asking *asking, struct answer_codes *out)
{
    struct arena *arena = &asking->ctx->arena;
    const struct texts *metrics = &asking->view.texts[WORD_METRIC], *texts = &asking->view.texts[WORD_SCALE];
    struct ranked *ranked = arena_new(arena, struct ranked, (i64)asking->view.scores.count + 1);
    struct scale *scales = arena_new(arena, struct scale, (i64)texts->count + 1);
    for (u32 code = 1; code <= texts->count; code++) {
        (void)scale_parse(texts_text(texts, code), &scales[code]);
    }
    *out = (struct answer_codes){.metric_slot = lens_word(asking->lens, WORD_METRIC),
                                 .scale_slot = lens_word(asking->lens, WORD_SCALE),
                                 .score_slot = lens_scores(asking->lens),
                                 .metrics = arena_new(arena, u8, (i64)metrics->count + 1),
                                 .scores = arena_new(arena, u32, (i64)asking->view.scores.count + 1),
                                 .scale_count = (i64)texts->count + 1};
    for (u32 code = 1; code <= metrics->count; code++) {
        enum metric metric = METRIC_NONE;
        (void)metric_parse(texts_text(metrics, code), &metric);
        out->metrics[code] = (u8)metric;
    }
    out->score_count = rank_scores(asking, scales, out->scale_count, ranked) + 1;
    for (i64 i = 1; i < out->score_count; i++) {
        out->scores[ranked[i - 1].code] = (u32)i;
    }
    i64 combinations = METRIC_COUNT * out->scale_count * out->score_count;
    out->numbers = arena_new(arena, u16, combinations);
    out->meanings = arena_new(arena, struct answer_meaning, lesser(combinations, UINT16_MAX) + 1);
    number_answers(out, scales, ranked);
}

struct tally answer_codes_tally(const struct answer_codes *codes, enum metric metric, const u32 *counts)
{
    struct tally tally = {.metric = metric};
    for (i64 number = 1; number < codes->count; number++) {
        const struct answer_meaning *meaning = &codes->meanings[number];
        if (meaning->metric == metric && counts[number] > 0) {
            tally_add_many(&tally, meaning->scale, meaning->value, counts[number]);
        }
    }
    return tally;
}
