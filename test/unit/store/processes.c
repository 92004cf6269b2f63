#include "store/processes.h"

#include "test.h"

#include "base/id.h"
#include "store/jobs.h"

static struct ctx ctx;
static struct store *store;

static int open_store(void **state)
{
    (void)state;
    ctx = (struct ctx){0};
    struct store_options options = {.folder = str_from(test_folder()), .no_fsync = true};
    return store_open(&ctx, &options, &store) == OK ? 0 : 1;
}

static int close_store(void **state)
{
    (void)state;
    store_close(store);
    ctx_end(&ctx);
    return 0;
}

static struct processes *open_one(const char *home)
{
    struct processes *processes;
    struct processes_options options = {
        .store = store, .version = STR("1"), .folder = STR("/folder"), .home = str_from(home)};
    assert_ok(processes_open(&ctx, &options, &processes));
    return processes;
}

/* Another process, as its row. */
static void enter_other(i64 id, const char *home)
{
    assert_ok(
        store_run(&ctx, store, SQL_PROCESS_ENTER,
                  ARGS(ARG_I64("id", id), ARG_I64("number", 9), ARG_STR("name", STR("other")),
                       ARG_STR("version", STR("1")), ARG_STR("folder", STR("/other")), ARG_STR("home", str_from(home))),
                  NULL));
}

static i64 living(i64 id)
{
    i64 count;
    assert_ok(store_number(&ctx, store, SQL_PROCESS_LIVES, ARGS(ARG_I64("id", id)), &count));
    return count;
}

TEST_WITH(a_process_is_listed_while_it_lives, open_store, close_store)
{
    struct shape_list list;
    struct processes *processes = open_one("a");
    assert_ok(processes_list(&ctx, store, &list));
    assert_int_equal(list.count, 1);
    const struct process *self = list.items;
    assert_true(self->self && self->id == id_process());
    assert_true(str_eq(self->folder, STR("/folder")));
    assert_true(self->name.len > 0 && self->started_ms > 0 && self->seen_ms >= self->started_ms);
    assert_true(processes_sure(processes));
    processes_close(processes);
    assert_ok(processes_list(&ctx, store, &list));
    assert_int_equal(list.count, 0);
}

TEST_WITH(where_nobody_else_can_write_all_others_are_dead, open_store, close_store)
{
    enter_other(7, "b");
    assert_int_equal(living(7), 1);
    struct processes *processes = open_one("a");
    assert_int_equal(living(7), 0);
    processes_close(processes);
}

TEST_WITH(the_earlier_process_of_a_folder_is_dead, open_store, close_store)
{
    enter_other(7, "a");
    enter_other(8, "b");
    assert_ok(store_run(&ctx, store, SQL_PROCESS_END_HOME, ARGS(ARG_STR("home", STR("a")), ARG_I64("id", 9)), NULL));
    assert_int_equal(living(7), 0);
    assert_int_equal(living(8), 1);
}

TEST_WITH(who_is_silent_for_long_counts_as_dead_but_may_come_back, open_store, close_store)
{
    i64 changed;
    enter_other(7, "b");
    struct store_args late = ARGS(ARG_I64("silent_ms", 60000), ARG_I64("id", 9));
    assert_ok(store_run(&ctx, store, SQL_PROCESS_END_SILENT, late, &changed));
    assert_int_equal(changed, 0);
    late = ARGS(ARG_I64("silent_ms", -60000), ARG_I64("id", 9));
    assert_ok(store_run(&ctx, store, SQL_PROCESS_END_SILENT, late, &changed));
    assert_int_equal(changed, 1);
    assert_int_equal(living(7), 0);
    assert_ok(store_run(&ctx, store, SQL_PROCESS_BEAT, ARGS(ARG_I64("id", 7)), &changed));
    assert_int_equal(changed, 1);
    assert_int_equal(living(7), 1);
}

TEST_WITH(the_dead_are_forgotten_later, open_store, close_store)
{
    i64 changed;
    enter_other(7, "b");
    assert_ok(store_run(&ctx, store, SQL_PROCESS_END, ARGS(ARG_I64("id", 7)), &changed));
    assert_ok(store_run(&ctx, store, SQL_PROCESS_FORGET, ARGS(ARG_I64("kept_ms", 60000)), &changed));
    assert_int_equal(changed, 0);
    assert_ok(store_run(&ctx, store, SQL_PROCESS_FORGET, ARGS(ARG_I64("kept_ms", -60000)), &changed));
    assert_int_equal(changed, 1);
    assert_ok(store_run(&ctx, store, SQL_PROCESS_BEAT, ARGS(ARG_I64("id", 7)), &changed));
    assert_int_equal(changed, 0);
}

TEST_WITH(jobs_of_the_living_stay_theirs_and_those_of_the_dead_wait_again, open_store, close_store)
{
    i64 id;
    struct job job;
    struct processes *processes = open_one("a");
    assert_ok(job_put(&ctx, store, STR("mail"), STR("a"), STR("{}"), &id));
    assert_ok(job_take(&ctx, store, STR("mail"), &job));
    assert_ok(job_recover(&ctx, store));
    assert_int_equal(job_take(&ctx, store, STR("mail"), &job), ERR_EMPTY);
    assert_ok(store_run(&ctx, store, SQL_PROCESS_END, ARGS(ARG_I64("id", id_process())), NULL));
    assert_ok(job_recover(&ctx, store));
    assert_ok(job_take(&ctx, store, STR("mail"), &job));
    assert_int_equal(job.attempts, 2);
    processes_close(processes);
}

TEST_WITH(who_lost_a_job_can_neither_report_nor_end_it, open_store, close_store)
{
    i64 id;
    struct job job;
    assert_ok(job_put(&ctx, store, STR("mail"), STR("a"), STR("{}"), &id));
    enter_other(7, "b");
    assert_ok(store_one(&ctx, store, SQL_JOB_TAKE,
                        ARGS(ARG_STR("kind", STR("mail")), ARG_I64("now_ms", INT64_MAX), ARG_I64("owner", 7)),
                        &job_shape, &job));
    assert_int_equal(job_progress(&ctx, store, id, 0.5, STR_NONE), ERR_CONFLICT);
    assert_int_equal(job_end(&ctx, store, id, JOB_DONE, STR_NONE, STR_NONE), ERR_CONFLICT);
    assert_int_equal(job_again(&ctx, store, id, 0, STR_NONE), ERR_CONFLICT);
    assert_ok(job_find(&ctx, store, id, &job));
    assert_int_equal(job.state, JOB_RUNNING);
}
