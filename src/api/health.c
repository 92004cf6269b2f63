#include "api/routes.h"
#include "api/session.h"
#include "base/clock.h"
#include "events/clickhouse.h"
#include "events/log.h"
#include "http/metrics.h"
#include "http/openapi.h"
#include "journey/index.h"
#include "store/settings.h"

#include <stdatomic.h>
#include <sys/statvfs.h>

struct health {
    bool ok;
    struct str_list failing;
};
static const struct shape_field health_fields[] = {
    {"ok", SHAPE_BOOL, offsetof(struct health, ok), .flags = SHAPE_REQUIRED},
    {"failing", SHAPE_STRS, offsetof(struct health, failing), .flags = SHAPE_REQUIRED, .help = "shape.health.failing"},
};
static const struct shape health_shape = SHAPE("Health", struct health, health_fields, "shape.health");

static err live(struct request *request, struct reply *reply)
{
    (void)request;
    return reply_shape(reply, &health_shape, &(struct health){.ok = true});
}

/* Each part names what does not work; an empty list is ready. */
static void add(struct arena *arena, struct str_list *list, const char *name)
{
    list->items = arena_grow(arena, list->items, list->count * (i64)sizeof(str), (list->count + 1) * (i64)sizeof(str),
                             _Alignof(str));
    list->items[list->count++] = str_from(name);
}

/* Whether the records take a write is found out at most once a second: anybody may ask, and each answer costs an fsync. */
static bool records_write(struct request *request)
{
    enum { AGAIN_MS = 1000 };
    static _Atomic i64 tried_ms;
    static _Atomic bool worked = true;
    i64 now_ms = clock_steady_ns() / 1000000, before = tried_ms;
    if (now_ms - before < AGAIN_MS || !atomic_compare_exchange_strong(&tried_ms, &before, now_ms)) {
        return worked;
    }
    struct store_args args = ARGS(ARG_STR("name", STR("ready_ms")),
                                  ARG_STR("value", str_format(&request->ctx->arena, "%ld", (long)clock_ms())));
    worked = store_run(request->ctx, request->app->store, SQL_SETTINGS_PUT, args, NULL) == OK;
    ctx_forgive(request->ctx);
    return worked;
}

/* The same for the events where they lie in ClickHouse: one small question, answered within two seconds or not at all. */
static bool events_answer(struct request *request)
{
    enum { AGAIN_MS = 1000 };
    static _Atomic i64 tried_ms;
    static _Atomic bool worked = true;
    struct clickhouse *ch = events_clickhouse(request->app->events);
    i64 now_ms = clock_steady_ns() / 1000000, before = tried_ms;
    if (ch == NULL || now_ms - before < AGAIN_MS || !atomic_compare_exchange_strong(&tried_ms, &before, now_ms)) {
        return ch == NULL || worked;
    }
    worked = click_serves(request->ctx, ch);
    return worked;
}

static err ready(struct request *request, struct reply *reply)
{
    struct app *app = request->app;
    struct arena *arena = &request->ctx->arena;
    struct health health = {0};
    struct events_stats log = events_stats(app->events);
    if (!records_write(request)) {
        add(arena, &health.failing, "records");
    }
    if (log.readonly) {
        add(arena, &health.failing, "readonly");
    }
    if (log.behind) {
        add(arena, &health.failing, "followers");
    }
    if (!events_answer(request)) {
        add(arena, &health.failing, "events");
    }
    health.ok = health.failing.count == 0;
    if (!health.ok) {
        reply_status(reply, 503);
        reply_header(reply, "Retry-After", STR("5"));
    }
    return reply_shape(reply, &health_shape, &health);
}

struct version {
    str name, version;
    i64 started_ms;
};
static const struct shape_field version_fields[] = {
    {"name", SHAPE_STR, offsetof(struct version, name), .flags = SHAPE_REQUIRED},
    {"version", SHAPE_STR, offsetof(struct version, version), .flags = SHAPE_REQUIRED},
    {"started_ms", SHAPE_TIME, offsetof(struct version, started_ms), .flags = SHAPE_REQUIRED},
};
static const struct shape version_shape = SHAPE("Version", struct version, version_fields, "shape.version");

static err version(struct request *request, struct reply *reply)
{
    struct version version = {STR("cham"), STR(CHAM_VERSION), request->app->started_ms};
    return reply_shape(reply, &version_shape, &version);
}

static f64 disk_free(str folder)
{
    char path[512];
    struct statvfs disk;
    snprintf(path, sizeof path, "%.*s", STR_ARG(folder));
    return statvfs(path, &disk) == 0 ? (f64)disk.f_bavail * (f64)disk.f_frsize : 0;
}

static void write_rooms(const struct app *app, struct buf *out)
{
    struct events_stats log = events_stats(app->events);
    struct store_stats records = store_stats(app->store);
    struct index_stats index = app->index != NULL ? index_stats(app->index) : (struct index_stats){0};
    const struct metric metrics[] = {
        {"cham_events_stored_total", "Events stored since the start.", true, (f64)log.stored},
        {"cham_events_duplicates_total", "Events recognised as repeats.", true, (f64)log.duplicates},
        {"cham_events_refused_total", "Batches that could not be taken.", true, (f64)log.refused},
        {"cham_events_commits_total", "Commits of the log; each is one fsync.", true, (f64)log.groups},
        {"cham_events_commit_seconds_total", "Time in commits of the log.", true, (f64)log.commit_ns / 1e9},
        {"cham_events_commit_seconds_max", "The longest commit of the log.", false, (f64)log.commit_ns_max / 1e9},
        {"cham_events_queued", "Events waiting to be stored.", false, (f64)log.queued},
        {"cham_events_queued_bytes", "Memory of the waiting events.", false, (f64)log.queued_bytes},
        {"cham_dedupe_entries", "Messages remembered for recognising repeats.", false, (f64)log.filter_entries},
        {"cham_dedupe_bytes", "Memory of the remembered messages.", false, (f64)log.filter_bytes},
        {"cham_events_reopened_total", "Times the log was opened again after a disk error.", true, (f64)log.reopened},
        {"cham_readonly", "1 while nothing new can be stored.", false, app_readonly(app) ? 1 : 0},
        {"cham_index_events", "Events in the journey index.", false, (f64)index.rows},
        {"cham_index_bytes", "Memory of the journey index, without what stands beside its rows.", false,
         (f64)index.bytes},
        {"cham_index_attached_bytes", "Memory of promoted properties and derived touchpoints.", false,
         (f64)index.attached_bytes},
        {"cham_index_layers", "Layers of the journey index; 1: all events are in the base.", false, (f64)index.layers},
        {"cham_records_transactions_total", "Transactions of the records.", true, (f64)records.transactions},
        {"cham_records_failures_total", "Transactions that the disk refused.", true, (f64)records.failures},
        {"cham_disk_free_bytes", "Free space where the data folder is.", false, disk_free(app->folder)},
        {"cham_start_time_seconds", "When the server started.", false, (f64)app->started_ms / 1000.0},
    };
    for (i64 i = 0; i < countof(metrics); i++) {
        metric_write(out, &metrics[i]);
    }
}

static err metrics(struct request *request, struct reply *reply)
{
    struct buf out = buf_in(&request->ctx->arena);
    http_metrics(request->app->http, &out);
    write_rooms(request->app, &out);
    return reply_text(reply, "text/plain; version=0.0.4; charset=utf-8", buf_str(&out));
}

static struct openapi description(struct request *request)
{
    return (struct openapi){
        .tables = api_tables,
        .table_count = api_table_count,
        .language = request->language,
        .server = http_base(request->app->http),
    };
}

static err openapi(struct request *request, struct reply *reply)
{
    struct openapi api = description(request);
    reply_header(reply, "Cache-Control", STR("no-cache"));
    reply_header(reply, "Vary", STR("Accept-Language"));
    return reply_json(reply, openapi_text(&request->ctx->arena, &api));
}

static err docs(struct request *request, struct reply *reply)
{
    struct openapi api = description(request);
    (void)language_parse(request_query(request, "language"), &api.language);
    reply_header(reply, "Cache-Control", STR("no-cache"));
    reply_header(reply, "Vary", STR("Accept-Language"));
    return reply_text(reply, "text/html; charset=utf-8", reference_page(&request->ctx->arena, &api));
}

static err style(struct request *request, struct reply *reply)
{
    (void)request;
    reply_header(reply, "Cache-Control", STR("no-cache"));
    return reply_text(reply, "text/css; charset=utf-8", reference_style());
}

struct docs_query {
    i32 language;
};
static const struct shape_field docs_fields[] = {
    {"language", SHAPE_WORD, offsetof(struct docs_query, language), .words = language_words},
};
static const struct shape docs_query_shape = SHAPE("DocsQuery", struct docs_query, docs_fields, NULL);

static const struct route routes[] = {
    {HTTP_GET, "/livez", live, RIGHT_PUBLIC, .out = &health_shape, .flags = ROUTE_INLINE | ROUTE_EARLY,
     .summary = "route.livez"},
    {HTTP_GET, "/readyz", ready, RIGHT_PUBLIC, .out = &health_shape, .out_503 = &health_shape,
     .summary = "route.readyz"},
    {HTTP_GET, "/version", version, RIGHT_PUBLIC, .out = &version_shape, .flags = ROUTE_INLINE | ROUTE_EARLY,
     .summary = "route.version"},
    {HTTP_GET, "/metrics", metrics, RIGHT_PUBLIC, .out_type = "text/plain; version=0.0.4; charset=utf-8",
     .summary = "route.metrics"},
    {HTTP_GET, "/openapi.json", openapi, RIGHT_PUBLIC, .out_type = "application/json", .flags = ROUTE_CACHED,
     .summary = "route.openapi"},
    {HTTP_GET, "/docs", docs, RIGHT_PUBLIC, .query = &docs_query_shape, .out_type = "text/html; charset=utf-8",
     .flags = ROUTE_CACHED, .summary = "route.docs"},
    {HTTP_GET, "/docs.css", style, RIGHT_PUBLIC, .out_type = "text/css; charset=utf-8",
     .flags = ROUTE_INLINE | ROUTE_CACHED, .summary = "route.docs_style"},
};
const struct route_table health_routes = ROUTES(routes);
