/* Deleting: at once for every question, then out of the parts on the disks. */
#include "events/large.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "events/click_state.h"

#include <time.h>

enum {
    DELETE_CHUNK = 10000,   /* ids in one statement */
    DELETE_WAIT_MS = 60000, /* for the parts to be written anew */
    DELETE_LOOK_MS = 50,    /* first; then twice as long each time, up to ten times */
    DELETE_PUSH_MS = 7000,  /* a server looks for parts to write anew every five seconds */
    SHARDS_MAX = CLICK_HOSTS_MAX,
};

/* On a cluster every server has the table; what one got comes to the others by itself, but not at once. */
static err sync_all(struct ctx *ctx, struct events *log, str table)
{
    struct clickhouse *ch = log->large->ch;
    str sql = LARGE_SQL(ctx, log, SQL_LOG_SYNC, CLICK_NAME_ARG("table", table));
    i64 reached = 0;
    for (i64 host = 0; host < click_hosts(ch) && click_cluster(ch) != NULL; host++) {
        err code = click_run_at(ctx, ch, host, sql);
        if (code == ERR_CANCELLED) {
            return code;
        }
        ctx_forgive(ctx); // who is away answers no questions either, and catches up when it comes back
        reached += code == OK;
    }
    return reached > 0 || click_cluster(ch) == NULL ? OK : click_fail_away(ctx);
}

err large_remove(struct ctx *ctx, struct events *log, const i64 *ids, i64 count)
{
    if (count == 0) {
        return OK;
    }
    struct buf rows = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        click_put_i64(&rows, ids[i]);
    }
    TRY(click_insert(ctx, log->large->ch, LARGE_SQL(ctx, log, SQL_LOG_REMOVE), buf_str(&rows), NULL));
    return sync_all(ctx, log, STR("removed"));
}

err events_put_moved(struct ctx *ctx, struct events *log, const struct moved *items, i64 count, i64 version)
{
    if (log->large == NULL || count == 0) {
        return OK;
    }
    struct buf rows = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        click_put_i64(&rows, items[i].alias_id);
        click_put_i64(&rows, items[i].person);
        click_put_i64(&rows, version);
    }
    TRY(click_insert(ctx, log->large->ch, LARGE_SQL(ctx, log, SQL_LOG_MOVE), buf_str(&rows), NULL));
    return sync_all(ctx, log, STR("moved"));
}

/* One server of each shard: what it deletes its replicas delete too. */
static err one_of_each_shard(struct ctx *ctx, struct clickhouse *ch, i64 *hosts, i64 *count)
{
    str shards[SHARDS_MAX];
    *count = 0;
    for (i64 host = 0; host < click_hosts(ch); host++) {
        struct click_rows rows;
        err code = click_query_at(ctx, ch, host, CLICK_TEXT_OF(ctx, SQL_SCHEMA_SHARD), &rows);
        if (code == ERR_UNAVAILABLE) {
            ctx_forgive(ctx); // a replica of it may answer
            continue;
        }
        TRY(code);
        str shard = click_more(&rows) ? click_str(&rows) : STR("");
        i64 same = 0;
        while (same < *count && !str_eq(shards[same], shard)) {
            same++;
        }
        if (same == *count) {
            shards[*count] = shard;
            hosts[(*count)++] = host;
        }
    }
    return *count > 0 ? OK : click_fail_away(ctx);
}

static str local_table(const struct clickhouse *ch)
{
    return click_cluster(ch) == NULL ? STR("events") : STR("events_here");
}

/* Releases of old do not touch the part that reached its quorum last until another one has, in each month: a row without a meaning
 * takes its place. Its id is below 0, as no event's is; the next deletion takes it along. */
static err push(struct ctx *ctx, struct events *log, i64 host, str ids)
{
    struct clickhouse *ch = log->large->ch;
    struct click_arg table = CLICK_NAME_ARG("events", local_table(ch));
    struct click_rows months;
    struct buf rows = buf_in(&ctx->arena);
    i64 fillers[100], count = 0;
    TRY(click_query_at(ctx, ch, host, LARGE_SQL(ctx, log, SQL_LOG_LEFT_IN, table, CLICK_SQL_ARG("ids", ids)), &months));
    while (click_more(&months) && count < countof(fillers)) {
        fillers[count] = -id_new();
        click_put_i64(&rows, fillers[count++]);
        click_put_i64(&rows, click_i64(&months));
    }
    if (count == 0) {
        return OK;
    }
    TRY(large_remove(ctx, log, fillers, count));
    return click_insert_at(ctx, ch, host, LARGE_SQL(ctx, log, SQL_LOG_PUSH, table), buf_str(&rows));
}

/* Has this server nothing of it any more? What system.mutations says is not asked: a replica hears of a deletion a little later,
 * and one that still waits for a row without a meaning is done with ours. */
static err gone_from(struct ctx *ctx, struct events *log, i64 host, str ids, bool *out)
{
    struct clickhouse *ch = log->large->ch;
    struct click_rows rows;
    TRY(click_query_at(ctx, ch, host,
                       LARGE_SQL(ctx, log, SQL_LOG_LEFT_IN, CLICK_NAME_ARG("events", local_table(ch)),
                                 CLICK_SQL_ARG("ids", ids)),
                       &rows));
    *out = !click_more(&rows);
    return OK;
}

/* On every server: the replicas of the shards' `hosts` have files of their own. */
static err wait_gone(struct ctx *ctx, struct events *log, const i64 *hosts, i64 count, str ids)
{
    struct clickhouse *ch = log->large->ch;
    i64 until_ns = clock_steady_ns() + (i64)DELETE_WAIT_MS * 1000000;
    i64 push_ns = clock_steady_ns() + (i64)DELETE_PUSH_MS * 1000000;
    i64 pushed = click_replicas(ch) > 1 ? 0 : count; // hosts before this one were pushed
    i64 pause_ms = DELETE_LOOK_MS;
    for (i64 host = 0; host < click_hosts(ch);) {
        bool gone;
        err code = gone_from(ctx, log, host, ids, &gone);
        if (code == ERR_UNAVAILABLE) { // it does the same when it comes back
            ctx_forgive(ctx);
            return ERR_BUSY;
        }
        TRY(code);
        if (gone) {
            host++;
        } else if (pushed < count && clock_steady_ns() > push_ns) {
            TRY(push(ctx, log, hosts[pushed++], ids));
        } else if (clock_steady_ns() > until_ns || ctx_stopped(ctx)) {
            return ERR_BUSY;
        } else {
            const struct timespec pause = {.tv_sec = pause_ms / 1000, .tv_nsec = pause_ms % 1000 * 1000000};
            (void)nanosleep(&pause, NULL);
            pause_ms = lesser(pause_ms * 2, DELETE_LOOK_MS * 10);
        }
    }
    return OK;
}

static err delete_rows(struct ctx *ctx, struct events *log, const i64 *ids, i64 count)
{
    struct clickhouse *ch = log->large->ch;
    i64 hosts[SHARDS_MAX], host_count;
    str list = large_ids(ctx, ids, count);
    str sql = LARGE_SQL(ctx, log, SQL_LOG_DELETE, CLICK_NAME_ARG("events", local_table(ch)),
                        CLICK_SQL_ARG("ids", list));
    TRY(one_of_each_shard(ctx, ch, hosts, &host_count));
    for (i64 i = 0; i < host_count; i++) {
        TRY(click_run_at(ctx, ch, hosts[i], sql));
    }
    return wait_gone(ctx, log, hosts, host_count, list);
}

static err forget(struct ctx *ctx, struct events *log, const i64 *ids, i64 count)
{
    for (i64 i = 0; i < log->options.follower_count; i++) {
        const struct event_follower *follower = &log->options.followers[i];
        if (follower->forget != NULL) {
            TRY(follower->forget(follower->self, ctx, ids, count));
        }
    }
    return OK;
}

/* Those of the ids that are there. */
static err living(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, i64 **out, i64 *found)
{
    struct click_rows rows;
    str sql = LARGE_SQL(ctx, log, SQL_LOG_LIVING, CLICK_SQL_ARG("ids", large_ids(ctx, ids, count)));
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE, sql, &rows));
    *out = arena_new(&ctx->arena, i64, count);
    for (*found = 0; click_more(&rows) && *found < count;) {
        (*out)[(*found)++] = click_i64(&rows);
    }
    return OK;
}

static err delete_chunk(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, i64 *deleted)
{
    i64 *there, found;
    TRY(living(ctx, log, ids, count, &there, &found));
    if (found > 0) {
        TRY(forget(ctx, log, there, found));
        TRY(large_remove(ctx, log, there, found));
    }
    *deleted += found;
    // Also what an earlier attempt took out of sight but not out of the parts.
    return delete_rows(ctx, log, ids, count);
}

err large_delete(struct ctx *ctx, struct events *log, const i64 *ids, i64 count, i64 *deleted)
{
    err busy = OK;
    *deleted = 0;
    for (i64 from = 0; from < count; from += DELETE_CHUNK) {
        err code = delete_chunk(ctx, log, ids + from, lesser(DELETE_CHUNK, count - from), deleted);
        if (code != OK && code != ERR_BUSY) {
            return large_note(ctx, log, code);
        }
        busy = busy == OK ? code : busy;
    }
    return busy;
}

static err read_ids(struct ctx *ctx, struct events *log, str sql, i64 **ids, i64 *found)
{
    struct click_rows rows;
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE, sql, &rows));
    i64 count = (rows.end - rows.at) / (i64)sizeof(i64);
    *ids = arena_new(&ctx->arena, i64, greater(count, 1));
    for (*found = 0; click_more(&rows);) {
        (*ids)[(*found)++] = click_i64(&rows);
    }
    return OK;
}

err large_delete_import(struct ctx *ctx, struct events *log, i64 import, i64 *deleted)
{
    i64 *ids, count;
    *deleted = 0;
    TRY(large_note(ctx, log,
                   read_ids(ctx, log, LARGE_SQL(ctx, log, SQL_LOG_OF_IMPORT, CLICK_I64_ARG("import", import)), &ids,
                            &count)));
    return large_delete(ctx, log, ids, count, deleted);
}

err events_of_aliases(struct ctx *ctx, struct events *log, const i64 *alias_ids, i64 count, i64 **ids, i64 *found)
{
    *found = 0;
    *ids = NULL;
    if (count == 0) {
        return OK;
    }
    str sql = LARGE_SQL(ctx, log, SQL_LOG_OF_ALIASES, CLICK_SQL_ARG("ids", large_ids(ctx, alias_ids, count)));
    return large_note(ctx, log, read_ids(ctx, log, sql, ids, found));
}

err events_purge_aliases(struct ctx *ctx, struct events *log, const i64 *alias_ids, const str *aliases, i64 count)
{
    i64 *ids, found, deleted;
    if (log->large == NULL || count == 0) {
        return OK;
    }
    struct buf texts = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        buf_add(&texts, i > 0 ? STR(",") : STR(""));
        click_literal(&texts, aliases[i]);
    }
    str sql = LARGE_SQL(ctx, log, SQL_LOG_HIDDEN_OF_ALIASES, CLICK_SQL_ARG("ids", large_ids(ctx, alias_ids, count)),
                        CLICK_SQL_ARG("aliases", buf_str(&texts)));
    TRY(large_note(ctx, log, read_ids(ctx, log, sql, &ids, &found)));
    return large_delete(ctx, log, ids, found, &deleted);
}
