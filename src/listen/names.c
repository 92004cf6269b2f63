#include "listen/names.h"

#include "listen/limits.h"
#include "store/processes.h"

#include <pthread.h>
#include <stdio.h>

struct name_set {
    u64 *slots; /* hashes; 0 is free */
    i64 count, room;
};

struct name_source {
    u64 hash;
    struct name_set sets[NAME_KIND_COUNT_];
};

struct names {
    struct processes *processes;
    pthread_mutex_t lock;
    struct name_source sources[SOURCES_MAX];
    i64 count, last; /* sources; the one used last */
};

static const i64 limits[NAME_KIND_COUNT_] = {EVENT_NAMES_MAX, PROPERTY_NAMES_MAX, WORDS_MAX};

static err hear(void *self, struct ctx *ctx, str text);

struct names *names_open(struct processes *processes)
{
    struct names *names = mem_new(sizeof *names);
    names->processes = processes;
    pthread_mutex_init(&names->lock, NULL);
    processes_hear(processes, "names", hear, names);
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

static struct name_source *source_of(struct names *names, u64 hash)
{
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

/* False when there is no room for one more; `*fresh` when it was not there. */
static bool put(struct name_set *set, i64 most, u64 hash, bool *fresh)
{
    if (set->count * 4 >= set->room * 3) {
        grow(set);
    }
    u64 *slot = slot_of(set, hash);
    *fresh = *slot != hash && set->count < most;
    if (*fresh) {
        *slot = hash;
        set->count++;
    }
    return *slot == hash;
}

static void tell(struct names *names, u64 source, enum name_kind kind, u64 hash)
{
    char text[64];
    i32 len = snprintf(text, sizeof text, "%lld %d %lld", (long long)source, (int)kind, (long long)hash);
    processes_tell(names->processes, "names", (str){text, len});
}

bool names_admit(struct names *names, str source, enum name_kind kind, str name)
{
    bool fresh;
    u64 account = hash_str(source), hash = hash_str(name) | 1;
    bool admitted = put(&source_of(names, account)->sets[kind], limits[kind], hash, &fresh);
    if (fresh && names->processes != NULL) {
        tell(names, account, kind, hash);
    }
    return admitted;
}

void names_learn(struct names *names, str source, enum name_kind kind, str name)
{
    bool fresh;
    if (name.len > 0) {
        (void)put(&source_of(names, hash_str(source))->sets[kind], limits[kind], hash_str(name) | 1, &fresh);
    }
}

/* A name that another process has admitted. What was told while nobody heard is admitted here once more, when it comes. */
static err hear(void *self, struct ctx *ctx, str text)
{
    struct names *names = self;
    str rest = str_is(text) ? text : STR("");
    i64 numbers[3] = {0}, count = 0;
    bool fresh;
    (void)ctx;
    while (count < 3 && str_is(rest) && str_i64(str_cut(&rest, ' '), &numbers[count])) {
        count++;
    }
    if (count == 3 && numbers[1] >= 0 && numbers[1] < NAME_KIND_COUNT_) {
        names_begin(names);
        (void)put(&source_of(names, (u64)numbers[0])->sets[numbers[1]], limits[numbers[1]], (u64)numbers[2], &fresh);
        names_end(names);
    }
    return OK;
}
