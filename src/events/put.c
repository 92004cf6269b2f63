/* Events with the ids they have already: moving from one log to another. */
#include "base/clock.h"
#include "events/large.h"
#include "events/row.h"
#include "events/state.h"

#include <stdlib.h>
#include <time.h>

/* The file. */

static err put_rows(struct ctx *ctx, struct events *log, const struct event *items, i64 count)
{
    sqlite3_stmt *put = NULL;
    TRY(connection_statement(ctx, log->writer, SQL_EVENTS_PUT, &put));
    err code = OK;
    for (i64 i = 0; i < count && code == OK; i++) {
        code = connection_result(ctx, log->writer, row_insert(put, &items[i]));
    }
    connection_done(log->writer, SQL_EVENTS_PUT, put);
    return code;
}

static err commit_rows(struct ctx *ctx, struct events *log, const struct event *items, i64 count)
{
    TRY(connection_begin(ctx, log->writer));
    err code = put_rows(ctx, log, items, count);
    if (code == OK) {
        code = connection_commit(ctx, log->writer);
    }
    if (code != OK) {
        connection_undo(log->writer);
    }
    return code;
}

static void know(struct events *log, const struct event *item)
{
    u16 day = filter_day(item->received_ms);
    if ((item->message_hash.high != 0 || item->message_hash.low != 0) && day >= log->swept_day) {
        (void)filter_add(&log->filter, item->message_hash, day);
    }
    log->last_id = greater(log->last_id, item->id);
    log->committed_id = greater(log->committed_id, item->id);
}

static err file_put(struct ctx *ctx, struct events *log, const struct event *items, i64 count)
{
    pthread_mutex_lock(&log->database);
    err code = space_left(log) ? writer_ready(ctx, log) : fail_readonly(ctx);
    if (code == OK) {
        code = commit_rows(ctx, log, items, count);
    }
    for (i64 i = 0; i < count && code == OK; i++) {
        know(log, &items[i]);
    }
    log_publish(log);
    pthread_mutex_unlock(&log->database);
    return code;
}

/* ClickHouse. */

static int by_number(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return x < y ? -1 : x > y;
}

struct preparing {
    struct events *log;
    struct event *items;
    i64 count;
};

static err prepare(struct ctx *ctx, struct store *store, void *arg)
{
    (void)store;
    const struct preparing *preparing = arg;
    const struct events_options *options = &preparing->log->options;
    return options->prepare(options->prepare_self, ctx, preparing->items, preparing->count);
}

/* The rows of those that are not there; their number. */
static err missing_rows(struct ctx *ctx, struct events *log, const struct event *items, i64 count, struct buf *rows,
                        i64 *missing)
{
    i64 *ids = arena_new(&ctx->arena, i64, count), found = 0, from_ms = INT64_MAX, to_ms = INT64_MIN;
    for (i64 i = 0; i < count; i++) {
        ids[i] = items[i].id;
        from_ms = lesser(from_ms, items[i].received_ms);
        to_ms = greater(to_ms, items[i].received_ms);
    }
    struct click_rows there;
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE,
                    LARGE_SQL(ctx, log, SQL_LOG_THERE, CLICK_SQL_ARG("ids", large_ids(ctx, ids, count)),
                              CLICK_I64_ARG("from", from_ms), CLICK_I64_ARG("to", to_ms)),
                    &there));
    for (found = 0; click_more(&there) && found < count; found++) {
        ids[found] = click_i64(&there);
    }
    qsort(ids, (size_t)found, sizeof *ids, by_number);
    *missing = 0;
    for (i64 i = 0; i < count; i++) {
        if (bsearch(&items[i].id, ids, (size_t)found, sizeof *ids, by_number) == NULL) {
            large_put_event(ctx, rows, &items[i]);
            ++*missing;
        }
    }
    return OK;
}

/* Events behind everything that was ever stored need not be looked for: a log that is copied in the order of its ids looks
 * once. */
static err behind_all(struct ctx *ctx, struct events *log, const struct event *items, i64 count, bool *out)
{
    struct large *large = log->large;
    if (large->put_upto == 0) {
        TRY(events_newest(ctx, log, &large->put_upto));
    }
    *out = true;
    for (i64 i = 0; i < count && *out; i++) {
        *out = items[i].id > large->put_upto;
    }
    return OK;
}

/* After a failure nobody knows: everything is looked for from then on. */
static void note_put(struct events *log, const struct event *items, i64 count, err code)
{
    for (i64 i = 0; i < count; i++) {
        log->large->put_upto = code == OK ? greater(log->large->put_upto, items[i].id) : INT64_MAX;
    }
}

static void put_all(struct ctx *ctx, struct buf *rows, const struct event *items, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        large_put_event(ctx, rows, &items[i]);
    }
}

static err put_missing(struct ctx *ctx, struct events *log, const struct event *items, i64 count)
{
    enum { TRIES_MAX = 5 };
    bool fresh;
    TRY(behind_all(ctx, log, items, count, &fresh));
    for (int tries = 1;; tries++) {
        struct buf rows = buf_in(&ctx->arena);
        i64 missing = count;
        err code = OK;
        if (fresh && tries == 1) {
            put_all(ctx, &rows, items, count);
        } else {
            code = missing_rows(ctx, log, items, count, &rows, &missing);
        }
        if (code == OK && missing > 0) {
            code = click_insert(ctx, log->large->ch, LARGE_SQL(ctx, log, SQL_LOG_INSERT), buf_str(&rows), NULL);
        }
        note_put(log, items, count, code);
        if (code != ERR_UNAVAILABLE || tries == TRIES_MAX) {
            return code;
        }
        ctx_forgive(ctx);
        const struct timespec pause = {.tv_sec = tries};
        (void)nanosleep(&pause, NULL); // whatever was sent has arrived or is lost by then; the next look tells
    }
}

static err large_put(struct ctx *ctx, struct events *log, struct event *items, i64 count)
{
    if (log->options.prepare != NULL) {
        struct preparing preparing = {log, items, count};
        TRY(store_write(ctx, log->large->store, prepare, &preparing));
    }
    return put_missing(ctx, log, items, count);
}

err events_put(struct ctx *ctx, struct events *log, struct event *items, i64 count)
{
    if (count == 0) {
        return OK;
    }
    return log->large != NULL ? large_put(ctx, log, items, count) : file_put(ctx, log, items, count);
}
