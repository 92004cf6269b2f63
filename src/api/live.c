#include "api/live.h"

#include "api/app.h"
#include "api/routes.h"
#include "json/write.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { NOTICE_MS = 500, LOOK_MS = 2000 };

struct live {
    struct sse *sse;
    struct events *log;
    pthread_t teller;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stop;
    i64 count, last_ms; /* not yet told */
    atomic_bool readonly;
};

struct live *live_open(struct sse *sse)
{
    struct live *live = mem_new(sizeof(struct live));
    live->sse = sse;
    pthread_condattr_t steady;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&live->lock, NULL);
    (void)pthread_cond_init(&live->wake, &steady);
    (void)pthread_condattr_destroy(&steady);
    return live;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    (void)ctx;
    struct live *live = self;
    (void)pthread_mutex_lock(&live->lock);
    if (live->started && count > 0) {
        live->count += count;
        live->last_ms = items[count - 1].received_ms;
        (void)pthread_cond_signal(&live->wake);
    }
    (void)pthread_mutex_unlock(&live->lock);
    return OK;
}

struct event_follower live_follower(struct live *live)
{
    return (struct event_follower){.name = "live", .self = live, .follow = follow, .plain = true, .fresh = true};
}

static str readonly_text(struct arena *arena, bool readonly)
{
    struct json_writer out = json_writer_in(arena);
    json_object(&out);
    json_pair_bool(&out, "readonly", readonly);
    json_object_end(&out);
    return json_text(&out);
}

static void tell_events(struct live *live, i64 count, i64 last_ms)
{
    struct arena arena = {0};
    struct json_writer out = json_writer_in(&arena);
    json_object(&out);
    json_pair_i64(&out, "count", count);
    json_pair_i64(&out, "last_ms", last_ms);
    json_object_end(&out);
    sse_publish(live->sse, "events", json_text(&out));
    arena_free(&arena);
}

static void tell_readonly(struct live *live)
{
    bool now = events_stats(live->log).readonly;
    if (atomic_exchange(&live->readonly, now) != now) {
        struct arena arena = {0};
        sse_publish(live->sse, "readonly", readonly_text(&arena, now));
        arena_free(&arena);
    }
}

/* Waits for news, or until it is time to look at the disk again. The lock is held. */
static void wait_for(struct live *live, i64 ms, bool for_news)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    i64 ns = until.tv_nsec + ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    int late = 0;
    while (!live->stop && late == 0 && !(for_news && live->count > 0)) {
        late = pthread_cond_timedwait(&live->wake, &live->lock, &until);
    }
}

static void *tell(void *self)
{
    struct live *live = self;
    (void)pthread_mutex_lock(&live->lock);
    while (!live->stop) {
        wait_for(live, LOOK_MS, true);
        i64 count = live->count;
        i64 last_ms = live->last_ms;
        live->count = 0;
        (void)pthread_mutex_unlock(&live->lock);
        if (count > 0) {
            tell_events(live, count, last_ms);
        }
        tell_readonly(live);
        (void)pthread_mutex_lock(&live->lock);
        wait_for(live, NOTICE_MS, false);
    }
    (void)pthread_mutex_unlock(&live->lock);
    return NULL;
}

void live_start(struct live *live, struct events *log)
{
    live->log = log;
    (void)pthread_mutex_lock(&live->lock);
    live->started = pthread_create(&live->teller, NULL, tell, live) == 0;
    (void)pthread_mutex_unlock(&live->lock);
}

bool live_readonly(const struct live *live)
{
    return atomic_load(&live->readonly);
}

void live_stop(struct live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    bool started = live->started;
    live->started = false;
    live->stop = true;
    (void)pthread_cond_signal(&live->wake);
    (void)pthread_mutex_unlock(&live->lock);
    if (started) {
        (void)pthread_join(live->teller, NULL);
    }
}

void live_close(struct live *live)
{
    (void)pthread_cond_destroy(&live->wake);
    (void)pthread_mutex_destroy(&live->lock);
    mem_free(live);
}

static err stream(struct request *request, struct reply *reply)
{
    struct arena *arena = &request->ctx->arena;
    str state = readonly_text(arena, live_readonly(request->app->notices));
    str first = str_format(arena, "event: readonly\ndata: %.*s\n\n", STR_ARG(state));
    return reply_stream(reply, request->app->live, first);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/live", stream, .right = RIGHT_SIGNED_IN, .flags = ROUTE_STREAM | ROUTE_INLINE,
     .summary = "api.live"},
};
const struct route_table live_routes = ROUTES(routes);
