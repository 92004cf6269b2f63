#include "store/jobs.h"

#include "databases.h"

#include "base/clock.h"

#include <pthread.h>

static struct store *open_store(struct ctx *ctx, enum database database)
{
    struct store *store;
    struct store_options options = database_new(database);
    assert_ok(store_open(ctx, &options, &store));
    return store;
}

TEST_BOTH(a_job_exists_once_for_each_cause)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    i64 first, second, other;
    assert_ok(job_put(&ctx, store, STR("mail"), STR("event 1"), STR("{\"a\":1}"), &first));
    assert_ok(job_put(&ctx, store, STR("mail"), STR("event 1"), STR("{\"a\":2}"), &second));
    assert_ok(job_put(&ctx, store, STR("report"), STR("event 1"), STR("{}"), &other));
    assert_int_equal(first, second);
    assert_true(other != first);
    struct job job;
    assert_ok(job_find(&ctx, store, first, &job));
    assert_true(str_eq(job.input, STR("{\"a\":1}")));
    assert_int_equal(job.state, JOB_WAITING);
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(a_job_is_taken_once_reports_and_ends)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    i64 id;
    struct job job;
    assert_int_equal(job_take(&ctx, store, STR("import"), &job), ERR_EMPTY);
    assert_ok(job_put(&ctx, store, STR("import"), STR("a"), STR("{}"), &id));
    assert_int_equal(job_take(&ctx, store, STR("mail"), &job), ERR_EMPTY);
    assert_ok(job_take(&ctx, store, STR("import"), &job));
    assert_int_equal(job.id, id);
    assert_int_equal(job.state, JOB_RUNNING);
    assert_int_equal(job.attempts, 1);
    struct job none;
    assert_int_equal(job_take(&ctx, store, STR("import"), &none), ERR_EMPTY);
    assert_ok(job_progress(&ctx, store, id, 0.25, STR("{\"lines\":5}")));
    assert_ok(job_find(&ctx, store, id, &job));
    assert_true(job.progress == 0.25);
    assert_true(str_eq(job.output, STR("{\"lines\":5}")));
    assert_ok(job_end(&ctx, store, id, JOB_DONE, STR_NONE, STR_NONE));
    assert_ok(job_find(&ctx, store, id, &job));
    assert_int_equal(job.state, JOB_DONE);
    assert_true(job.progress == 1.0);
    assert_true(str_eq(job.output, STR("{\"lines\":5}"))); // kept when nothing newer is given
    assert_true(job.ended_ms > 0);
    assert_int_equal(job_end(&ctx, store, id, JOB_FAILED, STR_NONE, STR_NONE), ERR_CONFLICT);
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(a_job_put_back_waits_for_its_time)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    i64 id;
    struct job job;
    assert_ok(job_put(&ctx, store, STR("mail"), STR("a"), STR("{}"), &id));
    assert_ok(job_take(&ctx, store, STR("mail"), &job));
    assert_ok(job_again(&ctx, store, id, clock_ms() + 3600000, STR("error.busy")));
    assert_int_equal(job_take(&ctx, store, STR("mail"), &job), ERR_EMPTY);
    assert_ok(job_find(&ctx, store, id, &job));
    assert_true(str_eq(job.failure, STR("error.busy")));
    assert_ok(job_cancel(&ctx, store, id));
    assert_ok(job_resume(&ctx, store, id));
    ctx.now_ms = 0;
    assert_ok(job_take(&ctx, store, STR("mail"), &job));
    assert_int_equal(job.attempts, 2);
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(a_running_job_hears_that_it_is_cancelled)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    i64 id;
    struct job job;
    assert_ok(job_put(&ctx, store, STR("mail"), STR("a"), STR("{}"), &id));
    assert_ok(job_take(&ctx, store, STR("mail"), &job));
    assert_ok(job_progress(&ctx, store, id, 0.1, STR_NONE));
    assert_ok(job_cancel(&ctx, store, id));
    assert_int_equal(job_progress(&ctx, store, id, 0.2, STR_NONE), ERR_CANCELLED);
    assert_ok(job_end(&ctx, store, id, JOB_CANCELLED, STR_NONE, STR_NONE));
    assert_int_equal(job_cancel(&ctx, store, id), ERR_CONFLICT);
    assert_string_equal(ctx.fault.key, "error.job_state");
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(what_ran_when_the_process_ended_is_taken_again)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    i64 id;
    struct job job;
    assert_ok(job_put(&ctx, store, STR("mail"), STR("a"), STR("{}"), &id));
    assert_ok(job_take(&ctx, store, STR("mail"), &job));
    assert_ok(job_recover(&ctx, store));
    assert_ok(job_take(&ctx, store, STR("mail"), &job));
    assert_int_equal(job.id, id);
    assert_int_equal(job.attempts, 2);
    store_close(store);
    ctx_end(&ctx);
}

struct worker {
    struct store *store;
    i64 taken;
};

static void *take_all(void *arg)
{
    struct worker *worker = arg;
    struct ctx ctx = {0};
    struct job job;
    while (job_take(&ctx, worker->store, STR("mail"), &job) == OK) {
        worker->taken++;
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

TEST_BOTH(two_workers_share_the_jobs_without_taking_one_twice)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    for (i64 i = 0; i < 60; i++) {
        i64 id;
        assert_ok(job_put(&ctx, store, STR("mail"), str_format(&ctx.arena, "%lld", (long long)i), STR("{}"), &id));
    }
    struct worker workers[2] = {{store, 0}, {store, 0}};
    pthread_t threads[2];
    for (i64 i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_all, &workers[i]), 0);
    }
    for (i64 i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(workers[0].taken + workers[1].taken, 60);
    struct shape_list jobs;
    assert_ok(job_list(&ctx, store, STR("mail"), 0, 100, &jobs));
    assert_int_equal(jobs.count, 60);
    for (i64 i = 0; i < 60; i++) {
        assert_int_equal(((struct job *)jobs.items)[i].attempts, 1);
    }
    store_close(store);
    ctx_end(&ctx);
}
