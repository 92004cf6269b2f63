/* The tables on every server: sql/migrations/clickhouse, one step after the other, each written down when it was taken. A statement
 * of a step does nothing when it is run again, so a step that was cut is simply repeated. */
#include "events/large.h"

#include "base/clock.h"
#include "base/log.h"
#include "events/click_state.h"
#include "store/migrations.h"

#include <stdio.h>

static i64 newest_known(void)
{
    i64 newest = 0;
    for (i64 i = 0; i < MIGRATION_COUNT; i++) {
        newest = strcmp(migrations[i].database, "clickhouse") == 0 ? migrations[i].number : newest;
    }
    return newest;
}

/* In no database of ours: that may be missing. */
static err outside(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql, bool format, i64 *out)
{
    struct click_call call = {.host = host, .sql = sql, .plain = true, .format = format, .limit_s = CLICK_WRITE_S};
    TRY(click_send(ctx, ch, &call));
    str body = buf_str(&call.body);
    struct click_rows rows = {body.data, body.data + body.len, false};
    if (format) {
        *out = click_more(&rows) ? click_i64(&rows) : 0;
    }
    return OK;
}

static err newest_applied(struct ctx *ctx, struct clickhouse *ch, i64 host, i64 *out)
{
    i64 is = 0;
    str sql = CLICK_TEXT_OF(ctx, SQL_SCHEMA_IS, CLICK_STR_ARG("database", click_database(ch)),
                            CLICK_STR_ARG("table", STR("cham_format")));
    *out = 0;
    TRY(outside(ctx, ch, host, sql, true, &is));
    if (is == 0) {
        return OK;
    }
    struct click_rows rows;
    TRY(click_query_at(ctx, ch, host, CLICK_TEXT_OF(ctx, SQL_SCHEMA_NEWEST), &rows));
    *out = click_more(&rows) ? click_i64(&rows) : 0;
    return OK;
}

static err refuse_newer(struct ctx *ctx, const struct clickhouse *ch, i64 host, i64 applied)
{
    return FAIL(ctx, ERR_CONFLICT, NULL, "error.newer_format", {"file", click_host(ch, host)},
                {"have", str_format(&ctx->arena, "%lld", (long long)applied)},
                {"known", str_format(&ctx->arena, "%lld", (long long)newest_known())});
}

/* Words of a step. */

static str replicated(struct ctx *ctx, const char *kind, const char *table, bool everywhere, const char *version)
{
    // The macros are the server's own: <macros><shard/><replica/></macros>. What every server has is one table with as many
    // replicas as there are servers.
    return str_format(&ctx->arena, "Replicated%s('/clickhouse/tables/cham/{database}/%s%s', '%s'%s)", kind,
                      everywhere ? "all/" : "{shard}/", table, everywhere ? "{shard}-{replica}" : "{replica}", version);
}

static str words(struct ctx *ctx, const struct clickhouse *ch, const struct migration *step)
{
    bool cluster = click_cluster(ch) != NULL;
    struct buf database = buf_in(&ctx->arena), name = buf_in(&ctx->arena), table = buf_in(&ctx->arena);
    click_name(&database, click_database(ch));
    click_name(&name, cluster ? str_from(click_cluster(ch)) : STR(""));
    click_name(&table, cluster ? STR("events_here") : STR("events"));
    const struct click_arg args[] = {
        CLICK_SQL_ARG("database", buf_str(&database)),
        CLICK_SQL_ARG("cluster", buf_str(&name)),
        CLICK_SQL_ARG("events", buf_str(&table)),
        CLICK_SQL_ARG("log", cluster ? replicated(ctx, "MergeTree", "events", false, "") : STR("MergeTree()")),
        CLICK_SQL_ARG("newest", cluster ? replicated(ctx, "ReplacingMergeTree", "moved", true, ", version")
                                        : STR("ReplacingMergeTree(version)")),
        CLICK_SQL_ARG("distinct", cluster ? replicated(ctx, "ReplacingMergeTree", "removed", true, "")
                                          : STR("ReplacingMergeTree()")),
    };
    return click_template(ctx, str_from(cluster ? step->cluster : step->one), args, countof(args));
}

/* One statement after the other; ClickHouse takes one at a time. */
static err run_step(struct ctx *ctx, struct clickhouse *ch, i64 host, const struct migration *step)
{
    for (str rest = words(ctx, ch, step); str_is(rest);) {
        str sql = str_trim(str_cut(&rest, ';'));
        if (sql.len > 0) {
            TRY(click_run_at(ctx, ch, host, sql));
        }
    }
    struct buf rows = buf_in(&ctx->arena);
    click_put_i64(&rows, step->number);
    click_put_str(&rows, str_from(step->name));
    click_put_str(&rows, str_from(step->sha256));
    click_put_i64(&rows, clock_ms());
    return click_insert_at(ctx, ch, host, CLICK_TEXT_OF(ctx, SQL_SCHEMA_PUT), buf_str(&rows));
}

static err bring_up(struct ctx *ctx, struct clickhouse *ch, i64 host, i64 applied)
{
    i64 unused;
    str database = click_database(ch);
    TRY(outside(ctx, ch, host, CLICK_TEXT_OF(ctx, SQL_SCHEMA_DATABASE, CLICK_NAME_ARG("database", database)), false,
                &unused));
    TRY(click_run_at(ctx, ch, host, CLICK_TEXT_OF(ctx, SQL_SCHEMA_CREATE)));
    for (i64 i = 0; i < MIGRATION_COUNT; i++) {
        if (strcmp(migrations[i].database, "clickhouse") == 0 && migrations[i].number > applied) {
            err code = run_step(ctx, ch, host, &migrations[i]);
            if (code != OK) {
                log_fault(LOG_ERROR, migrations[i].name, ctx, code);
                return code;
            }
        }
    }
    return OK;
}

static err bring_all_up(struct ctx *ctx, struct store *store, void *arg)
{
    (void)store;
    struct clickhouse *ch = arg;
    for (i64 host = 0; host < click_hosts(ch); host++) {
        i64 applied;
        TRY(newest_applied(ctx, ch, host, &applied));
        if (applied < newest_known()) {
            TRY(bring_up(ctx, ch, host, applied));
        }
    }
    return OK;
}

/* Every server of a cluster is named in the address: tables are made on each, and deletions awaited. */
static err check_servers(struct ctx *ctx, struct clickhouse *ch)
{
    if (click_cluster(ch) == NULL) {
        return OK;
    }
    i64 servers;
    str sql = CLICK_TEXT_OF(ctx, SQL_SCHEMA_SERVERS, CLICK_STR_ARG("cluster", str_from(click_cluster(ch))));
    TRY(outside(ctx, ch, -1, sql, true, &servers));
    if (servers > click_hosts(ch)) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.events_hosts",
                    {"have", str_format(&ctx->arena, "%lld", (long long)click_hosts(ch))},
                    {"want", str_format(&ctx->arena, "%lld", (long long)servers)});
    }
    return OK;
}

/* Nothing is changed anywhere before every server was looked at. A replica that is away while the others are up to date is as
 * they are: it was, when it left. */
err large_schema(struct ctx *ctx, struct events *log)
{
    struct clickhouse *ch = log->large->ch;
    i64 known = newest_known(), behind = 0, away = 0;
    TRY(click_learn(ctx, ch));
    TRY(check_servers(ctx, ch));
    for (i64 host = 0; host < click_hosts(ch); host++) {
        i64 applied = 0;
        err code = newest_applied(ctx, ch, host, &applied);
        if (code == ERR_UNAVAILABLE && click_hosts(ch) > 1) {
            ctx_forgive(ctx);
            away++;
            continue;
        }
        TRY(code);
        if (applied > known) {
            return refuse_newer(ctx, ch, host, applied);
        }
        behind += applied < known;
    }
    if (away == click_hosts(ch) || (behind > 0 && away > 0)) {
        return click_fail_away(ctx);
    }
    // One process at a time: the others find it done.
    return behind == 0 ? OK : store_write(ctx, log->large->store, bring_all_up, ch);
}
