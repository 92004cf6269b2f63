/* Exact quantiles of many numbers without sorting them.
 *
 * The quantile q of n numbers is the element floor(q·n), from 0, of the sorted
 * list: 50 and 90 of a hundred here. Where all numbers are at hand, they are
 * narrowed down digit by digit. Where they are too many to be kept, they are
 * counted in buckets first, and only those of the buckets that hold the ranks
 * are collected when they come by again:
 *
 *     bucket   0 … 15 | 16 … 31 | 32 34 36 … 62 | 64 68 …    16 for each power of two
 *
 * Histograms of parts are added number by number, so that no order matters.
 */
#pragma once

#include "base/types.h"

enum { QUANTILE_BUCKETS = 960 };

/* The bucket of a number that is not negative. */
static inline i32 quantile_bucket(i64 value)
{
    if (value < 16) {
        return (i32)value;
    }
    i32 top = 63 - __builtin_clzll((u64)value);
    return (top - 3) * 16 + (i32)(value >> (top - 4) & 15);
}

/* The numbers of a bucket: [low, high). */
struct quantile_range {
    i64 low, high;
};
struct quantile_range quantile_range(i32 bucket);

/* The rank of the quantile `hundredths` / 100 among `count` numbers. */
static inline i64 quantile_rank(i64 hundredths, i64 count)
{
    return hundredths * count / 100;
}

/* The bucket that holds the number of this rank, which becomes the rank inside the bucket. There are more numbers than
 * `rank`. */
i32 quantile_find(const u32 counts[QUANTILE_BUCKETS], i64 *rank);

/* The number of this rank (from 0, below `count`) among numbers that are not negative; changes their order. */
i64 quantile_select(i64 *values, i64 count, i64 rank);
