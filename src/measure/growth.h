/* Does something come more often than before? Two counts of texts that hold it, each out of so many texts.
 *
 * Given how many texts hold it altogether, those of the newer part are binomial when nothing changed (Przyborowski and
 * Wilenski 1940, Biometrika 31:313); the ratio of the two rates gets its interval from the exact limits of that share
 * (Clopper and Pearson 1934, Biometrika 26:404). Who asks about many things at once keeps those that discovery_limit
 * (measure/compare.h) lets through.
 */
#pragma once

#include "base/err.h"
#include "base/types.h"

struct growth_counts {
    i64 now, now_of;       /* texts that hold it, texts in the newer part */
    i64 before, before_of; /* the same in the older part */
};

struct growth {
    f64 ratio, low,
        high; /* rate now over rate before, with its 95 % interval; INFINITY when it was never there before */
    f64 p;    /* probability of so many now when nothing changed; one-sided */
};

/* ERR_EMPTY when a part has no texts or nothing holds it. */
err growth_of(const struct growth_counts *counts, struct growth *out);
