#include "api/app.h"

#include "act/act.h"
#include "api/keeper.h"
#include "api/live.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/workers.h"
#include "base/zone.h"
#include "events/backup.h"
#include "events/log.h"
#include "guard/guard.h"
#include "http/mail.h"
#include "http/out.h"
#include "http/sse.h"
#include "journey/journeys.h"
#include "journey/running.h"
#include "journey/warm.h"
#include "listen/collector.h"
#include "listen/import.h"
#include "listen/survey/survey.h"
#include "listen/voices/bulk.h"
#include "listen/voices/models.h"
#include "people/people.h"
#include "store/installation.h"
#include "store/processes.h"
#include "store/store.h"

#include <unistd.h>

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

/* "a, b" as a list; an absent text is an empty list. */
static struct str_list split(struct arena *arena, str text)
{
    struct str_list list = {0};
    for (str rest = text; str_is(rest);) {
        str item = str_trim(str_cut(&rest, ','));
        if (item.len > 0) {
            list.items = arena_grow(arena, list.items, list.count * (i64)sizeof(str),
                                    (list.count + 1) * (i64)sizeof(str), _Alignof(str));
            list.items[list.count++] = item;
        }
    }
    return list;
}

static bool no_fsync(const struct config *config)
{
    return str_eq(config->fsync, STR("off"));
}

/* What only this folder has: its key, told without telling it. */
static err open_process(struct ctx *ctx, struct app *app)
{
    struct sha256 digest = sha256((str){(const char *)app->data.key, sizeof(app->data.key)});
    char home[2 * sizeof(digest.bytes)];
    struct processes_options options = {
        .store = app->store,
        .version = STR(CHAM_VERSION),
        .folder = app->folder,
        .home = hex(digest.bytes, sizeof(digest.bytes), home),
    };
    return processes_open(ctx, &options, &app->processes);
}

/* Records that several processes share do not fit events that one alone has, nor the other way round. */
static err check_stores(struct ctx *ctx, const struct config *config)
{
    bool records = config->records.len > 0, events = config->events.len > 0;
    return records == events ? OK : FAIL(ctx, ERR_INVALID, records ? "events" : "records", "error.config_stores");
}

static err open_folder(struct ctx *ctx, struct app *app, const struct config *config)
{
    TRY(check_stores(ctx, config));
    TRY(folder_open(ctx, config->data, &app->data));
    app->folder = app->data.path;
    return folder_check(ctx, app->folder);
}

/* A folder that holds events, and databases that no move has ever reached: started now, this would be a new company, and the
 * old one seem lost. Nothing is written there yet. */
static err check_moved(struct ctx *ctx, const struct app *app)
{
    str key, file = str_format(&ctx->arena, "%.*s/events.db", STR_ARG(app->folder));
    if (access(str_c(&ctx->arena, file), F_OK) != 0) {
        return OK;
    }
    TRY(installation_read(ctx, app->store, STR("key"), &key));
    return str_is(key) ? OK : FAIL(ctx, ERR_CONFLICT, NULL, "error.move_first", {"folder", app->folder});
}

static err open_records(struct ctx *ctx, struct app *app, const struct config *config)
{
    TRY(store_open(ctx,
                   &(struct store_options){.url = config->records, .folder = app->folder, .no_fsync = no_fsync(config)},
                   &app->store));
    if (app_large(app)) {
        TRY(check_moved(ctx, app));
    }
    TRY(open_process(ctx, app));
    struct guard_options options = {
        .store = app->store,
        .processes = app->processes,
        .idle_ms = config->session_idle_h * HOUR_MS,
        .absolute_ms = config->session_days * DAY_MS,
    };
    memcpy(options.key, app->data.key, sizeof(options.key));
    if (app_large(app)) {
        TRY(installation_key(ctx, app->store, app->data.key, options.key));
    }
    return guard_open(ctx, &options, &app->guard);
}

/* What the operator configured wins over the same setting in the records. */
static err configure(struct ctx *ctx, struct app *app, const struct config *config)
{
    static const char *const shared[] = {"zone", "language", "public_url", "dedupe_days"};
    struct settings settings = settings_defaults();
    const struct zone *zone;
    enum language language = LANGUAGE_VI;
    shape_seen seen = 0;
    TRY(zone_find(ctx, config->zone, &zone));
    (void)language_parse(config->language, &language);
    settings.zone = config->zone;
    settings.language = (i32)language;
    settings.public_url = str_is(config->public_url) ? config->public_url : STR("");
    settings.dedupe_days = config->dedupe_days;
    for (i64 i = 0; i < countof(shared); i++) {
        seen |= config_given(config, shared[i]) ? shape_bit(&settings_shape, shared[i]) : 0;
    }
    settings_configure(&settings, seen);
    app->settings = settings;
    return OK;
}

static void close_records(struct app *app)
{
    processes_quiet(app->processes);
    if (app->guard != NULL) {
        guard_close(app->guard);
    }
    processes_close(app->processes);
    store_close(app->store);
    app->guard = NULL;
    app->processes = NULL;
    app->store = NULL;
}

err app_records(struct ctx *ctx, struct app *app)
{
    err code = open_records(ctx, app, app->config);
    if (code == OK) {
        code = settings_read(&app->ctx, app->store, &app->settings);
    }
    if (code != OK) {
        close_records(app);
        return code;
    }
    app->running = running_open(app->processes);
    return OK;
}

bool app_may_wait(const struct ctx *ctx, const struct app *app, err code)
{
    return app_large(app) && app->mode == APP_SERVE && code == ERR_UNAVAILABLE && ctx->fault.retry_after_s > 0;
}

static err open_http(struct ctx *ctx, struct app *app, const struct config *config)
{
    struct arena *arena = &app->ctx.arena;
    struct http_options options = {
        .socket = str_format(arena, "%.*s/cham.sock", STR_ARG(app->folder)),
        .trusted_proxies = split(arena, str_copy(arena, config->trusted_proxies)),
        .public_url = app->settings.public_url,
        .folder = str_format(arena, "%.*s/uploads", STR_ARG(app->folder)),
        .threads = (i32)config->threads,
        .file_bytes_max = config->upload_mb << 20,
        .language = (enum language)app->settings.language,
        .tables = api_tables,
        .table_count = api_table_count,
        .app = app,
        .guard = app->guard,
        .starting = &app->progress,
    };
    if (app->mode == APP_SERVE) {
        options.listen = split(arena, str_copy(arena, config->listen));
    }
    return http_open(ctx, &options, &app->http);
}

/* The two ways out of the house. */
static err open_outbound(struct ctx *ctx, struct app *app, const struct config *config)
{
    TRY(out_open(ctx, &(struct out_options){.allow = config->outbound_allow}, &app->out));
    struct mailer_options options = {
        .url = config->smtp,
        .user = config->smtp_user,
        .password = config->smtp_password,
        .from = config->mail_from,
        .out = app->out,
    };
    return mailer_open(ctx, &options, &app->mailer);
}

static err open_rooms(struct ctx *ctx, struct app *app)
{
    TRY(open_folder(ctx, app, app->config));
    TRY(configure(ctx, app, app->config));
    TRY(open_outbound(ctx, app, app->config));
    err code = app_records(ctx, app);
    if (!app_may_wait(ctx, app, code)) {
        TRY(code);
    }
    ctx_forgive(ctx);
    app->workers = workers_open(app->config->ask_threads);
    if (app->mode == APP_SERVE || app->mode == APP_LOCAL) {
        TRY(open_http(ctx, app, app->config));
    }
    return load_begin(ctx, app);
}

err app_open(struct ctx *ctx, const struct config *config, enum app_mode mode, struct app **out)
{
    struct app *app = mem_new(sizeof(struct app));
    app->data.lock = -1;
    app->started_ms = clock_ms();
    app->config = config;
    app->mode = mode;
    err code = open_rooms(ctx, app);
    if (code != OK) {
        app_close(app);
        return code;
    }
    *out = app;
    return OK;
}

void app_close(struct app *app)
{
    if (app == NULL) {
        return;
    }
    load_end(app);
    processes_quiet(app->processes);
    act_stop(app->act); // its messages name the server's address
    if (app->http != NULL) {
        http_close(app->http);
    }
    learner_close(app->learner);
    importer_close(app->importer);
    surveys_close(app->surveys);
    bulks_close(app->bulks);
    if (app->notices != NULL) {
        live_stop(app->notices);
    }
    warm_stop(app->warm);
    keeper_stop(app->keeper);
    events_close(app->events);
    act_close(app->act);
    if (app->people != NULL) {
        (void)people_keep_cursor(&app->ctx, app->people); /* else the next start reads a little more */
    }
    if (app->voices != NULL) {
        (void)voices_keep_cursor(&app->ctx, app->voices);
    }
    workers_close(app->workers);
    running_close(app->running);
    if (app->index != NULL) {
        index_close(app->index); // before what derives columns for it
    }
    journeys_close(app->journeys);
    voices_close(app->voices);
    people_close(app->people);
    if (app->live != NULL) {
        sse_close(app->live);
        live_close(app->notices);
    }
    collector_close(app->collector);
    close_records(app);
    mailer_close(app->mailer);
    out_close(app->out);
    folder_close(&app->data);
    ctx_end(&app->load_ctx);
    ctx_end(&app->ctx);
    mem_free(app);
}
