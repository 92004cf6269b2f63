/* What a condition means, read from the JSON of the question and asked of one event at a time. */
#pragma once

#include "json/read.h"
#include "world.h"

enum meaning_what { MEANS_ALL, MEANS_ANY, MEANS_NOT, MEANS_DID, MEANS_TEST };

struct value {
    bool null, number;
    str text;
    f64 f;
};

struct meaning {
    enum meaning_what what;
    struct meaning **parts;
    i64 count;
    str field, op;
    bool in_map; /* "touchpoint" is then what the sender declared */
    struct value *values;
    i64 value_count;
    bool exists;
    i64 at_least, in_last_ms;
};

/* An event in the eyes of a question. */
struct seen {
    const struct told *told;
    i64 at_ms, id;
    i64 person;                          /* place of the oldest alias, -1: nobody */
    const struct known_version *version; /* of the question's journey that is in force at it; NULL: none */
    i64 touch;                           /* touchpoint of that version; -1: none */
};

/* Everything a question sees: the events received in time, ordered by (at_ms, id). */
struct sight_of {
    struct arena *arena;
    const struct world *world;
    const i64 *persons;
    struct seen *events;
    i64 count;
    i64 journey;                   /* id; 0: none */
    i64 version;                   /* read all history under it; 0: that in force */
    i64 as_of_ms;                  /* 0: now */
    i64 asked_ms, before_ms;       /* `did` counts what happened before */
    str places[4], departments[4]; /* scope */
    i64 place_count, department_count;
};

/* NULL for a value that states nothing holds always. Ends the program where the JSON is no condition. */
struct meaning *meaning_read(struct arena *arena, struct json value, bool in_map);
struct meaning *meaning_of_text(struct arena *arena, str json, bool in_map);

bool meaning_holds(const struct sight_of *sight, const struct meaning *meaning, const struct seen *seen);

/* The text of a field of an event, none where it has none. Numbers are written as JSON would. */
str field_text(const struct sight_of *sight, const struct seen *seen, str field, bool in_map);

/* Is the event on a touchpoint of this journey? */
bool on_journey(const struct sight_of *sight, const struct told *told, i64 journey);

/* The version of a journey that decides about a moment; NULL: none. */
const struct known_version *version_at(const struct world *world, i64 journey, i64 version, i64 as_of_ms, i64 at_ms);

/* The newest version of a journey known at a moment (0: now). */
const struct known_version *newest_version(const struct world *world, i64 journey, i64 version, i64 as_of_ms);

/* Where an event lies under a version; -1: nowhere. */
i64 touch_of(const struct sight_of *sight, const struct known_version *version, const struct told *told);
