#include "api/live.h"

#include "api/app.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/id.h"
#include "json/write.h"
#include "store/processes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* What another process said about its disk is true for a few of its looks. */
enum { NOTICE_MS = 500, LOOK_MS = 2000, OTHERS_MAX = 64, OTHERS_MS = 4 * LOOK_MS };

/* Another process that can only read. */
struct other {
    i64 process, until_ms; /* the steady clock */
};

struct live {
    struct sse *sse;
    struct processes *processes;
    struct events *log;
    pthread_t teller;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stop;
    i64 count, last_ms; /* not yet told */
    i64 others_count;   /* stored by other processes and not yet told */
    struct other others[OTHERS_MAX];
    bool own_readonly;
    atomic_bool readonly;
};

static i64 steady_ms(void)
{
    return clock_steady_ns() / 1000000;
}

/* The place of a process, or one that is free; NULL when there is none. The lock is held. */
static struct other *place_of(struct live *live, i64 process)
{
    struct other *place = NULL;
    for (i64 i = 0; i < OTHERS_MAX; i++) {
        struct other *other = &live->others[i];
        if (other->process == process) {
            return other;
        }
        place = other->until_ms < steady_ms() ? other : place;
    }
    return place;
}

static void hear_readonly(struct live *live, i64 process, bool readonly)
{
    struct other *other = place_of(live, process);
    if (other != NULL) {
        *other = (struct other){process, readonly ? steady_ms() + OTHERS_MS : 0};
    }
}

/* "events COUNT LAST_MS" or "readonly PROCESS 0|1". */
static err hear(void *self, struct ctx *ctx, str text)
{
    struct live *live = self;
    str rest = text, what = str_is(rest) ? str_cut(&rest, ' ') : STR_NONE;
    i64 one = 0, two = 0;
    (void)ctx;
    str first = str_is(rest) ? str_cut(&rest, ' ') : STR_NONE;
    if (!str_is(first) || !str_is(rest) || !str_i64(first, &one) || !str_i64(rest, &two)) {
        return OK;
    }
    (void)pthread_mutex_lock(&live->lock);
    if (str_eq(what, STR("events"))) {
        live->others_count += one;
        live->last_ms = greater(live->last_ms, two);
        (void)pthread_cond_signal(&live->wake);
    } else if (str_eq(what, STR("readonly"))) {
        hear_readonly(live, one, two != 0);
    }
    (void)pthread_mutex_unlock(&live->lock);
    return OK;
}

struct live *live_open(struct sse *sse, struct processes *processes)
{
    struct live *live = mem_new(sizeof(struct live));
    live->sse = sse;
    live->processes = processes;
    pthread_condattr_t steady;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&live->lock, NULL);
    (void)pthread_cond_init(&live->wake, &steady);
    (void)pthread_condattr_destroy(&steady);
    processes_hear(processes, "live", hear, live);
    return live;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    (void)ctx;
    struct live *live = self;
    (void)pthread_mutex_lock(&live->lock);
    if (live->started && count > 0) {
        live->count += count;
        live->last_ms = greater(live->last_ms, items[count - 1].received_ms);
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

static void tell_others(struct live *live, const char *what, i64 first, i64 second)
{
    struct arena arena = {0};
    processes_tell(live->processes, "live",
                   str_format(&arena, "%s %lld %lld", what, (long long)first, (long long)second));
    arena_free(&arena);
}

static bool any_other_readonly(struct live *live)
{
    bool any = false;
    i64 now_ms = steady_ms();
    (void)pthread_mutex_lock(&live->lock);
    for (i64 i = 0; i < OTHERS_MAX; i++) {
        any |= live->others[i].until_ms > now_ms;
    }
    (void)pthread_mutex_unlock(&live->lock);
    return any;
}

static void tell_readonly(struct live *live)
{
    bool own = events_stats(live->log).readonly;
    if (own || live->own_readonly) {
        tell_others(live, "readonly", id_process(), own);
    }
    live->own_readonly = own;
    bool now = own || any_other_readonly(live);
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
    while (!live->stop && late == 0 && !(for_news && live->count + live->others_count > 0)) {
        late = pthread_cond_timedwait(&live->wake, &live->lock, &until);
    }
}

static void *tell(void *self)
{
    struct live *live = self;
    (void)pthread_mutex_lock(&live->lock);
    while (!live->stop) {
        wait_for(live, LOOK_MS, true);
        i64 count = live->count, all = count + live->others_count;
        i64 last_ms = live->last_ms;
        live->count = live->others_count = 0;
        (void)pthread_mutex_unlock(&live->lock);
        if (count > 0) {
            tell_others(live, "events", count, last_ms);
        }
        if (all > 0) {
            tell_events(live, all, last_ms);
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
