/* Planned against actual, counted in one pass: what came together on each touchpoint of a map, in each group of the question.
 *
 *     group 0 | touchpoint 0 | touchpoint 1 | … | on none |  group 1 | …      places
 */
#pragma once

#include "journey/answer_codes.h"
#include "journey/groups.h"
#include "journey/steps.h"

struct place {
    i64 events;
    u32 people;
    alias_no last; /* the person counted last: a person's events come together */
    i64 reached, open, done, late, closed, skipped, repeated;
};

/* How long the next act of a visit took. */
struct act_took {
    u32 place; /* among all */
    i64 ms;
};

struct adherence {
    const struct asking *asking;
    struct steps_plan plan;
    struct answer_codes codes;
    struct groups groups;
    i64 places;      /* of a group: touchpoints, and "on none" */
    bool *has_where; /* does the touchpoint have events at all? */
};

/* The result. */
struct adherence_count {
    struct grouping grouping;
    struct steps steps;
    u32 *met; /* by group: its number among those met + 1; 0: not met */
    i64 met_capacity, group_count;
    struct place *items; /* [number × places + place] */
    i64 item_capacity;
    u32 *answers; /* [(number × places + place) × codes.count + number of the answer] */
    i64 answer_capacity;
    struct act_took *took;
    i64 took_count, took_capacity;
    struct person_skips *skips; /* of the person being read, by group */
    i64 skip_count, skip_capacity;
};

/* Everything but the question's part: memory is the context's. */
err adherence_prepare(const struct asking *asking, struct adherence *out);
err adherence_run(const struct adherence *adherence, const struct adherence_count **out);

/* For who counts from elsewhere than the index: `part` is one whose `self` is the adherence (its rules and versions filled in) and
 * whose state is the count. */

/* The number of a group among those met, with room for all that is counted in it. */
err adherence_meet(struct part *part, struct adherence_count *count, u32 group, u32 *number);

/* Adds a person's visits. The number of the group of a visit's first step is numbers[step], or numbers[rows[step]] where steps
 * have rows; NULL: all are in the first group. */
err adherence_add(struct part *part, struct adherence_count *count, const struct visits *visits, const i32 *rows,
                  const u32 *numbers);

/* The first place of a group of the grouping; NULL: nothing came together in it. */
const struct place *adherence_places(const struct adherence *adherence, const struct adherence_count *count, i64 group);
