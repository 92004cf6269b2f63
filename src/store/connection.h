/* One connection to one SQLite file, with its prepared statements.
 *
 * A connection belongs to one thread at a time. What SQLite reports becomes an
 * `err` here and nowhere else. After a failed write or fsync a connection is
 * broken: it must be closed, because the state behind its handle is unknown.
 */
#pragma once

#include "base/ctx.h"
#include "store/statements.h"

#include <sqlite3.h>

struct connection {
    sqlite3 *db;
    str file; /* for messages; points into memory of the connection */
    bool writes;
    bool broken;                          /* the disk failed under it: close it and open another */
    u64 age;                              /* the pool's */
    i64 wal_pages;                        /* in the write-ahead log since it was copied back last */
    sqlite3_stmt *statements[SQL_COUNT_]; /* by enum statement; prepared at first use */
};

struct connection_options {
    str file;
    bool writes;   /* the one writer; creates the file */
    bool no_fsync; /* only for tests that prove that fsync matters */
    bool appends;  /* rows are nearly only appended: larger pages */
};

err connection_open(struct ctx *ctx, const struct connection_options *options, struct connection **out);

/* NULL is allowed. */
void connection_close(struct connection *connection);

/* The prepared statement, reset and without parameters. It is the connection's; a second use while the first still
 * runs gets a statement of its own. Give either back with connection_done. */
err connection_statement(struct ctx *ctx, struct connection *connection, enum statement sql, sqlite3_stmt **out);
void connection_done(struct connection *connection, enum statement sql, sqlite3_stmt *statement);

/* Runs a statement without parameters to its end; its rows are ignored. */
err connection_run(struct ctx *ctx, struct connection *connection, enum statement sql);

/* The first column of its first row; 0 without one. */
err connection_number(struct ctx *ctx, struct connection *connection, enum statement sql, i64 *out);

/* Begins and ends transactions; undoing never fails for the caller. */
err connection_begin(struct ctx *ctx, struct connection *connection);
err connection_commit(struct ctx *ctx, struct connection *connection);
void connection_undo(struct connection *connection);

/* Copies the write-ahead log back into the database, as far as readers allow, when it has this many pages. SQLite's
 * automatic check-point would hide its failures. */
err connection_copy_back(struct ctx *ctx, struct connection *connection, i64 pages);

/* Empties the write-ahead log into the database. ERR_BUSY at once when somebody still reads what is in it: all other
 * writers wait meanwhile, so trying again is the caller's, SCRUB_TRIES times with SCRUB_PAUSE_MS between. */
enum { SCRUB_TRIES = 40, SCRUB_PAUSE_MS = 50 };
err connection_empty_wal(struct ctx *ctx, struct connection *connection);

/* Turns a result code of SQLite into an error and describes it. OK for SQLITE_OK, SQLITE_ROW and SQLITE_DONE. */
err connection_result(struct ctx *ctx, struct connection *connection, int code);

/* Copies the file of a reading connection as it is now, while others write. The new file is on disk afterwards. */
err connection_copy(struct ctx *ctx, struct connection *from, str file);
