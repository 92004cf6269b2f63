/* Reading very much of the log at once, by several threads.
 *
 * Ids say when an event was stored, not how many there are between two of them,
 * so nobody can cut the log into equal parts beforehand. The first thread begins
 * with all of it; who has nothing to read takes the upper half of what the
 * slowest still has before it:
 *
 *     thread 1   after ──────────► last          after ──► last
 *     thread 2   (nothing)               ⇒                 after ──► last
 */
#include "base/progress.h"
#include "events/row.h"
#include "events/state.h"

#include <unistd.h>

enum { STRETCH_ROWS = 50000, THREADS_MAX = 8, TELL_ROWS = 4096 };

/* A stretch that one thread reads: (after, last]. */
struct piece {
    pthread_mutex_t lock;
    i64 after, last;
};

struct crew {
    struct events *log;
    const struct ctx *from;
    enum event_columns columns;
    load_each *each;
    void *self;
    struct piece pieces[THREADS_MAX];
    i32 count;
    bool stop; /* one of them failed */
    pthread_mutex_t stealing;
};

struct worker {
    struct crew *crew;
    i32 number;
    struct ctx ctx;
    err code;
    pthread_t thread;
};

/* Is this row still ours? */
static bool claim(struct piece *piece, i64 id)
{
    pthread_mutex_lock(&piece->lock);
    bool ours = id <= piece->last;
    if (ours) {
        piece->after = id;
    }
    pthread_mutex_unlock(&piece->lock);
    return ours;
}

static err step_rows(struct worker *worker, struct connection *reader, sqlite3_stmt *statement, i64 *rows)
{
    struct crew *crew = worker->crew;
    struct piece *piece = &crew->pieces[worker->number];
    for (*rows = 0;;) {
        int code = sqlite3_step(statement);
        if (code != SQLITE_ROW) {
            return connection_result(&worker->ctx, reader, code);
        }
        struct event event = row_event(statement, crew->columns);
        if (!claim(piece, event.id)) {
            *rows = 0; // the rest belongs to somebody else
            return OK;
        }
        TRY(crew->each(crew->self, &worker->ctx, worker->number, &event));
        if (++*rows % TELL_ROWS == 0) {
            progress_add(crew->from->progress, TELL_ROWS);
            if (ctx_stopped(crew->from) || __atomic_load_n(&crew->stop, __ATOMIC_RELAXED)) {
                return ERR_CANCELLED;
            }
        }
    }
}

/* Reads a piece to its end, one transaction after the other: a long one would keep the write-ahead log from being emptied. */
static err read_piece(struct worker *worker, struct connection *reader)
{
    struct piece *piece = &worker->crew->pieces[worker->number];
    enum statement sql = row_scan(worker->crew->columns);
    i64 rows = STRETCH_ROWS;
    while (rows == STRETCH_ROWS) {
        sqlite3_stmt *statement = NULL;
        TRY(connection_statement(&worker->ctx, reader, sql, &statement));
        pthread_mutex_lock(&piece->lock);
        sqlite3_bind_int64(statement, 1, piece->after);
        sqlite3_bind_int64(statement, 2, piece->last);
        pthread_mutex_unlock(&piece->lock);
        sqlite3_bind_int64(statement, 3, STRETCH_ROWS);
        err code = step_rows(worker, reader, statement, &rows);
        connection_done(reader, sql, statement);
        TRY(code);
    }
    pthread_mutex_lock(&piece->lock);
    piece->after = piece->last;
    pthread_mutex_unlock(&piece->lock);
    return OK;
}

/* Takes half of what the one with the longest way still has. False: there is nothing worth taking. */
static bool steal(struct crew *crew, i32 thief)
{
    enum { WORTH = 4096 }; // ids of one batch follow each other
    struct piece *from = NULL;
    i64 most = WORTH;
    pthread_mutex_lock(&crew->stealing);
    for (i32 i = 0; i < crew->count; i++) {
        struct piece *piece = &crew->pieces[i];
        pthread_mutex_lock(&piece->lock);
        if (i != thief && piece->last - piece->after > most) {
            most = piece->last - piece->after;
            from = piece;
        }
        pthread_mutex_unlock(&piece->lock);
    }
    bool taken = false;
    if (from != NULL) {
        struct piece *to = &crew->pieces[thief];
        pthread_mutex_lock(&from->lock);
        i64 last = from->last;
        i64 middle = from->after + (last - from->after) / 2;
        from->last = middle;
        pthread_mutex_unlock(&from->lock);
        pthread_mutex_lock(&to->lock);
        to->after = middle;
        to->last = last;
        pthread_mutex_unlock(&to->lock);
        taken = true;
    }
    pthread_mutex_unlock(&crew->stealing);
    return taken;
}

static void *work(void *self)
{
    struct worker *worker = self;
    struct crew *crew = worker->crew;
    struct connection *reader;
    worker->code = pool_take(&worker->ctx, &crew->log->readers, &reader);
    if (worker->code == OK) {
        do {
            worker->code = read_piece(worker, reader);
        } while (worker->code == OK && steal(crew, worker->number));
        pool_give(&crew->log->readers, reader);
    }
    if (worker->code != OK) {
        __atomic_store_n(&crew->stop, true, __ATOMIC_RELAXED);
    }
    return NULL;
}

/* The first failure that is not only the echo of another's. */
static err gather(struct ctx *ctx, struct worker *workers, i32 count)
{
    const struct worker *failed = NULL;
    for (i32 i = 0; i < count; i++) {
        if (workers[i].code != OK && (failed == NULL || failed->code == ERR_CANCELLED)) {
            failed = &workers[i];
        }
    }
    err code = failed == NULL ? OK : failed->code;
    if (code != OK && failed->ctx.fault.key != NULL) {
        const struct fault *fault = &failed->ctx.fault;
        code = ctx_fail_args(ctx, code, NULL, fault->key, fault->args, fault->arg_count);
    }
    for (i32 i = 0; i < count; i++) {
        ctx_end(&workers[i].ctx);
    }
    return code;
}

i32 load_threads(void)
{
    return (i32)greater(1, lesser(THREADS_MAX, sysconf(_SC_NPROCESSORS_ONLN)));
}

err load_stretch(struct ctx *ctx, struct events *log, const struct load *load)
{
    struct crew crew = {.log = log, .from = ctx, .columns = load->columns, .each = load->each, .self = load->self};
    struct worker workers[THREADS_MAX] = {0};
    pthread_mutex_init(&crew.stealing, NULL);
    crew.count = load->threads;
    for (i32 i = 0; i < crew.count; i++) {
        pthread_mutex_init(&crew.pieces[i].lock, NULL);
        workers[i] = (struct worker){.crew = &crew, .number = i};
    }
    crew.pieces[0].after = load->after;
    crew.pieces[0].last = load->last;
    i32 started = 1;
    while (started < crew.count && pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0) {
        started++;
    }
    (void)work(&workers[0]);
    for (i32 i = 1; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    for (i32 i = 0; i < crew.count; i++) {
        pthread_mutex_destroy(&crew.pieces[i].lock);
    }
    pthread_mutex_destroy(&crew.stealing);
    return gather(ctx, workers, crew.count);
}
