#include "base/log.h"
#include "events/large.h"
#include "events/row.h"
#include "events/state.h"

/* Events deleted in one transaction: the appenders wait meanwhile. */
enum { CHUNK = 10000 };

/* What is to be deleted, gathered first. */
struct doomed {
    i64 *ids;
    struct u128 *hashes;
    i64 count, capacity;
    i64 import;
};

static void add(struct ctx *ctx, struct doomed *doomed, const struct event *event)
{
    if (doomed->count == doomed->capacity) {
        i64 more = greater(64, doomed->capacity * 2);
        doomed->ids = arena_grow(&ctx->arena, doomed->ids, doomed->capacity * (i64)sizeof(i64), more * (i64)sizeof(i64),
                                 _Alignof(i64));
        doomed->hashes = arena_grow(&ctx->arena, doomed->hashes, doomed->capacity * (i64)sizeof(struct u128),
                                    more * (i64)sizeof(struct u128), _Alignof(struct u128));
        doomed->capacity = more;
    }
    doomed->ids[doomed->count] = event->id;
    doomed->hashes[doomed->count++] = event->message_hash;
}

static err add_of_import(void *self, struct ctx *ctx, const struct event *event)
{
    struct doomed *doomed = self;
    if (event->import == doomed->import) {
        add(ctx, doomed, event);
    }
    return OK;
}

static err delete_rows(struct ctx *ctx, struct events *log, const i64 *ids, i64 count)
{
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, log->writer, SQL_EVENTS_DELETE, &statement));
    err result = OK;
    for (i64 i = 0; i < count && result == OK; i++) {
        sqlite3_bind_int64(statement, 1, ids[i]);
        result = connection_result(ctx, log->writer, sqlite3_step(statement));
        sqlite3_reset(statement);
    }
    connection_done(log->writer, SQL_EVENTS_DELETE, statement);
    return result;
}

static err mark_last(struct ctx *ctx, struct events *log)
{
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, log->writer, SQL_EVENTS_MARK_LAST, &statement));
    sqlite3_bind_int64(statement, 1, log->last_id);
    err result = connection_result(ctx, log->writer, sqlite3_step(statement));
    connection_done(log->writer, SQL_EVENTS_MARK_LAST, statement);
    return result;
}

static err commit_deletion(struct ctx *ctx, struct events *log, const i64 *ids, i64 count)
{
    TRY(writer_ready(ctx, log));
    TRY(connection_begin(ctx, log->writer));
    err code = mark_last(ctx, log);
    if (code == OK) {
        code = connection_run(ctx, log->writer, SQL_EVENTS_COUNT_DELETION);
    }
    if (code == OK) {
        code = delete_rows(ctx, log, ids, count);
    }
    if (code == OK) {
        code = connection_commit(ctx, log->writer);
    }
    if (code != OK) {
        connection_undo(log->writer);
        log->filter_unsure = log->writer->broken;
        return code;
    }
    log->deletions++;
    log->scrub_wanted = true;
    return OK;
}

/* Followers first: if the process ends in between, the caller's second attempt still finds the events and tells them
 * again. */
static err forget(struct ctx *ctx, struct events *log, const i64 *ids, i64 count)
{
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->forget != NULL) {
            TRY(follower->forget(follower->self, ctx, ids, count));
        }
    }
    return OK;
}

static err delete_chunk(struct ctx *ctx, struct events *log, const struct doomed *doomed, i64 from, i64 count)
{
    pthread_mutex_lock(&log->database);
    // A follower that is behind would be given the deleted events' neighbours later, but never the events themselves.
    err code = forget(ctx, log, doomed->ids + from, count);
    if (code == OK) {
        code = keep_drop(ctx, log);
    }
    if (code == OK) {
        code = commit_deletion(ctx, log, doomed->ids + from, count);
    }
    for (i64 i = from; i < from + count && code == OK; i++) {
        filter_remove(&log->filter, doomed->hashes[i]);
    }
    log_publish(log);
    pthread_mutex_unlock(&log->database);
    return code;
}

static err try_scrub(struct ctx *ctx, struct events *log)
{
    pthread_mutex_lock(&log->database);
    err code = writer_ready(ctx, log);
    if (code == OK && log->scrub_wanted) {
        code = connection_empty_wal(ctx, log->writer);
        log->scrub_wanted = code != OK;
    }
    pthread_mutex_unlock(&log->database);
    return code;
}

static err scrub(struct ctx *ctx, struct events *log)
{
    err code = try_scrub(ctx, log);
    for (int i = 1; i < SCRUB_TRIES && code == ERR_BUSY; i++) {
        ctx_forgive(ctx);
        nanosleep(&(struct timespec){.tv_nsec = SCRUB_PAUSE_MS * 1000000L}, NULL);
        code = try_scrub(ctx, log);
    }
    return code;
}

static err delete_all(struct ctx *ctx, struct events *log, const struct doomed *doomed, i64 *deleted)
{
    for (i64 from = 0; from < doomed->count; from += CHUNK) {
        i64 count = lesser(CHUNK, doomed->count - from);
        TRY(delete_chunk(ctx, log, doomed, from, count));
        *deleted += count;
    }
    return scrub(ctx, log);
}

err events_delete(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, i64 *deleted)
{
    if (log->large != NULL) {
        return large_delete(ctx, log, ids, count, deleted);
    }
    struct event *items;
    i64 found;
    struct doomed doomed = {0};
    *deleted = 0;
    TRY(events_fetch(ctx, log, ids, count, &items, &found));
    for (i64 i = 0; i < found; i++) {
        add(ctx, &doomed, &items[i]);
    }
    return delete_all(ctx, log, &doomed, deleted);
}

err events_delete_import(struct ctx *ctx, struct events *log, i64 import, i64 *deleted)
{
    if (log->large != NULL) {
        return large_delete_import(ctx, log, import, deleted);
    }
    struct doomed doomed = {.import = import};
    *deleted = 0;
    TRY(events_scan(ctx, log, 0, EVENT_KEYS, add_of_import, &doomed));
    return delete_all(ctx, log, &doomed, deleted);
}
