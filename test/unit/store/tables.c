#include "store/tables.h"

#include "databases.h"

#include "base/id.h"
#include "store/jobs.h"

#include <sqlite3.h>

static struct store *open_one(struct ctx *ctx, const struct store_options *options)
{
    struct store *store = NULL;
    assert_ok(store_open(ctx, options, &store));
    return store;
}

static void put_user(struct ctx *ctx, struct store *store, i64 id, const char *email)
{
    assert_ok(
        store_run(ctx, store, SQL_USER_ADD,
                  ARGS(ARG_I64("id", id), ARG_STR("email", str_from(email)), ARG_STR("name", STR("Đỗ Ánh")),
                       ARG_STR("role", STR("owner")), ARG_STR("language", STR_NONE), ARG_STR("password", STR_NONE),
                       ARG_STR("places", STR("[]")), ARG_STR("departments", STR("[]")), ARG_I64("created_ms", -5)),
                  NULL));
}

static err fill(struct ctx *ctx, struct store *store, void *arg)
{
    (void)arg;
    put_user(ctx, store, 1, "a@b.vn");
    put_user(ctx, store, 2, "c@d.vn");
    for (i64 i = 1; i <= 4500; i++) {
        TRY(store_later(ctx, store, SQL_PEOPLE_ALIAS_ADD,
                        ARGS(ARG_I64("id", i), ARG_STR("alias", str_format(&ctx->arena, "user:Ư%lld", (long long)i)),
                             ARG_I64("event", i), ARG_I64("since_ms", -i))));
    }
    for (i64 i = 0; i < 40; i++) {
        i64 id;
        struct job job;
        TRY(job_put(ctx, store, STR("k"), str_format(&ctx->arena, "%lld", (long long)i), STR("{}"), &id));
        TRY(job_take(ctx, store, STR("k"), &job));
        TRY(job_progress(ctx, store, id, 1.0 / (f64)(i + 3), i % 2 ? STR("{\"a\":\"'\"}") : STR_NONE));
    }
    return OK;
}

static err sum_of(struct ctx *ctx, struct store *store, void *arg)
{
    return tables_digest(ctx, store, arg);
}

static void expect_same(struct ctx *ctx, struct store *a, struct store *b)
{
    struct tables_sum of_a, of_b;
    assert_ok(store_read(ctx, a, sum_of, &of_a));
    assert_ok(store_read(ctx, b, sum_of, &of_b));
    assert_int_equal(of_a.rows, of_b.rows);
    assert_memory_equal(of_a.digest.bytes, of_b.digest.bytes, sizeof of_a.digest.bytes);
}

struct copying {
    struct store *to;
    i64 changed;
};

static err copy(struct ctx *ctx, struct store *from, void *arg)
{
    struct copying *copying = arg;
    return tables_copy(ctx, from, copying->to, &copying->changed);
}

static i64 copy_over(struct ctx *ctx, struct store *from, struct store *to)
{
    struct copying copying = {.to = to};
    assert_ok(store_read(ctx, from, copy, &copying));
    expect_same(ctx, from, to);
    return copying.changed;
}

TEST_BOTH(records_there_and_back_have_the_same_digest_and_what_is_equal_is_left_alone)
{
    struct ctx ctx = {0};
    struct store_options here = database_new(IN_SQLITE), there = database_new(database), back = database_new(IN_SQLITE);
    struct store *from = open_one(&ctx, &here), *to = open_one(&ctx, &there), *again = open_one(&ctx, &back);
    bool empty = false;
    assert_ok(tables_empty(&ctx, to, &empty));
    assert_true(empty);
    assert_ok(store_write(&ctx, from, fill, NULL));
    assert_int_equal(copy_over(&ctx, from, to), 4542);
    assert_int_equal(copy_over(&ctx, from, to), 0);
    assert_int_equal(copy_over(&ctx, to, again), 4542);
    expect_same(&ctx, from, again);
    assert_ok(tables_empty(&ctx, to, &empty));
    assert_false(empty);
    store_close(from);
    store_close(to);
    store_close(again);
    ctx_end(&ctx);
}

static void run_sql(struct ctx *ctx, str folder, const char *sql)
{
    sqlite3 *db;
    str file = str_format(&ctx->arena, "%.*s/records.db", STR_ARG(folder));
    assert_int_equal(sqlite3_open(file.data, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

TEST_BOTH(a_copy_follows_what_was_changed_removed_and_swapped_meanwhile)
{
    struct ctx ctx = {0};
    struct store_options here = database_new(IN_SQLITE), there = database_new(database);
    struct store *from = open_one(&ctx, &here), *to = open_one(&ctx, &there);
    assert_ok(store_write(&ctx, from, fill, NULL));
    copy_over(&ctx, from, to);
    run_sql(&ctx, here.folder,
            "DELETE FROM aliases WHERE id % 1000 = 7; UPDATE aliases SET since_ms = 8 WHERE id = 4400;"
            "INSERT INTO aliases VALUES (9000, 'user:new', 1, 2); UPDATE jobs SET output = NULL WHERE id = 1");
    assert_int_equal(copy_over(&ctx, from, to), 7);
    // Two addresses that must be unique change places: neither row can be written before the other.
    run_sql(&ctx, here.folder,
            "UPDATE users SET email = 'x' WHERE id = 1; UPDATE users SET email = 'a@b.vn' WHERE id = 2;"
            "UPDATE users SET email = 'c@d.vn' WHERE id = 1");
    copy_over(&ctx, from, to);
    store_close(from);
    store_close(to);
    ctx_end(&ctx);
}

TEST(a_file_that_somebody_else_holds_can_be_read)
{
    struct ctx ctx = {0};
    struct store_options here = database_new(IN_SQLITE), look = {.folder = here.folder, .reads = true};
    struct store *holder = open_one(&ctx, &here), *reader = open_one(&ctx, &look);
    assert_ok(store_write(&ctx, holder, fill, NULL));
    expect_same(&ctx, holder, reader);
    store_close(reader);
    store_close(holder);
    ctx_end(&ctx);
}
