#include "test.h"

#include "base/hash.h"
#include "listen/repeats.h"

TEST(equal_lines_are_numbered_in_their_order)
{
    struct ctx ctx = {0};
    struct repeats *repeats;
    const char *path = str_c(&ctx.arena, str_format(&ctx.arena, "%s/repeats", test_folder()));
    assert_ok(repeats_open(&ctx, path, &repeats));
    i64 number;
    struct u128 a = {1, 2}, b = {1, 3};
    assert_ok(repeats_add(&ctx, repeats, a, &number));
    assert_int_equal(number, 1);
    assert_ok(repeats_add(&ctx, repeats, b, &number));
    assert_int_equal(number, 1);
    assert_ok(repeats_add(&ctx, repeats, a, &number));
    assert_int_equal(number, 2);
    repeats_close(repeats);
    ctx_end(&ctx);
}

TEST(the_table_grows_and_forgets_nothing)
{
    struct ctx ctx = {0};
    struct repeats *repeats;
    const char *path = str_c(&ctx.arena, str_format(&ctx.arena, "%s/repeats", test_folder()));
    assert_ok(repeats_open(&ctx, path, &repeats));
    for (i64 round = 1; round <= 2; round++) {
        for (i64 i = 0; i < 200000; i++) {
            i64 number;
            struct u128 line = {hash64(&i, sizeof i), (u64)i};
            assert_ok(repeats_add(&ctx, repeats, line, &number));
            assert_int_equal(number, round);
        }
    }
    repeats_close(repeats);
    ctx_end(&ctx);
}
