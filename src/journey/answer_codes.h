/* Answers as small numbers: one for each different answer that its metric and scale allow.
 *
 * A count for each number is exact and the same in whatever order answers are
 * met; what the counts mean is computed last. Numbers ascend with the metric
 * and the answer, so that sums do not depend on which was seen first.
 */
#pragma once

#include "journey/scan.h"
#include "journey/tally.h"

struct answer_meaning {
    enum metric metric;
    struct scale scale;
    f64 value;
};

struct answer_codes {
    i32 metric_slot, scale_slot, score_slot; /* in the lens */
    u8 *metrics;                             /* by code of WORD_METRIC: enum metric */
    u32 *scores; /* by code of a score: its place among those that some scale allows, from 1; 0: none */
    i64 score_count, scale_count;
    u16 *numbers;                    /* [(metric × scales + scale) × scores + score] */
    struct answer_meaning *meanings; /* [number]; [0] is no answer */
    i64 count;                       /* numbers are below this */
};

/* Takes up the columns in the lens; memory is the context's. */
void answer_codes_prepare(const struct asking *asking, struct answer_codes *out);

/* The number of the k-th answer of a block; 0: it counts for no score. */
static inline u32 answer_code(const struct answer_codes *codes, const struct block *block, i64 k)
{
    u32 score = codes->scores[cells_get(block->cells[codes->score_slot], k)];
    u32 metric = codes->metrics[cells_get(block->cells[codes->metric_slot], k)];
    u32 scale = cells_get(block->cells[codes->scale_slot], k);
    return codes->numbers[(metric * codes->scale_count + scale) * codes->score_count + score];
}

/* The tally of a metric from counts by number. */
struct tally answer_codes_tally(const struct answer_codes *codes, enum metric metric, const u32 *counts);
