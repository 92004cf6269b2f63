#include "api/doctor.h"
#include "base/clock.h"
#include "events/clickhouse.h"

enum { VERSION_MIN = 18016, DELAY_S = 300 };

struct visit {
    struct doctor *doctor;
    struct clickhouse *ch;
    i64 host;
    str name;
};

static struct ctx *ctx_of(struct visit *visit)
{
    return &visit->doctor->cli->ctx;
}

/* One number from a server; false when it failed, which is forgotten. */
static bool number_at(struct visit *visit, enum statement sql, const struct click_arg *args, i64 count, i64 *out)
{
    struct ctx *ctx = ctx_of(visit);
    struct click_rows rows;
    str text = click_text(ctx, sql, args, count);
    bool worked = click_query_at(ctx, visit->ch, visit->host, text, &rows) == OK && click_more(&rows);
    *out = worked ? click_i64(&rows) : 0;
    ctx_forgive(ctx);
    return worked && !rows.broken;
}

#define NUMBER_AT(visit, sql, out, ...)                                                                                \
    number_at((visit), (sql), (const struct click_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}},                    \
              countof(((const struct click_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}})) - 1, (out))

static str table_name(struct visit *visit)
{
    return str_format(&ctx_of(visit)->arena, "cham_doctor_%lld", (long long)clock_ms());
}

/* Makes and removes a table: may the user who writes? */
static void look_at_making(struct visit *visit)
{
    struct ctx *ctx = ctx_of(visit);
    str database = click_database(visit->ch), table = table_name(visit);
    str make = CLICK_TEXT_OF(ctx, SQL_DOCTOR_MAKE, CLICK_NAME_ARG("database", database),
                             CLICK_NAME_ARG("table", table));
    str drop = CLICK_TEXT_OF(ctx, SQL_DOCTOR_DROP, CLICK_NAME_ARG("database", database),
                             CLICK_NAME_ARG("table", table));
    err code = click_run_at(ctx, visit->ch, visit->host, make);
    if (code == OK) {
        code = click_run_at(ctx, visit->ch, visit->host, drop);
    }
    if (code != OK) {
        str problem = doctor_problem(visit->doctor, code);
        DOCTOR_SAY(visit->doctor, DOCTOR_WRONG, "doctor.events_rights.wrong", {"server", visit->name},
                   {"problem", problem});
    } else {
        DOCTOR_SAY(visit->doctor, DOCTOR_OK, "doctor.events_rights.ok", {"server", visit->name});
    }
}

static void look_at_disks(struct visit *visit)
{
    struct ctx *ctx = ctx_of(visit);
    struct click_rows rows;
    i64 known = 0;
    if (!NUMBER_AT(visit, SQL_DOCTOR_HAS_DISKS, &known) || known == 0) {
        return; // releases before 19.15 do not say
    }
    if (click_query_at(ctx, visit->ch, visit->host, CLICK_TEXT_OF(ctx, SQL_DOCTOR_DISKS), &rows) == OK) {
        while (click_more(&rows)) {
            str where = str_format(&ctx->arena, "%.*s (%.*s)", STR_ARG(visit->name), STR_ARG(click_str(&rows)));
            f64 free = (f64)click_i64(&rows);
            doctor_disk(visit->doctor, where, free, (f64)click_i64(&rows));
        }
    }
    ctx_forgive(ctx);
}

/* Of a cluster: what the server knows of it, its names in it, the coordinator, the replicas of its tables. */
static void look_at_replicas(struct visit *visit)
{
    struct ctx *ctx = ctx_of(visit);
    struct click_rows rows;
    str sql = CLICK_TEXT_OF(ctx, SQL_DOCTOR_REPLICAS, CLICK_STR_ARG("database", click_database(visit->ch)));
    if (click_query_at(ctx, visit->ch, visit->host, sql, &rows) != OK) {
        ctx_forgive(ctx);
        return;
    }
    while (click_more(&rows)) {
        str table = click_str(&rows);
        i64 stuck = click_i64(&rows), delay_s = click_i64(&rows), total = click_i64(&rows), active = click_i64(&rows);
        if (stuck != 0 || active < total || delay_s > DELAY_S) {
            DOCTOR_SAY(visit->doctor, stuck != 0 ? DOCTOR_WRONG : DOCTOR_WARNING, "doctor.replicas.wrong",
                       {"server", visit->name}, {"table", table},
                       {"active", str_format(&ctx->arena, "%lld", (long long)active)},
                       {"total", str_format(&ctx->arena, "%lld", (long long)total)},
                       {"seconds", str_format(&ctx->arena, "%lld", (long long)delay_s)});
        }
    }
}

static void look_at_cluster(struct visit *visit)
{
    const char *cluster = click_cluster(visit->ch);
    struct doctor *doctor = visit->doctor;
    i64 members = 0, macros = 0, roots = 0;
    if (cluster == NULL) {
        return;
    }
    (void)NUMBER_AT(visit, SQL_DOCTOR_CLUSTER, &members, CLICK_STR_ARG("cluster", str_from(cluster)));
    (void)NUMBER_AT(visit, SQL_DOCTOR_MACROS, &macros);
    if (members == 0) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.cluster.unknown", {"server", visit->name},
                   {"cluster", str_from(cluster)});
        return;
    }
    if (macros < 2) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.macros.wrong", {"server", visit->name});
    }
    if (!NUMBER_AT(visit, SQL_DOCTOR_KEEPER, &roots)) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.keeper.wrong", {"server", visit->name});
        return;
    }
    look_at_replicas(visit);
    DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.cluster.ok", {"server", visit->name},
               {"members", str_format(&ctx_of(visit)->arena, "%lld", (long long)members)});
}

static bool is_near(str name)
{
    return str_starts(name, STR("127.")) || str_starts(name, STR("localhost")) || str_starts(name, STR("[::1]"));
}

static void look_at_tls(struct visit *visit)
{
    bool tls = str_starts(visit->doctor->cli->config.events, STR("clickhouse+https://"));
    if (!tls && !is_near(visit->name)) {
        DOCTOR_SAY(visit->doctor, DOCTOR_WARNING, "doctor.tls.off", {"server", visit->name});
    } else {
        DOCTOR_SAY(visit->doctor, DOCTOR_OK, tls ? "doctor.tls.ok" : "doctor.tls.near", {"server", visit->name});
    }
}

/* What is to be done when nobody answers; NULL: the fault says all that is known. */
static const char *advice(const struct visit *visit)
{
    static const char *const keys[] = {
        [CLICK_TROUBLE_NAME] = "doctor.events.unknown_host",       [CLICK_TROUBLE_REFUSED] = "doctor.events.refused",
        [CLICK_TROUBLE_SILENT] = "doctor.events.silent",           [CLICK_TROUBLE_TLS] = "doctor.events.no_tls",
        [CLICK_TROUBLE_CERTIFICATE] = "doctor.events.certificate", [CLICK_TROUBLE_CA] = "doctor.events.ca",
        [CLICK_TROUBLE_STRANGER] = "doctor.events.stranger",       [CLICK_TROUBLE_LOST] = "doctor.events.lost",
    };
    const char *fault = visit->doctor->cli->ctx.fault.key;
    bool away = fault != NULL && strcmp(fault, "error.events_away") == 0;
    return away ? keys[click_trouble(visit->ch, visit->host)] : NULL;
}

/* Every statement fails where the database of the address is not there. */
static void say_away(struct visit *visit, err code)
{
    static const str unknown_database = {"81", 2};
    const struct fault *fault = &ctx_of(visit)->fault;
    if (fault->arg_count > 0 && str_eq(fault->args[0].value, unknown_database)) {
        ctx_forgive(ctx_of(visit));
        DOCTOR_SAY(visit->doctor, DOCTOR_WRONG, "doctor.events_database.missing", {"server", visit->name},
                   {"database", click_database(visit->ch)});
        return;
    }
    const char *key = advice(visit);
    str problem = doctor_problem(visit->doctor, code);
    if (key != NULL) {
        DOCTOR_SAY(visit->doctor, DOCTOR_WRONG, key, {"server", visit->name});
        return;
    }
    DOCTOR_SAY(visit->doctor, DOCTOR_WRONG, "doctor.events.away", {"server", visit->name}, {"problem", problem});
}

static bool look_at_version(struct visit *visit)
{
    struct ctx *ctx = ctx_of(visit);
    struct click_rows rows;
    err code = click_query_at(ctx, visit->ch, visit->host, CLICK_TEXT_OF(ctx, SQL_CLICK_VERSION), &rows);
    if (code != OK) {
        say_away(visit, code);
        return false;
    }
    str version = click_more(&rows) ? click_str(&rows) : STR("?"), rest = version;
    i64 year = 0, month = 0;
    bool known = str_i64(str_cut(&rest, '.'), &year) && str_i64(str_cut(&rest, '.'), &month);
    bool new_enough = known && year * 1000 + month >= VERSION_MIN;
    DOCTOR_SAY(visit->doctor, new_enough ? DOCTOR_OK : DOCTOR_WRONG,
               new_enough ? "doctor.events.ok" : "doctor.events.old", {"server", visit->name}, {"version", version});
    return new_enough;
}

static bool look_at_host(struct visit *visit)
{
    i64 seconds = 0, before_ms = clock_ms();
    if (!look_at_version(visit)) {
        return false;
    }
    look_at_tls(visit);
    if (NUMBER_AT(visit, SQL_DOCTOR_CLOCK, &seconds)) {
        // Its clock is told in whole seconds.
        i64 ours_ms = (before_ms + clock_ms()) / 2, theirs_ms = seconds * 1000 + 500;
        doctor_clock(visit->doctor, visit->name, theirs_ms - ours_ms);
    }
    look_at_making(visit);
    look_at_disks(visit);
    look_at_cluster(visit);
    return true;
}

/* The asking user. */

/* Is this refused to it? */
static bool refused(struct doctor *doctor, struct clickhouse *ch, str sql)
{
    struct ctx *ctx = &doctor->cli->ctx;
    struct click_rows rows;
    err code = click_query(ctx, ch, CLICK_ASK, sql, &rows);
    bool is = code != OK && ctx->fault.key != NULL && strcmp(ctx->fault.key, "error.events_rights") == 0;
    ctx_forgive(ctx);
    return is;
}

static void look_at_asking(struct doctor *doctor, struct clickhouse *ch)
{
    static const struct {
        enum statement sql;
        const char *name;
    } functions[] = {{SQL_DOCTOR_URL, "url"}, {SQL_DOCTOR_REMOTE, "remote"}, {SQL_DOCTOR_FILE, "file"}};
    struct ctx *ctx = &doctor->cli->ctx;
    i64 one = 0;
    err code = click_number(ctx, ch, CLICK_ASK, CLICK_TEXT_OF(ctx, SQL_CLICK_ONE), &one);
    if (code != OK) {
        str problem = doctor_problem(doctor, code);
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.ask.away", {"problem", problem});
        return;
    }
    bool safe = true;
    for (i64 i = 0; i < countof(functions); i++) {
        if (!refused(doctor, ch, CLICK_TEXT_OF(ctx, functions[i].sql))) {
            DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.ask.reaches", {"function", str_from(functions[i].name)});
            safe = false;
        }
    }
    if (click_ask_may_set(ch)) { // nothing but readonly = 1 keeps an account from writing and from settings of its own
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.ask.writes");
        safe = false;
    }
    if (safe) {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.ask.ok");
    }
}

/* Does every shard answer? Only when our tables are there. */
static void look_at_tables(struct doctor *doctor, struct clickhouse *ch)
{
    struct ctx *ctx = &doctor->cli->ctx;
    i64 tables = 0, rows = 0;
    err code = click_number(ctx, ch, CLICK_WRITE,
                            CLICK_TEXT_OF(ctx, SQL_DOCTOR_TABLES, CLICK_STR_ARG("database", click_database(ch))),
                            &tables);
    if (code == OK && tables == 3) {
        code = click_number(ctx, ch, CLICK_ASK, CLICK_TEXT_OF(ctx, SQL_DOCTOR_EVERY_SHARD), &rows);
    }
    if (code != OK) {
        str problem = doctor_problem(doctor, code);
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.shards.wrong", {"problem", problem});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, tables == 3 ? "doctor.shards.ok" : "doctor.shards.new");
    }
}

void doctor_events(struct doctor *doctor)
{
    struct ctx *ctx = &doctor->cli->ctx;
    struct clickhouse *ch = NULL;
    err code = clickhouse_open(ctx, &(struct click_options){.url = doctor->cli->config.events}, &ch);
    if (code != OK) {
        str problem = doctor_problem(doctor, code);
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.events.url", {"problem", problem});
        return;
    }
    bool any = false;
    for (i64 i = 0; i < click_hosts(ch); i++) {
        struct visit visit = {doctor, ch, i, str_copy(&ctx->arena, click_host(ch, i))};
        any |= look_at_host(&visit);
    }
    if (any) {
        look_at_asking(doctor, ch);
        look_at_tables(doctor, ch);
    }
    ctx_forgive(ctx);
    clickhouse_close(ch);
}
