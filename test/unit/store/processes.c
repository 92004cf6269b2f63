#include "store/processes.h"

#include "databases.h"

#include "base/id.h"
#include "store/jobs.h"

#include <pthread.h>
#include <unistd.h>

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

/* Another process of the same installation, and what this one hears of it. */
struct two {
    struct store *here, *there;
    struct processes *self;
    pthread_mutex_t lock;
    char text[32];
    i64 count, nothing; /* calls; those that said that anything may have happened */
    bool fail;
};

static err hear(void *self, struct ctx *unused, str text)
{
    struct two *two = self;
    (void)unused;
    pthread_mutex_lock(&two->lock);
    two->count++;
    two->nothing += !str_is(text);
    str part = utf8_prefix(str_is(text) ? text : STR(""), (i64)sizeof two->text - 1);
    memcpy(two->text, part.data, (size_t)part.len);
    two->text[part.len] = 0;
    bool fail = two->fail;
    two->fail = false;
    pthread_mutex_unlock(&two->lock);
    return fail ? ERR_UNAVAILABLE : OK;
}

static bool heard(struct two *two, const char *text)
{
    pthread_mutex_lock(&two->lock);
    bool equal = strcmp(two->text, text) == 0;
    pthread_mutex_unlock(&two->lock);
    return equal;
}

static void open_two(struct two *two)
{
    *two = (struct two){.lock = PTHREAD_MUTEX_INITIALIZER};
    struct store_options where = database_new(IN_POSTGRES);
    assert_ok(store_open(&ctx, &where, &two->here));
    assert_ok(store_open(&ctx, &where, &two->there));
    struct processes_options options = {.store = two->here,
                                        .version = STR("1"),
                                        .folder = STR("/x"),
                                        .home = STR("a"),
                                        .says_ms = 10,
                                        .silent_ms = 60000};
    assert_ok(processes_open(&ctx, &options, &two->self));
    processes_hear(two->self, "test", hear, two);
    while (!heard(two, "there?")) { // until it listens
        assert_ok(store_tell(&ctx, two->there, STR("test"), STR("there?")));
        usleep(1000);
    }
}

static void close_two(struct two *two)
{
    processes_close(two->self);
    store_close(two->here);
    store_close(two->there);
    ctx_end(&ctx);
}

TEST_POSTGRES(what_could_not_be_followed_is_followed_again_wholly)
{
    struct two two;
    open_two(&two);
    pthread_mutex_lock(&two.lock);
    two.fail = true;
    i64 before = two.nothing;
    pthread_mutex_unlock(&two.lock);
    assert_ok(store_tell(&ctx, two.there, STR("test"), STR("news")));
    for (bool again = false; !again; usleep(1000)) {
        pthread_mutex_lock(&two.lock);
        again = two.nothing > before;
        pthread_mutex_unlock(&two.lock);
    }
    close_two(&two);
}

TEST_POSTGRES(nobody_is_called_after_it_became_quiet)
{
    struct two two;
    open_two(&two);
    processes_quiet(two.self);
    i64 before = two.count;
    assert_ok(store_tell(&ctx, two.there, STR("test"), STR("late")));
    close_two(&two);
    assert_int_equal(two.count, before);
}

TEST_POSTGRES(news_are_told_from_a_thread_that_does_not_wait)
{
    struct two two;
    open_two(&two);
    struct processes *other;
    struct processes_options options = {.store = two.there, .version = STR("1"), .folder = STR("/y"), .home = STR("b")};
    assert_ok(processes_open(&ctx, &options, &other));
    assert_true(processes_share(other));
    processes_tell(other, "test", STR("one"));
    processes_tell(other, "test", STR("two"));
    while (!heard(&two, "two")) {
        usleep(1000);
    }
    processes_close(other);
    close_two(&two);
}

TEST_POSTGRES(a_process_that_died_is_noticed_by_a_steady_one)
{
    i64 id;
    struct job job;
    struct processes *self;
    assert_ok(store_open(&ctx, &(struct store_options){.url = postgres_new()}, &store));
    enter_other(7, "b");
    assert_ok(job_put(&ctx, store, STR("mail"), STR("a"), STR("{}"), &id));
    assert_ok(store_one(&ctx, store, SQL_JOB_TAKE,
                        ARGS(ARG_STR("kind", STR("mail")), ARG_I64("now_ms", INT64_MAX), ARG_I64("owner", 7)),
                        &job_shape, &job));
    struct processes_options options = {
        .store = store, .version = STR("1"), .folder = STR("/x"), .home = STR("a"), .says_ms = 10, .silent_ms = 300};
    assert_ok(processes_open(&ctx, &options, &self));
    assert_int_equal(job_take(&ctx, store, STR("mail"), &job), ERR_EMPTY);
    while (job_take(&ctx, store, STR("mail"), &job) == ERR_EMPTY) {
        ctx_reset(&ctx); // each time a new now
        ctx.now_ms = 0;
        usleep(10000);
    }
    assert_int_equal(job.attempts, 2);
    assert_int_equal(living(7), 0);
    assert_true(processes_sure(self));
    i64 number = id_new() & ID_NUMBER_MAX;
    assert_int_equal(number, 1);
    processes_close(self);
    id_share(0);
    store_close(store);
    ctx_end(&ctx);
}
