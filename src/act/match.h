/* Does a condition hold for one event and the person it happened to?
 *
 * The same language and the same meanings as a question's (journey/condition.h),
 * asked of one event instead of all: of the event in hand, of the person's traits,
 * and of the person's history through a question of its own. So it costs as much
 * as that person's events, not as everybody's.
 */
#pragma once

#include "events/event.h"
#include "journey/condition.h"
#include "journey/journeys.h"

struct asked_rooms;

struct matching {
    struct ctx *ctx;
    const struct event *event;       /* NULL: there is none, and no field of it has a value */
    struct journeys *journeys;       /* for touchpoint and stage */
    const struct asked_rooms *rooms; /* for histories; NULL where conditions have none */
    i64 person;                      /* 0: nobody: no traits, no history */
    str traits;                      /* JSON object; none: nobody */
    i64 now_ms;                      /* histories are looked at as of this moment */

    /* Its own. */
    struct json props, trait_values;
    bool has_props, has_traits, derived;
    str touchpoint, stage;
};

/* ERR_UNAVAILABLE when a store is away; ERR_CANCELLED. */
err match(struct matching *matching, const struct condition *condition, bool *holds);

/* What a condition of "when" may look at: the event alone. ERR_INVALID (error.rule.when_field) for a history, a trait, and for
 * the field "journey", which is a question's alone. `whole`: of "if", which knows all but the last. */
err match_allows(struct ctx *ctx, const struct condition *condition, bool whole);
