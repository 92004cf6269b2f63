/* When one person came back after a start event.
 *
 *     calendar   | week 0     | week 1     | week 2     |      borders of the zone's calendar
 *                |     S  r   |            |  r    r    |      → 0, 2
 *     elapsed          S  r      |            |  r    r        7 days each from the start event: → 0, 2
 *
 * A return counts in the period in which it lies; the start event itself counts
 * when it satisfies `return`.
 */
#pragma once

#include "base/types.h"

#include <string.h>

enum { RETENTION_MOST = 400, PERIOD_WORDS = (RETENTION_MOST + 63) / 64 };

/* Bits of a person's marks. */
enum { MARK_START = 1, MARK_RETURN = 2 };

/* Periods 0 … RETENTION_MOST - 1. */
struct period_set {
    u64 words[PERIOD_WORDS];
};

/* A person's events in order: [from, to) of arrays that have 8 readable bytes of marks behind `to`. */
struct retention_rows {
    const i64 *at_ms;
    const u8 *marks;
    i64 from, to;
};

/* The first event at or after `from` with this mark; `to`: none. */
i64 retention_find(const struct retention_rows *rows, i64 from, u8 mark);

/* The periods, fewer than `periods`, with a return at or after the event `start`. `ends[k]` is the moment at which period
 * k is over; there are `periods` of them. */
void retention_calendar(const struct retention_rows *rows, i64 start, const i64 *ends, i64 periods,
                        struct period_set *out);

/* The same for periods of `length_ms` counted from the start event. */
void retention_elapsed(const struct retention_rows *rows, i64 start, i64 length_ms, i64 periods,
                       struct period_set *out);
