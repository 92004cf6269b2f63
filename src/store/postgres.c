#include "base/clock.h"
#include "store/driver.h"
#include "store/pq_listen.h"
#include "store/pq_migrate.h"
#include "store/pq_pool.h"

/* The oldest server whose SQL is the one we write. */
enum { VERSION_MIN = 150000 };

/* How long a thread waits for this process' other writers; the server's lock_timeout for those of other processes. */
enum { TURN_MS = 10000 };

/* Queued statements are settled now and then, so that neither side waits with full buffers. */
enum { UNREAD_MAX = 256 };

/* Only one thread of a process at a time asks the server for the writers' turn: the others would only hold
 * connections meanwhile. */
struct postgres {
    struct store store;
    struct pq_pool pool;
    struct pq_listener *listener;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    bool writing; /* one of our threads has the turn or waits for it */
    char url[];
};

static struct postgres *of(struct store *store)
{
    return (struct postgres *)store;
}

/* Opening. */

static err check_server(struct ctx *ctx, const struct pq *pq)
{
    int version = PQserverVersion(pq->link);
    if (version < VERSION_MIN) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.records_version", {"server", pq->place},
                    {"have", str_format(&ctx->arena, "%d.%d", version / 10000, version % 10000)},
                    {"least", str_format(&ctx->arena, "%d", VERSION_MIN / 10000)});
    }
    const char *encoding = PQparameterStatus(pq->link, "server_encoding");
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.records_encoding", {"server", pq->place},
                    {"have", str_from(encoding == NULL ? "?" : encoding)});
    }
    return OK;
}

static err prepare_database(struct ctx *ctx, struct pq *pq)
{
    TRY(check_server(ctx, pq));
    return pq_migrate(ctx, pq);
}

static err open_all(struct ctx *ctx, struct postgres *postgres)
{
    struct pq *pq;
    TRY(pq_open_said(ctx, postgres->pool.url, &pq));
    err code = prepare_database(ctx, pq);
    pq_close(pq);
    TRY(code);
    return pq_listener_open(ctx, &postgres->pool, &postgres->listener);
}

static void close_all(struct store *store)
{
    struct postgres *postgres = of(store);
    pq_listener_close(postgres->listener);
    pq_pool_close(&postgres->pool);
    pthread_cond_destroy(&postgres->turn);
    pthread_mutex_destroy(&postgres->lock);
    pthread_mutex_destroy(&store->counting);
    mem_free(postgres);
}

/* Transactions. */

/* False when the time is over. */
static bool take_turn(struct postgres *postgres)
{
    i64 until_ms = clock_steady_ns() / 1000000 + TURN_MS;
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    pthread_mutex_lock(&postgres->lock);
    int over = 0;
    while (postgres->writing && over == 0) {
        over = pthread_cond_timedwait(&postgres->turn, &postgres->lock, &until);
    }
    bool taken = !postgres->writing;
    postgres->writing = true;
    pthread_mutex_unlock(&postgres->lock);
    return taken;
}

static void give_turn(struct postgres *postgres)
{
    pthread_mutex_lock(&postgres->lock);
    postgres->writing = false;
    pthread_cond_signal(&postgres->turn);
    pthread_mutex_unlock(&postgres->lock);
}

static err send_begin(struct ctx *ctx, struct pq *pq, bool writes)
{
    if (!writes) {
        // Sent along with the first statement.
        TRY(pq_send_plain(ctx, pq, SQL_POSTGRES_BEGIN));
        return pq_send_plain(ctx, pq, SQL_POSTGRES_UNHURRIED);
    }
    TRY(pq_send_plain(ctx, pq, SQL_POSTGRES_BEGIN_WRITE));
    return pq_run_plain(ctx, pq, SQL_POSTGRES_TURN);
}

static err begin_with(struct ctx *ctx, struct postgres *postgres, bool writes, struct pq **out)
{
    TRY(pq_take(ctx, &postgres->pool, out));
    err code = send_begin(ctx, *out, writes);
    if (code != OK) {
        pq_undo(*out);
        pq_give(&postgres->pool, *out);
    }
    return code;
}

static err begin(struct ctx *ctx, struct store *store, bool writes, void **session)
{
    struct postgres *postgres = of(store);
    if (writes && !take_turn(postgres)) {
        err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.records_away");
        ctx->fault.retry_after_s = PQ_RETRY_S;
        return code;
    }
    struct pq *pq = NULL;
    err code = begin_with(ctx, postgres, writes, &pq);
    if (code != OK && writes) {
        give_turn(postgres);
        store_count(store, code, true);
    }
    *session = pq;
    return code;
}

static err commit(struct ctx *ctx, struct store *store, void *session)
{
    (void)store;
    return pq_commit(ctx, session);
}

static void end(struct store *store, void *session, bool writes, err code)
{
    struct pq *pq = session;
    if (code != OK) {
        pq_undo(pq);
    }
    bool broken = pq->broken;
    pq_give(&of(store)->pool, pq);
    if (writes) {
        give_turn(of(store));
        store_count(store, code, broken);
    }
}

/* Statements. */

static err run_statement(struct ctx *ctx, void *session, struct run *run)
{
    return pq_run(ctx, session, run);
}

static err later(struct ctx *ctx, void *session, struct run *run)
{
    struct pq *pq = session;
    TRY(pq_send(ctx, pq, run));
    return pq->unread < UNREAD_MAX ? OK : pq_settle(ctx, pq);
}

/* Rows that come one by one may take longer than a statement should: that needs a transaction. */
static err stream_alone(struct ctx *ctx, struct pq *pq, struct run *run)
{
    TRY(send_begin(ctx, pq, false));
    TRY(pq_run(ctx, pq, run));
    return pq_commit(ctx, pq);
}

static err alone(struct ctx *ctx, struct store *store, struct run *run)
{
    struct pq *pq;
    TRY(pq_take(ctx, &of(store)->pool, &pq));
    err code = run->streams ? stream_alone(ctx, pq, run) : pq_run(ctx, pq, run);
    if (code != OK && run->streams) {
        pq_undo(pq);
    }
    bool broken = pq->broken;
    pq_give(&of(store)->pool, pq);
    if (run->writes) {
        store_count(store, code, broken);
    }
    return code;
}

/* The database as a whole. */

static err scrub(struct ctx *ctx, struct store *store)
{
    struct run run = {.sql = SQL_POSTGRES_SCRUB, .args = &ARGS_NONE};
    return alone(ctx, store, &run);
}

static err backup(struct ctx *ctx, struct store *store, str file)
{
    (void)store;
    (void)file;
    return FAIL(ctx, ERR_INVALID, NULL, "error.records_backup");
}

static void stats(struct store *store, struct store_stats *out)
{
    pthread_mutex_lock(&store->counting);
    *out = store->stats;
    pthread_mutex_unlock(&store->counting);
    out->readers = pq_pool_count(&of(store)->pool, &out->readonly);
}

/* Several processes. */

static void tell(const struct store *store, str channel, str text, struct buf *out)
{
    pq_words(((const struct postgres *)store)->listener, channel, text, out);
}

static void listen(struct store *store, str channel, void (*heard)(void *self, str text), void *self)
{
    pq_listener_add(of(store)->listener, channel, heard, self);
}

static void deaf(struct store *store)
{
    pq_listener_deaf(of(store)->listener);
}

static const struct driver driver = {
    .close = close_all,
    .begin = begin,
    .commit = commit,
    .end = end,
    .run = run_statement,
    .later = later,
    .alone = alone,
    .scrub = scrub,
    .backup = backup,
    .stats = stats,
    .tell = tell,
    .listen = listen,
    .deaf = deaf,
};

err postgres_open(struct ctx *ctx, const struct store_options *options, struct store **out)
{
    struct postgres *postgres = mem_new((i64)sizeof *postgres + options->url.len + 1);
    memcpy(postgres->url, options->url.data, (size_t)options->url.len);
    postgres->store.driver = &driver;
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&postgres->turn, &steady);
    pthread_condattr_destroy(&steady);
    pthread_mutex_init(&postgres->lock, NULL);
    pthread_mutex_init(&postgres->store.counting, NULL);
    pq_pool_open(&postgres->pool, (str){postgres->url, options->url.len});
    err code = open_all(ctx, postgres);
    if (code != OK) {
        close_all(&postgres->store);
        return code;
    }
    *out = &postgres->store;
    return OK;
}
