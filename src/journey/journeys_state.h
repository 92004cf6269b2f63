/* What the files of the journeys share; nobody else includes it. */
#pragma once

#include "journey/journeys.h"

#include <pthread.h>

enum { JOURNEYS_MAX = 200, VERSIONS_MAX = 10000, DERIVED_KEPT = 16 };

struct journey_loaded {
    i64 id;
    struct journey_version **versions; /* [version - 1] */
    i64 version_count;
};

/* A column of touchpoints beside the rows: what it means, kept from question to question. */
struct derived_kept {
    i64 journey, version, newest; /* newest: the version that was newest then */
    u64 used;                     /* for throwing out the one that was not used longest */
    struct attachment *column;    /* NULL: the place is free */
};

struct journeys {
    struct store *store;
    pthread_mutex_t following;     /* over `stamp`, while the records are read */
    i64 stamp;                     /* of what was read last, where several processes share the records */
    pthread_mutex_t lock;          /* over what follows; versions themselves never change */
    struct journey_loaded *loaded; /* ordered by id */
    i64 count;
    struct journey_loaded *gone; /* removed, but perhaps still read */
    i64 gone_count;
    struct derived_kept kept[DERIVED_KEPT];
    u64 uses;
};

/* Reads a version from its JSON and puts it in its place. */
struct version_row {
    i64 journey_id, version;
    str map;
    i64 published_ms, from_ms;
    str published_by;
};
extern const struct shape version_row_shape;
err journeys_load(struct ctx *ctx, struct journeys *journeys, const struct version_row *row);

/* Takes over what other processes have published or cleared: one statement when nothing was. Called by whatever looks at
 * published versions, and first of all inside transactions that decide by them. */
err journeys_catch_up(struct ctx *ctx, struct journeys *journeys);

/* A version that this process has published. */
err journeys_take(struct ctx *ctx, struct journeys *journeys, const struct version_row *row);

/* All of them are no longer there, but perhaps still read. */
void journeys_put_aside(struct journeys *journeys);

/* The newest published version; NULL when there is none. */
const struct journey_version *journeys_newest(struct journeys *journeys, i64 id);

/* A map as its JSON. */
str journeys_text(struct arena *arena, const struct journey_map *map);

/* Gives up what is kept; the lock is held. */
void journeys_drop_derived(struct journeys *journeys);
