/* The end of a group: who follows the log takes its events, and the intent goes. */
#include "events/large.h"

#include "base/id.h"
#include "base/log.h"
#include "events/click_state.h"

static const struct shape_field intent_fields[] = {
    {"id", SHAPE_ID, offsetof(struct intent, id)},           {"last", SHAPE_I64, offsetof(struct intent, last)},
    {"process", SHAPE_ID, offsetof(struct intent, process)}, {"from_ms", SHAPE_I64, offsetof(struct intent, from_ms)},
    {"to_ms", SHAPE_I64, offsetof(struct intent, to_ms)},    {"at_ms", SHAPE_I64, offsetof(struct intent, at_ms)},
    {"doomed", SHAPE_I64, offsetof(struct intent, doomed)},
};
const struct shape intent_shape = SHAPE("Intent", struct intent, intent_fields, NULL);

struct work {
    struct events *log;
    const struct intent *intent;
    struct ending *ending; /* NULL: nothing to follow */
    bool dropped;
    struct event *followed; /* those that repeat nothing */
    i64 count;
    i64 ended; /* 0: somebody took the group for abandoned, and has followed it */
};

/* Nobody else can end a group before this transaction does, so a look from here misses none. */
static err find_losers(struct ctx *ctx, struct work *work)
{
    struct ending *ending = work->ending;
    i64 ended;
    TRY(store_number(ctx, work->log->large->store, SQL_GROUPS_ENDED, ARGS_NONE, &ended));
    if (ended != ending->ended) {
        TRY(large_lose(ctx, work->log, work->intent, ending->items, ending->count, ending->first, &ending->ended));
    }
    work->followed = arena_new(&ctx->arena, struct event, greater(ending->count, 1));
    work->count = 0;
    for (i64 i = 0; i < ending->count; i++) {
        if (ending->first[i] == 0) {
            work->followed[work->count++] = ending->items[i];
        }
    }
    return OK;
}

static err end(struct ctx *ctx, struct store *store, void *arg)
{
    struct work *work = arg;
    struct events *log = work->log;
    struct store_args args = ARGS(ARG_I64("id", work->intent->id), ARG_I64("process", id_process()));
    TRY(store_run(ctx, store, SQL_GROUPS_END, args, &work->ended));
    if (work->ended == 0) {
        return OK;
    }
    if (work->ending != NULL) {
        TRY(find_losers(ctx, work));
    }
    TRY(store_run(ctx, store, SQL_GROUPS_COUNT_END, ARGS(ARG_I64("dropped", work->dropped)), NULL));
    for (i64 i = 0; i < log->options.follower_count && work->count > 0; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->records) {
            TRY(follower->follow(follower->self, ctx, work->followed, work->count));
        }
    }
    return OK;
}

/* Those that only look, and what is derived elsewhere: a failure is theirs alone. */
static void tell_others(struct ctx *ctx, const struct work *work)
{
    const struct events_options *options = &work->log->options;
    for (i64 i = 0; i < options->follower_count; i++) {
        const struct event_follower *follower = &options->followers[i];
        if (follower->records) {
            continue;
        }
        err code = follower->follow(follower->self, ctx, work->followed, work->count);
        if (code != OK) {
            log_fault(LOG_ERROR, follower->name, ctx, code);
            ctx_forgive(ctx);
        }
    }
    if (options->settle != NULL) {
        err code = options->settle(options->settle_self, ctx);
        if (code != OK) {
            log_fault(LOG_WARN, "people_not_moved", ctx, code);
            ctx_forgive(ctx);
        }
    }
}

err large_follow(struct ctx *ctx, struct events *log, const struct intent *intent, struct ending *ending)
{
    struct work work = {.log = log, .intent = intent, .ending = ending};
    TRY(store_write(ctx, log->large->store, end, &work));
    if (work.ended == 0) { // what was there by then counts, what came later does not: the sender is to ask again
        return click_fail_busy(ctx);
    }
    if (work.count > 0) {
        tell_others(ctx, &work);
    }
    return OK;
}

err large_close_intent(struct ctx *ctx, struct events *log, i64 id, bool dropped)
{
    struct work work = {.log = log, .intent = &(struct intent){.id = id}, .dropped = dropped};
    return store_write(ctx, log->large->store, end, &work);
}
