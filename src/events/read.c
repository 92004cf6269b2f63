#include "base/progress.h"
#include "events/large.h"
#include "events/row.h"
#include "events/state.h"

/* Rows read in one transaction: a longer one would keep the write-ahead log from being emptied. */
enum { STRETCH_ROWS = 50000 };

struct stretch {
    i64 after, last;
    enum event_columns columns;
    err (*each)(void *self, struct ctx *ctx, const struct event *event);
    void *self;
    i64 rows;
};

static err step_rows(struct ctx *ctx, struct connection *reader, sqlite3_stmt *statement, struct stretch *stretch)
{
    for (;;) {
        int code = sqlite3_step(statement);
        if (code != SQLITE_ROW) {
            return connection_result(ctx, reader, code);
        }
        struct event event = row_event(statement, stretch->columns);
        stretch->rows++;
        stretch->after = event.id;
        TRY(stretch->each(stretch->self, ctx, &event));
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
    }
}

static err read_rows(struct ctx *ctx, struct connection *reader, struct stretch *stretch)
{
    enum statement sql = row_scan(stretch->columns);
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, reader, sql, &statement));
    sqlite3_bind_int64(statement, 1, stretch->after);
    sqlite3_bind_int64(statement, 2, stretch->last);
    sqlite3_bind_int64(statement, 3, STRETCH_ROWS);
    stretch->rows = 0;
    err code = step_rows(ctx, reader, statement, stretch);
    progress_add(ctx->progress, stretch->rows);
    connection_done(reader, sql, statement);
    return code;
}

static err read_all(struct ctx *ctx, struct connection *reader, struct stretch *stretch)
{
    do {
        TRY(read_rows(ctx, reader, stretch));
    } while (stretch->rows == STRETCH_ROWS);
    return OK;
}

err read_stretch(struct ctx *ctx, struct events *log, i64 after, i64 last, enum event_columns columns,
                 err (*each)(void *self, struct ctx *ctx, const struct event *event), void *self)
{
    struct stretch stretch = {after, last, columns, each, self, 0};
    struct connection *reader;
    TRY(pool_take(ctx, &log->readers, &reader));
    err code = read_all(ctx, reader, &stretch);
    pool_give(&log->readers, reader);
    return code;
}

err events_newest(struct ctx *ctx, struct events *log, i64 *out)
{
    if (log->large != NULL) {
        return large_note(ctx, log,
                          click_number(ctx, log->large->ch, CLICK_WRITE, LARGE_SQL(ctx, log, SQL_LOG_NEWEST), out));
    }
    struct connection *reader;
    TRY(pool_take(ctx, &log->readers, &reader));
    err code = connection_number(ctx, reader, SQL_EVENTS_NEWEST, out);
    pool_give(&log->readers, reader);
    return code;
}

err events_scan(struct ctx *ctx, struct events *log, i64 after_id, enum event_columns columns,
                err (*each)(void *self, struct ctx *ctx, const struct event *event), void *self)
{
    if (log->large != NULL) {
        return large_note(ctx, log, large_scan(ctx, log, after_id, columns, each, self));
    }
    i64 last;
    TRY(events_newest(ctx, log, &last));
    return read_stretch(ctx, log, after_id, last, columns, each, self);
}

static err fetch_one(struct ctx *ctx, struct connection *reader, i64 id, struct event *out, bool *found)
{
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, reader, SQL_EVENTS_FETCH, &statement));
    sqlite3_bind_int64(statement, 1, id);
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found) {
        *out = row_event(statement, EVENT_ALL);
        event_keep(&ctx->arena, out);
    }
    err result = connection_result(ctx, reader, code);
    connection_done(reader, SQL_EVENTS_FETCH, statement);
    return result;
}

static err fetch_all(struct ctx *ctx, struct connection *reader, const i64 *ids, i64 count, struct event *items,
                     i64 *found)
{
    TRY(connection_begin(ctx, reader));
    err code = OK;
    for (i64 i = 0; i < count && code == OK; i++) {
        bool is = false;
        code = fetch_one(ctx, reader, ids[i], &items[*found], &is);
        *found += is;
    }
    connection_undo(reader);
    return code;
}

err events_fetch(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, struct event **items, i64 *found)
{
    if (log->large != NULL) {
        return large_note(ctx, log, large_fetch(ctx, log, ids, count, items, found));
    }
    *items = arena_new(&ctx->arena, struct event, greater(count, 1));
    *found = 0;
    struct connection *reader;
    TRY(pool_take(ctx, &log->readers, &reader));
    err code = fetch_all(ctx, reader, ids, count, *items, found);
    pool_give(&log->readers, reader);
    return code;
}

err events_backup(struct ctx *ctx, struct events *log, str file)
{
    if (log->large != NULL) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.events_elsewhere");
    }
    struct connection *reader;
    TRY(pool_take(ctx, &log->readers, &reader));
    err code = connection_copy(ctx, reader, file);
    pool_give(&log->readers, reader);
    return code;
}
