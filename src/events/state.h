/* What the files of the log share; nobody outside this room includes it. */
#pragma once

#include "events/filter.h"
#include "events/log.h"
#include "store/pool.h"
#include "store/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>

struct large;

struct follower_state {
    i64 taken;   /* the newest event it has taken */
    bool behind; /* it failed and must begin again at its cursor */
};

struct events {
    struct events_options options;
    struct large *large;                      /* NULL: the events lie in the folder */
    struct connection_options writer_options; /* the file's name lives behind the struct */
    str folder;                               /* and the folder's, with a final zero */

    /* The one connection that writes, and all that must agree with the file. `database` is held for a group, a deletion
     * or a check-point. */
    pthread_mutex_t database;
    pthread_mutex_t keeping;   /* one at a time writes the filter down; taken before `database` */
    struct connection *writer; /* NULL: closed after a disk error */
    struct filter filter;
    u16 swept_day;  /* days before this one are swept out of the filter */
    int sweep_next; /* shards from here on still are to be swept; FILTER_SHARDS: none */
    i64 swept_ns;
    struct snapshot *kept; /* shards of the filter may lie in it; NULL: none */
    bool kept_any;         /* there is a file that a start can use */
    i64 unkept;            /* events that a start would have to read for the filter */
    i64 deletions;         /* how often events were deleted, ever */
    i64 last_id;           /* the newest id given */
    i64 committed_id;      /* the newest id that is known to be on disk */
    bool filter_unsure;    /* a deletion failed and may be found done: the filter is to be filled anew */
    bool scrub_wanted;     /* deleted rows are still in the write-ahead log */
    struct follower_state *followers;
    struct event *group; /* the stored events of a group, one after the other */
    i64 group_capacity;

    struct pool readers;

    /* The queue. */
    pthread_mutex_t queue;
    pthread_cond_t wake, idle;
    struct event_batch *first, *last;
    bool working, stopping, started;
    pthread_t thread;
    struct events_stats stats; /* under `queue` */

    /* Read-only: looked at without a lock. */
    _Atomic bool readonly; /* too little space */
    _Atomic bool failed;   /* the disk failed; only a new handle helps */
    _Atomic i64 space_ns;  /* when the space was looked at last */
};

/* log.c: what the statistics show, with `database` held. */
void log_publish(struct events *log);

/* space.c: is there room for more? Refreshes `readonly`. */
bool space_left(struct events *log);
/* The same at most every so often: for those who only ask. */
bool space_left_recently(struct events *log);
err fail_readonly(struct ctx *ctx);

/* writer.c, all with `database` held. */
err writer_ready(struct ctx *ctx, struct events *log);
err writer_group(struct ctx *ctx, struct events *log, struct event_batch *first);
void writer_tick(struct ctx *ctx, struct events *log);

/* replay.c */
err replay_open(struct ctx *ctx, struct events *log);
err replay_followers(struct ctx *ctx, struct events *log); /* those behind, from their cursors */
/* After a disk error: a commit that was reported as failed may be found whole on the disk. Its events are known to the
 * filter and to the followers from then on, like those of a commit before a crash. */
err replay_unexpected(struct ctx *ctx, struct events *log);

/* read.c: a stretch (after, last]. */
err read_stretch(struct ctx *ctx, struct events *log, i64 after, i64 last, enum event_columns columns,
                 err (*each)(void *self, struct ctx *ctx, const struct event *event), void *self);

/* keep.c */
err keep_open(struct ctx *ctx, struct events *log,
              i64 *from);                           /* raises *from to the event the filter is complete up to */
err keep_drop(struct ctx *ctx, struct events *log); /* with `database` held */

/* load.c: a stretch (after, last] by several threads, in no order. */
typedef err load_each(void *self, struct ctx *ctx, i32 thread, const struct event *event);
struct load {
    i64 after, last;
    enum event_columns columns;
    i32 threads;
    load_each *each;
    void *self;
};
i32 load_threads(void);
err load_stretch(struct ctx *ctx, struct events *log, const struct load *load);
