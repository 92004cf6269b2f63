#include "test.h"

#include "journey/running.h"

#include "base/progress.h"

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
