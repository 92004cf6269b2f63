/* One traveller's path: which of its events a question keeps.
 *
 *     events      a a b c c c d b
 *     collapsed   a . b c . . d b          of neighbours with the same node the first stays
 *     start c           c     d b          from the first event that satisfies `start`
 *     end d             c     d            to the last one behind it that satisfies `end`
 *     steps 2           c     d            the first two; with an end alone the last two
 */
#pragma once

#include "base/types.h"

/* Marks of an event. */
enum { MARK_BEGINS = 1, MARK_ENDS = 2 };

struct path_rule {
    bool collapse;
    bool start, end; /* are there conditions? */
    i64 steps;       /* 0: no limit */
};

/* The traveller's events in order. Collapsing moves what stays to the front. */
struct path_events {
    i64 count;
    i64 *rows; /* where each comes from; the caller's affair */
    i64 *at_ms;
    u32 *nodes;
    u8 *marks;
};

/* What is kept: events [from, to); none when from == to. */
struct path {
    i64 from, to;
    i64 first_step; /* the number of the edge that leaves events[from], from 1 */
};
struct path path_keep(const struct path_rule *rule, struct path_events *events);
