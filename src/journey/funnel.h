/* One person's way through the steps of a funnel.
 *
 * An attempt starts at each event that satisfies step 1. Loose: the next step is
 * the earliest later event that satisfies it, not later than `within_ms` after
 * the attempt's start. Strict: it must be the very next event. One event serves
 * one step. What counts of a person is the deepest attempt, of equally deep ones
 * the one that started first.
 *
 *     events   1  2  1  3  2  3         within: the brackets
 *     attempts |--2-----3|               depth 3, if the window reaches that far
 *                    |-----2--3|         depth 3, but it started later
 */
#pragma once

#include "base/types.h"

enum { FUNNEL_DEPTH_MAX = 16 };

struct funnel_rule {
    i32 step_count;
    i64 within_ms; /* INT64_MAX: no limit */
    bool strict;
};

/* A person's events in order. Bit k of a mask: the event satisfies step k + 1. Strict: all events that the question takes;
 * loose: those without a step may be left out. */
struct funnel_hits {
    const i64 *at_ms;
    const u16 *masks;
    i64 count;
};

struct funnel_reach {
    i32 depth;                  /* steps that were reached; 0: none */
    i64 hits[FUNNEL_DEPTH_MAX]; /* [step]: the event that reached it */
};

/* The attempt that counts, in loose order, where it is known already: the greatest depth, at least 1, and the event at which it was
 * reached first. */
void funnel_follow(const struct funnel_rule *rule, const struct funnel_hits *hits, i32 depth, i64 last,
                   struct funnel_reach *out);

void funnel_person(const struct funnel_rule *rule, const struct funnel_hits *hits, struct funnel_reach *out);
