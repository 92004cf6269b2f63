#include "store/connection.h"

#include "base/log.h"
#include "store/wal.h"

#include <assert.h>

/* How long a connection waits for another's lock before it says busy. */
enum { BUSY_WAIT_MS = 10000, SHORT_WAIT_MS = 20 };

/* The longest value and row: above every limit of the borders, below what would hurt. */
enum { VALUE_BYTES_MAX = 64 << 20 };

/* What a request for later should wait when the disk is the reason. */
enum { DISK_RETRY_S = 30 };

static void configure_once(void)
{
    // The statistics of SQLite's allocator share one lock between all threads.
    static bool done;
    if (!__atomic_exchange_n(&done, true, __ATOMIC_ACQ_REL)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    }
}

static err fail_disk(struct ctx *ctx)
{
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    ctx->fault.retry_after_s = DISK_RETRY_S;
    return code;
}

static err fail_constraint(struct ctx *ctx, struct connection *connection, int extended)
{
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY: return ERR_CONFLICT;
    default:
        log_say(LOG_ERROR, "sqlite", "problem", sqlite3_errmsg(connection->db), NULL);
        return FAIL(ctx, ERR_INVALID, NULL, "error.constraint");
    }
}

err connection_result(struct ctx *ctx, struct connection *connection, int code)
{
    int kind = code & 0xff;
    if (kind == SQLITE_OK || kind == SQLITE_ROW || kind == SQLITE_DONE) {
        return OK;
    }
    if (kind == SQLITE_CONSTRAINT) {
        return fail_constraint(ctx, connection, sqlite3_extended_errcode(connection->db));
    }
    int extended = sqlite3_extended_errcode(connection->db);
    str number = str_format(&ctx->arena, "%d", extended);
    log_say(LOG_ERROR, "sqlite", "code", str_c(&ctx->arena, number), "problem", sqlite3_errmsg(connection->db), "file",
            connection->file.data, NULL);
    switch (kind) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN: connection->broken = true; return fail_disk(ctx);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        connection->broken = true;
        return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", connection->file});
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return FAIL(ctx, ERR_BUSY, NULL, "error.busy");
    case SQLITE_TOOBIG: return FAIL(ctx, ERR_TOO_LARGE, NULL, "error.value_too_large");
    case SQLITE_INTERRUPT: return ERR_CANCELLED;
    default: return FAIL(ctx, ERR_IO, NULL, "error.database");
    }
}

/* Options that are not statements. */
static void harden(sqlite3 *db)
{
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_WAIT_MS);
    // A damaged or planted schema can neither be edited nor run functions with effects.
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL); // "x" is a column, never text, as in PostgreSQL
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 8);
}

static int note_wal(void *connection, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct connection *)connection)->wal_pages = pages;
    return SQLITE_OK;
}

static err prepare_writer(struct ctx *ctx, struct connection *connection, const struct connection_options *options)
{
    if (options->appends) {
        TRY(connection_run(ctx, connection, SQL_SQLITE_LARGE_PAGES)); // before anything makes the file
    }
    TRY(connection_run(ctx, connection, SQL_SQLITE_SECURE_DELETE));
    TRY(connection_run(ctx, connection, SQL_SQLITE_WAL));
    TRY(connection_run(ctx, connection, options->no_fsync ? SQL_SQLITE_SYNC_OFF : SQL_SQLITE_SYNC_FULL));
    TRY(connection_run(ctx, connection, SQL_SQLITE_FOREIGN_KEYS));
    TRY(connection_run(ctx, connection, SQL_SQLITE_CACHE));
    sqlite3_wal_hook(connection->db, note_wal, connection); // takes the place of the automatic check-point
    return OK;
}

static err open_database(struct ctx *ctx, struct connection *connection, const struct connection_options *options)
{
    if (options->writes) {
        TRY(wal_secure(ctx, connection->file));
    }
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
    flags |= options->writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int code = sqlite3_open_v2(connection->file.data, &connection->db, flags, NULL);
    if (connection->db == NULL) {
        return FAIL(ctx, ERR_IO, NULL, "error.database");
    }
    TRY(connection_result(ctx, connection, code));
    harden(connection->db);
    TRY(connection_run(ctx, connection, SQL_SQLITE_CELL_CHECK));
    TRY(connection_run(ctx, connection, SQL_SQLITE_TEMPORARY));
    return options->writes ? prepare_writer(ctx, connection, options) : OK;
}

err connection_open(struct ctx *ctx, const struct connection_options *options, struct connection **out)
{
    configure_once();
    // The file's name lives behind the struct.
    struct connection *connection = mem_new((i64)sizeof *connection + options->file.len + 1);
    char *name = (char *)(connection + 1);
    memcpy(name, options->file.data, (size_t)options->file.len);
    connection->file = (str){name, options->file.len};
    connection->writes = options->writes;
    err code = open_database(ctx, connection, options);
    if (code != OK) {
        connection_close(connection);
        return code;
    }
    *out = connection;
    return OK;
}

void connection_close(struct connection *connection)
{
    if (connection == NULL) {
        return;
    }
    for (int i = 0; i < SQL_COUNT_; i++) {
        sqlite3_finalize(connection->statements[i]);
    }
    if (connection->broken) {
        // The last connection to close would copy the write-ahead log back, over the handle that failed.
        sqlite3_db_config(connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    int code = sqlite3_close(connection->db);
    assert(code == SQLITE_OK); // a statement that still runs is a mistake
    mem_free(connection);
}

static err prepare(struct ctx *ctx, struct connection *connection, enum statement sql, sqlite3_stmt **out)
{
    int code = sqlite3_prepare_v3(connection->db, statement_texts[sql].sqlite, -1, SQLITE_PREPARE_PERSISTENT, out,
                                  NULL);
    if (code == SQLITE_ERROR) {
        log_say(LOG_ERROR, "sqlite", "statement", statement_texts[sql].name, NULL);
    }
    return connection_result(ctx, connection, code);
}

err connection_statement(struct ctx *ctx, struct connection *connection, enum statement sql, sqlite3_stmt **out)
{
    sqlite3_stmt **kept = &connection->statements[sql];
    if (*kept == NULL) {
        TRY(prepare(ctx, connection, sql, kept));
    } else if (sqlite3_stmt_busy(*kept)) {
        return prepare(ctx, connection, sql, out);
    }
    *out = *kept;
    return OK;
}

void connection_done(struct connection *connection, enum statement sql, sqlite3_stmt *statement)
{
    if (statement != connection->statements[sql]) {
        sqlite3_finalize(statement);
        return;
    }
    sqlite3_reset(statement); // its result is the last step's, which was looked at
    sqlite3_clear_bindings(statement);
}

/* Steps to the end; the first row's first column is the number. */
static err run_number(struct ctx *ctx, struct connection *connection, enum statement sql, i64 *out)
{
    *out = 0;
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, connection, sql, &statement));
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *out = sqlite3_column_int64(statement, 0);
    }
    while (code == SQLITE_ROW) {
        code = sqlite3_step(statement);
    }
    err result = connection_result(ctx, connection, code);
    connection_done(connection, sql, statement);
    return result;
}

err connection_run(struct ctx *ctx, struct connection *connection, enum statement sql)
{
    i64 ignored;
    return run_number(ctx, connection, sql, &ignored);
}

err connection_number(struct ctx *ctx, struct connection *connection, enum statement sql, i64 *out)
{
    return run_number(ctx, connection, sql, out);
}

err connection_begin(struct ctx *ctx, struct connection *connection)
{
    return connection_run(ctx, connection, connection->writes ? SQL_SQLITE_BEGIN_WRITE : SQL_SQLITE_BEGIN);
}

err connection_commit(struct ctx *ctx, struct connection *connection)
{
    return connection_run(ctx, connection, SQL_SQLITE_COMMIT);
}

void connection_undo(struct connection *connection)
{
    // A full disk or an I/O error has undone it already.
    if (sqlite3_get_autocommit(connection->db)) {
        return;
    }
    struct ctx ctx = {0};
    if (connection_run(&ctx, connection, SQL_SQLITE_ROLLBACK) != OK) {
        connection->broken = true;
    }
    ctx_end(&ctx);
}

err connection_copy_back(struct ctx *ctx, struct connection *connection, i64 pages)
{
    if (connection->wal_pages < pages) {
        return OK;
    }
    connection->wal_pages = 0;
    return connection_run(ctx, connection, SQL_SQLITE_CHECKPOINT);
}

err connection_empty_wal(struct ctx *ctx, struct connection *connection)
{
    i64 busy = 0;
    sqlite3_busy_timeout(connection->db, SHORT_WAIT_MS);
    err code = connection_number(ctx, connection, SQL_SQLITE_CHECKPOINT_TRUNCATE, &busy);
    sqlite3_busy_timeout(connection->db, BUSY_WAIT_MS);
    TRY(code);
    return busy == 0 ? OK : FAIL(ctx, ERR_BUSY, NULL, "error.busy");
}

static err copy_into(struct ctx *ctx, struct connection *from, struct connection *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
    if (backup == NULL) {
        return connection_result(ctx, to, sqlite3_errcode(to->db));
    }
    // All pages in one step are one state; the writer goes on in the write-ahead log meanwhile.
    int code = sqlite3_backup_step(backup, -1);
    int finished = sqlite3_backup_finish(backup);
    return connection_result(ctx, to, code == SQLITE_DONE ? finished : code);
}

err connection_copy(struct ctx *ctx, struct connection *from, str file)
{
    struct connection to = {.file = {str_c(&ctx->arena, file), file.len}, .writes = true};
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(to.file.data, &to.db, flags, NULL);
    if (to.db == NULL) {
        return FAIL(ctx, ERR_IO, NULL, "error.database");
    }
    err result = connection_result(ctx, &to, code);
    if (result == OK) {
        result = copy_into(ctx, from, &to);
    }
    sqlite3_close(to.db);
    return result;
}
