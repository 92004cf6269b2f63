/* The records: everything but the events, behind one face.
 *
 * They are a SQLite file in the data folder or, with an URL, a PostgreSQL
 * database that several processes share.
 *
 * Statements live in sql/queries/ROOM.sql, each with a name; the build turns
 * the names into the enum of store/statements.h. Parameters are bound by name,
 * from a struct through its shape or from a list; rows come back into structs
 * the same way.
 *
 * One writes at a time, over all processes that share the records; many read.
 * A statement run inside store_write sees what the transaction has written; the
 * same function called outside reads the last committed state.
 *
 * Where PostgreSQL is away, starting or too slow, every function here is
 * ERR_UNAVAILABLE (error.records_away) with retry_after_s. No thread waits
 * without end, and connections come back by themselves. A commit whose
 * answer was lost is such a failure too, although it may have happened.
 */
#pragma once

#include "json/shape.h"
#include "store/statements.h"

struct store;

struct store_options {
    str url;    /* postgres://…, as libpq takes it; none or empty: SQLite */
    str folder; /* SQLite: holds records.db; must exist */
    bool
        reads; /* SQLite: nothing but reading, also while another process holds the folder; the file is there and of our format */
    bool no_fsync; /* only for tests that prove that fsync matters */
};

/* Opens or creates the records and brings them to the newest format; processes that do so at once wait for each other.
 * ERR_UNAVAILABLE (error.newer_format) for a format this program does not know, with nothing changed; ERR_CORRUPT
 * (error.corrupt) for a damaged file; a server that does not let us in, is too old (error.records_version) or holds
 * something else (error.records_foreign) says so. */
err store_open(struct ctx *ctx, const struct store_options *options, struct store **out);

/* No statement may be running any more. NULL is allowed. */
void store_close(struct store *store);

/* Parameters. */

enum store_type { STORE_NULL, STORE_I64, STORE_F64, STORE_TEXT, STORE_BYTES };

struct store_arg {
    const char *name; /* without the colon */
    enum store_type type;
    bool none; /* NULL, of this type */
    i64 integer;
    f64 number;
    str text; /* borrowed until the statement is done; none is NULL */
};

/* What a statement's parameters are bound from: first the list, then the members of a struct. Every parameter must be
 * found in one of them. */
struct store_args {
    const struct store_arg *items;
    i64 count;
    const struct shape *shape;
    const void *from;
};

#define ARG_NULL(n) ((struct store_arg){.name = (n), .type = STORE_NULL})
#define ARG_I64(n, v) ((struct store_arg){.name = (n), .type = STORE_I64, .integer = (v)})
#define ARG_F64(n, v) ((struct store_arg){.name = (n), .type = STORE_F64, .number = (v)})
#define ARG_STR(n, v) ((struct store_arg){.name = (n), .type = STORE_TEXT, .text = (v)})
#define ARG_BYTES(n, v) ((struct store_arg){.name = (n), .type = STORE_BYTES, .text = (v)})
/* 0 is NULL: ids and times that are not there. */
#define ARG_ID(n, v) store_arg_id((n), (v))

static inline struct store_arg store_arg_id(const char *name, i64 id)
{
    return (struct store_arg){.name = name, .type = STORE_I64, .none = id == 0, .integer = id};
}

#define ARGS_NONE ((struct store_args){0})
#define ARGS(...)                                                                                                      \
    ((struct store_args){.items = (const struct store_arg[]){__VA_ARGS__},                                             \
                         .count = countof(((const struct store_arg[]){__VA_ARGS__}))})
/* ARGS_OF(&user_shape, &user) or ARGS_OF(&user_shape, &user, ARG_STR("hash", hash)). */
#define ARGS_OF(shape_, from_, ...)                                                                                    \
    ((struct store_args){.items = (const struct store_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}},                \
                         .count = countof(((const struct store_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}})) - 1, \
                         .shape = (shape_),                                                                            \
                         .from = (from_)})

/* Statements. Text with U+0000 or broken UTF-8 is ERR_INVALID at the parameter; a broken UNIQUE or FOREIGN KEY is
 * ERR_CONFLICT without a description, so that the caller can say what it means. A full or failing disk is
 * ERR_UNAVAILABLE (error.readonly). */

/* Runs a statement that writes. Outside store_write it is a transaction of its own. `changed` (may be NULL) is the
 * number of rows it inserted, updated or deleted. */
err store_run(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args, i64 *changed);

/* The first row into a struct; members without a column keep what they hold, a column without a member is a
 * mistake that ends the program. ERR_NOT_FOUND without a row (not described). Strings live in the context's arena. */
err store_one(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
              const struct shape *shape, void *out);

/* All rows into an array of structs in the context's arena. */
err store_all(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
              const struct shape *shape, struct shape_list *out);

/* The first column of the first row as an integer; 0 for NULL and without a row. */
err store_number(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args, i64 *out);

/* Like store_run inside store_write, for statements whose outcome nobody asks about: they travel together. A failure is
 * that of a later statement or of the commit, which then does not happen. Outside store_write it is store_run. */
err store_later(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args);

/* One row at a time of a statement that reads, for what does not fit a struct or into memory. Strings borrow from the
 * row. Anything but OK from `each` ends the reading and is returned. `each` may run other statements. */
struct store_row;
err store_each(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
               err (*each)(void *self, struct ctx *ctx, const struct store_row *row), void *self);

i64 row_i64(const struct store_row *row, int column); /* NULL → 0 */
f64 row_f64(const struct store_row *row, int column);
str row_str(const struct store_row *row, int column); /* text and bytes; NULL → none */
bool row_null(const struct store_row *row, int column);
err row_read(struct ctx *ctx, const struct store_row *row, const struct shape *shape, void *out);

/* How members are stored: bool and integers as integers, times and ids as integers with 0 as NULL, words as
 * their text, JSON, objects and lists as JSON text. */

/* Transactions. */

typedef err store_work(struct ctx *ctx, struct store *store, void *arg);

/* Runs `work` as one transaction that writes: everything or, when it returns anything but OK, nothing. One at a time over
 * all processes, so that `work` may read, decide and write. Inside another store_write of this thread it is part of that
 * one; inside store_read it is a mistake. After a statement that failed the transaction can only be given up. The commit
 * is on disk when the outermost returns. */
err store_write(struct ctx *ctx, struct store *store, store_work *work, void *arg);

/* Runs `work` on one unchanging state of the records, so that several reads fit together. */
err store_read(struct ctx *ctx, struct store *store, store_work *work, void *arg);

/* True inside store_write of this thread. */
bool store_writing(const struct store *store);

/* The number of the outermost store_write that this thread is in: another one for every transaction of this process; 0
 * outside. For rooms that keep in memory what they wrote: it holds only while that transaction goes on. */
u64 store_transaction(const struct store *store);

/* Several processes on the same records (PostgreSQL). */

/* Do other processes write the same records? */
bool store_shared(const struct store *store);

/* An address of records without its password, for logs and pages. */
str store_shown(struct arena *arena, str url);

/* Tells the other processes; inside store_write when that is committed. A channel is a word of a-z and _; at most
 * STORE_TELL_MAX bytes of text. Nothing happens where records are not shared. */
enum { STORE_TELL_MAX = 7000 };
err store_tell(struct ctx *ctx, struct store *store, str channel, str text);

/* Has `heard` called with what others told on a channel, never with one's own words, on a thread of the store; with
 * STR_NONE when the connection was lost and is back: anything may have been said meanwhile. `channel` is borrowed for
 * the store's life; at most LISTENERS_MAX. `heard` may run statements, but must not take long. */
enum { LISTENERS_MAX = 16 };
void store_listen(struct store *store, str channel, void (*heard)(void *self, str text), void *self);

/* Nobody who listens is called any more when it returns. Not from `heard`. */
void store_deaf(struct store *store);

/* Makes sure that deleted rows are in no file any more (with secure_delete their pages are already zero; this empties
 * the write-ahead log). ERR_BUSY when a reader holds it for too long; then the next transactions try again. PostgreSQL
 * removes them from its tables; its own log and backups keep them for as long as its operator set. */
err store_scrub(struct ctx *ctx, struct store *store);

/* Copies the records to a new file while others go on reading and writing. ERR_INVALID (error.records_backup) with
 * PostgreSQL, whose own tools do that. */
err store_backup(struct ctx *ctx, struct store *store, str file);

struct store_stats {
    i64 transactions, failures, readers; /* committed; rolled back by the disk or a lost server; open connections */
    bool readonly; /* the last commit failed for lack of space or by a disk error; the server is away */
};
struct store_stats store_stats(struct store *store);
