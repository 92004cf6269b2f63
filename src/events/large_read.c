/* Reading the log: by ids, and all of it in their order. */
#include "events/large.h"

#include "base/id.h"
#include "base/progress.h"

#include <stdlib.h>

enum { STRETCH_ROWS = 50000 };

static const i64 DAY_MS = 24LL * 3600 * 1000, EVER_MS = INT64_MAX / 4;

static err select_rows(struct ctx *ctx, struct events *log, enum event_columns columns, str where,
                       struct click_rows *out)
{
    str sql = LARGE_SQL(ctx, log, large_select(columns), CLICK_SQL_ARG("where", where));
    return click_query(ctx, log->large->ch, CLICK_WRITE, sql, out);
}

struct stretch {
    i64 after, last, from_ms, to_ms;
};

static err read_stretch_of(struct ctx *ctx, struct events *log, const struct stretch *stretch,
                           enum event_columns columns,
                           err (*each)(void *self, struct ctx *ctx, const struct event *event), void *self)
{
    str where = LARGE_SQL(ctx, log, SQL_LOG_BETWEEN, CLICK_I64_ARG("from", stretch->from_ms),
                          CLICK_I64_ARG("to", stretch->to_ms), CLICK_I64_ARG("first", stretch->after),
                          CLICK_I64_ARG("last", stretch->last));
    struct ctx own = {.stop = ctx->stop, .cancel = ctx->cancel}; // a stretch lives no longer than it is read
    struct click_rows rows;
    i64 count = 0;
    err code = select_rows(&own, log, columns, where, &rows);
    if (code != OK) {
        (void)ctx_fail_args(ctx, code, NULL, own.fault.key, own.fault.args, own.fault.arg_count);
        ctx->fault.retry_after_s = own.fault.retry_after_s;
    }
    while (code == OK && click_more(&rows)) {
        struct event event = large_read_event(&rows, columns);
        code = ctx_stopped(ctx) ? ERR_CANCELLED : each(self, ctx, &event);
        count++;
    }
    progress_add(ctx->progress, count);
    ctx_end(&own);
    return code;
}

err large_scan(struct ctx *ctx, struct events *log, i64 after_id, enum event_columns columns,
               err (*each)(void *self, struct ctx *ctx, const struct event *event), void *self)
{
    str sql = LARGE_SQL(ctx, log, SQL_LOG_STRETCHES, CLICK_I64_ARG("after", after_id),
                        CLICK_I64_ARG("rows", STRETCH_ROWS));
    struct click_rows rows;
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE, sql, &rows));
    struct stretch stretch = {.after = after_id};
    while (click_more(&rows)) {
        stretch.last = click_i64(&rows);
        stretch.from_ms = click_i64(&rows);
        stretch.to_ms = click_i64(&rows);
        TRY(read_stretch_of(ctx, log, &stretch, columns, each, self));
        stretch.after = stretch.last;
    }
    return OK;
}

/* Fetching. */

struct fetched {
    struct event *items; /* by id */
    i64 count;
};

static err fetch_within(struct ctx *ctx, struct events *log, str ids, i64 from_ms, i64 to_ms, i64 wanted,
                        struct fetched *out)
{
    str where = LARGE_SQL(ctx, log, SQL_LOG_ONE_OF, CLICK_I64_ARG("from", from_ms), CLICK_I64_ARG("to", to_ms),
                          CLICK_SQL_ARG("ids", ids));
    struct click_rows rows;
    TRY(select_rows(ctx, log, EVENT_ALL, where, &rows));
    out->items = arena_new(&ctx->arena, struct event, wanted);
    out->count = 0;
    while (click_more(&rows) && out->count < wanted) {
        out->items[out->count++] = large_read_event(&rows, EVENT_ALL);
    }
    return OK;
}

static i64 ms_of(i64 id)
{
    return (id - id_from_ms(0)) / (id_from_ms(2000000000001) - id_from_ms(2000000000000)) + 1577836800000;
}

/* An id is about as late as its event was received, so few parts are looked into; not for events that came with a time of
 * their own. */
static err fetch_distinct(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, struct fetched *out)
{
    i64 low = ids[0], high = ids[0];
    for (i64 i = 1; i < count; i++) {
        low = lesser(low, ids[i]);
        high = greater(high, ids[i]);
    }
    str list = large_ids(ctx, ids, count);
    TRY(fetch_within(ctx, log, list, ms_of(low) - DAY_MS, ms_of(high) + DAY_MS, count, out));
    return out->count == count ? OK : fetch_within(ctx, log, list, -EVER_MS, EVER_MS, count, out);
}

static int by_id(const void *a, const void *b)
{
    i64 x = ((const struct event *)a)->id, y = ((const struct event *)b)->id;
    return x < y ? -1 : x > y;
}

err large_fetch(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, struct event **items, i64 *found)
{
    struct fetched fetched = {0};
    *items = arena_new(&ctx->arena, struct event, greater(count, 1));
    *found = 0;
    if (count == 0) {
        return OK;
    }
    TRY(fetch_distinct(ctx, log, ids, count, &fetched));
    for (i64 i = 0; i < count; i++) {
        const struct event wanted = {.id = ids[i]};
        const struct event *event = fetched.count == 0
                                        ? NULL
                                        : bsearch(&wanted, fetched.items, (size_t)fetched.count, sizeof wanted, by_id);
        if (event != NULL) {
            (*items)[(*found)++] = *event;
        }
    }
    return OK;
}
