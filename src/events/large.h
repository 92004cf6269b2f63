/* The event log on ClickHouse; what its files share. Nobody outside this room includes it.
 *
 *     submit ─► queue ─► writer thread: all that waits is one group
 *        records: ids of aliases, the intent          one transaction
 *        ask which messages are there already
 *        INSERT, confirmed
 *        look again, where a group of another process ended meanwhile
 *        records: followers, the intent goes          one transaction, one at a time
 *        ─► done() of every batch
 *
 * A group whose process died, or of which nobody knows whether it was stored, has an intent that stays; whoever finds it
 * looks which of its events are there (recover.c). Events that are not there by then are entered in `removed`, so that an
 * insert that arrives late counts nothing.
 */
#pragma once

#include "events/clickhouse.h"
#include "events/state.h"
#include "store/store.h"

/* A group that was or is to be stored: a row of `event_groups`. Its ids are dense: first, first + step … last. */
struct intent {
    i64 id; /* its first id */
    i64 last;
    i64 process;
    i64 from_ms, to_ms; /* its events were received within */
    i64 at_ms;
    i64 doomed; /* 1: it was answered with a failure, nothing of it counts */
};
extern const struct shape intent_shape;

struct large {
    struct clickhouse *ch;
    struct store *store;
    i64 step;              /* between two ids: 1, or what leaves the low bits to the number of the process */
    struct intent current; /* of the group at work; id 0: none */
    i64 doomed[64];        /* groups of ours that failed, and the records could not be told */
    i64 doomed_count;
    i64 put_upto;       /* of what events_put stores: the newest event that was ever there; 0: not asked yet */
    _Atomic bool away;  /* ClickHouse or the records did not answer: what comes in is refused at once */
    _Atomic i32 reason; /* 0: ClickHouse, 1: the records */
};

/* A statement of the log. A shard reads `removed` of its own, in the database that we mean and not in the one it would think of. */
#define LARGE_SQL(ctx, log, sql, ...)                                                                                  \
    CLICK_TEXT_OF((ctx), (sql), CLICK_NAME_ARG("database", click_database((log)->large->ch)) __VA_OPT__(, ) __VA_ARGS__)

/* large.c */
err large_open(struct ctx *ctx, struct events *log);
void large_close(struct events *log);
err large_takes(struct ctx *ctx, struct events *log); /* may something be queued? */
void large_tick(struct ctx *ctx, struct events *log);
/* Notes that a store is away when that is what `code` says; returns it. */
err large_note(struct ctx *ctx, struct events *log, err code);

/* large_group.c: a group from beginning to end. */
err large_group(struct ctx *ctx, struct events *log, struct event_batch *first);

/* large_follow.c: the transaction that ends a group. `first` (may be NULL with no items) is what large_known found when so many
 * groups had `ended`; where others have ended since, it is found anew, and items that turn out to repeat one of theirs are removed
 * and not followed: their `first` says which. */
struct ending {
    struct event *items;
    i64 count;
    i64 *first;
    i64 ended;
};
err large_follow(struct ctx *ctx, struct events *log, const struct intent *intent, struct ending *ending);
/* Ends a group of which nothing counts: it was given up (`dropped`), or all of it are repeats. */
err large_close_intent(struct ctx *ctx, struct events *log, i64 id, bool dropped);

/* large_repeats.c */
/* Which of a group's events repeat one of a group that has ended: `first` gets its id, or 0. `*ended`: so many groups had
 * ended by then. ERR_UNAVAILABLE (error.events_busy) when groups are given up all the while. */
err large_known(struct ctx *ctx, struct events *log, const struct intent *intent, const struct event *items, i64 count,
                i64 *first, i64 *ended);
/* The same for events that are stored: those that repeat another are entered in `removed`. */
err large_lose(struct ctx *ctx, struct events *log, const struct intent *intent, const struct event *items, i64 count,
               i64 *first, i64 *ended);

/* large_recover.c: the intents of those that died, and ours of unknown outcome. */
err large_recover(struct ctx *ctx, struct events *log);
/* Which events of a group are there: their ids, ordered. */
err large_group_ids(struct ctx *ctx, struct events *log, const struct intent *intent, i64 **ids, i64 *count);

/* large_rows.c */
void large_put_event(struct ctx *ctx, struct buf *rows, const struct event *event);
struct event large_read_event(struct click_rows *rows, enum event_columns columns);
str large_ids(struct ctx *ctx, const i64 *ids, i64 count); /* "1,2,3" */
enum statement large_select(enum event_columns columns);

/* large_schema.c */
err large_schema(struct ctx *ctx, struct events *log);

/* large_read.c, large_delete.c: the faces of log.h. */
err large_scan(struct ctx *ctx, struct events *log, i64 after_id, enum event_columns columns,
               err (*each)(void *self, struct ctx *ctx, const struct event *event), void *self);
err large_fetch(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, struct event **items, i64 *found);
err large_delete(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, i64 *deleted);
err large_delete_import(struct ctx *ctx, struct events *log, i64 import, i64 *deleted);
/* Enters ids in `removed`; on every server when it returns. */
err large_remove(struct ctx *ctx, struct events *log, const i64 *ids, i64 count);
