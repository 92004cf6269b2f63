#include "store/store.h"

#include "base/log.h"
#include "store/bind.h"
#include "store/folder.h"
#include "store/migrate.h"
#include "store/pool.h"

#include <assert.h>
#include <sys/stat.h>

/* Records up to this size are checked page by page when they are opened. */
enum { CHECK_BYTES_MAX = 32 << 20 };

/* The write-ahead log is copied back when it has 4 MB. */
enum { WAL_PAGES = 1000 };

struct store {
    struct connection_options options; /* of the writer; the file's name lives behind the struct */
    pthread_mutex_t writing;           /* held for a whole transaction */
    struct connection *writer;         /* NULL: closed after a disk error */
    bool scrub_wanted;                 /* deleted rows are still in the write-ahead log */

    struct pool readers;
    pthread_mutex_t counting;
    struct store_stats stats;
};

/* The transactions this thread is in, innermost first. */
struct hold {
    const struct store *store;
    struct connection *connection;
    bool writes;
    struct hold *outer;
};
static _Thread_local struct hold *holds;

static struct hold *hold_find(const struct store *store)
{
    struct hold *hold = holds;
    while (hold != NULL && hold->store != store) {
        hold = hold->outer;
    }
    return hold;
}

bool store_writing(const struct store *store)
{
    struct hold *hold = hold_find(store);
    return hold != NULL && hold->writes;
}

/* Opening. */

static err check_pages(struct ctx *ctx, struct store *store)
{
    struct stat file;
    if (stat(store->options.file.data, &file) != 0 || file.st_size > CHECK_BYTES_MAX) {
        return OK;
    }
    i64 problems = 0;
    TRY(connection_number(ctx, store->writer, SQL_SQLITE_CHECK, &problems));
    return problems == 0 ? OK : FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", store->options.file});
}

static err open_writer(struct ctx *ctx, struct store *store)
{
    return connection_open(ctx, &store->options, &store->writer);
}

static err open_all(struct ctx *ctx, struct store *store, str folder)
{
    TRY(migrate_check(ctx, store->options.file, "records"));
    TRY(open_writer(ctx, store));
    TRY(check_pages(ctx, store));
    TRY(migrate(ctx, store->writer, "records"));
    return folder_sync(ctx, folder);
}

err store_open(struct ctx *ctx, const struct store_options *options, struct store **out)
{
    str file = str_format(&ctx->arena, "%.*s/records.db", STR_ARG(options->folder));
    struct store *store = mem_new((i64)sizeof *store + file.len + 1);
    char *name = (char *)(store + 1);
    memcpy(name, file.data, (size_t)file.len);
    store->options = (struct connection_options){
        .file = {name, file.len},
        .writes = true,
        .no_fsync = options->no_fsync,
    };
    pthread_mutex_init(&store->writing, NULL);
    pthread_mutex_init(&store->counting, NULL);
    pool_open(&store->readers, store->options.file);
    err code = open_all(ctx, store, options->folder);
    if (code != OK) {
        store_close(store);
        return code;
    }
    *out = store;
    return OK;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    assert(hold_find(store) == NULL);
    pool_close(&store->readers);
    connection_close(store->writer);
    pthread_mutex_destroy(&store->writing);
    pthread_mutex_destroy(&store->counting);
    mem_free(store);
}

/* SQLite's file is held by one process alone. */

bool store_shared(const struct store *store)
{
    (void)store;
    return false;
}

err store_tell(struct ctx *ctx, struct store *store, str channel, str text)
{
    (void)ctx;
    (void)store;
    (void)channel;
    assert(text.len <= STORE_TELL_MAX);
    return OK;
}

void store_listen(struct store *store, str channel, void (*heard)(void *self, str text), void *self)
{
    (void)store;
    (void)channel;
    (void)heard;
    (void)self;
}

/* Transactions. */

/* After a disk error the old handle is never used again: what the system's cache holds and what the disk holds may differ.
 * Opening a new one writes the write-ahead log once more; then it is copied back. */
static err writer_ready(struct ctx *ctx, struct store *store)
{
    if (store->writer != NULL && store->writer->broken) {
        connection_close(store->writer);
        store->writer = NULL;
        pool_renew(&store->readers);
    }
    if (store->writer != NULL) {
        return OK;
    }
    TRY(open_writer(ctx, store));
    err code = connection_run(ctx, store->writer, SQL_SQLITE_CHECKPOINT);
    if (code != OK) {
        connection_close(store->writer);
        store->writer = NULL;
    }
    return code;
}

static err in_transaction(struct ctx *ctx, struct store *store, struct connection *connection, store_work *work,
                          void *arg)
{
    TRY(connection_begin(ctx, connection));
    struct hold hold = {store, connection, connection->writes, holds};
    holds = &hold;
    err code = work(ctx, store, arg);
    holds = hold.outer;
    if (code == OK) {
        code = connection_commit(ctx, connection);
    }
    if (code != OK) {
        connection_undo(connection);
    }
    return code;
}

/* The transaction is safe already; a failure here only makes the next one begin with a new handle. */
static void copy_back(struct store *store)
{
    struct ctx ctx = {0};
    if (store->scrub_wanted) {
        store->scrub_wanted = connection_empty_wal(&ctx, store->writer) != OK;
        ctx_forgive(&ctx);
    }
    if (connection_copy_back(&ctx, store->writer, WAL_PAGES) != OK) {
        log_fault(LOG_WARN, "records_copy_back", &ctx, ERR_IO);
    }
    ctx_end(&ctx);
}

err store_write(struct ctx *ctx, struct store *store, store_work *work, void *arg)
{
    assert(hold_find(store) == NULL); // a transaction cannot hold another
    pthread_mutex_lock(&store->writing);
    err code = writer_ready(ctx, store);
    if (code == OK) {
        code = in_transaction(ctx, store, store->writer, work, arg);
    }
    if (code == OK) {
        copy_back(store);
    }
    bool broken = store->writer == NULL || store->writer->broken;
    pthread_mutex_lock(&store->counting);
    store->stats.transactions += code == OK;
    store->stats.failures += broken;
    store->stats.readonly = broken || (store->stats.readonly && code != OK);
    pthread_mutex_unlock(&store->counting);
    pthread_mutex_unlock(&store->writing);
    return code;
}

err store_read(struct ctx *ctx, struct store *store, store_work *work, void *arg)
{
    if (hold_find(store) != NULL) {
        return work(ctx, store, arg); // one state already
    }
    struct connection *reader;
    TRY(pool_take(ctx, &store->readers, &reader));
    err code = in_transaction(ctx, store, reader, work, arg);
    pool_give(&store->readers, reader);
    return code;
}

/* Statements. */

/* One statement and what happens with its rows. */
struct run {
    enum statement sql;
    const struct store_args *args;
    err (*row)(struct run *run, struct ctx *ctx, struct store_row *row);
    bool first_only;
    i64 rows, changed;

    const struct shape *shape; /* store_one, store_all */
    void *out;                 /* where the row or number goes */
    i64 capacity;              /* store_all */
    err (*each)(void *self, struct ctx *ctx, const struct store_row *row);
    void *self;
};

static err step_all(struct ctx *ctx, struct store_row *row, struct run *run)
{
    for (;;) {
        int code = sqlite3_step(row->statement);
        if (code != SQLITE_ROW) {
            run->changed = sqlite3_changes64(row->connection->db);
            return connection_result(ctx, row->connection, code);
        }
        // A statement that writes must come to its end.
        if (run->rows++ > 0 && run->first_only) {
            continue;
        }
        if (run->row != NULL) {
            TRY(run->row(run, ctx, row));
        }
    }
}

static err run_on(struct ctx *ctx, struct connection *connection, struct run *run)
{
    struct store_row row = {.connection = connection, .sql = run->sql};
    TRY(connection_statement(ctx, connection, run->sql, &row.statement));
    // Whether a statement writes is known from SQLite itself; a reader cannot run it.
    err code = ERR_METHOD;
    if (connection->writes || sqlite3_stmt_readonly(row.statement)) {
        code = bind_args(ctx, run->sql, row.statement, run->args);
        if (code == OK) {
            code = step_all(ctx, &row, run);
        }
    }
    connection_done(connection, run->sql, row.statement);
    return code;
}

static err run_in_hold(struct ctx *ctx, struct store *store, void *arg)
{
    struct run *run = arg;
    struct hold *hold = hold_find(store);
    err code = run_on(ctx, hold->connection, run);
    assert(code != ERR_METHOD || hold->writes); // a statement that writes inside store_read
    return code;
}

static err run_anywhere(struct ctx *ctx, struct store *store, struct run *run)
{
    if (hold_find(store) != NULL) {
        return run_in_hold(ctx, store, run);
    }
    struct connection *reader;
    TRY(pool_take(ctx, &store->readers, &reader));
    err code = run_on(ctx, reader, run);
    pool_give(&store->readers, reader);
    return code == ERR_METHOD ? store_write(ctx, store, run_in_hold, run) : code;
}

err store_run(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args, i64 *changed)
{
    struct run run = {.sql = sql, .args = &args};
    err code = hold_find(store) != NULL ? run_in_hold(ctx, store, &run) : store_write(ctx, store, run_in_hold, &run);
    if (changed != NULL) {
        *changed = code == OK ? run.changed : 0;
    }
    return code;
}

static err keep_one(struct run *run, struct ctx *ctx, struct store_row *row)
{
    row_match(row, run->shape);
    return row_fill(ctx, row, run->out);
}

err store_one(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
              const struct shape *shape, void *out)
{
    struct run run = {.sql = sql, .args = &args, .row = keep_one, .first_only = true, .shape = shape, .out = out};
    TRY(run_anywhere(ctx, store, &run));
    return run.rows > 0 ? OK : ERR_NOT_FOUND;
}

static err keep_all(struct run *run, struct ctx *ctx, struct store_row *row)
{
    struct shape_list *list = run->out;
    i64 size = (i64)run->shape->size;
    if (list->count == run->capacity) {
        i64 more = greater(16, run->capacity * 2);
        list->items = arena_grow(&ctx->arena, list->items, run->capacity * size, more * size, _Alignof(max_align_t));
        run->capacity = more;
    }
    row_match(row, run->shape);
    TRY(row_fill(ctx, row, (char *)list->items + list->count * size));
    list->count++;
    return OK;
}

err store_all(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
              const struct shape *shape, struct shape_list *out)
{
    *out = (struct shape_list){0};
    struct run run = {.sql = sql, .args = &args, .row = keep_all, .shape = shape, .out = out};
    return run_anywhere(ctx, store, &run);
}

static err keep_number(struct run *run, struct ctx *ctx, struct store_row *row)
{
    (void)ctx;
    *(i64 *)run->out = row_i64(row, 0);
    return OK;
}

err store_number(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args, i64 *out)
{
    *out = 0;
    struct run run = {.sql = sql, .args = &args, .row = keep_number, .first_only = true, .out = out};
    return run_anywhere(ctx, store, &run);
}

static err hand_over(struct run *run, struct ctx *ctx, struct store_row *row)
{
    return run->each(run->self, ctx, row);
}

err store_each(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
               err (*each)(void *self, struct ctx *ctx, const struct store_row *row), void *self)
{
    struct run run = {.sql = sql, .args = &args, .row = hand_over, .each = each, .self = self};
    return run_anywhere(ctx, store, &run);
}

/* The file as a whole. */

static err try_scrub(struct ctx *ctx, struct store *store)
{
    pthread_mutex_lock(&store->writing);
    err code = writer_ready(ctx, store);
    if (code == OK) {
        code = connection_empty_wal(ctx, store->writer);
    }
    store->scrub_wanted = code != OK; // then whoever writes next tries again
    pthread_mutex_unlock(&store->writing);
    return code;
}

err store_scrub(struct ctx *ctx, struct store *store)
{
    err code = try_scrub(ctx, store);
    for (int i = 1; i < SCRUB_TRIES && code == ERR_BUSY; i++) {
        ctx_forgive(ctx);
        nanosleep(&(struct timespec){.tv_nsec = SCRUB_PAUSE_MS * 1000000L}, NULL);
        code = try_scrub(ctx, store);
    }
    return code;
}

err store_backup(struct ctx *ctx, struct store *store, str file)
{
    struct connection *reader;
    TRY(pool_take(ctx, &store->readers, &reader));
    err code = connection_copy(ctx, reader, file);
    pool_give(&store->readers, reader);
    return code;
}

/* Has the disk come back? Nobody else may find out for a while. */
static void look_again(struct store *store)
{
    if (pthread_mutex_trylock(&store->writing) != 0) {
        return; // whoever writes will see
    }
    struct ctx ctx = {0};
    if (writer_ready(&ctx, store) == OK) {
        pthread_mutex_lock(&store->counting);
        store->stats.readonly = false;
        pthread_mutex_unlock(&store->counting);
    }
    ctx_end(&ctx);
    pthread_mutex_unlock(&store->writing);
}

static struct store_stats read_stats(struct store *store)
{
    pthread_mutex_lock(&store->counting);
    struct store_stats stats = store->stats;
    pthread_mutex_unlock(&store->counting);
    return stats;
}

struct store_stats store_stats(struct store *store)
{
    struct store_stats stats = read_stats(store);
    if (stats.readonly && !store_writing(store)) {
        look_again(store);
        stats = read_stats(store);
    }
    stats.readers = pool_count(&store->readers);
    return stats;
}
