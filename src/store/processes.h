/* The processes that serve one installation: who lives, and who has died.
 *
 * Each enters itself in the records and says there, again and again and by the
 * clock of the records, that it lives. One that was silent for too long counts
 * as dead, and what it had in its hands (`owner` of a job) is taken over by the
 * others. It is marked by a process whose own words have reached the records all
 * that time: after an outage of the records nobody takes everybody for dead.
 *
 * Where nobody else can write the records (SQLite), a process enters and leaves
 * and says nothing in between: the lock of its folder says who lives.
 *
 * Who has something in hand that may belong to a dead process looks with
 *     owner NOT IN (SELECT id FROM processes WHERE gone_ms IS NULL)
 */
#pragma once

#include "store/store.h"

struct processes;

/* A dead process is noticed in less than the sum of both; a pause of the machine shorter than the second does no harm. */
enum { PROCESS_SAYS_MS = 3000, PROCESS_SILENT_MS = 15000 };

struct processes_options {
    struct store *store;
    str version;
    str folder;             /* its own small data folder, for people */
    str home;               /* what is in that folder alone: an earlier process with the same one is dead */
    i64 says_ms, silent_ms; /* 0: as above */
};

/* Enters this process; from now on the ids it makes are its own among all processes. Jobs of the dead wait again. */
err processes_open(struct ctx *ctx, const struct processes_options *options, struct processes **out);

/* Leaves. NULL is allowed. */
void processes_close(struct processes *processes);

/* False when nothing was said for so long that others may soon take over what this process does: it should not go on with what only
 * one may do. NULL is fine and alone. */
bool processes_sure(const struct processes *processes);

/* Telling each other (store_tell, store_listen), with what is not there yet: an end, and a second try. */

/* Do other processes share the records? False for NULL. */
bool processes_share(const struct processes *processes);

/* Calls `heard` with what other processes tell on a channel, one call at a time over all channels; with STR_NONE when anything
 * may have happened: then everything that is kept of it is read again. That also happens at the next turn when `heard` fails. Does
 * nothing where the records are not shared. */
void processes_hear(struct processes *processes, const char *channel,
                    err (*heard)(void *self, struct ctx *ctx, str text), void *self);

/* Nobody is called any more when this returns: before the rooms close that listen. */
void processes_quiet(struct processes *processes);

/* Tells the others soon, from a thread that must not wait; dropped when too much is waiting already. For news that nobody depends
 * on: what must not get lost is told with store_tell in the transaction that it is about. */
void processes_tell(struct processes *processes, const char *channel, str text);

struct process {
    i64 id;
    str name, version, folder;
    i64 started_ms, seen_ms; /* by the clock of the records */
    bool self;               /* the one that answers */
};
extern const struct shape process_shape;

/* Those that live, oldest first. */
err processes_list(struct ctx *ctx, struct store *store, struct shape_list *out);
