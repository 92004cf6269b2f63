#include "databases.h"

#include "journey/running.h"

#include "base/progress.h"
#include "store/processes.h"

#include <unistd.h>

static const struct asker_id an = {7, {"an@cham.vn", 10}}, binh = {8, {"binh@cham.vn", 12}};

static i64 count_of(struct running *running, const struct asker_id *asker)
{
    struct ctx ctx = {0};
    struct shape_list runs;
    assert_ok(running_list(&ctx, running, asker, &runs));
    ctx_end(&ctx);
    return runs.count;
}

TEST(a_question_is_listed_while_it_runs_and_says_how_far_it_is)
{
    struct ctx ctx = {0}, other = {0};
    struct running *running = running_open(NULL);
    struct shape_list runs;
    assert_ok(running_begin(&ctx, running, &an, STR("mine"), STR("funnel")));
    assert_ok(running_begin(&other, running, &binh, STR_NONE, STR("score")));
    progress_begin(ctx.progress, "events", 10, 0, 100);
    progress_add(ctx.progress, 5);
    assert_ok(running_list(&ctx, running, NULL, &runs));
    assert_int_equal(runs.count, 2);
    const struct run *first = runs.items;
    assert_true(str_eq(first->run, STR("mine")));
    assert_true(str_eq(first->ask, STR("funnel")));
    assert_near(first->progress, 0.5, 1e-9);
    assert_true(first[1].run.len > 0);
    assert_int_equal(count_of(running, &an), 1);
    ctx_end(&ctx);
    assert_int_equal(count_of(running, NULL), 1);
    ctx_end(&other);
    assert_int_equal(count_of(running, NULL), 0);
    running_close(running);
}

TEST(only_the_asker_or_who_may_stop_all_stops_a_question)
{
    struct ctx ctx = {0};
    struct running *running = running_open(NULL);
    assert_ok(running_begin(&ctx, running, &an, STR("mine"), STR("count")));
    assert_false(running_cancel(running, &binh, STR("mine")));
    assert_false(running_cancel(running, NULL, STR("other")));
    assert_false(ctx_stopped(&ctx));
    assert_int_equal(running_end(&ctx, ERR_CANCELLED), ERR_CANCELLED);
    assert_null(ctx.fault.key); // the server stops, not somebody
    assert_true(running_cancel(running, NULL, STR("mine")));
    assert_true(ctx_stopped(&ctx));
    assert_int_equal(running_end(&ctx, OK), OK);
    assert_int_equal(running_end(&ctx, ERR_CANCELLED), ERR_CANCELLED);
    assert_string_equal(ctx.fault.key, "error.ask.cancelled");
    ctx_end(&ctx);
    running_close(running);
}

TEST(a_name_is_taken_once_by_the_same_asker)
{
    struct ctx ctx = {0}, second = {0}, third = {0};
    struct running *running = running_open(NULL);
    assert_ok(running_begin(&ctx, running, &an, STR("x"), STR("count")));
    assert_int_equal(running_begin(&second, running, &an, STR("x"), STR("count")), ERR_CONFLICT);
    assert_ok(running_begin(&third, running, &binh, STR("x"), STR("count")));
    ctx_end(&ctx);
    ctx_end(&second);
    ctx_end(&third);
    running_close(running);
}

TEST(names_of_runs_are_short_and_plain)
{
    assert_true(run_name_valid(STR("a-Z_09")));
    assert_false(run_name_valid(STR("")));
    assert_false(run_name_valid(STR("a b")));
    assert_false(run_name_valid(STR("đ")));
    assert_true(run_name_valid(STR("1234567890123456789012345678901234567890123456789012345678901234")));
    assert_false(run_name_valid(STR("12345678901234567890123456789012345678901234567890123456789012345")));
}

/* A process that answers questions. */
struct place {
    struct ctx ctx;
    struct store *store;
    struct processes *processes;
    struct running *running;
};

static void open_place(struct place *place, const struct store_options *options, const char *home)
{
    *place = (struct place){0};
    assert_ok(store_open(&place->ctx, options, &place->store));
    struct processes_options self = {
        .store = place->store, .version = STR("1"), .folder = STR("/x"), .home = str_from(home)};
    assert_ok(processes_open(&place->ctx, &self, &place->processes));
    place->running = running_open(place->processes);
}

static void close_place(struct place *place)
{
    processes_quiet(place->processes);
    running_close(place->running);
    processes_close(place->processes);
    store_close(place->store);
    ctx_end(&place->ctx);
}

static void wait_for_count(struct place *place, const struct asker_id *asker, i64 count)
{
    while (count_of(place->running, asker) != count) {
        usleep(1000);
    }
}

TEST_POSTGRES(questions_of_another_process_are_listed_and_stopped)
{
    struct place one, two;
    struct ctx ctx = {0}, other = {0};
    struct store_options options = database_new(IN_POSTGRES);
    open_place(&one, &options, "one");
    open_place(&two, &options, "two");
    assert_ok(running_begin(&ctx, one.running, &an, STR("mine"), STR("funnel")));
    assert_ok(running_begin(&other, one.running, &binh, STR("his"), STR("score")));
    wait_for_count(&two, NULL, 2);
    assert_int_equal(count_of(two.running, &an), 1);
    assert_false(running_cancel(two.running, &an, STR("his")));
    assert_true(running_cancel(two.running, &an, STR("mine")));
    while (!ctx_stopped(&ctx)) {
        usleep(1000);
    }
    assert_false(ctx_stopped(&other));
    ctx_end(&ctx);
    wait_for_count(&two, NULL, 1);
    assert_true(running_cancel(two.running, NULL, STR("his")));
    while (!ctx_stopped(&other)) {
        usleep(1000);
    }
    ctx_end(&other);
    wait_for_count(&two, NULL, 0);
    close_place(&one);
    close_place(&two);
}

TEST_POSTGRES(many_questions_are_told_in_parts)
{
    enum { MANY = 40 };
    struct place one, two;
    static struct ctx many[MANY];
    struct store_options options = database_new(IN_POSTGRES);
    open_place(&one, &options, "one");
    open_place(&two, &options, "two");
    for (i64 i = 0; i < MANY; i++) {
        assert_ok(running_begin(&many[i], one.running, &an, STR_NONE, STR("score")));
    }
    wait_for_count(&two, &an, MANY);
    for (i64 i = 0; i < MANY; i++) {
        ctx_end(&many[i]);
    }
    wait_for_count(&two, &an, 0);
    close_place(&one);
    close_place(&two);
}
