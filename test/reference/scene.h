/* A world and the engine that was told of it, growing side by side. */
#pragma once

#include "base/random.h"
#include "journey/ask.h"
#include "reference.h"

/* What all worlds share: the records with the published maps. */
struct maps {
    struct store *store;
    struct journeys *journeys;
    struct known_version *versions;
    i64 version_count;
    i64 journey_ids[3];
    struct ctx ctx; /* owns the maps */
};

struct scene {
    struct ctx ctx; /* of the world: lives as long as it */
    struct dice dice;
    const struct maps *maps;
    const char *folder;
    struct identity *identity;
    struct index *index;
    struct events *log;
    struct event_follower follower;
    struct asked_rooms rooms;
    struct world world;
    i64 span_ms;     /* how long the history is */
    i64 grain_ms;    /* moments are multiples of this, so that many are equal */
    i64 alias_most;  /* how many aliases it may have */
    bool keeps;      /* the index is kept over a restart */
    bool wide;       /* more different words and values than a byte can number */
    i64 received_ms; /* of the last event */
    struct dictionary trait_texts[TRAIT_COUNT];
};

enum { EVENTS_MOST = 400, ALIASES_MOST = 160, LINKS_MOST = 60 };

/* When the histories begin: 2026-03-24 in UTC; summer time begins in Europe five days later. */
#define WORLD_BEGIN_MS 1774310400000LL
#define DAY_MS 86400000LL
#define HOUR_MS 3600000LL

void maps_open(struct maps *maps, const char *folder);
void maps_close(struct maps *maps);

/* An empty world; `folder` must be empty. */
void scene_open(struct scene *scene, const struct maps *maps, const char *folder, u64 seed);
void scene_close(struct scene *scene);

/* So many more events, with the people, links, repeats, late arrivals and deletions that go along. */
void scene_grow(struct scene *scene, i64 events);

/* A question about it. */
str scene_question(struct scene *scene, struct arena *arena);

/* What the next asker may see: mostly everything. Fills both forms. */
void scene_limit(struct scene *scene, struct arena *arena, struct sight *sight, struct sight_limits *limits);

/* Removes a folder with everything in it. */
void remove_folder(const char *folder);

/* Whatever broke the test itself ends the program. */
void sure(struct ctx *ctx, err code, const char *what);

str pick_text(struct dice *dice, const char *const *texts, i64 count);
#define PICK(dice, texts) pick_text((dice), (texts), countof(texts))
