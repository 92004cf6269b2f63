/* Spikes and drifts: is today out of the ordinary, and has something changed for good?
 *
 * A spike is judged against the same weekday of the weeks before. Counts of feedback vary more than a Poisson process, so
 * what is expected is negative binomial: its mean is the history's, its variance the larger of Poisson's and the one
 * seen, widened by what so few weeks cannot know of the mean (Hilbe 2011, "Negative binomial regression", ch. 8; compare
 * the outbreak detection of Farrington et al. 1996, JRSS A 159:547).
 *
 * A drift is found by a cumulative sum (Page 1954, Biometrika 41:100) that needs no known mean: each value is compared with
 * those before it alone (Hawkins 1987, "Self-starting CUSUM charts", The Statistician 36:299).
 */
#pragma once

#include "base/err.h"
#include "base/types.h"

enum { SPIKE_WEEKS_LEAST = 4, DRIFT_VALUES_LEAST = 6 };

struct spike {
    f64 expected, low, high; /* 95 % of ordinary days lie between */
    f64 p_more, p_less;      /* probability of so many, and of so few, on an ordinary day */
};

/* `history`: counts of the same weekday before, at least SPIKE_WEEKS_LEAST; ERR_EMPTY with fewer. */
err spike_of(const i64 *history, i64 weeks, i64 observed, struct spike *out);

/* The slack is half a standard deviation: changes of one are found soonest. At the limit of 5 an unchanged series raises one
 * false alarm in about 465 values for each direction (Hawkins and Olwell 1998, "Cumulative sum charts", table 3.1). */
#define DRIFT_SLACK 0.5
#define DRIFT_LIMIT 5.0

struct drift {
    i64 alarm;       /* the newest value at which the sum passed the limit; -1: it never did */
    i64 since;       /* the first value of the change, as the sum dates it */
    i32 direction;   /* 1: upwards, -1: downwards; 0: none */
    f64 before, now; /* means before the change and since */
};

/* Values at equal distances, oldest first. After an alarm the watch begins anew with the changed values. ERR_EMPTY with
 * fewer than DRIFT_VALUES_LEAST. */
err drift_of(const f64 *values, i64 count, struct drift *out);
