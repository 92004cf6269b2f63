#include "listen/names.h"

#include "listen/limits.h"

#include <pthread.h>

struct name_set {
    u64 *slots; /* hashes; 0 is free */
    i64 count, room;
};

struct name_source {
    u64 hash;
    struct name_set sets[NAME_KIND_COUNT_];
};

struct names {
    pthread_mutex_t lock;
    struct name_source sources[SOURCES_MAX];
    i64 count, last; /* sources; the one used last */
};

static const i64 limits[NAME_KIND_COUNT_] = {EVENT_NAMES_MAX, PROPERTY_NAMES_MAX, WORDS_MAX};

struct names *names_open(void)
{
    struct names *names = mem_new(sizeof *names);
    pthread_mutex_init(&names->lock, NULL);
    return names;
}

void names_close(struct names *names)
{
    if (names == NULL) {
        return;
    }
    for (i64 i = 0; i < names->count; i++) {
        for (i64 kind = 0; kind < NAME_KIND_COUNT_; kind++) {
            mem_free(names->sources[i].sets[kind].slots);
        }
    }
    pthread_mutex_destroy(&names->lock);
    mem_free(names);
}

void names_begin(struct names *names)
{
    pthread_mutex_lock(&names->lock);
}

void names_end(struct names *names)
{
    pthread_mutex_unlock(&names->lock);
}

static struct name_source *source_of(struct names *names, str source)
{
    u64 hash = hash_str(source);
    if (names->count > 0 && names->sources[names->last].hash == hash) {
        return &names->sources[names->last];
    }
    for (i64 i = 0; i < names->count; i++) {
        if (names->sources[i].hash == hash) {
            names->last = i;
            return &names->sources[i];
        }
    }
    if (names->count < SOURCES_MAX) {
        names->last = names->count++;
        names->sources[names->last].hash = hash;
        return &names->sources[names->last];
    }
    return &names->sources[SOURCES_MAX - 1]; // more keys than anybody has share one account
}

static u64 *slot_of(const struct name_set *set, u64 hash)
{
    u64 mask = (u64)set->room - 1, at = hash & mask;
    while (set->slots[at] != 0 && set->slots[at] != hash) {
        at = (at + 1) & mask;
    }
    return &set->slots[at];
}

static void grow(struct name_set *set)
{
    struct name_set larger = {.room = set->room == 0 ? 64 : set->room * 2, .count = set->count};
    larger.slots = mem_new(larger.room * (i64)sizeof(u64));
    for (i64 i = 0; i < set->room; i++) {
        if (set->slots[i] != 0) {
            *slot_of(&larger, set->slots[i]) = set->slots[i];
        }
    }
    mem_free(set->slots);
    *set = larger;
}

bool names_admit(struct names *names, str source, enum name_kind kind, str name)
{
    struct name_set *set = &source_of(names, source)->sets[kind];
    if (set->count * 4 >= set->room * 3) {
        grow(set);
    }
    u64 hash = hash_str(name) | 1;
    u64 *slot = slot_of(set, hash);
    if (*slot == hash) {
        return true;
    }
    if (set->count >= limits[kind]) {
        return false;
    }
    *slot = hash;
    set->count++;
    return true;
}

void names_learn(struct names *names, str source, enum name_kind kind, str name)
{
    if (name.len > 0) {
        (void)names_admit(names, source, kind, name);
    }
}
