#include "measure/tenth.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    f64 left = *(const f64 *)a, right = *(const f64 *)b;
    return (left > right) - (left < right);
}

err tenth_of(f64 *values, i64 count, struct tenth *out)
{
    *out = (struct tenth){.count = count};
    if (count < 1) {
        return ERR_EMPTY;
    }
    qsort(values, (size_t)count, sizeof *values, by_value);
    f64 sum = 0.0, worst = 0.0;
    for (i64 i = 0; i < count; i++) {
        sum += values[i];
        f64 part = fmin(fmax((f64)count - (f64)(10 * i), 0.0), 10.0) / 10.0; // of this value; whole numbers stay exact
        if (part > 0.0) {
            worst += part * values[i];
            out->border = values[i];
            out->tenth_count++;
        }
    }
    out->mean = sum / (f64)count;
    out->tenth_mean = worst * 10.0 / (f64)count;
    return OK;
}
