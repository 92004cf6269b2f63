/* The most demanding tenth: how it is for those who are served worst, beside the mean.
 *
 * The mean of the lowest tenth of the values; where a tenth is no whole number of them, the one on the border counts with
 * its part (the expected shortfall of Acerbi and Tasche 2002, Journal of Banking and Finance 26:1487, at 10 %).
 */
#pragma once

#include "base/err.h"
#include "base/types.h"

struct tenth {
    i64 count;       /* values */
    f64 mean;        /* of all */
    f64 tenth_mean;  /* of the lowest tenth */
    f64 border;      /* the highest value that belongs to it */
    i64 tenth_count; /* values that belong to it, whole or in part */
};

/* Sorts `values`. ERR_EMPTY without any. */
err tenth_of(f64 *values, i64 count, struct tenth *out);
