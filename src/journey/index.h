/* The journey index: every event in memory, in the order in which people lived it.
 *
 * Derived from the log, built by one scan at start, kept current by following
 * it; dropping it loses nothing.
 *
 *     tail --full--> small layers --a thread merges--> base
 *     '------------- a view sees all of it -----------'
 *
 * The writer appends to a tail of plain records (tail.h). A full tail is sorted
 * into a small layer (layer.h). A thread of low priority merges small layers
 * into larger ones, and into the base when they have become many or nothing has
 * come for a while; nobody waits for it. Readers open a view (view.h) and hold
 * no lock while they read. Persons are lists of aliases (people/identity.h):
 * joining and separating moves no row and rebuilds nothing; the next base has
 * them side by side. Dictionaries only grow and are read without locks.
 *
 * Locks, in this order: gathering, merging, adding, lock. `lock` is held for
 * moments only.
 */
#pragma once

#include "events/log.h"
#include "journey/tail.h"
#include "journey/view.h"

#include <pthread.h>

/* A property that some question named: a column of its own from then on. */
struct promoted {
    i32 users;
    str name;                /* "context.app.version": members of members behind a dot */
    struct dictionary texts; /* written by who holds `adding` */
    struct attachment *column;
    u64 used; /* grows with every question that looks at it: the one not used longest makes room */
};
void promoted_leave(struct promoted *promoted); /* NULL is allowed */

enum { PROMOTED_MAX = 128, PROMOTED_BYTES = 256 << 20 };

/* What a property holds, for the catalogue. */
struct prop_facts {
    str name;
    i64 events;
    struct dictionary values; /* the first PROP_VALUES_MAX different ones */
    bool many;                /* there are more */
};

struct facts {
    struct prop_facts *items;
    i32 count;
};

enum { PROP_VALUES_MAX = 200, PROP_NAMES_MAX = 400, PROP_DEPTH_MAX = 4 };

/* When rows move on; 0: the usual value. */
struct index_limits {
    i64 tail_rows;   /* a tail is full: at most and usually TAIL_ROWS */
    i32 tier_layers; /* so many small layers of a size become one */
    i64 base_rows;   /* so many rows outside the base go into it, or a 64th of it where that is more */
    i64 prop_bytes;  /* so much the values of one promoted property may take: PROMOTED_BYTES */
    bool by_hand;    /* no thread: only index_force moves rows */
};

struct index {
    struct identity *identity;
    struct events *log; /* for what is not in memory; NULL until attached */
    struct index_limits limits;

    struct dictionary texts[WORD_COUNT]; /* written by who holds `adding` */
    struct numbers scores;

    pthread_mutex_t gathering; /* one at a time reads the log for columns */
    pthread_mutex_t merging;   /* one at a time puts layers in the place of others */

    pthread_mutex_t adding;  /* over what appends and removes */
    struct builder *loading; /* the first scan; NULL once the log is attached */
    struct crew *crew;       /* several threads take much at once; NULL as a rule */
    i64 last_id;             /* the newest event taken */

    pthread_mutex_t lock;  /* over what follows */
    pthread_cond_t closed; /* a view was */
    struct layer *
        *layers; /* [0] is the base; younger ones behind; appended to by who holds `adding`, replaced by `merging` */
    i32 layer_count, layer_capacity;
    struct tail *tail;                       /* replaced by who holds `adding` */
    u64 generation;                          /* grows with every new base */
    struct promoted *promoted[PROMOTED_MAX]; /* changed by who holds `adding` too */
    i32 promoted_count;
    u64 promoted_uses;
    u64 epoch;           /* grows with every scrubbing */
    i64 views[2];        /* open ones, by the epoch they were opened in */
    struct layer **gone; /* shares of former bases, left for the merging thread to give up */
    i32 gone_count, gone_capacity;
    bool merges; /* a merge runs, and must hear of removals: */
    i64 *forgotten;
    i64 forgotten_count, forgotten_capacity;

    pthread_mutex_t facts_lock;
    struct facts facts;
    bool surveyed;  /* `facts` describe all events */
    i64 facts_upto; /* up to here they did when they were kept: earlier events are not counted again */

    struct kept *kept; /* where it is kept over a restart; NULL: nowhere */

    struct merger *merger; /* the thread; NULL: by hand, or not yet attached */
};

/* An empty index over these persons, ready to follow the log. */
struct index *index_open(struct identity *identity);
struct index *index_open_with(struct identity *identity, const struct index_limits *limits);

/* No view is open any more. What attachments point to (journeys) must still be there. NULL is allowed. */
void index_close(struct index *index);

/* The index as a follower of the log. */
struct event_follower index_follower(struct index *index);

/* After the log has been opened and replayed: lays what was read into the base, gives the index the log to read from and
 * starts the merging. Questions may be asked from here on. */
void index_attach(struct index *index, struct events *log);

/* Loading at start, before index_attach, by any number of threads: each fills a builder of its own with events in any order; one
 * lays all builders into the base. A builder has dictionaries of its own until then. */
struct builder;
struct builder *builder_new(void);
i64 builder_put(struct builder *builder, const struct event *event, alias_no alias); /* its row there */
void builder_name(struct builder *builder, i64 row, alias_no alias);                 /* whose it is after all */
void builder_free(struct builder *builder); /* only of one that was not loaded */

/* Lays the builders and what is in memory already into a new base and frees them. `last_id` is the newest event among all: the
 * follower passes over what it knows. */
void index_load(struct index *index, struct builder **builders, i32 count, i64 last_id);

/* A base from elsewhere (a snapshot), before index_attach and into an empty index: takes over the caller's share. Texts and scores
 * were put into the index's dictionaries in the order of their codes before. */
void index_adopt(struct index *index, struct layer *base, i64 last_id);

/* The newest event taken. */
i64 index_last_id(struct index *index);

/* Moves rows on now; returns when it is done. */
enum index_force {
    FORCE_SEAL,  /* the tail becomes a small layer */
    FORCE_MERGE, /* the small layers, tail included, become one */
    FORCE_BASE,  /* everything becomes the base */
};
void index_force(struct index *index, enum index_force what);

/* Makes sure that these properties have columns: a scan of the log for those that have none. The columns that were not
 * used longest make room. ERR_INVALID (error.ask.props_many) for more than PROMOTED_MAX at once, or (error.ask.memory) when the
 * values of one take more than PROMOTED_BYTES: nothing is kept then. */
err index_promote(struct ctx *ctx, struct index *index, const str *names, i64 count);

/* Takes a column away: the next question that names the property makes it anew. */
void index_unpromote(struct index *index, str name);

/* The promoted property of a name, or NULL; `lock` is held. */
struct promoted *index_find_promoted(struct index *index, str name);

/* Is there a column for it now? */
bool index_is_promoted(struct index *index, str name);

/* Makes sure that `facts` describe the properties of all events. */
err index_survey(struct ctx *ctx, struct index *index);

/* Looking at facts: from the first look to the last. */
void index_facts_lock(struct index *index);
void index_facts_unlock(struct index *index);

/* An attachment is not wanted any more: takes its columns from the layers. */
void index_drop(struct index *index, struct attachment *of);

/* Drops removed rows, promoted columns and what is known of properties. Waits for the questions that were asked before, half a
 * minute at most: nothing of what was removed is left in memory when it returns. */
void index_scrub(struct index *index);

/* What it takes, for the metrics and the bench. */
struct index_stats {
    i64 rows;           /* in base, layers and tail; removed ones that are still in their place included */
    i64 bytes;          /* rows, runs, dictionaries, tail; who is who (identity) is not counted */
    i64 attached_bytes; /* columns beside the rows: promoted properties, derived touchpoints, and their texts */
    i32 layers;         /* 1: everything is in the base */
};
struct index_stats index_stats(struct index *index);
