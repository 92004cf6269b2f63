#include "store/migrate.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/migrations.h"

#include <sys/stat.h>

static i64 newest_known(const char *database)
{
    i64 newest = 0;
    for (i64 i = 0; i < MIGRATION_COUNT; i++) {
        if (strcmp(migrations[i].database, database) == 0) {
            newest = migrations[i].number;
        }
    }
    return newest;
}

/* The newest applied step; 0 for an empty file. */
static err newest_applied(struct ctx *ctx, struct connection *connection, i64 *out)
{
    i64 exists, tables;
    *out = 0;
    TRY(connection_number(ctx, connection, SQL_SQLITE_TABLES, &tables));
    TRY(connection_number(ctx, connection, SQL_SQLITE_MIGRATIONS_EXIST, &exists));
    if (exists) {
        return connection_number(ctx, connection, SQL_SQLITE_MIGRATION_NEWEST, out);
    }
    return tables == 0 ? OK : FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", connection->file});
}

static err compare(struct ctx *ctx, struct connection *connection, const char *database)
{
    i64 applied;
    i64 known = newest_known(database);
    TRY(newest_applied(ctx, connection, &applied));
    if (applied > known) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.newer_format", {"file", connection->file},
                    {"have", str_format(&ctx->arena, "%lld", (long long)applied)},
                    {"known", str_format(&ctx->arena, "%lld", (long long)known)});
    }
    return OK;
}

err migrate_same(struct ctx *ctx, struct connection *connection, const char *database)
{
    i64 applied;
    TRY(compare(ctx, connection, database));
    TRY(newest_applied(ctx, connection, &applied));
    return applied == newest_known(database)
               ? OK
               : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.older_format", {"file", connection->file});
}

static bool has_bytes(struct ctx *ctx, str file, const char *suffix)
{
    struct stat stat_;
    str name = str_format(&ctx->arena, "%.*s%s", STR_ARG(file), suffix);
    return stat(name.data, &stat_) == 0 && stat_.st_size > 0;
}

err migrate_check(struct ctx *ctx, str file, const char *database)
{
    if (!has_bytes(ctx, file, "")) {
        return OK;
    }
    struct connection connection = {.file = {str_c(&ctx->arena, file), file.len}};
    // Without a write-ahead log nothing but the file itself need be looked at.
    bool wal = has_bytes(ctx, file, "-wal");
    str name = str_format(&ctx->arena, "file:%.*s%s", STR_ARG(file), wal ? "" : "?immutable=1");
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(name.data, &connection.db, flags, NULL);
    if (connection.db == NULL) {
        return FAIL(ctx, ERR_IO, NULL, "error.database");
    }
    // The last one to close would copy the write-ahead log back.
    sqlite3_db_config(connection.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    err result = connection_result(ctx, &connection, code);
    if (result == OK) {
        result = compare(ctx, &connection, database);
    }
    for (int i = 0; i < SQL_COUNT_; i++) {
        sqlite3_finalize(connection.statements[i]);
    }
    sqlite3_close(connection.db);
    return result;
}

/* Runs the statements of a step one after the other. */
static err run_text(struct ctx *ctx, struct connection *connection, const char *text)
{
    while (*text != '\0') {
        sqlite3_stmt *statement = NULL;
        TRY(connection_result(ctx, connection, sqlite3_prepare_v2(connection->db, text, -1, &statement, &text)));
        if (statement == NULL) {
            continue; // white space
        }
        int code = sqlite3_step(statement);
        while (code == SQLITE_ROW) {
            code = sqlite3_step(statement);
        }
        err result = connection_result(ctx, connection, code);
        sqlite3_finalize(statement);
        TRY(result);
    }
    return OK;
}

static err note(struct ctx *ctx, struct connection *connection, const struct migration *step)
{
    sqlite3_stmt *statement = NULL;
    TRY(connection_statement(ctx, connection, SQL_SQLITE_MIGRATION_PUT, &statement));
    sqlite3_bind_int64(statement, 1, step->number);
    sqlite3_bind_text(statement, 2, step->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, step->sha256, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, clock_ms());
    err result = connection_result(ctx, connection, sqlite3_step(statement));
    connection_done(connection, SQL_SQLITE_MIGRATION_PUT, statement);
    return result;
}

static err run_step(struct ctx *ctx, struct connection *connection, const struct migration *step)
{
    TRY(connection_begin(ctx, connection));
    err code = run_text(ctx, connection, step->sqlite);
    if (code == OK) {
        code = note(ctx, connection, step);
    }
    if (code == OK) {
        code = connection_commit(ctx, connection);
    }
    if (code != OK) {
        connection_undo(connection);
        log_fault(LOG_ERROR, step->name, ctx, code);
    }
    return code;
}

err migrate(struct ctx *ctx, struct connection *connection, const char *database)
{
    i64 applied;
    TRY(compare(ctx, connection, database));
    TRY(connection_run(ctx, connection, SQL_SQLITE_MIGRATIONS_CREATE));
    TRY(newest_applied(ctx, connection, &applied));
    for (i64 i = 0; i < MIGRATION_COUNT; i++) {
        if (strcmp(migrations[i].database, database) == 0 && migrations[i].number > applied) {
            TRY(run_step(ctx, connection, &migrations[i]));
        }
    }
    return OK;
}
