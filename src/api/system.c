/* What the installation runs on, for those who manage it: GET /api/v1/system. */
#include "api/app.h"
#include "api/routes.h"
#include "events/clickhouse.h"
#include "events/log.h"
#include "journey/index.h"
#include "journey/kept.h"
#include "store/processes.h"

#include <sys/stat.h>

static const char *const states[] = {"ok", "away", "readonly", NULL};
enum state { STATE_OK, STATE_AWAY, STATE_READONLY };

static const char *const engines[] = {"sqlite", "postgresql", "clickhouse", "memory", NULL};
enum engine { ENGINE_SQLITE, ENGINE_POSTGRESQL, ENGINE_CLICKHOUSE, ENGINE_MEMORY };

/* A file of the data folder. */
struct part_file {
    str name;
    i64 bytes;
};
static const struct shape_field file_fields[] = {
    {"name", SHAPE_STR, offsetof(struct part_file, name), .flags = SHAPE_REQUIRED},
    {"bytes", SHAPE_I64, offsetof(struct part_file, bytes), .flags = SHAPE_REQUIRED},
};
static const struct shape file_shape = SHAPE("SystemFile", struct part_file, file_fields, "shape.system_file");

/* A server of several. */
struct host {
    str name, version;
    i32 state;
};
static const struct shape_field host_fields[] = {
    {"name", SHAPE_STR, offsetof(struct host, name), .flags = SHAPE_REQUIRED},
    {"version", SHAPE_STR, offsetof(struct host, version)},
    {"state", SHAPE_WORD, offsetof(struct host, state), .words = states, .flags = SHAPE_REQUIRED},
};
static const struct shape host_shape = SHAPE("SystemHost", struct host, host_fields, "shape.system_host");

struct place {
    str name; /* records, events, index */
    i32 engine, state;
    str version, place;
    struct maybe_i64 bytes, events, shards, replicas;
    struct shape_list hosts, files;
};
static const struct shape_field place_fields[] = {
    {"name", SHAPE_STR, offsetof(struct place, name), .flags = SHAPE_REQUIRED, .help = "shape.system_store.name"},
    {"engine", SHAPE_WORD, offsetof(struct place, engine), .words = engines, .flags = SHAPE_REQUIRED},
    {"state", SHAPE_WORD, offsetof(struct place, state), .words = states, .flags = SHAPE_REQUIRED,
     .help = "shape.system_store.state"},
    {"version", SHAPE_STR, offsetof(struct place, version)},
    {"place", SHAPE_STR, offsetof(struct place, place), .help = "shape.system_store.place"},
    {"bytes", SHAPE_MAYBE_I64, offsetof(struct place, bytes), .help = "shape.system_store.bytes"},
    {"events", SHAPE_MAYBE_I64, offsetof(struct place, events), .help = "shape.system_store.events"},
    {"shards", SHAPE_MAYBE_I64, offsetof(struct place, shards), .help = "shape.system_store.shards"},
    {"replicas", SHAPE_MAYBE_I64, offsetof(struct place, replicas), .help = "shape.system_store.replicas"},
    {"hosts", SHAPE_LIST, offsetof(struct place, hosts), .of = &host_shape, .flags = SHAPE_REQUIRED},
    {"files", SHAPE_LIST, offsetof(struct place, files), .of = &file_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape place_shape = SHAPE("SystemStore", struct place, place_fields, "shape.system_store");

struct system {
    bool shared;
    struct shape_list stores, processes;
};
static const struct shape_field system_fields[] = {
    {"shared", SHAPE_BOOL, offsetof(struct system, shared), .flags = SHAPE_REQUIRED, .help = "shape.system.shared"},
    {"stores", SHAPE_LIST, offsetof(struct system, stores), .of = &place_shape, .flags = SHAPE_REQUIRED},
    {"processes", SHAPE_LIST, offsetof(struct system, processes), .of = &process_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape system_shape = SHAPE("System", struct system, system_fields, "shape.system");

/* The files that are there, of a few names. */
static struct shape_list files_of(struct ctx *ctx, const struct app *app, const char *const *names, i64 count)
{
    struct part_file *files = arena_new(&ctx->arena, struct part_file, count);
    struct shape_list list = {files, 0};
    for (i64 i = 0; i < count; i++) {
        struct stat about;
        str path = str_format(&ctx->arena, "%.*s/%s", STR_ARG(app->folder), names[i]);
        if (stat(str_c(&ctx->arena, path), &about) == 0) {
            files[list.count++] = (struct part_file){str_from(names[i]), about.st_size};
        }
    }
    return list;
}

static struct maybe_i64 bytes_of(struct shape_list files)
{
    struct maybe_i64 sum = {0, true};
    for (i64 i = 0; i < files.count; i++) {
        sum.value += ((const struct part_file *)files.items)[i].bytes;
    }
    return sum;
}

struct about {
    str version;
    i64 bytes;
};
static const struct shape_field about_fields[] = {
    {"version", SHAPE_STR, offsetof(struct about, version)},
    {"bytes", SHAPE_I64, offsetof(struct about, bytes)},
};
static const struct shape about_shape = SHAPE("RecordsAbout", struct about, about_fields, NULL);

static err look_at_records(struct ctx *ctx, struct app *app, struct place *out)
{
    static const char *const names[] = {"records.db", "records.db-wal"};
    struct about about = {.version = STR("")};
    bool shared = store_shared(app->store);
    err code = store_one(ctx, app->store, SQL_RECORDS_ABOUT, ARGS_NONE, &about_shape, &about);
    if (code != OK && code != ERR_UNAVAILABLE) {
        return code;
    }
    ctx_forgive(ctx);
    *out = (struct place){
        .name = STR("records"),
        .engine = shared ? ENGINE_POSTGRESQL : ENGINE_SQLITE,
        .state = code != OK                         ? STATE_AWAY
                 : store_stats(app->store).readonly ? STATE_READONLY
                                                    : STATE_OK,
        .version = about.version,
        .place = shared ? store_shown(&ctx->arena, app->config->records) : app->folder,
        .bytes = {about.bytes, code == OK},
    };
    if (!shared) {
        out->files = files_of(ctx, app, names, countof(names));
        out->bytes = bytes_of(out->files);
    }
    return OK;
}

/* The log of one process, and the index of all events in its memory. */
static void look_at_log(struct ctx *ctx, struct app *app, str version, struct place *events, struct place *index)
{
    static const char *const log_names[] = {"events.db", "events.db-wal", EVENTS_KEPT};
    static const char *const index_names[] = {INDEX_KEPT};
    struct index_stats stats = index_stats(app->index);
    *events = (struct place){
        .name = STR("events"),
        .engine = ENGINE_SQLITE,
        .state = events_stats(app->events).readonly ? STATE_READONLY : STATE_OK,
        .version = version,
        .place = app->folder,
        .events = {stats.rows, true},
        .files = files_of(ctx, app, log_names, countof(log_names)),
    };
    events->bytes = bytes_of(events->files);
    *index = (struct place){
        .name = STR("index"),
        .engine = ENGINE_MEMORY,
        .state = STATE_OK,
        .version = STR(""),
        .place = app->folder,
        .bytes = {stats.bytes + stats.attached_bytes, true},
        .events = {stats.rows, true},
        .files = files_of(ctx, app, index_names, countof(index_names)),
    };
}

/* Each server by itself: one may be away while the others answer. */
static void look_at_hosts(struct ctx *ctx, struct clickhouse *ch, struct place *out)
{
    i64 count = click_hosts(ch);
    struct host *hosts = arena_new(&ctx->arena, struct host, count);
    str sql = CLICK_TEXT_OF(ctx, SQL_CLICK_VERSION);
    out->hosts = (struct shape_list){hosts, count};
    for (i64 i = 0; i < count; i++) {
        struct click_rows rows;
        bool answers = click_query_at(ctx, ch, i, sql, &rows) == OK && click_more(&rows);
        hosts[i] = (struct host){click_host(ch, i), answers ? click_str(&rows) : STR(""),
                                 answers ? STATE_OK : STATE_AWAY};
        out->version = answers && out->version.len == 0 ? hosts[i].version : out->version;
        ctx_forgive(ctx);
    }
}

static err look_at_tables(struct ctx *ctx, struct clickhouse *ch, struct place *out)
{
    struct click_rows rows;
    const char *cluster = click_cluster(ch);
    str name = cluster == NULL ? STR("") : str_from(cluster);
    str parts = cluster == NULL ? CLICK_TEXT_OF(ctx, SQL_CLICK_PARTS_HERE)
                                : CLICK_TEXT_OF(ctx, SQL_CLICK_PARTS_ALL, CLICK_NAME_ARG("cluster", name));
    str sql = CLICK_TEXT_OF(ctx, SQL_CLICK_STORED, CLICK_SQL_ARG("parts", parts),
                            CLICK_STR_ARG("database", click_database(ch)),
                            CLICK_STR_ARG("table", cluster == NULL ? STR("events") : STR("events_here")));
    TRY(click_query(ctx, ch, CLICK_WRITE, sql, &rows));
    if (click_more(&rows)) {
        out->events = (struct maybe_i64){click_i64(&rows), true};
        out->bytes = (struct maybe_i64){click_i64(&rows), true};
    }
    if (cluster == NULL) {
        return OK;
    }
    TRY(click_query(ctx, ch, CLICK_WRITE, CLICK_TEXT_OF(ctx, SQL_CLICK_SHARDS, CLICK_STR_ARG("cluster", name)), &rows));
    if (click_more(&rows)) {
        out->shards = (struct maybe_i64){click_i64(&rows), true};
        out->replicas = (struct maybe_i64){click_i64(&rows), true};
    }
    return OK;
}

static err look_at_clickhouse(struct ctx *ctx, struct app *app, struct clickhouse *ch, struct place *out)
{
    *out = (struct place){
        .name = STR("events"),
        .engine = ENGINE_CLICKHOUSE,
        .version = STR(""),
        .place = clickhouse_shown(&ctx->arena, app->config->events),
    };
    look_at_hosts(ctx, ch, out);
    err code = look_at_tables(ctx, ch, out);
    if (code == ERR_CANCELLED) {
        return code;
    }
    out->state = code != OK ? STATE_AWAY : events_stats(app->events).readonly ? STATE_READONLY : STATE_OK;
    ctx_forgive(ctx);
    return OK;
}

static err show(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct app *app = request->app;
    struct clickhouse *ch = events_clickhouse(app->events);
    struct place *stores = arena_new(&ctx->arena, struct place, 3);
    struct system system = {.shared = store_shared(app->store), .stores = {stores, ch == NULL ? 3 : 2}};
    TRY(look_at_records(ctx, app, &stores[0]));
    if (ch == NULL) {
        look_at_log(ctx, app, stores[0].version, &stores[1], &stores[2]);
    } else {
        TRY(look_at_clickhouse(ctx, app, ch, &stores[1]));
    }
    TRY(processes_list(ctx, app->store, &system.processes));
    return reply_shape(reply, &system_shape, &system);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/system", show, RIGHT_SETTINGS_WRITE, .out = &system_shape, .summary = "route.system"},
};
const struct route_table system_routes = ROUTES(routes);
