#include "base/clock.h"
#include "base/id.h"
#include "base/progress.h"
#include "events/row.h"
#include "events/state.h"

/* More than that is read by several threads; less comes one by one, with all there is to an event. */
enum { FAR_ROWS = 250000 };

enum { CHUNK_ROWS = 2000 };

static const i64 DAY_MS = 24LL * 3600 * 1000;

/* One reading of a stretch of the log, for everybody who needs it. */
struct replay {
    struct events *log;
    i64 *cursors;     /* by follower: it has what came up to here; INT64_MAX: not in this reading */
    bool filling;     /* fill the filter too */
    u16 first_day;    /* of the filter */
    struct ctx chunk; /* its strings */
    struct event *items;
    i64 count;
};

static err hand_out(struct replay *replay, struct ctx *ctx)
{
    struct events *log = replay->log;
    for (i64 i = 0; i < log->options.follower_count && replay->count > 0; i++) {
        i64 from = 0;
        while (from < replay->count && replay->items[from].id <= replay->cursors[i]) {
            from++;
        }
        if (from == replay->count) {
            continue;
        }
        const struct event_follower *follower = &log->options.followers[i];
        TRY(follower->follow(follower->self, ctx, replay->items + from, replay->count - from));
        replay->cursors[i] = replay->items[replay->count - 1].id;
        log->followers[i].taken = replay->cursors[i];
    }
    replay->count = 0;
    ctx_reset(&replay->chunk);
    return OK;
}

static err take(void *self, struct ctx *ctx, const struct event *event)
{
    struct replay *replay = self;
    struct events *log = replay->log;
    if (replay->filling) {
        u16 day = filter_day(event->received_ms);
        bool known = event->message_hash.high != 0 || event->message_hash.low != 0;
        if (known && day >= replay->first_day) {
            (void)filter_add(&log->filter, event->message_hash, day);
        }
    }
    if (replay->items == NULL) {
        return OK;
    }
    struct event *item = &replay->items[replay->count++];
    *item = *event;
    event_keep(&replay->chunk.arena, item);
    return replay->count == CHUNK_ROWS ? hand_out(replay, ctx) : OK;
}

/* Reads (after, last] once. */
static err read_for(struct ctx *ctx, struct replay *replay, i64 after, i64 last, enum event_columns columns)
{
    if (after >= last) {
        return OK;
    }
    replay->items = columns == EVENT_KEYS ? NULL : mem_new(CHUNK_ROWS * (i64)sizeof *replay->items);
    replay->count = 0;
    err code = read_stretch(ctx, replay->log, after, last, columns, take, replay);
    if (code == OK && replay->items != NULL) {
        code = hand_out(replay, ctx);
    }
    mem_free(replay->items);
    replay->items = NULL;
    ctx_end(&replay->chunk);
    return code;
}

/* Where each follower stands. */
static err ask_cursors(struct ctx *ctx, struct events *log, i64 *cursors)
{
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        cursors[i] = follower->fresh ? log->last_id : 0;
        if (follower->cursor != NULL && !follower->fresh) {
            TRY(follower->cursor(follower->self, ctx, &cursors[i]));
        }
        if (cursors[i] > log->last_id) {
            // It has seen events that the log does not have: the log is older than what was derived from it.
            return FAIL(ctx, ERR_CORRUPT, NULL, "error.log_behind", {"file", log->writer_options.file});
        }
        log->followers[i].taken = cursors[i];
    }
    return OK;
}

/* The ids of the window: an id is as late as its event was received, or later; a day more for clocks that were set. */
static i64 window_begin(const struct events *log)
{
    return id_from_ms(clock_ms() - (log->options.window_days + 1) * DAY_MS);
}

/* About how many events there are: counting them would mean reading them. */
static err estimate(struct ctx *ctx, struct events *log, i64 *out)
{
    i64 bytes, row_bytes;
    TRY(connection_number(ctx, log->writer, SQL_SQLITE_BYTES, &bytes));
    TRY(connection_number(ctx, log->writer, SQL_EVENTS_ROW_BYTES, &row_bytes));
    *out = row_bytes > 0 ? bytes / row_bytes : 0;
    return OK;
}

/* Reads once for everybody in this reading: first for the filter alone, then for followers that need little of an event, then
 * for all. */
static err read_once(struct ctx *ctx, struct replay *replay, i64 filled)
{
    const struct events *log = replay->log;
    i64 lowest = log->last_id;
    i64 lowest_all = log->last_id;
    for (i64 i = 0; i < log->options.follower_count; i++) {
        lowest = lesser(lowest, replay->cursors[i]);
        if (!log->options.followers[i].plain) {
            lowest_all = lesser(lowest_all, replay->cursors[i]);
        }
    }
    if (replay->filling) {
        TRY(read_for(ctx, replay, filled, lowest, EVENT_KEYS));
    }
    TRY(read_for(ctx, replay, lowest, lowest_all, EVENT_PLAIN));
    return read_for(ctx, replay, lowest_all, log->last_id, EVENT_ALL);
}

/* A long way: the filter and the followers that take much at once, by several threads. A thread gathers hashes by shard and adds
 * many at once: one lock, and the memory is on its way before it is looked at. */
enum { GATHERED = 64 };
struct gathered {
    struct u128 hashes[GATHERED];
    u16 days[GATHERED];
    i32 count;
};

struct far {
    struct events *log;
    const i64 *cursors;
    i64 filled;
    bool loading;
    struct gathered *gathered; /* [thread × shard] */
    pthread_mutex_t shards[FILTER_SHARDS];
};

static void add_gathered(struct far *far, struct gathered *gathered, int number)
{
    struct filter_shard *shard = &far->log->filter.shards[number];
    pthread_mutex_lock(&far->shards[number]);
    for (i32 i = 0; i < gathered->count; i++) {
        filter_shard_expect(shard, gathered->hashes[i]);
    }
    for (i32 i = 0; i < gathered->count; i++) {
        (void)filter_shard_add(shard, gathered->hashes[i], gathered->days[i]);
    }
    pthread_mutex_unlock(&far->shards[number]);
    gathered->count = 0;
}

static void gather_hash(struct far *far, i32 thread, struct u128 hash, u16 day)
{
    int shard = filter_shard_of(hash);
    struct gathered *gathered = &far->gathered[thread * FILTER_SHARDS + shard];
    gathered->hashes[gathered->count] = hash;
    gathered->days[gathered->count] = day;
    if (++gathered->count == GATHERED) {
        add_gathered(far, gathered, shard);
    }
}

static err put_far(void *self, struct ctx *ctx, i32 thread, const struct event *event)
{
    struct far *far = self;
    struct events *log = far->log;
    struct u128 hash = event->message_hash;
    u16 day = filter_day(event->received_ms);
    if (event->id > far->filled && (hash.high != 0 || hash.low != 0) && day >= log->swept_day) {
        gather_hash(far, thread, hash, day);
    }
    for (i64 i = 0; i < log->options.follower_count && far->loading; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->load != NULL && event->id > far->cursors[i]) {
            TRY(follower->load->put(follower->self, ctx, thread, event));
        }
    }
    return OK;
}

static err begin_loads(struct ctx *ctx, const struct events *log, i32 threads)
{
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->load != NULL) {
            TRY(follower->load->begin(follower->self, ctx, threads));
        }
    }
    return OK;
}

static err end_loads(struct ctx *ctx, struct events *log, err code)
{
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->load != NULL) {
            err ended = follower->load->end(follower->self, ctx, log->last_id, code == OK);
            log->followers[i].taken = log->last_id;
            code = code == OK ? ended : code;
        }
    }
    return code;
}

static err read_far(struct ctx *ctx, struct far *far, i64 from, bool loading)
{
    struct events *log = far->log;
    const struct load load = {
        .after = from,
        .last = log->last_id,
        .columns = loading ? EVENT_LOAD : EVENT_KEYS,
        .threads = load_threads(),
        .each = put_far,
        .self = far,
    };
    far->loading = loading;
    far->gathered = mem_new(load.threads * FILTER_SHARDS * (i64)sizeof *far->gathered);
    for (int i = 0; i < FILTER_SHARDS; i++) {
        pthread_mutex_init(&far->shards[i], NULL);
    }
    err code = loading ? begin_loads(ctx, log, load.threads) : OK;
    if (code == OK) {
        code = load_stretch(ctx, log, &load);
    }
    for (i32 i = 0; i < load.threads * FILTER_SHARDS; i++) {
        add_gathered(far, &far->gathered[i], i % FILTER_SHARDS);
    }
    progress_begin(ctx->progress, "index", 0, 90, 100);
    code = loading ? end_loads(ctx, log, code) : code;
    filter_recount(&log->filter);
    mem_free(far->gathered);
    for (int i = 0; i < FILTER_SHARDS; i++) {
        pthread_mutex_destroy(&far->shards[i]);
    }
    return code;
}

/* Those that take one event after the other come first: the others may look into them. */
static err read_all_far(struct ctx *ctx, struct events *log, i64 *cursors, i64 filled, i64 from, bool loading)
{
    i64 *others = arena_new(&ctx->arena, i64, greater(log->options.follower_count, 1));
    for (i64 i = 0; i < log->options.follower_count; i++) {
        others[i] = log->options.followers[i].load != NULL ? INT64_MAX : cursors[i];
    }
    struct replay replay = {.log = log, .cursors = others};
    TRY(read_once(ctx, &replay, filled));
    struct far *far = arena_new(&ctx->arena, struct far, 1);
    far->log = log;
    far->cursors = cursors;
    far->filled = filled;
    return read_far(ctx, far, from, loading);
}

static err more_than(struct ctx *ctx, struct events *log, i64 after, i64 most, bool *out)
{
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, log->writer, SQL_EVENTS_MORE_THAN, &statement));
    sqlite3_bind_int64(statement, 1, after);
    sqlite3_bind_int64(statement, 2, most + 1);
    err code = connection_result(ctx, log->writer, sqlite3_step(statement));
    *out = sqlite3_column_int64(statement, 0) > most;
    connection_done(log->writer, SQL_EVENTS_MORE_THAN, statement);
    return code;
}

static err read_what_is_new(struct ctx *ctx, struct events *log, i64 filled)
{
    i64 *cursors = arena_new(&ctx->arena, i64, greater(log->options.follower_count, 1));
    TRY(ask_cursors(ctx, log, cursors));
    i64 from = filled;
    bool loading = false, far = false;
    for (i64 i = 0; i < log->options.follower_count; i++) {
        if (log->options.followers[i].load != NULL) {
            loading = loading || cursors[i] < log->last_id;
            from = lesser(from, cursors[i]);
        }
    }
    TRY(more_than(ctx, log, from, log->options.far_rows > 0 ? log->options.far_rows : FAR_ROWS, &far));
    if (far) {
        return read_all_far(ctx, log, cursors, filled, from, loading);
    }
    struct replay replay = {.log = log, .cursors = cursors, .first_day = log->swept_day, .filling = true};
    return read_once(ctx, &replay, filled);
}

/* The filter's part lies at the end of the log, a follower's from its cursor on. */
err replay_open(struct ctx *ctx, struct events *log)
{
    log->swept_day = (u16)greater(1, filter_day(clock_ms()) - log->options.window_days);
    log->sweep_next = FILTER_SHARDS;
    log->swept_ns = clock_steady_ns();
    progress_begin(ctx->progress, "snapshot", 0, 10, 20);
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->restore != NULL) {
            TRY(follower->restore(follower->self, ctx, log));
        }
    }
    i64 filled = window_begin(log);
    i64 expected;
    TRY(keep_open(ctx, log, &filled));
    i64 known = log->filter.count;
    TRY(estimate(ctx, log, &expected));
    progress_begin(ctx->progress, "events", expected, 20, 90);
    TRY(read_what_is_new(ctx, log, filled));
    log->unkept = log->filter.count - known;
    return OK;
}

static err catch_up(struct ctx *ctx, struct events *log, i64 at)
{
    const struct event_follower *follower = &log->options.followers[at];
    struct follower_state *state = &log->followers[at];
    i64 *cursors = arena_new(&ctx->arena, i64, log->options.follower_count);
    for (i64 i = 0; i < log->options.follower_count; i++) {
        cursors[i] = INT64_MAX;
    }
    cursors[at] = state->taken;
    if (follower->cursor != NULL) {
        TRY(follower->cursor(follower->self, ctx, &cursors[at]));
    }
    struct replay replay = {.log = log, .cursors = cursors};
    TRY(read_for(ctx, &replay, cursors[at], log->last_id, follower->plain ? EVENT_PLAIN : EVENT_ALL));
    state->behind = false;
    return OK;
}

struct unexpected {
    struct events *log;
    i64 last;
};

static err expect(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    struct unexpected *unexpected = self;
    unexpected->last = event->id > unexpected->log->committed_id ? event->id : 0;
    if (event->message_hash.high != 0 || event->message_hash.low != 0) {
        (void)filter_add(&unexpected->log->filter, event->message_hash, filter_day(event->received_ms));
    }
    return OK;
}

err replay_unexpected(struct ctx *ctx, struct events *log)
{
    struct unexpected unexpected = {.log = log};
    i64 after = log->committed_id;
    if (log->filter_unsure) {
        filter_free(&log->filter);
        after = lesser(after, window_begin(log));
    }
    TRY(read_stretch(ctx, log, after, INT64_MAX, EVENT_KEYS, expect, &unexpected));
    TRY(connection_number(ctx, log->writer, SQL_EVENTS_DELETIONS, &log->deletions));
    log->filter_unsure = false;
    if (unexpected.last > 0) {
        log->committed_id = unexpected.last;
        for (i64 i = 0; i < log->options.follower_count; i++) {
            log->followers[i].behind = true;
        }
    }
    return OK;
}

err replay_followers(struct ctx *ctx, struct events *log)
{
    for (i64 i = 0; i < log->options.follower_count; i++) {
        if (log->followers[i].behind) {
            TRY(catch_up(ctx, log, i));
        }
    }
    return OK;
}
