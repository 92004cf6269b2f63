#include "events/log.h"

#include "base/clock.h"
#include "base/log.h"
#include "events/large.h"
#include "events/row.h"
#include "events/state.h"
#include "store/folder.h"
#include "store/migrate.h"

#include <errno.h>

enum { WINDOW_DAYS = 90, TICK_MS = 1000, BUSY_RETRY_S = 1 };

/* The writer thread. */

static void wait_for_batch(struct events *log)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += TICK_MS / 1000;
    while (log->first == NULL && !log->stopping) {
        if (pthread_cond_timedwait(&log->wake, &log->queue, &until) == ETIMEDOUT) {
            break;
        }
    }
}

static void count_waiting(struct events *log, const struct event_batch *batch, i64 sign)
{
    log->stats.queued += sign * batch->count;
    log->stats.queued_bytes += sign * batch->bytes;
    if (batch->share != NULL) {
        batch->share->events += sign * batch->count;
        batch->share->bytes += sign * batch->bytes;
    }
}

/* Takes batches off the queue: all that wait, up to a group's size. NULL when it is time for a tick or to stop. */
static struct event_batch *next_group(struct events *log)
{
    wait_for_batch(log);
    struct event_batch *group = log->first, *end = NULL;
    i64 count = 0, bytes = 0;
    for (struct event_batch *batch = group; batch != NULL; batch = batch->next) {
        count += batch->count;
        bytes += batch->bytes;
        if (end != NULL && (count > EVENTS_GROUP_MAX || bytes > EVENTS_GROUP_BYTES_MAX)) {
            break;
        }
        count_waiting(log, batch, -1);
        end = batch;
    }
    if (end != NULL) {
        log->first = end->next;
        end->next = NULL;
        log->last = log->first == NULL ? NULL : log->last;
    }
    return group;
}

static void count_outcomes(struct events *log, const struct event_batch *first, err result)
{
    i64 stored = 0, duplicates = 0, refused = 0;
    for (const struct event_batch *batch = first; batch != NULL; batch = batch->next) {
        for (i64 i = 0; i < batch->count && result == OK; i++) {
            stored += batch->outcomes[i] == EVENT_STORED;
            duplicates += batch->outcomes[i] == EVENT_DUPLICATE;
        }
        refused += result != OK;
    }
    pthread_mutex_lock(&log->queue);
    log->stats.stored += stored;
    log->stats.duplicates += duplicates;
    log->stats.refused += refused;
    pthread_mutex_unlock(&log->queue);
}

/* What is said to the sender: the context's description without what lives in its memory. */
static struct fault plain_fault(const struct ctx *ctx, err code)
{
    return (struct fault){.code = code, .key = ctx->fault.key, .retry_after_s = ctx->fault.retry_after_s};
}

static void answer(const struct ctx *ctx, struct event_batch *first, err result)
{
    while (first != NULL) {
        struct event_batch *batch = first;
        first = batch->next; // done() may free the batch
        if (result != OK) {
            batch->fault = plain_fault(ctx, result);
            memset(batch->outcomes, EVENT_NONE, (size_t)batch->count);
        }
        batch->done(batch, result);
    }
}

void log_publish(struct events *log)
{
    bool behind = false;
    for (i64 i = 0; i < log->options.follower_count; i++) {
        behind = behind || log->followers[i].behind;
    }
    pthread_mutex_lock(&log->queue);
    log->stats.last_id = log->last_id;
    log->stats.filter_entries = log->filter.count;
    log->stats.filter_bytes = filter_bytes(&log->filter);
    log->stats.behind = behind;
    pthread_mutex_unlock(&log->queue);
}

static err store_group(struct ctx *ctx, struct events *log, struct event_batch *group)
{
    pthread_mutex_lock(&log->database);
    err result = log->large != NULL ? large_group(ctx, log, group) : writer_group(ctx, log, group);
    log_publish(log);
    pthread_mutex_unlock(&log->database);
    return result;
}

static void tick(struct ctx *ctx, struct events *log, const struct event_batch *group)
{
    if (log->large != NULL && group != NULL && events_away(log) == NULL) {
        return; // it looks by itself before each group
    }
    pthread_mutex_lock(&log->database);
    if (log->large != NULL) {
        large_tick(ctx, log);
    } else {
        writer_tick(ctx, log);
    }
    log_publish(log);
    pthread_mutex_unlock(&log->database);
}

static void work_once(struct ctx *ctx, struct events *log, struct event_batch *group)
{
    if (group != NULL) {
        err result = store_group(ctx, log, group);
        count_outcomes(log, group, result);
        answer(ctx, group, result);
    }
    ctx_reset(ctx);
    tick(ctx, log, group);
    ctx_reset(ctx);
}

static void *run_writer(void *arg)
{
    struct events *log = arg;
    struct ctx ctx = {0};
    pthread_mutex_lock(&log->queue);
    while (log->first != NULL || !log->stopping) {
        struct event_batch *group = next_group(log);
        log->working = true;
        pthread_mutex_unlock(&log->queue);
        work_once(&ctx, log, group);
        pthread_mutex_lock(&log->queue);
        log->working = false;
        if (log->first == NULL) {
            pthread_cond_broadcast(&log->idle);
        }
    }
    pthread_mutex_unlock(&log->queue);
    ctx_end(&ctx);
    return NULL;
}

/* Opening and closing. */

static struct events *new_log(struct ctx *ctx, const struct events_options *options)
{
    str file = str_format(&ctx->arena, "%.*s/events.db", STR_ARG(options->folder));
    // Both names live behind the struct.
    struct events *log = mem_new((i64)sizeof *log + file.len + options->folder.len + 2);
    char *names = (char *)(log + 1);
    memcpy(names, file.data, (size_t)file.len);
    memcpy(names + file.len + 1, options->folder.data, (size_t)options->folder.len);
    log->options = *options;
    log->options.window_days = options->window_days > 0 ? options->window_days : WINDOW_DAYS;
    log->options.queue_events_max = options->queue_events_max > 0 ? options->queue_events_max : EVENTS_QUEUE_MAX;
    log->folder = (str){names + file.len + 1, options->folder.len};
    log->writer_options = (struct connection_options){
        .file = {names, file.len},
        .writes = true,
        .appends = true,
        .no_fsync = options->no_fsync,
    };
    log->followers = mem_new(greater(options->follower_count, 1) * (i64)sizeof *log->followers);
    pthread_mutex_init(&log->database, NULL);
    pthread_mutex_init(&log->keeping, NULL);
    pthread_mutex_init(&log->queue, NULL);
    pthread_condattr_t steady; // the wall clock may be set while the writer waits
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&log->wake, &steady);
    pthread_condattr_destroy(&steady);
    pthread_cond_init(&log->idle, NULL);
    pool_open(&log->readers, log->writer_options.file);
    return log;
}

/* The newest id ever given: of an event, or of one that was deleted since. */
static err read_last_id(struct ctx *ctx, struct events *log)
{
    i64 marked;
    TRY(connection_number(ctx, log->writer, SQL_EVENTS_NEWEST, &log->last_id));
    TRY(connection_number(ctx, log->writer, SQL_EVENTS_MARKED_LAST, &marked));
    log->last_id = greater(log->last_id, marked);
    return connection_number(ctx, log->writer, SQL_EVENTS_DELETIONS, &log->deletions);
}

static err open_file(struct ctx *ctx, struct events *log)
{
    TRY(migrate_check(ctx, log->writer_options.file, "events"));
    TRY(writer_ready(ctx, log));
    TRY(migrate(ctx, log->writer, "events"));
    TRY(folder_sync(ctx, log->folder));
    TRY(read_last_id(ctx, log));
    log->committed_id = log->last_id;
    TRY(replay_open(ctx, log));
    space_left(log);
    return OK;
}

static err open_all(struct ctx *ctx, struct events *log)
{
    TRY(log->options.url.len > 0 ? large_open(ctx, log) : open_file(ctx, log));
    log_publish(log);
    if (log->options.reads) {
        return OK;
    }
    if (pthread_create(&log->thread, NULL, run_writer, log) != 0) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
    }
    log->started = true;
    return OK;
}

err events_open(struct ctx *ctx, const struct events_options *options, struct events **out)
{
    struct events *log = new_log(ctx, options);
    err code = open_all(ctx, log);
    if (code != OK) {
        events_close(log);
        return code;
    }
    *out = log;
    return OK;
}

static err look(struct ctx *ctx, struct events *log)
{
    struct connection *reader;
    TRY(migrate_check(ctx, log->writer_options.file, "events"));
    TRY(pool_take(ctx, &log->readers, &reader));
    err code = migrate_same(ctx, reader, "events");
    pool_give(&log->readers, reader);
    return code;
}

err events_look(struct ctx *ctx, str folder, struct events **out)
{
    struct events *log = new_log(ctx, &(struct events_options){.folder = folder});
    err code = look(ctx, log);
    if (code != OK) {
        events_close(log);
        return code;
    }
    *out = log;
    return OK;
}

/* So that the next start need not read the window again; without it, it does. */
static void keep_at_close(struct events *log)
{
    enum { MOST = 20000 };
    struct ctx ctx = {0};
    err code = space_left(log) ? events_keep(&ctx, log, MOST) : OK;
    if (code != OK) {
        log_fault(LOG_WARN, "repeats_not_kept", &ctx, code);
    }
    ctx_end(&ctx);
}

void events_close(struct events *log)
{
    if (log == NULL) {
        return;
    }
    if (log->started) {
        pthread_mutex_lock(&log->queue);
        log->stopping = true;
        pthread_cond_signal(&log->wake);
        pthread_mutex_unlock(&log->queue);
        pthread_join(log->thread, NULL);
    }
    if (log->started && log->large == NULL) {
        keep_at_close(log);
    }
    large_close(log);
    pool_close(&log->readers);
    connection_close(log->writer);
    filter_free(&log->filter);
    snapshot_close(log->kept);
    mem_free(log->followers);
    mem_free(log->group);
    pthread_mutex_destroy(&log->database);
    pthread_mutex_destroy(&log->keeping);
    pthread_mutex_destroy(&log->queue);
    pthread_cond_destroy(&log->wake);
    pthread_cond_destroy(&log->idle);
    mem_free(log);
}

/* Submitting. */

struct u128 events_message_hash(const struct events *log, str source, str message_id)
{
    if (message_id.len == 0) {
        return (struct u128){0};
    }
    return hash_keyed(log->options.key, (const str[]){source, message_id}, 2);
}

static err check_text(struct ctx *ctx, i64 index, const char *member, str text)
{
    bool zero = text.len > 0 && memchr(text.data, 0, (size_t)text.len) != NULL;
    if (!zero && utf8_valid(text)) {
        return OK;
    }
    str field = str_format(&ctx->arena, "%lld/%s", (long long)index, member);
    return FAIL(ctx, ERR_INVALID, field.data, zero ? "error.json_zero" : "error.json_utf8");
}

/* Checks the texts of an item, fills in what the log knows better, and adds up its bytes. */
static err check_item(struct ctx *ctx, struct events *log, i64 index, struct event *item, i64 *bytes)
{
    const struct {
        const char *member;
        str text;
    } texts[] = {
        {"source", item->source},     {"alias", item->alias},       {"kind", item->kind},
        {"channel", item->channel},   {"place", item->place},       {"touchpoint", item->touchpoint},
        {"metric", item->metric},     {"question", item->question}, {"scale", item->scale},
        {"currency", item->currency}, {"text", item->text},         {"props", item->props},
    };
    *bytes += (i64)sizeof *item;
    for (i64 i = 0; i < countof(texts); i++) {
        TRY(check_text(ctx, index, texts[i].member, texts[i].text));
        *bytes += texts[i].text.len;
    }
    item->message_hash = events_message_hash(log, item->source, item->message_id);
    if (item->received_ms == 0) {
        item->received_ms = ctx_now_ms(ctx);
    }
    return OK;
}

/* A sender may hold as much as there is room left: alone half of the queue, two at once a third each, so that whoever comes
 * beside a flood finds room (dynamic thresholds: Choudhury and Hahne, 1998). */
static bool over_share(const struct events *log, const struct event_batch *batch)
{
    const struct event_share *share = batch->share;
    return share != NULL && share->events > 0 &&
           (share->events + batch->count > log->options.queue_events_max - log->stats.queued ||
            share->bytes + batch->bytes > EVENTS_QUEUE_BYTES_MAX - log->stats.queued_bytes);
}

static bool queue_full(const struct events *log, const struct event_batch *batch)
{
    return log->stats.queued > 0 && (log->stats.queued + batch->count > log->options.queue_events_max ||
                                     log->stats.queued_bytes + batch->bytes > EVENTS_QUEUE_BYTES_MAX);
}

static err enqueue(struct ctx *ctx, struct events *log, struct event_batch *batch)
{
    if (log->stopping) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.stopping");
    }
    // A batch larger than the whole queue still goes in when nothing else waits.
    if (queue_full(log, batch) || over_share(log, batch)) {
        log->stats.refused++;
        err code = FAIL(ctx, ERR_BUSY, NULL, "error.busy");
        ctx->fault.retry_after_s = BUSY_RETRY_S;
        return code;
    }
    batch->next = NULL;
    if (log->last != NULL) {
        log->last->next = batch;
    } else {
        log->first = batch;
    }
    log->last = batch;
    count_waiting(log, batch, 1);
    pthread_cond_signal(&log->wake);
    return OK;
}

static err takes(struct ctx *ctx, struct events *log)
{
    if (log->large != NULL) {
        return large_takes(ctx, log);
    }
    return atomic_load(&log->failed) || !space_left_recently(log) ? fail_readonly(ctx) : OK;
}

err events_submit(struct ctx *ctx, struct events *log, struct event_batch *batch)
{
    if (batch->count == 0) {
        batch->done(batch, OK);
        return OK;
    }
    err taken = takes(ctx, log);
    if (taken != OK) {
        pthread_mutex_lock(&log->queue);
        log->stats.refused++;
        pthread_mutex_unlock(&log->queue);
        return taken;
    }
    batch->bytes = 0;
    for (i64 i = 0; i < batch->count; i++) {
        TRY(check_item(ctx, log, i, &batch->items[i], &batch->bytes));
    }
    pthread_mutex_lock(&log->queue);
    err code = enqueue(ctx, log, batch);
    pthread_mutex_unlock(&log->queue);
    return code;
}

/* Somebody who waits for a batch. */
struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
    err result;
};

static void wake_waiter(struct event_batch *batch, err result)
{
    struct waiter *waiter = batch->context;
    pthread_mutex_lock(&waiter->lock);
    waiter->is_done = true;
    waiter->result = result;
    pthread_cond_signal(&waiter->done);
    pthread_mutex_unlock(&waiter->lock);
}

err events_append(struct ctx *ctx, struct events *log, struct event *items, i64 count, u8 *outcomes)
{
    struct waiter waiter = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    struct event_batch batch = {
        .items = items, .count = count, .outcomes = outcomes, .done = wake_waiter, .context = &waiter};
    TRY(events_submit(ctx, log, &batch));
    pthread_mutex_lock(&waiter.lock);
    while (!waiter.is_done) {
        pthread_cond_wait(&waiter.done, &waiter.lock);
    }
    pthread_mutex_unlock(&waiter.lock);
    if (waiter.result != OK && ctx->fault.key == NULL) {
        ctx->fault = batch.fault;
    }
    return waiter.result;
}

void events_wait_idle(struct events *log)
{
    pthread_mutex_lock(&log->queue);
    while (log->first != NULL || log->working) {
        pthread_cond_wait(&log->idle, &log->queue);
    }
    pthread_mutex_unlock(&log->queue);
}

struct events_stats events_stats(struct events *log)
{
    pthread_mutex_lock(&log->queue);
    struct events_stats stats = log->stats;
    pthread_mutex_unlock(&log->queue);
    stats.readonly = atomic_load(&log->readonly) || atomic_load(&log->failed);
    return stats;
}

struct events_position events_position(struct events *log)
{
    pthread_mutex_lock(&log->database);
    struct events_position position = {log->committed_id, log->deletions};
    pthread_mutex_unlock(&log->database);
    return position;
}

err events_holds(struct ctx *ctx, struct events *log, const struct events_position *at, bool *out)
{
    *out = false;
    if (log->large != NULL) { // nothing is kept beside it
        return OK;
    }
    if (at->deletions != log->deletions || at->last_id > log->last_id) {
        return OK;
    }
    struct connection *reader;
    TRY(pool_take(ctx, &log->readers, &reader));
    sqlite3_stmt *statement = NULL;
    err code = connection_statement(ctx, reader, SQL_EVENTS_HOLDS, &statement);
    if (code == OK) {
        sqlite3_bind_int64(statement, 1, at->last_id);
        code = connection_result(ctx, reader, sqlite3_step(statement));
        *out = at->last_id == 0 || sqlite3_column_int64(statement, 0) > 0;
        connection_done(reader, SQL_EVENTS_HOLDS, statement);
    }
    pool_give(&log->readers, reader);
    return code;
}
