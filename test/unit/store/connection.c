#include "store/connection.h"

#include "test.h"

#include "store/migrate.h"
#include "store/pool.h"

static struct connection *open_writer(struct ctx *ctx, str *file)
{
    struct connection *connection;
    *file = str_format(&ctx->arena, "%s/x.db", test_folder());
    struct connection_options options = {.file = *file, .writes = true};
    assert_ok(connection_open(ctx, &options, &connection));
    assert_ok(migrate(ctx, connection, "records"));
    return connection;
}

static i64 number_of(struct connection *connection, const char *pragma)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(connection->db, pragma, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    i64 number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

TEST(a_writer_waits_for_the_disk_and_overwrites_what_it_deletes)
{
    struct ctx ctx = {0};
    str file;
    struct connection *writer = open_writer(&ctx, &file);
    assert_int_equal(number_of(writer, "PRAGMA synchronous"), 2); // FULL
    assert_int_equal(number_of(writer, "PRAGMA secure_delete"), 1);
    assert_int_equal(number_of(writer, "PRAGMA foreign_keys"), 1);
    assert_int_equal(number_of(writer, "PRAGMA temp_store"), 2); // memory
    assert_int_equal(number_of(writer, "PRAGMA trusted_schema"), 0);
    connection_close(writer);
    ctx_end(&ctx);
}

TEST(a_reader_cannot_write_and_no_other_file_can_be_attached)
{
    struct ctx ctx = {0};
    str file;
    struct connection *writer = open_writer(&ctx, &file), *reader;
    assert_ok(connection_open(&ctx, &(struct connection_options){.file = file}, &reader));
    assert_int_equal(sqlite3_exec(reader->db, "DELETE FROM jobs", NULL, NULL, NULL), SQLITE_READONLY);
    assert_int_equal(sqlite3_exec(writer->db, "ATTACH '/tmp/other.db' AS other", NULL, NULL, NULL), SQLITE_ERROR);
    assert_int_equal(sqlite3_exec(writer->db, "SELECT load_extension('x')", NULL, NULL, NULL), SQLITE_ERROR);
    connection_close(reader);
    connection_close(writer);
    ctx_end(&ctx);
}

TEST(a_pool_keeps_connections_until_the_disk_failed)
{
    struct ctx ctx = {0};
    str file;
    struct connection *writer = open_writer(&ctx, &file), *first, *second, *again;
    struct pool pool;
    pool_open(&pool, file);
    assert_ok(pool_take(&ctx, &pool, &first));
    assert_ok(pool_take(&ctx, &pool, &second));
    assert_ptr_not_equal(first, second);
    assert_int_equal(pool_count(&pool), 2);
    pool_give(&pool, first);
    assert_ok(pool_take(&ctx, &pool, &again));
    assert_ptr_equal(again, first);
    pool_renew(&pool); // those that are out are closed when they come back
    pool_give(&pool, again);
    second->broken = true;
    pool_give(&pool, second);
    assert_int_equal(pool_count(&pool), 0);
    pool_close(&pool);
    connection_close(writer);
    ctx_end(&ctx);
}
