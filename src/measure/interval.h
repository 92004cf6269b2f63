/* How sure a number is: 95 % intervals of shares, means and their differences.
 *
 * Every interval holds the number it belongs to and stays inside what the
 * number can be. Sources: Wilson (1927), "Probable inference, the law of
 * succession, and statistical inference", JASA 22:209; Newcombe (1998),
 * "Interval estimation for the difference between independent proportions",
 * Statistics in Medicine 17:873, method 10; Student (1908) for means.
 */
#pragma once

#include "base/err.h"
#include "base/types.h"

/* The normal quantile of 0.975: half of 95 % lies on either side. */
#define Z95 1.959963984540054

struct interval {
    f64 value, low, high; /* low <= value <= high */
};

/* Sums from which a mean is computed last; add two of them member by member. */
struct moments {
    i64 count;
    f64 sum, sum_squares;
};

void moments_add(struct moments *moments, f64 value);
void moments_merge(struct moments *into, const struct moments *more);

/* Share of `hits` in `count`, 0 to 1, by Wilson's score interval. ERR_EMPTY when `count` is 0. */
err interval_share(i64 hits, i64 count, struct interval *out);

/* Mean of answers on a scale from `low` to `high`, by Student's t. One answer says nothing about the spread:
 * the interval is then the whole scale. When all answers are equal, an answer not seen may still have a
 * share of 3/n (rule of three: Hanley and Lippman-Hand 1983), and the interval reaches as far as that could
 * move the mean. ERR_EMPTY without answers. */
err interval_mean(const struct moments *moments, f64 low, f64 high, struct interval *out);

/* The t quantile of 0.975 for `freedom` >= 1 degrees of freedom (Hill 1970, algorithm 396, CACM 13:619). */
f64 t_quantile_95(i64 freedom);
