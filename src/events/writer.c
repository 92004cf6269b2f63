#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "events/row.h"
#include "events/state.h"

/* 16 MB of write-ahead log are copied back between two groups; less often costs space, more often costs time. */
enum { WAL_PAGES = 2000 };

static const i64 SWEEP_NS = 20LL * 3600 * 1000 * 1000 * 1000;

/* A new handle after a disk error. Opening it writes the write-ahead log once more, then it is copied back, so that
 * nothing depends on a page that only the system's cache has. */
err writer_ready(struct ctx *ctx, struct events *log)
{
    if (log->writer != NULL && !log->writer->broken) {
        return OK;
    }
    bool again = log->writer != NULL || atomic_load(&log->failed);
    connection_close(log->writer);
    log->writer = NULL;
    pool_renew(&log->readers);
    TRY(connection_open(ctx, &log->writer_options, &log->writer));
    err code = again ? connection_run(ctx, log->writer, SQL_SQLITE_CHECKPOINT) : OK;
    if (again && code == OK) {
        code = replay_unexpected(ctx, log);
    }
    if (code != OK) {
        connection_close(log->writer);
        log->writer = NULL;
        return code;
    }
    if (again) {
        pthread_mutex_lock(&log->queue);
        log->stats.reopened++;
        pthread_mutex_unlock(&log->queue);
        log_say(LOG_WARN, "events_reopened", NULL);
    }
    atomic_store(&log->failed, false);
    return OK;
}

static i64 new_id(struct events *log)
{
    // The clock may have been set back since the newest event was stored.
    i64 id = id_new();
    log->last_id = id > log->last_id ? id : log->last_id + 1;
    return log->last_id;
}

static struct event *group_room(struct events *log, i64 count)
{
    if (count > log->group_capacity) {
        log->group_capacity = greater(count, log->group_capacity * 2);
        log->group = mem_resize(log->group, log->group_capacity * (i64)sizeof *log->group);
    }
    return log->group;
}

/* Decides about every item and gathers those to be stored; their number. */
static i64 gather(struct events *log, struct event_batch *first)
{
    i64 count = 0, stored = 0;
    for (struct event_batch *batch = first; batch != NULL; batch = batch->next) {
        count += batch->count;
    }
    struct event *group = group_room(log, count);
    for (struct event_batch *batch = first; batch != NULL; batch = batch->next) {
        for (i64 i = 0; i < batch->count; i++) {
            struct event *item = &batch->items[i];
            bool known = item->message_hash.high != 0 || item->message_hash.low != 0;
            if (known && !filter_add(&log->filter, item->message_hash, filter_day(item->received_ms))) {
                batch->outcomes[i] = EVENT_DUPLICATE;
                item->id = 0;
                continue;
            }
            batch->outcomes[i] = EVENT_STORED;
            item->id = new_id(log);
            group[stored++] = *item;
        }
    }
    log->unkept += stored;
    return stored;
}

/* None of the gathered events was stored: the next to bring them is not a repeat. */
static void scatter(struct events *log, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        filter_remove(&log->filter, log->group[i].message_hash);
    }
}

static err insert_all(struct ctx *ctx, struct events *log, i64 count)
{
    sqlite3_stmt *insert = NULL;
    TRY(connection_statement(ctx, log->writer, SQL_EVENTS_INSERT, &insert));
    err result = OK;
    for (i64 i = 0; i < count && result == OK; i++) {
        result = connection_result(ctx, log->writer, row_insert(insert, &log->group[i]));
    }
    connection_done(log->writer, SQL_EVENTS_INSERT, insert);
    return result;
}

static err commit_group(struct ctx *ctx, struct events *log, i64 count)
{
    TRY(connection_begin(ctx, log->writer));
    err code = insert_all(ctx, log, count);
    i64 begun = clock_steady_ns();
    if (code == OK) {
        code = connection_commit(ctx, log->writer);
    }
    if (code != OK) {
        connection_undo(log->writer);
        return code;
    }
    log->committed_id = log->group[count - 1].id;
    i64 took = clock_steady_ns() - begun;
    pthread_mutex_lock(&log->queue);
    log->stats.groups++;
    log->stats.commit_ns += took;
    log->stats.commit_ns_max = greater(log->stats.commit_ns_max, took);
    pthread_mutex_unlock(&log->queue);
    return OK;
}

/* On disk, but not acknowledged before every follower has it. */
static err tell_followers(struct ctx *ctx, struct events *log, i64 count)
{
    err first = OK;
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        err code = follower->follow(follower->self, ctx, log->group, count);
        if (code == OK) {
            log->followers[i].taken = log->group[count - 1].id;
            continue;
        }
        log_fault(LOG_ERROR, follower->name, ctx, code);
        log->followers[i].behind = true;
        first = first == OK ? code : first;
    }
    return first;
}

static void disk_failed(struct events *log)
{
    if (!atomic_exchange(&log->failed, true)) {
        log_say(LOG_ERROR, "events_failed", NULL);
    }
}

static err store_group(struct ctx *ctx, struct events *log, struct event_batch *first)
{
    if (!space_left(log)) {
        return fail_readonly(ctx);
    }
    TRY(writer_ready(ctx, log));
    TRY(replay_followers(ctx, log));
    i64 count = gather(log, first);
    if (count == 0) {
        return OK;
    }
    err code = commit_group(ctx, log, count);
    if (code != OK) {
        scatter(log, count);
        if (log->writer->broken) {
            disk_failed(log);
        }
        return code;
    }
    return tell_followers(ctx, log, count);
}

err writer_group(struct ctx *ctx, struct events *log, struct event_batch *first)
{
    err code = store_group(ctx, log, first);
    if (code != OK && code != ERR_UNAVAILABLE) {
        // Whatever it was, the sender can only try again.
        log_fault(LOG_ERROR, "events_group", ctx, code);
        ctx_forgive(ctx);
        code = fail_readonly(ctx);
    }
    return code;
}

/* The window moves with the wall clock, but never faster than the steady one: a clock that jumps must not make the
 * filter forget. */
static void sweep(struct events *log)
{
    enum { AT_ONCE = 100000 }; // entries; the appenders wait meanwhile
    i64 now_ns = clock_steady_ns();
    i64 first_day = filter_day(clock_ms()) - log->options.window_days;
    if (first_day > log->swept_day && now_ns - log->swept_ns > SWEEP_NS) {
        log->swept_day++;
        log->swept_ns = now_ns;
        log->sweep_next = 0;
    }
    for (i64 looked = 0; log->sweep_next < FILTER_SHARDS && looked < AT_ONCE; log->sweep_next++) {
        looked += log->filter.shards[log->sweep_next].count + 1;
        filter_sweep_shard(&log->filter, log->sweep_next, log->swept_day);
    }
}

void writer_tick(struct ctx *ctx, struct events *log)
{
    space_left(log);
    if (writer_ready(ctx, log) != OK) {
        disk_failed(log);
        return;
    }
    if (log->scrub_wanted && connection_empty_wal(ctx, log->writer) == OK) {
        log->scrub_wanted = false;
    }
    if (connection_copy_back(ctx, log->writer, WAL_PAGES) != OK && log->writer->broken) {
        disk_failed(log);
    }
    if (replay_followers(ctx, log) != OK) {
        log_say(LOG_WARN, "events_followers_behind", NULL);
    }
    sweep(log);
}
