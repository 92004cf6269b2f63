#include "events/large.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "events/click_state.h"

enum { AWAY_CLICKHOUSE, AWAY_RECORDS };

static err open_all(struct ctx *ctx, struct events *log)
{
    struct large *large = log->large;
    const struct click_options options = {.url = log->options.url, .ask_memory_mb = log->options.ask_memory_mb};
    TRY(clickhouse_open(ctx, &options, &large->ch));
    return large_schema(ctx, log);
}

err large_open(struct ctx *ctx, struct events *log)
{
    log->large = mem_new(sizeof *log->large);
    log->large->store = log->options.store;
    log->large->step = store_shared(log->options.store) ? (i64)1 << ID_NUMBER_BITS : 1;
    return open_all(ctx, log);
}

void large_close(struct events *log)
{
    if (log->large != NULL) {
        clickhouse_close(log->large->ch);
        mem_free(log->large);
        log->large = NULL;
    }
}

/* Everything else that is unavailable comes from the records: they are away, full, or do not take what is written. */
static bool is_of_clickhouse(const struct fault *fault)
{
    static const char *const keys[] = {"error.events_away", "error.events_rights", "error.events_cluster"};
    for (i64 i = 0; i < countof(keys); i++) {
        if (fault->key != NULL && strcmp(fault->key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

err large_note(struct ctx *ctx, struct events *log, err code)
{
    struct large *large = log->large;
    bool busy = ctx->fault.key != NULL && strcmp(ctx->fault.key, "error.events_busy") == 0;
    if (code == ERR_UNAVAILABLE && ctx->fault.retry_after_s == 0) {
        ctx->fault.retry_after_s = CLICK_RETRY_S;
    }
    if (code == ERR_UNAVAILABLE && !busy) {
        atomic_store(&large->reason, is_of_clickhouse(&ctx->fault) ? AWAY_CLICKHOUSE : AWAY_RECORDS);
        if (!atomic_exchange(&large->away, true)) {
            log_fault(LOG_WARN, "store_away", ctx, code);
        }
    }
    return code;
}

err large_takes(struct ctx *ctx, struct events *log)
{
    struct large *large = log->large;
    if (!atomic_load(&large->away)) {
        return OK;
    }
    if (atomic_load(&large->reason) == AWAY_CLICKHOUSE) {
        return click_fail_away(ctx);
    }
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.records_away");
    ctx->fault.retry_after_s = CLICK_RETRY_S;
    return code;
}

/* Both stores answer again, and the records take what is written. */
static bool both_there(struct ctx *ctx, struct events *log)
{
    struct store_args args = ARGS(ARG_STR("name", STR("back_ms")),
                                  ARG_STR("value", str_format(&ctx->arena, "%lld", (long long)clock_ms())));
    bool records = store_run(ctx, log->large->store, SQL_INSTALLATION_NOTE, args, NULL) == OK;
    ctx_forgive(ctx);
    atomic_store(&log->large->reason, records ? AWAY_CLICKHOUSE : AWAY_RECORDS);
    return records && click_answers(ctx, log->large->ch);
}

void large_tick(struct ctx *ctx, struct events *log)
{
    struct large *large = log->large;
    if (atomic_load(&large->away)) {
        if (!both_there(ctx, log)) {
            return;
        }
        atomic_store(&large->away, false);
        log_say(LOG_INFO, "store_back", NULL);
    }
    if (large_note(ctx, log, large_recover(ctx, log)) != OK) {
        log_say(LOG_WARN, "events_groups_left", NULL);
    }
}

struct clickhouse *events_clickhouse(struct events *log)
{
    return log->large != NULL ? log->large->ch : NULL;
}

const char *events_away(struct events *log)
{
    if (log->large == NULL || !atomic_load(&log->large->away)) {
        return NULL;
    }
    return atomic_load(&log->large->reason) == AWAY_CLICKHOUSE ? "events" : "records";
}
