#include "store/driver.h"

#include "base/log.h"
#include "store/folder.h"
#include "store/migrate.h"
#include "store/pool.h"

#include <assert.h>
#include <sys/stat.h>

/* Records up to this size are checked page by page when they are opened. */
enum { CHECK_BYTES_MAX = 32 << 20 };

/* The write-ahead log is copied back when it has 4 MB. */
enum { WAL_PAGES = 1000 };

/* One connection writes, under a lock; a pool of connections reads. */
struct sqlite {
    struct store store;
    struct connection_options options; /* of the writer; the file's name lives behind the struct */
    pthread_mutex_t writing;           /* held for a whole transaction */
    struct connection *writer;         /* NULL: closed after a disk error */
    bool scrub_wanted;                 /* deleted rows are still in the write-ahead log */
    struct pool readers;
};

static struct sqlite *of(struct store *store)
{
    return (struct sqlite *)store;
}

/* Opening. */

static err check_pages(struct ctx *ctx, struct sqlite *sqlite)
{
    struct stat file;
    if (stat(sqlite->options.file.data, &file) != 0 || file.st_size > CHECK_BYTES_MAX) {
        return OK;
    }
    i64 problems = 0;
    TRY(connection_number(ctx, sqlite->writer, SQL_SQLITE_CHECK, &problems));
    return problems == 0 ? OK : FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", sqlite->options.file});
}

static err open_writer(struct ctx *ctx, struct sqlite *sqlite)
{
    return connection_open(ctx, &sqlite->options, &sqlite->writer);
}

/* As it is: a step that is missing is the business of whoever holds the folder. */
static err look_only(struct ctx *ctx, struct sqlite *sqlite)
{
    struct connection *reader;
    TRY(pool_take(ctx, &sqlite->readers, &reader));
    err code = migrate_same(ctx, reader, "records");
    pool_give(&sqlite->readers, reader);
    return code;
}

static err open_all(struct ctx *ctx, struct sqlite *sqlite, const struct store_options *options)
{
    TRY(migrate_check(ctx, sqlite->options.file, "records"));
    if (options->reads) {
        return look_only(ctx, sqlite);
    }
    TRY(open_writer(ctx, sqlite));
    TRY(check_pages(ctx, sqlite));
    TRY(migrate(ctx, sqlite->writer, "records"));
    return folder_sync(ctx, options->folder);
}

static void close_all(struct store *store)
{
    struct sqlite *sqlite = of(store);
    pool_close(&sqlite->readers);
    connection_close(sqlite->writer);
    pthread_mutex_destroy(&sqlite->writing);
    pthread_mutex_destroy(&store->counting);
    mem_free(sqlite);
}

/* Transactions. */

/* After a disk error the old handle is never used again: what the system's cache holds and what the disk holds may differ.
 * Opening a new one writes the write-ahead log once more; then it is copied back. */
static err writer_ready(struct ctx *ctx, struct sqlite *sqlite)
{
    if (sqlite->writer != NULL && sqlite->writer->broken) {
        connection_close(sqlite->writer);
        sqlite->writer = NULL;
        pool_renew(&sqlite->readers);
    }
    if (sqlite->writer != NULL) {
        return OK;
    }
    TRY(open_writer(ctx, sqlite));
    err code = connection_run(ctx, sqlite->writer, SQL_SQLITE_CHECKPOINT);
    if (code != OK) {
        connection_close(sqlite->writer);
        sqlite->writer = NULL;
    }
    return code;
}

/* The transaction is safe already; a failure here only makes the next one begin with a new handle. */
static void copy_back(struct sqlite *sqlite)
{
    struct ctx ctx = {0};
    if (sqlite->scrub_wanted) {
        sqlite->scrub_wanted = connection_empty_wal(&ctx, sqlite->writer) != OK;
        ctx_forgive(&ctx);
    }
    if (connection_copy_back(&ctx, sqlite->writer, WAL_PAGES) != OK) {
        log_fault(LOG_WARN, "records_copy_back", &ctx, ERR_IO);
    }
    ctx_end(&ctx);
}

/* The writer's turn is over. */
static void end_writing(struct sqlite *sqlite, err code)
{
    if (code == OK) {
        copy_back(sqlite);
    }
    store_count(&sqlite->store, code, sqlite->writer == NULL || sqlite->writer->broken);
    pthread_mutex_unlock(&sqlite->writing);
}

static err begin_writing(struct ctx *ctx, struct sqlite *sqlite, struct connection **out)
{
    pthread_mutex_lock(&sqlite->writing);
    err code = writer_ready(ctx, sqlite);
    if (code == OK) {
        code = connection_begin(ctx, sqlite->writer);
    }
    if (code != OK) {
        if (sqlite->writer != NULL) {
            connection_undo(sqlite->writer);
        }
        end_writing(sqlite, code);
        return code;
    }
    *out = sqlite->writer;
    return OK;
}

static err begin_reading(struct ctx *ctx, struct sqlite *sqlite, struct connection **out)
{
    TRY(pool_take(ctx, &sqlite->readers, out));
    err code = connection_begin(ctx, *out);
    if (code != OK) {
        connection_undo(*out);
        pool_give(&sqlite->readers, *out);
    }
    return code;
}

static err begin(struct ctx *ctx, struct store *store, bool writes, void **session)
{
    struct connection *connection = NULL;
    TRY(writes ? begin_writing(ctx, of(store), &connection) : begin_reading(ctx, of(store), &connection));
    *session = connection;
    return OK;
}

static err commit(struct ctx *ctx, struct store *store, void *session)
{
    (void)store;
    return connection_commit(ctx, session);
}

static void end(struct store *store, void *session, bool writes, err code)
{
    if (code != OK) {
        connection_undo(session);
    }
    if (writes) {
        end_writing(of(store), code);
    } else {
        pool_give(&of(store)->readers, session);
    }
}

/* Rows. */

static int columns(const void *source)
{
    return sqlite3_column_count((sqlite3_stmt *)source);
}

static const char *name(const void *source, int column)
{
    return sqlite3_column_name((sqlite3_stmt *)source, column);
}

static bool null(const void *source, int column)
{
    return sqlite3_column_type((sqlite3_stmt *)source, column) == SQLITE_NULL;
}

static i64 integer(const void *source, int column)
{
    return sqlite3_column_int64((sqlite3_stmt *)source, column);
}

static f64 number(const void *source, int column)
{
    return sqlite3_column_double((sqlite3_stmt *)source, column);
}

static str text(const void *source, int column)
{
    if (null(source, column)) {
        return STR_NONE;
    }
    const void *bytes = sqlite3_column_blob((sqlite3_stmt *)source, column);
    return (str){bytes ? bytes : "", sqlite3_column_bytes((sqlite3_stmt *)source, column)};
}

static const struct cells cells = {columns, name, null, integer, number, text};

/* Statements. */

static void bind_value(sqlite3_stmt *statement, int at, const struct store_arg *value)
{
    bool has_text = value->type == STORE_TEXT || value->type == STORE_BYTES;
    if (value->none || value->type == STORE_NULL || (has_text && !str_is(value->text))) {
        sqlite3_bind_null(statement, at);
        return;
    }
    sqlite3_uint64 len = (sqlite3_uint64)value->text.len;
    switch (value->type) {
    case STORE_NULL: break;
    case STORE_I64: sqlite3_bind_int64(statement, at, value->integer); break;
    case STORE_F64: sqlite3_bind_double(statement, at, value->number); break;
    case STORE_TEXT: sqlite3_bind_text64(statement, at, value->text.data, len, SQLITE_STATIC, SQLITE_UTF8); break;
    case STORE_BYTES: sqlite3_bind_blob64(statement, at, value->text.data, len, SQLITE_STATIC); break;
    }
}

static err bind_values(struct ctx *ctx, sqlite3_stmt *statement, const struct run *run)
{
    struct store_arg values[PARAMETERS_MAX];
    TRY(bind_args(ctx, run->sql, run->args, values));
    int count = statement_texts[run->sql].parameter_count;
    assert(sqlite3_bind_parameter_count(statement) == count);
    for (int i = 0; i < count; i++) {
        bind_value(statement, i + 1, &values[i]);
    }
    return OK;
}

static err step_all(struct ctx *ctx, struct connection *connection, sqlite3_stmt *statement, struct run *run)
{
    struct store_row row = {.cells = &cells, .source = statement, .sql = run->sql, .place = connection->file};
    for (;;) {
        int code = sqlite3_step(statement);
        if (code != SQLITE_ROW) {
            run->changed = sqlite3_changes64(connection->db);
            return connection_result(ctx, connection, code);
        }
        // A statement that writes must come to its end.
        if (run->rows++ > 0 && run->first_only) {
            continue;
        }
        if (run->row != NULL) {
            TRY(run->row(run, ctx, &row));
        }
    }
}

static err run_statement(struct ctx *ctx, void *session, struct run *run)
{
    struct connection *connection = session;
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, connection, run->sql, &statement));
    // Whether a statement writes is known from SQLite itself; a reader cannot run it.
    err code = ERR_METHOD;
    if (connection->writes || sqlite3_stmt_readonly(statement)) {
        code = bind_values(ctx, statement, run);
        if (code == OK) {
            code = step_all(ctx, connection, statement, run);
        }
    }
    connection_done(connection, run->sql, statement);
    return code;
}

static err alone(struct ctx *ctx, struct store *store, struct run *run)
{
    if (run->writes) {
        return ERR_METHOD;
    }
    struct connection *reader;
    TRY(pool_take(ctx, &of(store)->readers, &reader));
    err code = run_statement(ctx, reader, run);
    pool_give(&of(store)->readers, reader);
    return code;
}

/* The file as a whole. */

static err try_scrub(struct ctx *ctx, struct sqlite *sqlite)
{
    pthread_mutex_lock(&sqlite->writing);
    err code = writer_ready(ctx, sqlite);
    if (code == OK) {
        code = connection_empty_wal(ctx, sqlite->writer);
    }
    sqlite->scrub_wanted = code != OK; // then whoever writes next tries again
    pthread_mutex_unlock(&sqlite->writing);
    return code;
}

static err scrub(struct ctx *ctx, struct store *store)
{
    err code = try_scrub(ctx, of(store));
    for (int i = 1; i < SCRUB_TRIES && code == ERR_BUSY; i++) {
        ctx_forgive(ctx);
        nanosleep(&(struct timespec){.tv_nsec = SCRUB_PAUSE_MS * 1000000L}, NULL);
        code = try_scrub(ctx, of(store));
    }
    return code;
}

static err backup(struct ctx *ctx, struct store *store, str file)
{
    struct connection *reader;
    TRY(pool_take(ctx, &of(store)->readers, &reader));
    err code = connection_copy(ctx, reader, file);
    pool_give(&of(store)->readers, reader);
    return code;
}

/* Has the disk come back? Nobody else may find out for a while. */
static void look_again(struct sqlite *sqlite)
{
    if (pthread_mutex_trylock(&sqlite->writing) != 0) {
        return; // whoever writes will see
    }
    struct ctx ctx = {0};
    if (writer_ready(&ctx, sqlite) == OK) {
        pthread_mutex_lock(&sqlite->store.counting);
        sqlite->store.stats.readonly = false;
        pthread_mutex_unlock(&sqlite->store.counting);
    }
    ctx_end(&ctx);
    pthread_mutex_unlock(&sqlite->writing);
}

static struct store_stats read_stats(struct store *store)
{
    pthread_mutex_lock(&store->counting);
    struct store_stats stats = store->stats;
    pthread_mutex_unlock(&store->counting);
    return stats;
}

static void stats(struct store *store, struct store_stats *out)
{
    *out = read_stats(store);
    if (out->readonly && !store_writing(store)) {
        look_again(of(store));
        *out = read_stats(store);
    }
    out->readers = pool_count(&of(store)->readers);
}

static const struct driver driver = {
    .close = close_all,
    .begin = begin,
    .commit = commit,
    .end = end,
    .run = run_statement,
    .alone = alone,
    .scrub = scrub,
    .backup = backup,
    .stats = stats,
};

err sqlite_open(struct ctx *ctx, const struct store_options *options, struct store **out)
{
    str file = str_format(&ctx->arena, "%.*s/records.db", STR_ARG(options->folder));
    struct sqlite *sqlite = mem_new((i64)sizeof *sqlite + file.len + 1);
    char *own = (char *)(sqlite + 1);
    memcpy(own, file.data, (size_t)file.len);
    sqlite->store.driver = &driver;
    sqlite->options = (struct connection_options){
        .file = {own, file.len},
        .writes = true,
        .no_fsync = options->no_fsync,
    };
    pthread_mutex_init(&sqlite->writing, NULL);
    pthread_mutex_init(&sqlite->store.counting, NULL);
    pool_open(&sqlite->readers, sqlite->options.file);
    err code = open_all(ctx, sqlite, options);
    if (code != OK) {
        close_all(&sqlite->store);
        return code;
    }
    *out = &sqlite->store;
    return OK;
}
