/* The end of a group: who follows the log takes its events, and the intent goes. */
#include "events/large.h"

#include "base/id.h"
#include "base/log.h"
#include "events/click_state.h"

static const struct shape_field intent_fields[] = {
    {"id", SHAPE_ID, offsetof(struct intent, id)},           {"last", SHAPE_I64, offsetof(struct intent, last)},
    {"process", SHAPE_ID, offsetof(struct intent, process)}, {"from_ms", SHAPE_I64, offsetof(struct intent, from_ms)},
    {"to_ms", SHAPE_I64, offsetof(struct intent, to_ms)},    {"at_ms", SHAPE_I64, offsetof(struct intent, at_ms)},
};
const struct shape intent_shape = SHAPE("Intent", struct intent, intent_fields, NULL);

struct ending {
    struct events *log;
    i64 intent;
    struct event *items;
    i64 count;
    i64 ended; /* 0: somebody took the group for abandoned, and has followed it */
};

static err end(struct ctx *ctx, struct store *store, void *arg)
{
    struct ending *ending = arg;
    struct events *log = ending->log;
    struct store_args args = ARGS(ARG_I64("id", ending->intent), ARG_I64("process", id_process()));
    TRY(store_run(ctx, store, SQL_GROUPS_END, args, &ending->ended));
    for (i64 i = 0; i < log->options.follower_count && ending->ended > 0 && ending->count > 0; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->records) {
            TRY(follower->follow(follower->self, ctx, ending->items, ending->count));
        }
    }
    return OK;
}

/* Those that only look, and what is derived elsewhere: a failure is theirs alone. */
static void tell_others(struct ctx *ctx, const struct ending *ending)
{
    const struct events_options *options = &ending->log->options;
    for (i64 i = 0; i < options->follower_count; i++) {
        const struct event_follower *follower = &options->followers[i];
        if (follower->records) {
            continue;
        }
        err code = follower->follow(follower->self, ctx, ending->items, ending->count);
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

err large_follow(struct ctx *ctx, struct events *log, const struct intent *intent, struct event *items, i64 count)
{
    struct ending ending = {.log = log, .intent = intent->id, .items = items, .count = count};
    TRY(store_write(ctx, log->large->store, end, &ending));
    if (count == 0) {
        return OK;
    }
    if (ending.ended == 0) { // what was there by then counts, what came later does not: the sender is to ask again
        return click_fail_busy(ctx);
    }
    tell_others(ctx, &ending);
    return OK;
}

err large_close_intent(struct ctx *ctx, struct events *log, i64 id)
{
    return large_follow(ctx, log, &(struct intent){.id = id}, NULL, 0);
}
