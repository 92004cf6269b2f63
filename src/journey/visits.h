/* Visits: how one person moves over the touchpoints of a map.
 *
 *     events   cart cart  page  pay   pay(done)        cart
 *     visits   |-cart-|         |-pay----------|       |-cart …
 *
 * A visit to a touchpoint begins with an event on it and takes in the person's
 * following events on it, until an event on another touchpoint, until its time
 * limit has run out, or until its next act has happened. The next act is the
 * first later event that the touchpoint's `when` accepts; an event that is the
 * act of a visit begins no visit to the same touchpoint. An act that comes
 * after the limit is late, and belongs to the visit only when it comes before
 * the person's next visit to the touchpoint. Answers begin no visit and end
 * none, but may be an act. Definitions: docs/ask.md.
 */
#pragma once

#include "base/arena.h"
#include "base/types.h"

enum { VISIT_IDLE_MS = 24 * 3600 * 1000, VISIT_NONE = -1, TOUCH_WORDS = 4, TOUCHPOINTS_MOST = TOUCH_WORDS * 64 };

/* A set of touchpoints. */
struct touch_set {
    u64 words[TOUCH_WORDS];
};

static inline bool touch_has(const struct touch_set *set, i32 touchpoint)
{
    return (set->words[touchpoint >> 6] >> (touchpoint & 63) & 1) != 0;
}

static inline void touch_put(struct touch_set *set, i32 touchpoint)
{
    set->words[touchpoint >> 6] |= (u64)1 << (touchpoint & 63);
}

/* A visit to a touchpoint came too early for those before it that were not visited yet. */
static inline void touch_skip(struct touch_set *skipped, const struct touch_set *visited, i32 touchpoint)
{
    for (i32 w = 0; w < TOUCH_WORDS && w * 64 < touchpoint; w++) {
        i32 bits = touchpoint - w * 64;
        skipped->words[w] |= (bits >= 64 ? ~(u64)0 : ((u64)1 << bits) - 1) & ~visited->words[w];
    }
}

/* What a person did, in order. */
struct step {
    i64 at_ms;
    i32 touchpoint; /* place in the map, or VISIT_NONE: on none, or an answer */
    bool counts;    /* in the question's time, and where it says */
    u32 acts;       /* place in visit_acts.may */
};

struct visit_rule {
    i64 within_ms; /* of the next act; 0: the touchpoint has none, a visit then lasts at most VISIT_IDLE_MS */
};

struct visit {
    i32 touchpoint;
    i64 first; /* the step it began with */
    i64 start_ms;
    i64 act_ms;    /* of the next act; INT64_MIN: it has not happened */
    bool counts;   /* its first event does */
    bool repeated; /* the person was here before and got no further in between */
};

/* Whose next act a step is. */
struct visit_acts {
    const struct touch_set *may; /* [step.acts]: those touchpoints' */
    const struct touch_set *ask; /* [step.acts]: but of these only when `is` says so */
    bool (*is)(void *self, i64 step, i32 touchpoint);
    void *self;
};

struct visits {
    const struct visit_rule *rules; /* of each touchpoint */
    i32 touchpoint_count, words;    /* words of a set that are in use */
    struct visit_acts acts;

    struct visit *items; /* of the person last read, in the order of their beginning */
    i64 count, capacity;
    i64 *last; /* the newest visit to each touchpoint that was visited */
    struct touch_set visited, running, waiting, advanced;
    struct touch_set earlier; /* visited before the first of the items */
    i32 present;              /* while passing: the touchpoint whose visit runs; VISIT_NONE: none does */
    i64 present_ms;           /* when it began */
    struct visit_mask *masks; /* of each touchpoint, and of none; NULL: there are more than VISIT_FEW */
};

/* `rules` are borrowed; at most TOUCHPOINTS_MOST of them. */
struct visits visits_new(const struct visit_rule *rules, i32 touchpoint_count, struct visit_acts acts);
void visits_free(struct visits *visits);

/* The next person. */
void visits_begin(struct visits *visits);

/* Passes over a step that does not count and that none which counts is before: several times quicker than reading it. False
 * when only reading tells (`is` must be asked): then the person is begun again and its steps are all read. */
bool visits_pass(struct visits *visits, i64 at_ms, i32 touchpoint, u32 acts);

/* The same for steps one after the other as long as they are before `until_ms`. Returns how many were passed; -1: only reading
 * tells. Only for maps of at most VISIT_FEW touchpoints. */
enum { VISIT_FEW = 63 };
struct visit_past {
    const i64 *at_ms;
    const u8 *touchpoints; /* as many as there are touchpoints: on none, or an answer */
    const u8 *acts;
    i64 count, until_ms;
};
i64 visits_pass_many(struct visits *visits, const struct visit_past *past);

/* Replaces items by the visits that begin with these steps, the last ones of the person. What was passed is known as the first
 * item where it still matters: a visit that does not count. */
void visits_read(struct visits *visits, const struct step *steps, i64 count);
