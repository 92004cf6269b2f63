#include "open.h"

#include "guard/inside.h"

TEST_GUARD(the_attempt_after_the_last_allowed_one_waits)
{
    for (i32 i = 0; i < 3; i++) {
        assert_ok(tries_add(&ctx, guard, "x", STR("a"), 3, 60000));
    }
    assert_int_equal(tries_add(&ctx, guard, "x", STR("a"), 3, 60000), ERR_BUSY);
    assert_in_range(ctx.fault.retry_after_s, 1, 61);
}

TEST_GUARD(each_name_counts_for_itself_and_can_be_cleared)
{
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 60000));
    assert_ok(tries_add(&ctx, guard, "y", STR("a"), 1, 60000));
    assert_ok(tries_add(&ctx, guard, "x", STR("b"), 1, 60000));
    assert_int_equal(tries_add(&ctx, guard, "x", STR("a"), 1, 60000), ERR_BUSY);
    ctx_forgive(&ctx);
    tries_clear(guard, "x", STR("a"));
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 60000));
}

TEST_GUARD(a_window_ends)
{
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 0));
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 0));
}

TEST_GUARD(any_number_of_names_takes_the_same_memory)
{
    for (i64 i = 0; i < 4 * TRIES_SLOTS; i++) {
        char name[24];
        snprintf(name, sizeof name, "%ld", (long)i);
        assert_ok(tries_add(&ctx, guard, "x", str_from(name), 1, 60000));
    }
}

/* What another process counted, as far as the memory of this one knows. */
static void forget_in_memory(void)
{
    memset(guard->tries, 0, sizeof(struct tries) * TRIES_SLOTS);
}

TEST_GUARD(attempts_of_all_processes_count_together)
{
    guard->shared = true;
    for (i32 i = 0; i < 3; i++) {
        forget_in_memory();
        assert_ok(tries_add(&ctx, guard, "x", STR("a"), 3, 60000));
    }
    forget_in_memory();
    assert_int_equal(tries_add(&ctx, guard, "x", STR("a"), 3, 60000), ERR_BUSY);
    assert_in_range(ctx.fault.retry_after_s, 59, 61);
    ctx_forgive(&ctx);
    assert_int_equal(tries_add(&ctx, guard, "x", STR("a"), 3, 60000), ERR_BUSY); // from memory
    ctx_forgive(&ctx);
    assert_ok(tries_add(&ctx, guard, "x", STR("b"), 3, 60000));
    tries_clear(guard, "x", STR("a"));
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 3, 60000));
}

TEST_GUARD(attempts_are_recorded_under_names_that_only_the_key_of_the_installation_gives)
{
    guard->shared = true;
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 60000));
    forget_in_memory();
    guard->key[0] ^= 1;
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 60000));
    forget_in_memory();
    guard->key[0] ^= 1;
    assert_int_equal(tries_add(&ctx, guard, "x", STR("a"), 1, 60000), ERR_BUSY);
}

TEST_GUARD(a_window_that_all_processes_share_ends_too)
{
    guard->shared = true;
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 0));
    forget_in_memory();
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 0));
}

TEST_GUARD(ended_windows_leave_the_records)
{
    i64 left;
    guard->shared = true;
    assert_ok(tries_add(&ctx, guard, "x", STR("a"), 1, 0));
    guard->tries_forget_ms = 0;
    assert_ok(tries_add(&ctx, guard, "x", STR("b"), 1, 60000));
    assert_ok(store_run(&ctx, store, SQL_TRIES_FORGET, ARGS_NONE, &left));
    assert_int_equal(left, 0);
}

TEST_GUARD(whoever_has_no_attempt_left_is_told_so_before_another_one)
{
    for (i32 shared = 0; shared < 2; shared++) {
        guard->shared = shared == 1;
        str who = shared == 1 ? STR("b") : STR("a");
        for (i32 i = 0; i < 3; i++) {
            assert_ok(tries_look(&ctx, guard, "x", who, 2, 60000)); // looking counts nothing
        }
        assert_ok(tries_add(&ctx, guard, "x", who, 2, 60000));
        assert_ok(tries_look(&ctx, guard, "x", who, 2, 60000));
        assert_ok(tries_add(&ctx, guard, "x", who, 2, 60000));
        if (shared == 1) {
            forget_in_memory(); // another process counted them
        }
        assert_int_equal(tries_look(&ctx, guard, "x", who, 2, 60000), ERR_BUSY);
        assert_in_range(ctx.fault.retry_after_s, 1, 61);
        ctx_forgive(&ctx);
        assert_ok(tries_look(&ctx, guard, "x", STR("c"), 2, 60000));
    }
    assert_ok(tries_add(&ctx, guard, "x", STR("d"), 1, 0));
    assert_ok(tries_look(&ctx, guard, "x", STR("d"), 1, 0)); // the window has ended
}
