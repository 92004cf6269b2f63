/* One connection to PostgreSQL, with its prepared statements.
 *
 * A connection belongs to one thread at a time. What libpq and the server
 * report becomes an `err` here and nowhere else. Statements are sent one behind
 * the other without waiting (libpq's pipeline mode); answers are read when
 * somebody needs one. Values travel in the server's binary formats, so that
 * numbers and bytes arrive as they were.
 *
 * After a lost connection it is broken and must be closed.
 */
#pragma once

#include "store/driver.h"

#include <postgresql/libpq-fe.h>

/* How long connecting may take, and how long a server may be silent while a statement runs: a little longer than its own
 * limit (postgres_session), so that it can still say so. */
enum { PQ_CONNECT_MS = 5000, PQ_SILENCE_MS = 35000, PQ_AWAY_MS = 10000 /* when others have found it away */ };

/* When to try again what failed because the server was away. */
enum { PQ_RETRY_S = 5 };

struct pq_prepared;
struct pq_stream;

struct pq {
    PGconn *link;
    str place;                /* "PostgreSQL host:port/database", for messages; memory of the connection */
    bool opened;              /* false: it is being opened, and whoever does that says what went wrong */
    bool broken;              /* close it and open another */
    const _Atomic bool *away; /* others say that the server does not answer; may be NULL */
    i64 patience_ms;          /* how long the server may be silent */
    i32 unread;               /* statements that were sent and whose answers were not read */
    bool preparing;           /* one of them prepares another */
    struct pq_stream *stream; /* rows that are being read one by one */
    struct pq_prepared *prepared[SQL_COUNT_]; /* by enum statement; sent at first use */
    char name[];
};

/* ERR_UNAVAILABLE when the server is away or does not let us in; `problem` (may be NULL) is what it said, without
 * password. */
err pq_open(struct ctx *ctx, str url, struct pq **out, str *problem);
err pq_open_said(struct ctx *ctx, str url, struct pq **out); /* for people at a terminal: error.records_open says it */
void pq_close(struct pq *pq);

/* Did the server end an idle connection? */
bool pq_lost(struct pq *pq);

/* Sends a statement; its outcome is told by whoever reads next. */
err pq_send(struct ctx *ctx, struct pq *pq, const struct run *run);
err pq_send_plain(struct ctx *ctx, struct pq *pq, enum statement sql); /* without parameters */

/* Reads every answer that is still to come. */
err pq_settle(struct ctx *ctx, struct pq *pq);

/* Sends a statement and reads its answer. */
err pq_run(struct ctx *ctx, struct pq *pq, struct run *run);
err pq_run_plain(struct ctx *ctx, struct pq *pq, enum statement sql);
err pq_number(struct ctx *ctx, struct pq *pq, enum statement sql, i64 *out);

/* COMMIT; OK only when the server has committed. */
err pq_commit(struct ctx *ctx, struct pq *pq);

/* ROLLBACK; never fails for the caller. */
void pq_undo(struct pq *pq);

/* Runs several statements given as text: a step of the schema. */
err pq_run_text(struct ctx *ctx, struct pq *pq, const char *text);

/* pq_rows.c: the present row of a result. */
struct pq_row {
    const PGresult *result;
    int at;
};
extern const struct cells pq_cells;

/* pq_errors.c: what an answer says. */
err pq_result(struct ctx *ctx, struct pq *pq, const PGresult *result);
err pq_away(struct ctx *ctx, struct pq *pq, const char *problem); /* the connection is lost */
