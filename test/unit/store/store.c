#include "store/store.h"

#include "databases.h"

#include "base/id.h"
#include "store/jobs.h"
#include "store/statements.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct home {
    struct ctx ctx;
    str folder;
    struct store_options options;
    struct store *store;
};

static void home_open_in(struct home *home, enum database database)
{
    home->options = database_new(database);
    assert_ok(store_open(&home->ctx, &home->options, &home->store));
}

static void home_open(struct home *home)
{
    if (home->folder.data == NULL) {
        home->folder = str_from(test_folder());
    }
    home->options = (struct store_options){.folder = home->folder};
    assert_ok(store_open(&home->ctx, &home->options, &home->store));
}

static void home_close(struct home *home)
{
    store_close(home->store);
    ctx_end(&home->ctx);
}

static struct store_args new_job(i64 *id, str cause, str input)
{
    static _Thread_local struct store_arg items[6];
    *id = id_new();
    items[0] = ARG_I64("id", *id);
    items[1] = ARG_STR("kind", STR("test"));
    items[2] = ARG_STR("cause", cause);
    items[3] = ARG_STR("input", input);
    items[4] = ARG_I64("now_ms", 5);
    items[5] = ARG_I64("due_ms", 5);
    return (struct store_args){.items = items, .count = countof(items)};
}

static i64 count_jobs(struct home *home)
{
    i64 count;
    assert_ok(store_number(&home->ctx, home->store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("test"))), &count));
    return count;
}

TEST(every_statement_on_the_records_is_prepared_against_the_real_schema)
{
    struct home home = {0};
    home_open(&home);
    sqlite3 *db;
    str file = str_format(&home.ctx.arena, "%.*s/records.db", STR_ARG(home.folder));
    assert_int_equal(sqlite3_open_v2(file.data, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (int i = 0; i < SQL_COUNT_; i++) {
        if (strcmp(statement_texts[i].database, "records") != 0) {
            continue;
        }
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(db, statement_texts[i].sqlite, -1, &statement, NULL) != SQLITE_OK) {
            print_error("%s: %s\n", statement_texts[i].name, sqlite3_errmsg(db));
            fail();
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    home_close(&home);
}

TEST_BOTH(text_with_a_zero_byte_is_refused_at_its_parameter)
{
    struct home home = {0};
    home_open_in(&home, database);
    i64 id;
    assert_int_equal(store_run(&home.ctx, home.store, SQL_JOB_PUT, new_job(&id, (str){"a\0b", 3}, STR("{}")), NULL),
                     ERR_INVALID);
    assert_string_equal(home.ctx.fault.key, "error.json_zero");
    assert_true(str_eq(home.ctx.fault.pointer, STR("/cause")));
    ctx_forgive(&home.ctx);
    assert_int_equal(store_run(&home.ctx, home.store, SQL_JOB_PUT, new_job(&id, STR("\xff"), STR("{}")), NULL),
                     ERR_INVALID);
    assert_int_equal(count_jobs(&home), 0);
    home_close(&home);
}

TEST_BOTH(a_missing_value_where_one_is_needed_is_refused)
{
    struct home home = {0};
    home_open_in(&home, database);
    i64 id;
    assert_int_equal(store_run(&home.ctx, home.store, SQL_JOB_PUT, new_job(&id, STR_NONE, STR("{}")), NULL),
                     ERR_INVALID);
    home_close(&home);
}

TEST_BOTH(a_second_row_with_the_same_key_is_a_conflict)
{
    struct home home = {0};
    home_open_in(&home, database);
    i64 id;
    struct store_args args = new_job(&id, STR("a"), STR("{}"));
    assert_ok(store_run(&home.ctx, home.store, SQL_JOB_PUT, args, NULL));
    i64 same = id;
    struct store_args other = new_job(&id, STR("b"), STR("{}"));
    ((struct store_arg *)other.items)[0].integer = same;
    assert_int_equal(store_run(&home.ctx, home.store, SQL_JOB_PUT, other, NULL), ERR_CONFLICT);
    assert_null(home.ctx.fault.key);
    home_close(&home);
}

static err put_two_then(struct ctx *ctx, struct store *store, void *arg)
{
    i64 id, seen;
    assert_true(store_writing(store));
    TRY(store_run(ctx, store, SQL_JOB_PUT, new_job(&id, STR("one"), STR("{}")), NULL));
    TRY(store_run(ctx, store, SQL_JOB_PUT, new_job(&id, STR("two"), STR("{}")), NULL));
    TRY(store_number(ctx, store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("test"))), &seen));
    assert_int_equal(seen, 2); // it sees what it has written
    return *(err *)arg;
}

TEST_BOTH(a_transaction_is_kept_whole_or_not_at_all)
{
    struct home home = {0};
    home_open_in(&home, database);
    err answer = ERR_CONFLICT;
    assert_int_equal(store_write(&home.ctx, home.store, put_two_then, &answer), ERR_CONFLICT);
    assert_int_equal(count_jobs(&home), 0);
    assert_false(store_writing(home.store));
    answer = OK;
    assert_ok(store_write(&home.ctx, home.store, put_two_then, &answer));
    assert_int_equal(count_jobs(&home), 2);
    home_close(&home);
}

struct look {
    struct home *home;
    i64 first, second;
};

static void *put_one(void *arg)
{
    struct home *home = arg;
    struct ctx ctx = {0};
    i64 id;
    assert_ok(store_run(&ctx, home->store, SQL_JOB_PUT, new_job(&id, STR("between"), STR("{}")), NULL));
    ctx_end(&ctx);
    return NULL;
}

static err look_twice(struct ctx *ctx, struct store *store, void *arg)
{
    struct look *look = arg;
    pthread_t thread;
    TRY(store_number(ctx, store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("test"))), &look->first));
    assert_int_equal(pthread_create(&thread, NULL, put_one, look->home), 0);
    pthread_join(thread, NULL);
    return store_number(ctx, store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("test"))), &look->second);
}

TEST_BOTH(reads_in_one_transaction_see_one_state)
{
    struct home home = {0};
    home_open_in(&home, database);
    struct look look = {.home = &home};
    assert_ok(store_read(&home.ctx, home.store, look_twice, &look));
    assert_int_equal(look.first, 0);
    assert_int_equal(look.second, 0);
    assert_int_equal(count_jobs(&home), 1);
    home_close(&home);
}

static err look_up_each(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct home *home = self;
    i64 count;
    // The same statement on the same connection, inside the one that runs.
    TRY(store_number(ctx, home->store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("test"))), &count));
    struct shape_list jobs;
    TRY(job_list(ctx, home->store, STR("test"), 0, 100, &jobs));
    assert_int_equal(jobs.count, count);
    struct job job = {0};
    TRY(row_read(ctx, row, &job_shape, &job));
    assert_true(str_eq(job.kind, STR("test")));
    assert_true(row_i64(row, 0) == job.id);
    return OK;
}

static err nested_reads(struct ctx *ctx, struct store *store, void *arg)
{
    return store_each(ctx, store, SQL_JOB_LIST,
                      ARGS(ARG_STR("kind", STR("test")), ARG_I64("before", 0), ARG_I64("count", 100)), look_up_each,
                      arg);
}

TEST_BOTH(a_statement_may_run_inside_itself)
{
    struct home home = {0};
    home_open_in(&home, database);
    err answer = OK;
    assert_ok(store_write(&home.ctx, home.store, put_two_then, &answer));
    assert_ok(nested_reads(&home.ctx, home.store, &home));
    assert_ok(store_read(&home.ctx, home.store, nested_reads, &home));
    assert_ok(store_write(&home.ctx, home.store, nested_reads, &home));
    home_close(&home);
}

TEST_BOTH(a_row_that_is_not_there_is_not_found)
{
    struct home home = {0};
    home_open_in(&home, database);
    struct job job = {0};
    assert_int_equal(store_one(&home.ctx, home.store, SQL_JOB_FIND, ARGS(ARG_I64("id", 1)), &job_shape, &job),
                     ERR_NOT_FOUND);
    assert_null(home.ctx.fault.key);
    home_close(&home);
}

static void *put_many(void *arg)
{
    struct home *home = arg;
    struct ctx ctx = {0};
    for (i64 i = 0; i < 50; i++) {
        i64 id;
        str cause = str_format(&ctx.arena, "%lld", (long long)id_new());
        assert_ok(store_run(&ctx, home->store, SQL_JOB_PUT, new_job(&id, cause, STR("{}")), NULL));
        struct job job;
        assert_ok(job_find(&ctx, home->store, id, &job));
        assert_true(str_eq(job.cause, cause));
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

TEST_BOTH(threads_write_and_read_their_own_writes)
{
    struct home home = {0};
    home_open_in(&home, database);
    pthread_t threads[4];
    for (i64 i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, put_many, &home), 0);
    }
    for (i64 i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(count_jobs(&home), 200);
    struct store_stats stats = store_stats(home.store);
    assert_int_equal(stats.transactions, 200);
    assert_int_equal(stats.failures, 0);
    assert_true(stats.readers >= 1 && stats.readers <= 5);
    home_close(&home);
}

TEST(deleted_rows_are_in_no_file_after_a_scrub)
{
    struct home home = {0};
    home_open(&home);
    i64 id;
    assert_ok(job_put(&home.ctx, home.store, STR("test"), STR("canary-Xw93"), STR("{}"), &id));
    assert_ok(store_scrub(&home.ctx, home.store));
    str wal = str_format(&home.ctx.arena, "%.*s/records.db-wal", STR_ARG(home.folder));
    FILE *file = fopen(wal.data, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    assert_int_equal(ftell(file), 0);
    fclose(file);
    home_close(&home);
}

TEST(a_copy_holds_what_was_committed)
{
    struct home home = {0};
    home_open(&home);
    err answer = OK;
    assert_ok(store_write(&home.ctx, home.store, put_two_then, &answer));
    struct home copy = {.folder = str_from(test_folder())};
    assert_ok(
        store_backup(&home.ctx, home.store, str_format(&home.ctx.arena, "%.*s/records.db", STR_ARG(copy.folder))));
    home_open(&copy);
    assert_int_equal(count_jobs(&copy), 2);
    home_close(&copy);
    home_close(&home);
}

static void fill(struct ctx *ctx, const char *folder)
{
    struct statvfs disk;
    assert_int_equal(statvfs(folder, &disk), 0);
    int fd = open(str_format(&ctx->arena, "%s/ballast", folder).data, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(posix_fallocate(fd, 0, (i64)disk.f_bavail * (i64)disk.f_frsize - 8192), 0);
    close(fd);
}

TEST(a_full_disk_is_unavailable_keeps_what_is_there_and_passes)
{
    const char *folder = test_folder();
    if (mount("cham-test", folder, "tmpfs", 0, "size=8m") != 0) {
        print_message("skipped: only root can mount a small disk\n");
        skip();
    }
    struct home home = {.folder = str_from(folder)};
    home_open(&home);
    err answer = OK;
    i64 id;
    assert_ok(store_write(&home.ctx, home.store, put_two_then, &answer));
    fill(&home.ctx, folder);
    str large = {arena_new(&home.ctx.arena, char, 100000), 100000};
    memset((char *)large.data, 'x', 100000);
    assert_int_equal(store_run(&home.ctx, home.store, SQL_JOB_PUT, new_job(&id, STR("c"), large), NULL),
                     ERR_UNAVAILABLE);
    assert_string_equal(home.ctx.fault.key, "error.readonly");
    assert_true(home.ctx.fault.retry_after_s > 0);
    assert_int_equal(store_stats(home.store).failures, 1);
    assert_int_equal(count_jobs(&home), 2);
    ctx_forgive(&home.ctx);
    unlink(str_format(&home.ctx.arena, "%s/ballast", folder).data);
    assert_ok(store_run(&home.ctx, home.store, SQL_JOB_PUT, new_job(&id, STR("c"), large), NULL));
    assert_false(store_stats(home.store).readonly);
    assert_int_equal(count_jobs(&home), 3);
    home_close(&home);
    umount2(folder, MNT_DETACH);
}
