/* The world as a list: what was told, who is who, what is on the map. The reference answers questions over it by
 * looping over everything; nothing here is shared with the engine that is tested.
 */
#pragma once

#include "events/event.h"
#include "journey/journey_map.h"
#include "people/identity.h"

#include "base/zone.h"

/* Properties have three names in the worlds that are drawn: texts and numbers mixed, tickets, and one inside an object. */
enum { PROP_V, PROP_TICKET, PROP_PLAN, PROP_COUNT };
extern const char *const prop_names[PROP_COUNT];

enum { TRAIT_TIER, TRAIT_AGE, TRAIT_COUNT };
extern const char *const trait_names[TRAIT_COUNT];

struct told {
    struct event event; /* with the id that the log gave */
    i64 alias;          /* place in the list of aliases; -1: nobody's */
    str props[PROP_COUNT];
    bool gone; /* deleted */
};

struct known_alias {
    str text;
    i64 id;    /* larger than those of the aliases before it */
    bool user; /* two users become one person only by a link that says so of them */
    str traits[TRAIT_COUNT];
};

struct known_link {
    i64 a, b; /* places in the list of aliases */
    i64 at_ms, event;
    enum link_kind kind;
    bool gone;
};

/* A published version of a journey. */
struct meaning;
struct known_version {
    i64 journey, version, published_ms, from_ms;
    struct journey_map map;
    struct meaning **where, **when; /* of each touchpoint */
    bool *mapped;                   /* it has conditions at all */
    i64 *within_ms;                 /* 0: no next act */
};

struct world {
    struct told *events;
    i64 event_count;
    struct known_alias *aliases;
    i64 alias_count;
    struct known_link *links;
    i64 link_count;
    struct known_version *versions; /* by journey, then version */
    i64 version_count;
    const struct zone *zone;
    i64 now_ms, minimum_n;
};

/* Who is one person: for each alias the place of the person's oldest alias. */
i64 *world_persons(struct arena *arena, const struct world *world);

/* The newest value of a trait of a person (the place of its oldest alias): that of its youngest alias. */
str world_trait(const struct world *world, const i64 *persons, i64 person, i64 trait);
