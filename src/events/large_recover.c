/* Groups of which nobody knows whether they were stored: of processes that died, and ours that failed.
 *
 * Those of a process that died were acknowledged to nobody and refused to nobody: what is there counts and is followed.
 * Ours that failed were refused, and the senders send them again: nothing of them counts. Either way what is not there by now
 * is entered in `removed`: an insert that still waits in a stalled server changes nothing any more.
 */
#include "events/large.h"

#include "base/id.h"
#include "base/log.h"

#include <stdlib.h>

enum { IDS_MAX = 1 << 21 }; /* of a group: many times EVENTS_GROUP_MAX */

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return x < y ? -1 : x > y;
}

err large_group_ids(struct ctx *ctx, struct events *log, const struct intent *intent, i64 **ids, i64 *count)
{
    str sql = LARGE_SQL(ctx, log, SQL_LOG_GROUP_IDS, CLICK_I64_ARG("from", intent->from_ms),
                        CLICK_I64_ARG("to", intent->to_ms), CLICK_I64_ARG("first", intent->id),
                        CLICK_I64_ARG("last", intent->last));
    struct click_rows rows;
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE, sql, &rows));
    *ids = arena_new(&ctx->arena, i64, greater((rows.end - rows.at) / (i64)sizeof(i64), 1));
    *count = 0;
    while (click_more(&rows)) {
        i64 id = click_i64(&rows);
        if ((id - intent->id) % log->large->step == 0) { // other processes have ids between ours
            (*ids)[(*count)++] = id;
        }
    }
    qsort(*ids, (size_t)*count, sizeof **ids, by_id);
    return OK;
}

/* The ids of a group that are not among those which are there; all of them when none is to be kept. */
static err fence(struct ctx *ctx, struct events *log, const struct intent *intent, const i64 *kept, i64 kept_count)
{
    i64 most = (intent->last - intent->id) / log->large->step + 1;
    if (most > IDS_MAX) {
        return FAIL(ctx, ERR_CORRUPT, NULL, "error.events_statement", {"code", STR("group")});
    }
    i64 *missing = arena_new(&ctx->arena, i64, most), count = 0;
    for (i64 id = intent->id; id <= intent->last; id += log->large->step) {
        while (kept_count > 0 && *kept < id) {
            kept++;
            kept_count--;
        }
        if (kept_count == 0 || *kept != id) {
            missing[count++] = id;
        }
    }
    return large_remove(ctx, log, missing, count);
}

static err read_group(struct ctx *ctx, struct events *log, const struct intent *intent, struct event **items,
                      i64 *count)
{
    str where = LARGE_SQL(ctx, log, SQL_LOG_IN_GROUP, CLICK_I64_ARG("from", intent->from_ms),
                          CLICK_I64_ARG("to", intent->to_ms), CLICK_I64_ARG("first", intent->id),
                          CLICK_I64_ARG("last", intent->last));
    struct click_rows rows;
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE, LARGE_SQL(ctx, log, SQL_LOG_ROWS, CLICK_SQL_ARG("where", where)),
                    &rows));
    i64 capacity = 0;
    *items = NULL;
    *count = 0;
    while (click_more(&rows)) {
        struct event event = large_read_event(&rows, EVENT_ALL);
        if ((event.id - intent->id) % log->large->step != 0 || (*count > 0 && (*items)[*count - 1].id == event.id)) {
            continue;
        }
        if (*count == capacity) {
            i64 more = greater(256, capacity * 2);
            *items = arena_grow(&ctx->arena, *items, capacity * (i64)sizeof **items, more * (i64)sizeof **items,
                                _Alignof(struct event));
            capacity = more;
        }
        (*items)[(*count)++] = event;
    }
    return OK;
}

/* What is there of an abandoned group is followed; repeats of others lose first. */
static err keep_group(struct ctx *ctx, struct events *log, const struct intent *intent)
{
    i64 *ids, count;
    struct event *items;
    TRY(large_group_ids(ctx, log, intent, &ids, &count));
    TRY(fence(ctx, log, intent, ids, count));
    TRY(read_group(ctx, log, intent, &items, &count));
    struct ending ending = {items, count, arena_new(&ctx->arena, i64, greater(count, 1)), -1};
    return count == 0 ? large_close_intent(ctx, log, intent->id, false) : large_follow(ctx, log, intent, &ending);
}

static err drop_group(struct ctx *ctx, struct events *log, const struct intent *intent)
{
    TRY(fence(ctx, log, intent, NULL, 0));
    return large_close_intent(ctx, log, intent->id, true);
}

static err take_over(struct ctx *ctx, struct events *log, const struct intent *intent, bool *ours)
{
    i64 changed = 1;
    if (intent->process != id_process()) {
        struct store_args args = ARGS(ARG_I64("process", id_process()), ARG_I64("id", intent->id),
                                      ARG_I64("owner", intent->process));
        TRY(store_run(ctx, log->large->store, SQL_GROUPS_TAKE, args, &changed));
    }
    *ours = changed > 0;
    return OK;
}

static err recover_one(struct ctx *ctx, struct events *log, const struct intent *intent)
{
    bool ours;
    TRY(take_over(ctx, log, intent, &ours));
    if (!ours) {
        return OK;
    }
    TRY(intent->doomed != 0 ? drop_group(ctx, log, intent) : keep_group(ctx, log, intent));
    log_say(LOG_INFO, "events_group_recovered", NULL);
    return OK;
}

/* What the records could not be told when it happened. */
static err tell_doomed(struct ctx *ctx, struct large *large)
{
    for (; large->doomed_count > 0; large->doomed_count--) {
        struct store_args args = ARGS(ARG_I64("id", large->doomed[large->doomed_count - 1]),
                                      ARG_I64("process", id_process()));
        TRY(store_run(ctx, large->store, SQL_GROUPS_DOOM, args, NULL));
    }
    return OK;
}

/* One that cannot be recovered for another reason than an absence does not keep everything else from being stored. */
err large_recover(struct ctx *ctx, struct events *log)
{
    struct large *large = log->large;
    struct shape_list left;
    struct store_args args = ARGS(ARG_I64("process", id_process()), ARG_I64("current", large->current.id));
    TRY(tell_doomed(ctx, large));
    TRY(store_all(ctx, large->store, SQL_GROUPS_LEFT, args, &intent_shape, &left));
    for (i64 i = 0; i < left.count; i++) {
        err code = recover_one(ctx, log, &((const struct intent *)left.items)[i]);
        if (code == ERR_UNAVAILABLE || code == ERR_CANCELLED) {
            return code;
        }
        if (code != OK) {
            log_fault(LOG_ERROR, "events_group_left", ctx, code);
            ctx_forgive(ctx);
        }
    }
    return OK;
}
