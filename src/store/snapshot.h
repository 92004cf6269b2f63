/* Snapshot files: what is derived and costly to derive, kept beside the truth so that a start need not begin anew.
 *
 * A snapshot is never needed. It belongs to one data folder, one content and
 * one state of the event log; whatever does not fit, or was damaged, is not
 * there, and its owner derives the content once more. It is read through the
 * address space; every byte of it is checked before anybody looks at one.
 *
 *     file    = | head: 256 bytes | section | section … | table | sums |
 *     section = bytes that begin at a multiple of 64
 *     sums    = XXH3 of every megabyte between head and table; those of table and sums stand in the head
 *
 * A writer writes beside the old file, has it on disk, and then takes the old
 * one's name: a reader finds the one or the other.
 */
#pragma once

#include "base/ctx.h"
#include "base/hash.h"

enum { SNAPSHOT_ALIGN = 64, SNAPSHOT_SECTIONS_MAX = 1 << 16 };

/* What a snapshot is of. */
struct snapshot_stamp {
    const char *what;     /* its content, at most 15 letters: "repeats" */
    u32 version;          /* of the content's format */
    u8 key[HASH_KEY_LEN]; /* of the data folder; only a hash of it is kept */
    i64 last_id;          /* the newest event in it */
    i64 deletions;        /* how many deletions the log had seen */
};

/* Reading. */

struct snapshot;

/* Finds FOLDER/NAME, maps and checks it whole. ERR_NOT_FOUND when there is none, ERR_CORRUPT when it is damaged, of another
 * format, byte order, content or folder; neither is described. `stamp` says what is expected; its last_id and deletions are
 * filled in. With `own` the memory may be written to, which changes no file. What an
 * interrupted writer left is removed. */
err snapshot_open(struct ctx *ctx, str folder, const char *name, struct snapshot_stamp *stamp, bool own,
                  struct snapshot **out);

/* NULL is allowed. */
void snapshot_close(struct snapshot *snapshot);

/* The bytes of a section; none when there is no such section. */
str snapshot_section(const struct snapshot *snapshot, u32 id);

/* A section as `count` elements of `size` bytes; NULL when it is not there or not so long. */
void *snapshot_array(const struct snapshot *snapshot, u32 id, i64 count, i64 size);

i64 snapshot_size(const struct snapshot *snapshot);

/* Writing. */

struct snapshot_writer;

err snapshot_create(struct ctx *ctx, str folder, const char *name, struct snapshot_writer **out);

/* Begins a section; what is added goes to it. */
void snapshot_begin(struct snapshot_writer *writer, u32 id);
void snapshot_add(struct snapshot_writer *writer, const void *bytes, i64 len);

static inline void snapshot_put(struct snapshot_writer *writer, u32 id, const void *bytes, i64 len)
{
    snapshot_begin(writer, id);
    snapshot_add(writer, bytes, len);
}

/* Has everything on disk, still under another name. Failures of what was added are reported here (ERR_UNAVAILABLE). */
err snapshot_finish(struct ctx *ctx, struct snapshot_writer *writer, const struct snapshot_stamp *stamp);

/* Gives the finished file its name, and closes. */
err snapshot_publish(struct ctx *ctx, struct snapshot_writer *writer);

/* Closes without a trace. NULL is allowed. */
void snapshot_abandon(struct snapshot_writer *writer);

/* Removes a snapshot, and what an interrupted writer left; durable when it returns OK. */
err snapshot_remove(struct ctx *ctx, str folder, const char *name);
