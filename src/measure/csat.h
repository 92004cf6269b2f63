/* Customer satisfaction: the share of answers in the top boxes.
 *
 * On a scale of 1-5 the top boxes are 4 and 5, on 1-10 they are 8, 9 and 10.
 * The share may be added over scales, because each answer was judged on its
 * own; a mean may not, so there is none once scales are mixed. The interval is
 * Wilson's (measure/interval.h).
 */
#pragma once

#include "measure/interval.h"
#include "measure/metric.h"

struct csat_tally {
    i64 top, other;
    struct moments moments; /* of the answers themselves, while they have one scale */
    struct scale scale;     /* 0-0 before the first answer */
    bool mixed;             /* answers of several scales are in it */
};

struct csat_score {
    f64 percent, low, high; /* share of top boxes and its 95 % interval, 0 to 100 */
    struct maybe_f64 mean;  /* only when all answers have one scale */
    i64 answer_count;
};

/* Counts one answer. ERR_INVALID when the scale is neither 1-5 nor 1-10, or the answer is no whole number on
 * it; the tally is then unchanged. */
err csat_add(struct csat_tally *tally, struct scale scale, f64 answer);

void csat_merge(struct csat_tally *into, const struct csat_tally *more);

/* ERR_EMPTY without answers. */
err csat_score(const struct csat_tally *tally, struct csat_score *out);
