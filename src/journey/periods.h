/* The periods of a question as numbers: 0 is the first one, and each moment
 * finds its own with one look-up.
 *
 *     starts  |  0        |  1       |  2        |          weeks, months … of
 * the zone table   |    |    |    |    |    |    |    |          stretches of
 * equal length, shorter than any period, so that at most one border lies in
 * each
 */
#pragma once

#include "base/zone.h"

enum { PERIODS_MAX = 20000 };

struct periods {
    enum period every;
    const struct zone *zone;
    i64 *starts; /* [count + 1]; the last one is the end of the last period */
    i64 count;   /* 0: there are none */
    i64 first_ms;
    i32 shift;
    u16 *table; /* the period in which each stretch of 1 << shift ms begins */
};

/* Periods that hold every moment of [low, high]; none for PERIOD_NONE or low >
 * high. Memory is the context's. ERR_INVALID (error.ask.periods) for more than
 * PERIODS_MAX. */
err periods_make(struct ctx *ctx, const struct zone *zone, enum period every, i64 low, i64 high, struct periods *out);

/* The period of a moment in [low, high]. */
static inline u32 periods_find(const struct periods *periods, i64 at_ms)
{
    u32 period = periods->table[(at_ms - periods->first_ms) >> periods->shift];
    return period + (at_ms >= periods->starts[period + 1]);
}

/* The first date of a period, or its first moment for hours, as answers write
 * it. */
str periods_text(const struct periods *periods, i64 period, char out[ISO_MAX]);
