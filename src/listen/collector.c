#include "listen/collector.h"

#include "base/log.h"
#include "journey/words.h"
#include "listen/limits.h"
#include "store/settings.h"

#include <stdatomic.h>

struct collector {
    struct collector_options options;
    struct events *log;
    struct names *names;
    struct debugger *debugger;
    atomic_bool truncate;
    struct event_share shares[SHARES]; /* of the queue, by key */
    atomic_llong requests, events, refused, failed;
};

struct collector *collector_open(const struct collector_options *options)
{
    struct collector *collector = mem_new(sizeof *collector);
    collector->options = *options;
    collector->names = names_open(options->processes);
    collector->debugger = debugger_open(options->processes);
    atomic_store(&collector->truncate, true);
    return collector;
}

void collector_start(struct ctx *ctx, struct collector *collector, struct events *log)
{
    collector->log = log;
    if (collector_settings(ctx, collector) != OK) {
        ctx_forgive(ctx); // addresses stay truncated
    }
}

void collector_close(struct collector *collector)
{
    if (collector != NULL) {
        names_close(collector->names);
        debugger_close(collector->debugger);
        mem_free(collector);
    }
}

err collector_settings(struct ctx *ctx, struct collector *collector)
{
    struct settings settings;
    TRY(settings_read(ctx, collector->options.store, &settings));
    atomic_store(&collector->truncate, settings.truncate_addresses);
    return OK;
}

void collector_followers(struct collector *collector, struct event_follower out[COLLECTOR_FOLLOWERS])
{
    out[0] = debugger_follower(collector->debugger);
}

static void learn(void *self, str source, enum word word, str text)
{
    names_learn(self, source, word == WORD_KIND ? NAME_EVENT : NAME_WORD, text);
}

void collector_learn(struct ctx *ctx, struct collector *collector, const struct asked_rooms *rooms)
{
    names_begin(collector->names);
    err code = words_each(ctx, rooms, learn, collector->names);
    names_end(collector->names);
    if (code != OK) {
        log_fault(LOG_WARN, "names_not_learned", ctx, code);
        ctx_forgive(ctx);
    }
}

struct names *collector_names(struct collector *collector)
{
    return collector->names;
}

struct debugger *collector_debugger(struct collector *collector)
{
    return collector->debugger;
}

static void done(struct event_batch *batch, err result)
{
    struct collecting *collecting = batch->context;
    struct collector *collector = collecting->collector;
    bool stored = result == OK;
    atomic_fetch_add_explicit(stored ? &collector->events : &collector->failed, stored ? batch->count : 1,
                              memory_order_relaxed);
    debugger_add(collector->debugger, &collecting->tracking, stored ? batch->outcomes : NULL, &batch->fault);
    collecting->answer(collecting, result, &batch->fault);
}

err collector_decode(struct ctx *ctx, struct collector *collector, struct collecting *collecting)
{
    struct tracking *tracking = &collecting->tracking;
    collecting->collector = collector;
    tracking->guard = collector->options.guard;
    tracking->names = collector->names;
    tracking->received_ms = ctx_now_ms(ctx);
    tracking->truncate_addresses = atomic_load_explicit(&collector->truncate, memory_order_relaxed);
    atomic_fetch_add_explicit(&collector->requests, 1, memory_order_relaxed);
    TRY(tracking_read(ctx, tracking));
    atomic_fetch_add_explicit(&collector->refused, tracking->refused, memory_order_relaxed);
    if (tracking->count == 0) {
        debugger_add(collector->debugger, tracking, NULL, &ctx->fault);
    }
    return OK;
}

void collector_submit(struct ctx *ctx, struct collector *collector, struct collecting *collecting)
{
    struct tracking *tracking = &collecting->tracking;
    collecting->batch = (struct event_batch){
        .items = tracking->events,
        .count = tracking->count,
        .outcomes = arena_new(&ctx->arena, u8, tracking->count),
        .done = done,
        .context = collecting,
        .share = &collector->shares[hash_str(tracking->source) % SHARES],
    };
    err result = events_submit(ctx, collector->log, &collecting->batch);
    if (result != OK) {
        collecting->batch.fault = ctx->fault;
        done(&collecting->batch, result);
    }
}

struct collector_stats collector_stats(const struct collector *collector)
{
    return (struct collector_stats){
        .requests = atomic_load(&collector->requests),
        .events = atomic_load(&collector->events),
        .refused = atomic_load(&collector->refused),
        .failed = atomic_load(&collector->failed),
    };
}

bool collector_knows(struct collector *collector, str key)
{
    struct ctx here = {0};
    struct write_key found;
    bool known = str_is(key) && guard_write_key(&here, collector->options.guard, key, &found) == OK;
    ctx_end(&here);
    return known;
}
