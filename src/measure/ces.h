/* Customer effort: how easy it was, from 1 to 7, high = easy.
 *
 * The polarity is that of CES 2.0 (Dixon, Toman and DeLisi 2013, "The
 * Effortless Experience"): 7 is "strongly agree that it was made easy". A
 * reversed wording is flipped when the answer is taken in (metric_admit), so
 * every stored answer reads the same way. The score is the mean with Student's
 * interval; the share of 5-7 stands beside it with Wilson's.
 */
#pragma once

#include "measure/interval.h"

struct ces_tally {
    i64 easy, other; /* answers 5-7, 1-4 */
    struct moments moments;
};

struct ces_score {
    f64 mean, low, high;                    /* 1 to 7, with the 95 % interval */
    f64 percent, percent_low, percent_high; /* share of 5-7, 0 to 100, with its own */
    i64 answer_count;
};

/* Counts one answer. ERR_INVALID unless it is a whole number from 1 to 7; the tally is then unchanged. */
err ces_add(struct ces_tally *tally, f64 answer);

void ces_merge(struct ces_tally *into, const struct ces_tally *more);

/* ERR_EMPTY without answers. */
err ces_score(const struct ces_tally *tally, struct ces_score *out);
