#include "test.h"

#include "base/ctx.h"

static char order[8];
static i64 order_len;

static void note(void *object)
{
    order[order_len++] = *(const char *)object;
}

TEST(cleanups_run_last_one_first)
{
    struct ctx ctx = {0};
    order_len = 0;
    ctx_defer(&ctx, note, "a");
    ctx_defer(&ctx, note, "b");
    ctx_defer(&ctx, note, "c");
    ctx_end(&ctx);
    assert_memory_equal(order, "cba", 3);
}

TEST(the_first_description_of_a_failure_wins)
{
    struct ctx ctx = {0};
    ctx.pointer = STR("/batch/3");
    err low = FAIL(&ctx, ERR_INVALID, "score", "error.range", {"low", STR("0")}, {"high", STR("10")});
    err high = FAIL(&ctx, ERR_IO, "", "error.other");
    assert_int_equal(low, ERR_INVALID);
    assert_int_equal(high, ERR_IO);
    assert_string_equal(ctx.fault.key, "error.range");
    assert_true(str_eq(ctx.fault.pointer, STR("/batch/3/score")));
    assert_int_equal(ctx.fault.arg_count, 2);
    assert_true(str_eq(ctx.fault.args[1].value, STR("10")));
    ctx_end(&ctx);
}

TEST(one_piece_of_work_has_one_now)
{
    struct ctx ctx = {0};
    i64 now = ctx_now_ms(&ctx);
    assert_true(now > 1500000000000);
    assert_int_equal(ctx_now_ms(&ctx), now);
    ctx_end(&ctx);
}
