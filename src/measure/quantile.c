#include "measure/quantile.h"

#include <string.h>

enum { FEW = 24 };

struct quantile_range quantile_range(i32 bucket)
{
    if (bucket < 16) {
        return (struct quantile_range){bucket, bucket + 1};
    }
    i32 top = bucket / 16 + 3;
    i64 width = (i64)1 << (top - 4), low = (16 + bucket % 16) * width;
    return (struct quantile_range){low, low > INT64_MAX - width ? INT64_MAX : low + width};
}

i32 quantile_find(const u32 counts[QUANTILE_BUCKETS], i64 *rank)
{
    i32 bucket = 0;
    while (*rank >= counts[bucket]) {
        *rank -= counts[bucket++];
    }
    return bucket;
}

static void insertion_sort(i64 *values, i64 count)
{
    for (i64 i = 1; i < count; i++) {
        i64 value = values[i], at = i;
        for (; at > 0 && values[at - 1] > value; at--) {
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
}

/* Brings the numbers whose digit at `shift` is that of the rank to the front. */
static i64 narrow(i64 *values, i64 count, i32 shift, i64 *rank)
{
    u32 counts[256];
    i64 digit = 0, kept = 0;
    memset(counts, 0, sizeof(counts));
    for (i64 i = 0; i < count; i++) {
        counts[values[i] >> shift & 255]++;
    }
    while (*rank >= counts[digit]) {
        *rank -= counts[digit++];
    }
    for (i64 i = 0; i < count; i++) {
        i64 value = values[i]; // the others stay behind them, for the next rank
        values[i] = values[kept];
        values[kept] = value;
        kept += (value >> shift & 255) == digit;
    }
    return kept;
}

i64 quantile_select(i64 *values, i64 count, i64 rank)
{
    u64 bits = 0;
    for (i64 i = 0; i < count; i++) {
        bits |= (u64)(values[i] ^ values[0]);
    }
    if (bits == 0) {
        return values[0];
    }
    for (i32 shift = (63 - __builtin_clzll(bits)) & ~7; shift >= 0 && count > FEW; shift -= 8) {
        count = narrow(values, count, shift, &rank);
    }
    insertion_sort(values, lesser(count, FEW));
    return values[lesser(rank, count - 1)];
}
