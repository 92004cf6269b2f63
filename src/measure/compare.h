/* Is the difference real? Two groups side by side, and many such questions at once.
 *
 * A difference comes with a 95 % interval and a p-value; who asks many
 * questions at once keeps only the discoveries of Benjamini and Hochberg
 * (1995), "Controlling the false discovery rate", JRSS B 57:289.
 */
#pragma once

#include "measure/interval.h"
#include "measure/nps.h"

struct difference {
    f64 delta, low, high; /* first minus second, with its 95 % interval */
    f64 p;                /* two-sided probability of so large a difference by chance */
};

/* Difference of two shares, -1 to 1: Newcombe's hybrid score interval (1998, method 10); p from the pooled z-test.
 * ERR_EMPTY when a group is empty. */
err compare_shares(i64 hits, i64 count, i64 other_hits, i64 other_count, struct difference *out);

/* Difference of two Net Promoter Scores in points, -200 to 200: normal interval over the adjusted variances. */
err compare_nps(const struct nps_tally *tally, const struct nps_tally *other, struct difference *out);

/* Difference of two means by Welch's statistic, read against the normal distribution: meant for groups of 30
 * and more. ERR_EMPTY when a group has fewer than two values. */
err compare_means(const struct moments *moments, const struct moments *other, struct difference *out);

/* The largest p that still is a discovery among `count` p-values when at most the share `rate` of the discoveries
 * may be false; negative when none is. Sorts `p`. */
f64 discovery_limit(f64 *p, i64 count, f64 rate);
