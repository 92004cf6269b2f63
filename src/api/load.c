/* Opening the rooms behind the records, on a thread, while the server already says that it is not ready. */
#include "api/app.h"

#include "act/act.h"
#include "api/acting.h"
#include "api/asked.h"
#include "api/keeper.h"
#include "api/learning.h"
#include "api/live.h"
#include "api/people.h"
#include "base/clock.h"
#include "base/log.h"
#include "events/log.h"
#include "http/sse.h"
#include "journey/journeys.h"
#include "journey/kept.h"
#include "journey/warm.h"
#include "listen/collector.h"
#include "listen/import.h"
#include "listen/survey/survey.h"
#include "listen/voices/bulk.h"
#include "people/people.h"
#include "store/installation.h"
#include "store/processes.h"
#include "store/settings.h"
#include "store/snapshot.h"
#include "store/store.h"

#include <stdio.h>
#include <time.h>

/* Records first: what follows from an event in them is part of its acknowledgement. */
static void gather_followers(struct app *app)
{
    enum { FOLLOWERS_MAX = 12 };
    app->followers = arena_new(&app->ctx.arena, struct event_follower, FOLLOWERS_MAX);
    app->followers[app->follower_count++] = people_follower(app->people);
    app->followers[app->follower_count++] = voices_follower(app->voices);
    app->followers[app->follower_count++] = act_follower(app->act);
    if (app->index != NULL) {
        app->followers[app->follower_count++] = index_follower(app->index);
    }
    app->followers[app->follower_count++] = live_follower(app->notices);
    collector_followers(app->collector, &app->followers[app->follower_count]);
    app->follower_count += COLLECTOR_FOLLOWERS;
}

static err tell_moves(void *self, struct ctx *ctx, const struct moved *items, i64 count, i64 version)
{
    const struct app *app = self;
    return events_put_moved(ctx, app->events, items, count, version);
}

/* Until the stores are there: `doing` tells those who ask what is missing. */
static err wait_for(struct ctx *ctx, struct app *app, const char *doing, err (*open)(struct ctx *ctx, struct app *app))
{
    enum { AGAIN_MS = 1000, SLICE_MS = 50 };
    const struct timespec slice = {.tv_nsec = SLICE_MS * 1000000};
    for (bool said = false;;) {
        err code = open(ctx, app);
        if (!app_may_wait(ctx, app, code)) {
            return code;
        }
        if (!said) {
            const char *problem = ctx->fault.arg_count > 0 ? str_c(&ctx->arena, ctx->fault.args[0].value) : "";
            log_say(LOG_WARN, "waiting", "for", doing, "key", ctx->fault.key, "problem", problem, NULL);
            said = true;
        }
        progress_begin(ctx->progress, doing, 0, 0, 0);
        ctx_forgive(ctx);
        for (int i = 0; i < AGAIN_MS / SLICE_MS && !ctx_stopped(ctx); i++) {
            (void)nanosleep(&slice, NULL);
        }
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
    }
}

static err open_events(struct ctx *ctx, struct app *app)
{
    const struct config *config = app->config;
    struct events_options options = {
        .folder = app->folder,
        .window_days = app->settings.dedupe_days,
        .reserve_bytes = config->reserve_mb == 0 ? -1 : config->reserve_mb << 20,
        .queue_events_max = config->queue_events,
        .no_fsync = str_eq(config->fsync, STR("off")),
        .followers = app->followers,
        .follower_count = app->follower_count,
    };
    memcpy(options.key, app->data.key, sizeof(options.key));
    if (app_large(app)) {
        options.url = config->events;
        options.store = app->store;
        options.ask_memory_mb = config->ask_memory_mb;
        options.prepare = people_prepare;
        options.settle = people_settle;
        options.prepare_self = options.settle_self = app->people;
        TRY(installation_key(ctx, app->store, app->data.key, options.key));
    }
    return events_open(ctx, &options, &app->events);
}

static err open_log(struct ctx *ctx, struct app *app)
{
    TRY(wait_for(ctx, app, "events_away", open_events));
    if (app_large(app)) {
        people_tell_moves(app->people, &(struct people_moving){tell_moves, app});
    }
    if (app->index != NULL) {
        index_attach(app->index, app->events);
    }
    TRY(voices_catch_up(ctx, app->voices, app->events));
    app->asked = asked_open(app);
    live_start(app->notices, app->events);
    collector_start(ctx, app->collector, app->events);
    collector_learn(ctx, app->collector, app->asked);
    return people_finish_erasures(ctx, app);
}

/* Erasures of a process that died, or that failed while a server was away. */
static void go_on(void *self)
{
    struct app *app = self;
    struct ctx ctx = {0};
    err code = people_finish_erasures(&ctx, app);
    if (code != OK) {
        log_fault(LOG_WARN, "erasure_not_finished", &ctx, code);
    }
    ctx_end(&ctx);
}

static err open_importer(struct ctx *ctx, struct app *app)
{
    struct importer_options options = {
        .people = app->people,
        .store = app->store,
        .events = app->events,
        .live = app->live,
        .processes = app->processes,
        .folder = app->folder,
        .in_records = store_shared(app->store),
        .go_on = go_on,
        .go_on_self = app,
        .language = (enum language)app->settings.language,
    };
    return importer_open(ctx, &options, &app->importer);
}

static err open_surveys(struct ctx *ctx, struct app *app)
{
    struct surveys_options options = {.store = app->store,
                                      .events = app->events,
                                      .processes = app->processes,
                                      .names = collector_names(app->collector),
                                      .live = app->live};
    memcpy(options.key, app->data.key, sizeof(options.key));
    if (app_large(app)) {
        TRY(installation_key(ctx, app->store, app->data.key, options.key));
    }
    return surveys_open(ctx, &options, &app->surveys);
}

static err open_late(struct ctx *ctx, struct app *app)
{
    TRY(app_records(ctx, app));
    http_guard(app->http, app->guard);
    http_settings(app->http, app->settings.public_url, (enum language)app->settings.language);
    return OK;
}

static err open_rooms(struct ctx *ctx, struct app *app)
{
    if (app->store == NULL) {
        TRY(wait_for(ctx, app, "records_away", open_late));
    }
    if (app->mode == APP_REBUILD) {
        TRY(snapshot_remove(ctx, app->folder, EVENTS_KEPT));
        TRY(snapshot_remove(ctx, app->folder, INDEX_KEPT));
    }
    TRY(people_open(ctx, app->store, &app->people));
    TRY(voices_open(ctx, app->store, app->mode == APP_REBUILD, &app->voices));
    TRY(journeys_open(ctx, app->store, &app->journeys));
    if (!app_large(app)) {
        app->index = index_open(people_identity(app->people));
        index_keep_in(app->index, app->folder, app->data.key);
    }
    app->live = sse_open();
    app->notices = live_open(app->live, app->processes);
    app->collector = collector_open(
        &(struct collector_options){.guard = app->guard, .store = app->store, .processes = app->processes});
    processes_hear(app->processes, "settings", settings_apply, app);
    acting_open(app);
    gather_followers(app);
    TRY(open_log(ctx, app));
    TRY(open_surveys(ctx, app));
    if (app->index != NULL) {
        app->keeper = keeper_start(app->events, app->index);
        app->warm = app->mode == APP_SERVE ? warm_start(app->index) : NULL;
    }
    if (app->http != NULL) {
        TRY(bulks_open(ctx, app->store, app->events, &app->bulks));
        TRY(open_importer(ctx, app));
    }
    TRY(act_start(ctx, app->act, app->events, app->asked));
    return learning_open(ctx, app);
}

static void say_loaded(i64 begun_ns)
{
    char took[24];
    snprintf(took, sizeof took, "%lld", (long long)((clock_steady_ns() - begun_ns) / 1000000));
    log_say(LOG_INFO, "ready", "took_ms", took, NULL);
}

static void *run(void *self)
{
    struct app *app = self;
    i64 begun_ns = clock_steady_ns();
    app->load_code = open_rooms(&app->load_ctx, app);
    if (app->load_code == OK) {
        say_loaded(begun_ns);
        if (app->http != NULL) {
            http_ready(app->http);
        }
    }
    atomic_store(&app->loaded, true);
    return NULL;
}

err load_begin(struct ctx *ctx, struct app *app)
{
    app->load_ctx = (struct ctx){.stop = &app->stop_loading, .progress = &app->progress};
    app->loading = pthread_create(&app->loader, NULL, run, app) == 0;
    return app->loading ? OK : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
}

void load_end(struct app *app)
{
    if (app->loading) {
        __atomic_store_n(&app->stop_loading, true, __ATOMIC_RELAXED);
        pthread_join(app->loader, NULL);
        app->loading = false;
    }
}

/* What failed, in the memory of the one who asked. */
static err hand_over(struct ctx *ctx, const struct app *app)
{
    const struct fault *fault = &app->load_ctx.fault;
    if (app->load_code != OK && fault->key != NULL) {
        (void)ctx_fail_args(ctx, app->load_code, NULL, fault->key, fault->args, fault->arg_count);
    }
    return app->load_code;
}

err app_wait(struct ctx *ctx, struct app *app, bool (*meanwhile)(void *self, const struct app *app), void *self)
{
    const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
    while (!atomic_load(&app->loaded)) {
        if (meanwhile != NULL && !meanwhile(self, app)) {
            return ERR_CANCELLED;
        }
        (void)nanosleep(&pause, NULL);
    }
    load_end(app);
    return hand_over(ctx, app);
}
