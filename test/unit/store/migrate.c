#include "store/migrate.h"

#include "test.h"

#include "base/hash.h"
#include "store/migrations.h"
#include "store/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static str records(struct ctx *ctx, str folder)
{
    return str_format(&ctx->arena, "%.*s/records.db", STR_ARG(folder));
}

static void run_sql(struct ctx *ctx, str folder, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(records(ctx, folder).data, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static u64 file_hash(struct ctx *ctx, str folder)
{
    FILE *file = fopen(records(ctx, folder).data, "rb");
    assert_non_null(file);
    char *bytes = mem_new(1 << 22);
    i64 size = (i64)fread(bytes, 1, 1 << 22, file);
    u64 hash = hash64(bytes, size);
    mem_free(bytes);
    fclose(file);
    return hash;
}

TEST(a_new_file_takes_every_step_and_an_old_one_none)
{
    struct ctx ctx = {0};
    str folder = str_from(test_folder());
    struct connection *connection;
    struct connection_options options = {.file = records(&ctx, folder), .writes = true};
    assert_ok(connection_open(&ctx, &options, &connection));
    assert_ok(migrate(&ctx, connection, "records"));
    i64 newest, known = 0;
    for (i64 i = 0; i < MIGRATION_COUNT; i++) {
        known += strcmp(migrations[i].database, "records") == 0;
    }
    assert_ok(connection_number(&ctx, connection, SQL_SQLITE_MIGRATION_NEWEST, &newest));
    assert_int_equal(newest, known);
    i64 changes = sqlite3_total_changes64(connection->db);
    assert_ok(migrate(&ctx, connection, "records"));
    assert_int_equal(sqlite3_total_changes64(connection->db), changes);
    connection_close(connection);
    ctx_end(&ctx);
}

TEST(a_newer_format_is_refused_and_no_byte_changes)
{
    struct ctx ctx = {0};
    str folder = str_from(test_folder());
    struct store *store;
    assert_ok(store_open(&ctx, &(struct store_options){.folder = folder}, &store));
    store_close(store);
    run_sql(&ctx, folder, "INSERT INTO migrations VALUES (9999, '9999_future', 'x', 1)");
    u64 before = file_hash(&ctx, folder);
    assert_int_equal(store_open(&ctx, &(struct store_options){.folder = folder}, &store), ERR_UNAVAILABLE);
    assert_string_equal(ctx.fault.key, "error.newer_format");
    assert_int_equal(file_hash(&ctx, folder), before);
    ctx_end(&ctx);
}

TEST(a_newer_format_that_is_still_in_the_write_ahead_log_is_seen)
{
    struct ctx ctx = {0};
    str folder = str_from(test_folder());
    struct store *store;
    assert_ok(store_open(&ctx, &(struct store_options){.folder = folder}, &store));
    store_close(store);
    // The process that wrote it was killed: its log was never copied back.
    sqlite3 *db;
    assert_int_equal(sqlite3_open(records(&ctx, folder).data, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO migrations VALUES (9999, 'x', 'x', 1)", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    u64 before = file_hash(&ctx, folder);
    assert_int_equal(store_open(&ctx, &(struct store_options){.folder = folder}, &store), ERR_UNAVAILABLE);
    assert_string_equal(ctx.fault.key, "error.newer_format");
    assert_int_equal(file_hash(&ctx, folder), before);
    struct stat wal;
    assert_int_equal(stat(str_format(&ctx.arena, "%.*s-wal", STR_ARG(records(&ctx, folder))).data, &wal), 0);
    assert_true(wal.st_size > 0);
    ctx_end(&ctx);
}

TEST(a_database_of_somebody_else_is_refused)
{
    struct ctx ctx = {0};
    str folder = str_from(test_folder());
    run_sql(&ctx, folder, "CREATE TABLE theirs (a)");
    struct store *store;
    assert_int_equal(store_open(&ctx, &(struct store_options){.folder = folder}, &store), ERR_CORRUPT);
    assert_string_equal(ctx.fault.key, "error.corrupt");
    ctx_end(&ctx);
}

/* Damage of three kinds: at the beginning, in the middle, cut off. */
static void damage(struct ctx *ctx, str folder, int kind)
{
    struct stat file;
    int fd = open(records(ctx, folder).data, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &file), 0);
    char zeros[4096] = {0};
    switch (kind) {
    case 0: assert_int_equal(pwrite(fd, "no database", 11, 0), 11); break;
    case 1: assert_int_equal(pwrite(fd, zeros, sizeof zeros, 2 * 4096), sizeof zeros); break;
    case 2: assert_int_equal(ftruncate(fd, file.st_size - 4096), 0); break;
    case 3:
        memset(zeros, 'x', sizeof zeros);
        assert_int_equal(pwrite(fd, zeros, sizeof zeros, file.st_size - 4096), sizeof zeros);
        break;
    }
    close(fd);
}

TEST(damaged_records_are_refused_by_name)
{
    for (int kind = 0; kind < 4; kind++) {
        struct ctx ctx = {0};
        str folder = str_from(test_folder());
        struct store *store;
        assert_ok(store_open(&ctx, &(struct store_options){.folder = folder}, &store));
        store_close(store);
        damage(&ctx, folder, kind);
        assert_int_equal(store_open(&ctx, &(struct store_options){.folder = folder}, &store), ERR_CORRUPT);
        assert_string_equal(ctx.fault.key, "error.corrupt");
        assert_true(str_ends(ctx.fault.args[0].value, STR("records.db")));
        ctx_end(&ctx);
    }
}
