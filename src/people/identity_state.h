/* The inside of identity: what its files share. */
#pragma once

#include "people/identity.h"

#include "base/arena.h"

#include <pthread.h>

struct alias {
    str text;
    i64 id;
    i64 newest_ms;  /* of a person's oldest alias: time of the newest link that touches the person */
    u32 first_link; /* index + 1 into links; 0: none */
    u32 users;      /* of a person's oldest alias: user ids in the ring */
    u32 mark;       /* the recomputation that saw it last */
};

struct edge {
    struct link link;
    u32 next_a, next_b; /* further links of alias a and of alias b, index + 1 */
    u32 mark;
    bool gone, kept; /* kept: seen by the review */
};

/* Snapshots are brought up to date by what moved since, where that is remembered; several, because questions overlap. */
enum { MOVED_MAX = 1 << 16, SHARED_MAX = 4 };

struct identity {
    pthread_rwlock_t lock;
    struct arena texts;
    struct alias *aliases; /* [0] is nobody */
    u32 alias_count, alias_capacity;
    alias_no *person, *next; /* [alias]: the oldest of its person, the next in its ring */
    struct edge *edges;
    u32 edge_count, edge_capacity;
    u32 *slots; /* hash table over texts: alias numbers */
    u32 slot_count;
    u32 mark;
    u64 changes;
    void (*watcher)(void *self, alias_no alias); /* NULL: nobody */
    void *watcher_self;

    alias_no *moved;         /* aliases whose person or next was written last: a ring of MOVED_MAX */
    u64 moved_count;         /* in all */
    pthread_mutex_t sharing; /* over what follows */
    struct persons *shared[SHARED_MAX];
    i32 newest; /* place in shared of what was shared last */
};

/* A slot whose alias was forgotten. */
#define SLOT_GONE UINT32_MAX

/* Where a text stands in the table, or would. */
u32 identity_slot(const struct identity *identity, str text);
