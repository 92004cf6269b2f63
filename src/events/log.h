/* The event log: append in groups, count each message once, never lose what was acknowledged.
 *
 *     submit ─► queue ─► writer thread: all that waits is one group
 *                          drop repeats ─► give ids ─► INSERT … COMMIT (fsync)
 *                          ─► followers in order ─► done() of every batch
 *
 * A batch is answered after its events are on disk and every follower has
 * taken them; one fsync serves the whole group. A repeat is answered only when
 * its original is durable and followed.
 *
 * Repeats: a keyed 128-bit hash of (source, message_id) of every event received
 * within the window (90 days by default) is kept in memory, 22 to 29 bytes each,
 * and kept in FOLDER/repeats over a restart (keep.c); what came after that, or all of the window, is read from the log.
 * It is exact: the first stored event wins.
 *
 * With an address (options.url) the events lie in ClickHouse, and several processes store them (events/large.h): the same face, and
 * the same promises. A repeat is then known by its alias too.
 *
 * When the disk is nearly full or fails, the log reads on but stores nothing:
 * submits fail with ERR_UNAVAILABLE (error.readonly) until there is space
 * again, which it notices by itself. A failed fsync is never repeated on the
 * same handle: the database is closed, opened and checkpointed first.
 */
#pragma once

#include "base/hash.h"
#include "events/event.h"

struct events;
struct store;

/* A follower that takes very much at once at start: by several threads, each with a number, in any order. */
struct event_load {
    err (*begin)(void *self, struct ctx *ctx, i32 threads);
    err (*put)(void *self, struct ctx *ctx, i32 thread, const struct event *event); /* as EVENT_LOAD */
    err (*end)(void *self, struct ctx *ctx, i64 last_id, bool whole); /* false: it failed, forget what came */
};

/* Who takes every stored event: the records, the index, the debugger. */
struct event_follower {
    const char *name;
    void *self;

    /* The newest event it has durably taken; the log replays what came later when it opens. NULL: everything (what is
     * in memory only). */
    err (*cursor)(void *self, struct ctx *ctx, i64 *after_id);

    /* Takes events in the order of their ids, from the writer thread, so it must neither append nor delete; also at
     * start and after a failure, when it may see some of them again. A failure answers the group with ERR_UNAVAILABLE;
     * nothing is stored or acknowledged before the follower has caught up. `items` live until it returns. */
    err (*follow)(void *self, struct ctx *ctx, const struct event *items, i64 count);

    /* These events are no longer in the log. May be NULL. */
    err (*forget)(void *self, struct ctx *ctx, const i64 *ids, i64 count);

    bool records; /* writes to the records: where the log is elsewhere, in the transaction that ends a group */

    bool plain; /* needs neither text nor props when it is replayed */

    /* Finds what it kept beside the log in an earlier run (events_holds says whether that still belongs to it), before it is
     * asked for its cursor. May be NULL. */
    err (*restore)(void *self, struct ctx *ctx, struct events *log);

    const struct event_load *load; /* how it takes much at once; NULL: like everything else */
    bool fresh;                    /* wants only what comes from now on: cursor is not asked, nothing is replayed */
};

struct events_options {
    str folder;                             /* holds events.db; must exist */
    u8 key[HASH_KEY_LEN];                   /* folder_key */
    const struct event_follower *followers; /* borrowed for the life of the log */
    i64 follower_count;
    i64 window_days;      /* 0: 90 */
    i64 reserve_bytes;    /* read-only when less is free; 0: 64 MB; negative: none */
    i64 queue_events_max; /* 0: EVENTS_QUEUE_MAX */
    i64 far_rows;         /* more events than that are read by several threads at start; 0: the usual number */
    bool no_fsync;        /* only for tests that prove that fsync matters */

    /* The log in ClickHouse. */
    str url;             /* events/clickhouse.h; none: the file of the folder */
    struct store *store; /* the records, for groups on their way */
    i64 ask_memory_mb;   /* of one question on a server; 0: as much as it lets one have */
    bool reads;          /* only for reading (events_look): takes no events and leaves groups of dead processes alone */

    /* Before a group is stored, in a transaction of the records: fills in event.alias_id. May be called twice for the same events.
     * NULL: nobody does. */
    err (*prepare)(void *self, struct ctx *ctx, struct event *items, i64 count);
    void *prepare_self;

    /* After the transaction in which a group was followed and before it is acknowledged: brings in step what is derived elsewhere.
     * What it returns is logged. May be NULL. */
    err (*settle)(void *self, struct ctx *ctx);
    void *settle_self;
};

enum {
    EVENTS_QUEUE_MAX = 200000,          /* waiting events: about two seconds of work */
    EVENTS_QUEUE_BYTES_MAX = 256 << 20, /* and their memory */
    EVENTS_GROUP_MAX = 20000,           /* events in one commit: bounds the wait of the first in it */
    EVENTS_GROUP_BYTES_MAX = 16 << 20,  /* and the space it takes: well below the reserve of the disk */
};

/* Opens or creates the log, reads it once (repeats, followers), starts the writer thread. Failures as store_open. */
err events_open(struct ctx *ctx, const struct events_options *options, struct events **out);

/* Opens the log of a folder for reading alone (events_scan, events_fetch, events_newest), also while another process holds the
 * folder. ERR_UNAVAILABLE (error.newer_format, error.older_format) unless it is of our format. */
err events_look(struct ctx *ctx, str folder, struct events **out);

/* Waits for what is queued, then closes. NULL is allowed. */
void events_close(struct events *log);

enum event_outcome { EVENT_NONE, EVENT_STORED, EVENT_DUPLICATE };

/* What waits of one sender: all zero at first, then the log's to change; one for all batches of the sender. */
struct event_share {
    i64 events, bytes;
};

struct event_batch {
    struct event *items; /* message_hash, received_ms (where 0) and id are filled in; a duplicate's id stays 0 */
    i64 count;
    u8 *outcomes;                                        /* enum event_outcome for each item; valid when done with OK */
    void (*done)(struct event_batch *batch, err result); /* called once, on the writer thread; must be quick */
    void *context;                                       /* the caller's */
    struct fault fault;                                  /* described when result is not OK; its strings are literals */
    struct event_share *share; /* its sender's part of the queue; NULL: it may have all of it */

    struct event_batch *next; /* the log's while queued */
    i64 bytes;
};

/* Queues a batch; its memory stays valid until done(). Anything but OK means it was not queued and done() will not be
 * called: ERR_BUSY (error.busy) when too much waits, of all or of its sender alone, ERR_UNAVAILABLE (error.readonly,
 * error.stopping), ERR_INVALID for U+0000 or broken UTF-8 in an item (error.json_zero, error.json_utf8, pointer
 * "/INDEX/member"). An empty batch is done at once. */
err events_submit(struct ctx *ctx, struct events *log, struct event_batch *batch);

/* The same, waiting for the result. Not inside store_write: followers write to the records before it returns. */
err events_append(struct ctx *ctx, struct events *log, struct event *items, i64 count, u8 *outcomes);

/* Waits until everything that was queued is answered. */
void events_wait_idle(struct events *log);

/* The hash under which a message is known. */
struct u128 events_message_hash(const struct events *log, str source, str message_id);

/* Reading. */

enum event_columns {
    EVENT_ALL,
    EVENT_PLAIN, /* all but text and props */
    EVENT_KEYS,  /* id, at_ms, received_ms, import, message_hash */
    EVENT_LOAD,  /* all but import, version, reversed and props; of a text only that there is one */
};

/* Every event with an id above `after_id`, in order, up to the newest of the moment it begins. The event and its
 * strings live until `each` returns; anything but OK from it ends the scan and is returned. */
err events_scan(struct ctx *ctx, struct events *log, i64 after_id, enum event_columns columns,
                err (*each)(void *self, struct ctx *ctx, const struct event *event), void *self);

/* The newest event's id; 0: there is none. */
err events_newest(struct ctx *ctx, struct events *log, i64 *out);

/* The events with these ids, in the order given, in the context's arena; ids that are not there are left out. */
err events_fetch(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, struct event **items, i64 *found);

/* Deleting: in no file of the folder any more when it returns OK, and unknown to the filter of repeats, so that the same
 * messages can be stored again. Followers forget them. ERR_BUSY when they are deleted but a long reader still holds the
 * write-ahead log; it is emptied as soon as possible. */
err events_delete(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, i64 *deleted);
err events_delete_import(struct ctx *ctx, struct events *log, i64 import, i64 *deleted);

/* Stores events that have ids, hashes and times already, from another log: those that are not there, in any order. Nobody follows
 * and nothing is taken for a repeat. In ClickHouse alias_id is filled in as `prepare` does. */
err events_put(struct ctx *ctx, struct events *log, struct event *items, i64 count);

/* The log in ClickHouse; nothing, and no failure, where it is a file. */

struct clickhouse;
struct clickhouse *events_clickhouse(struct events *log); /* NULL: it is a file */

/* Which store is away ("events", "records"); NULL: both are there. */
const char *events_away(struct events *log);

/* Aliases that belong to another person, or did once: the id of their person's oldest alias. The newest version counts. Every
 * question sees it when this returns. */
struct moved {
    i64 alias_id, person;
};
err events_put_moved(struct ctx *ctx, struct events *log, const struct moved *items, i64 count, i64 version);

/* The ids of all events of some aliases, in the context's arena. */
err events_of_aliases(struct ctx *ctx, struct events *log, const i64 *alias_ids, i64 count, i64 **ids, i64 *found);

/* Takes rows of these aliases out of the parts that do not count but still lie there: repeats that lost a race, groups that were
 * given up, events that were deleted while a server was away. ERR_BUSY when the servers are not done with it yet. */
err events_purge_aliases(struct ctx *ctx, struct events *log, const i64 *alias_ids, const str *aliases, i64 count);

/* What is derived from the log and kept beside it. */

/* Where the log stood: its newest event, and how often events had been deleted. */
struct events_position {
    i64 last_id, deletions;
};
struct events_position events_position(struct events *log);

/* True when what was derived at this position is still true of all events up to its last_id: that event is there and nothing
 * was deleted since. */
err events_holds(struct ctx *ctx, struct events *log, const struct events_position *at, bool *out);

#define EVENTS_KEPT "repeats" /* the file */

/* Keeps the filter of repeats in FOLDER/repeats when more than `most` events came since that was done. */
err events_keep(struct ctx *ctx, struct events *log, i64 most);

/* Copies the log to a new file while others go on. */
err events_backup(struct ctx *ctx, struct events *log, str file);

struct events_stats {
    i64 last_id;                     /* the newest event */
    i64 stored, duplicates, refused; /* since it was opened; refused: submits that failed */
    i64 groups;                      /* commits */
    i64 commit_ns, commit_ns_max;    /* in all, and the longest */
    i64 queued, queued_bytes;        /* waiting now */
    i64 filter_entries, filter_bytes;
    i64 reopened;          /* after disk errors */
    bool readonly, behind; /* behind: a follower failed and has not caught up */
};
struct events_stats events_stats(struct events *log);
