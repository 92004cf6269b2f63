#include "base/clock.h"
#include "base/id.h"
#include "base/progress.h"
#include "events/row.h"
#include "events/state.h"

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

/* Where each follower stands, the lowest of all and the lowest of those that need every column. */
static err ask_cursors(struct ctx *ctx, struct events *log, i64 *cursors, i64 *lowest, i64 *lowest_all)
{
    *lowest = *lowest_all = log->last_id;
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        cursors[i] = 0;
        if (follower->cursor != NULL) {
            TRY(follower->cursor(follower->self, ctx, &cursors[i]));
        }
        if (cursors[i] > log->last_id) {
            // It has seen events that the log does not have: the log is older than what was derived from it.
            return FAIL(ctx, ERR_CORRUPT, NULL, "error.log_behind", {"file", log->writer_options.file});
        }
        log->followers[i].taken = cursors[i];
        *lowest = lesser(*lowest, cursors[i]);
        if (!follower->plain) {
            *lowest_all = lesser(*lowest_all, cursors[i]);
        }
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

/* The filter's part lies at the end of the log, a follower's from its cursor on; what both need is read once. */
err replay_open(struct ctx *ctx, struct events *log)
{
    log->swept_day = (u16)greater(1, filter_day(clock_ms()) - log->options.window_days);
    log->swept_ns = clock_steady_ns();
    i64 *cursors = arena_new(&ctx->arena, i64, greater(log->options.follower_count, 1));
    i64 lowest, lowest_all;
    TRY(ask_cursors(ctx, log, cursors, &lowest, &lowest_all));
    struct replay replay = {.log = log, .cursors = cursors, .first_day = log->swept_day, .filling = true};
    i64 expected;
    TRY(estimate(ctx, log, &expected));
    progress_begin(ctx->progress, "events", expected, 10, 95);
    TRY(read_for(ctx, &replay, window_begin(log), lowest, EVENT_KEYS));
    TRY(read_for(ctx, &replay, lowest, lowest_all, EVENT_PLAIN));
    TRY(read_for(ctx, &replay, lowest_all, log->last_id, EVENT_ALL));
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
