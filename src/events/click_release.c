/* What a server is, and the settings that statements are sent with because of it. */
#include "events/click_state.h"

#include "base/log.h"
#include "store/statements.h"

static const char *const setting_names[SETTING_COUNT_] = {
    [SETTING_INSERT_QUORUM] = "insert_quorum",
    [SETTING_INSERT_QUORUM_PARALLEL] = "insert_quorum_parallel",
    [SETTING_INSERT_QUORUM_TIMEOUT] = "insert_quorum_timeout",
    [SETTING_SELECT_SEQUENTIAL] = "select_sequential_consistency",
    [SETTING_DISTRIBUTED_SYNC] = "insert_distributed_sync",
    [SETTING_DISTRIBUTED_FOREGROUND] = "distributed_foreground_insert",
    [SETTING_FSYNC_AFTER_INSERT] = "fsync_after_insert",
    [SETTING_ASYNC_INSERT] = "async_insert",
    [SETTING_INSERT_DEDUPLICATE] = "insert_deduplicate",
    [SETTING_MUTATIONS_SYNC] = "mutations_sync",
};

/* "18.16.1" → 18016. */
static i64 read_version(str text)
{
    i64 major = 0, minor = 0;
    str rest = text;
    bool fine = str_i64(str_cut(&rest, '.'), &major) && str_is(rest) && str_i64(str_cut(&rest, '.'), &minor);
    return fine ? major * 1000 + minor : 0;
}

static err ask(struct ctx *ctx, struct clickhouse *ch, enum click_as as, enum statement sql, struct click_rows *out)
{
    struct click_call call = {.as = as,
                              .host = -1,
                              .sql = str_from(statement_texts[sql].clickhouse),
                              .plain = true,
                              .format = true,
                              .limit_s = CLICK_WRITE_S};
    TRY(click_send(ctx, ch, &call));
    str body = buf_str(&call.body);
    *out = (struct click_rows){body.data, body.data + body.len, false};
    return OK;
}

static void note_setting(struct click_release *release, str name)
{
    for (int i = 0; i < SETTING_COUNT_; i++) {
        if (str_eq(name, str_from(setting_names[i]))) {
            release->knows[i] = true;
        }
    }
}

static err ask_replicas(struct ctx *ctx, struct clickhouse *ch, struct click_release *release)
{
    struct click_rows rows;
    release->replicas = 1;
    TRY(ask(ctx, ch, CLICK_WRITE, SQL_CLICK_CLUSTERS, &rows));
    i64 found = 0;
    while (click_more(&rows)) {
        str cluster = click_str(&rows);
        i64 fewest = click_i64(&rows), most = click_i64(&rows);
        if (str_eq(cluster, str_from(ch->cluster))) {
            // One quorum holds for all shards, and only with a quorum a replica knows what it does not have yet.
            if (fewest != most) {
                return FAIL(ctx, ERR_INVALID, NULL, "error.events_replicas", {"cluster", cluster});
            }
            release->replicas = fewest;
            found++;
        }
    }
    return found > 0 ? OK
                     : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.events_cluster", {"cluster", str_from(ch->cluster)});
}

static err ask_all(struct ctx *ctx, struct clickhouse *ch, struct click_release *release)
{
    struct click_rows rows;
    TRY(ask(ctx, ch, CLICK_WRITE, SQL_CLICK_VERSION, &rows));
    release->version = read_version(click_str(&rows));
    TRY(ask(ctx, ch, CLICK_WRITE, SQL_CLICK_SETTINGS, &rows));
    while (click_more(&rows)) {
        note_setting(release, click_str(&rows));
    }
    TRY(ask(ctx, ch, CLICK_ASK, SQL_CLICK_READONLY, &rows));
    (void)str_i64(click_str(&rows), &release->ask_readonly);
    release->replicas = 1;
    return ch->cluster != NULL ? ask_replicas(ctx, ch, release) : OK;
}

err click_learn(struct ctx *ctx, struct clickhouse *ch)
{
    if (atomic_load(&ch->learned)) {
        return OK;
    }
    pthread_mutex_lock(&ch->learning);
    struct click_release release = {0};
    err code = atomic_load(&ch->learned) ? OK : ask_all(ctx, ch, &release);
    if (code == OK && !atomic_load(&ch->learned)) {
        ch->release = release;
        atomic_store(&ch->learned, true);
    }
    pthread_mutex_unlock(&ch->learning);
    return code;
}

static void set(const struct clickhouse *ch, struct buf *url, enum click_setting setting, i64 value)
{
    if (ch->release.knows[setting]) {
        buf_format(url, "&%s=%lld", setting_names[setting], (long long)value);
    }
}

/* An insert is answered when it is on the disks of the quorum, through a Distributed table too. */
static void insert_settings(const struct clickhouse *ch, struct buf *url)
{
    if (ch->release.replicas > 1) {
        set(ch, url, SETTING_INSERT_QUORUM, ch->release.replicas / 2 + 1);
        set(ch, url, SETTING_INSERT_QUORUM_PARALLEL, 0); // what select_sequential_consistency needs
        set(ch, url, SETTING_INSERT_QUORUM_TIMEOUT, CLICK_WRITE_S * 1000 / 2);
    }
    set(ch, url, SETTING_DISTRIBUTED_SYNC, 1);
    set(ch, url, SETTING_DISTRIBUTED_FOREGROUND, 1);
    set(ch, url, SETTING_FSYNC_AFTER_INSERT, 1);
    set(ch, url, SETTING_ASYNC_INSERT, 0);
}

static void limits(const struct clickhouse *ch, const struct click_call *call, struct buf *url)
{
    enum { QUERY_BYTES = 256 << 20, SYNTAX_NODES = 1000000 };
    buf_format(url, "&max_execution_time=%lld&max_query_size=%d&max_ast_elements=%d&max_expanded_ast_elements=%d",
               (long long)call->limit_s, QUERY_BYTES, SYNTAX_NODES, SYNTAX_NODES);
    if (call->as == CLICK_ASK && ch->ask_memory_mb > 0) {
        buf_format(url, "&max_memory_usage=%lld", (long long)ch->ask_memory_mb << 20);
    }
    if (ch->release.replicas > 1) {
        set(ch, url, SETTING_SELECT_SEQUENTIAL, 1);
    }
}

void click_settings(const struct clickhouse *ch, const struct click_call *call, struct buf *url)
{
    if (call->plain) {
        return;
    }
    // A profile with readonly = 1 allows no settings: they stand in the profile then.
    if (call->as == CLICK_WRITE || ch->release.ask_readonly != 1) {
        limits(ch, call, url);
    }
    if (call->as == CLICK_WRITE) {
        insert_settings(ch, url);
    } else if (ch->release.ask_readonly == 0) {
        // Last: behind it no more settings are taken. The second kind lets a statement have SETTINGS of its own.
        buf_format(url, "&readonly=2");
    }
}

i64 click_version(const struct clickhouse *ch)
{
    return atomic_load(&ch->learned) ? ch->release.version : 0;
}

i64 click_replicas(const struct clickhouse *ch)
{
    return atomic_load(&ch->learned) ? ch->release.replicas : 1;
}

bool click_knows(const struct clickhouse *ch, const char *setting)
{
    for (int i = 0; i < SETTING_COUNT_ && atomic_load(&ch->learned); i++) {
        if (strcmp(setting_names[i], setting) == 0) {
            return ch->release.knows[i];
        }
    }
    return false;
}

bool click_ask_may_set(const struct clickhouse *ch)
{
    return atomic_load(&ch->learned) && ch->release.ask_readonly != 1;
}
