/* cham move: an installation from its folder into PostgreSQL and ClickHouse, or back.
 *
 *     records   whole tables, row by row compared and made equal          (store/tables.h)
 *     events    in the order of their ids, block by block, ids kept       (events_put)
 *     then both sides are read once more and their digests compared
 *
 * While servers run on the source it is copied as it is at that moment; once they have stopped, the same command copies
 * what came since, compares, and is done. How far it came is written down in the target, so it may be interrupted
 * anywhere. Nothing is changed in the source.
 */
#pragma once

#include "api/commands.h"
#include "events/log.h"
#include "store/folder.h"
#include "store/store.h"
#include "store/tables.h"

/* One of the two installations. */
struct side {
    str records, events; /* addresses; both empty: it is in the folder */
    str folder;
    struct folder lock; /* held, when it is in a folder and nobody else has it */
    struct store *store;
    struct events *log;
    u8 key[HASH_KEY_LEN];
};

struct identity;

struct move {
    struct cli *cli;
    struct side from, to;
    bool live;                /* servers still run on the source */
    bool done;                /* an earlier run has compared both and found them equal */
    struct identity *aliases; /* of the target, by their text */
    i64 cursor;               /* events up to this one are in the target */
    i64 copied;               /* in this run */
    i64 begun_ns, told_ns;
};

/* move_sides.c */
err side_open_source(struct ctx *ctx, struct side *side, bool *live);
err side_open_target(struct ctx *ctx, struct side *side, const struct events_options *prepare);
void side_close(struct side *side);
static inline bool side_large(const struct side *side)
{
    return side->records.len > 0;
}

/* move_events.c */
/* Copies events behind the cursor up to `last`. Live, it ends before an event whose alias is not there yet. */
err move_events(struct ctx *ctx, struct move *move, i64 last);

/* Fills in alias ids: `prepare` of the target's log. */
err move_prepare(void *self, struct ctx *ctx, struct event *items, i64 count);

/* Every column of every event, in the order of ids. */
err events_sum(struct ctx *ctx, struct move *move, struct events *log, struct tables_sum *out);

/* Removes what the target has too much, and copies what it misses, id by id: after deletions in the source. */
err move_repair(struct ctx *ctx, struct move *move);

/* Shows how far it is, now and then. */
void move_tell(struct move *move);
