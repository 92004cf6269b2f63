#include "test.h"

#include "base/random.h"

#include <math.h>

/* The demo program of the PCG library (seed 42, stream 54) prints these first. */
TEST(the_dice_fall_as_published)
{
    static const u32 published[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
    struct dice dice = dice_new(42, 54);
    for (i64 i = 0; i < countof(published); i++) {
        assert_int_equal(dice_u32(&dice), published[i]);
    }
}

TEST(draws_have_their_mean)
{
    struct dice dice = dice_new(1, 1);
    enum { DRAWS = 100000 };
    f64 unit = 0, normal = 0, square = 0, wait = 0, whole = 0;
    for (i64 i = 0; i < DRAWS; i++) {
        unit += dice_unit(&dice);
        f64 z = dice_normal(&dice);
        normal += z;
        square += z * z;
        wait += dice_exponential(&dice, 3.0);
        whole += (f64)dice_below(&dice, 7);
    }
    assert_true(fabs(unit / DRAWS - 0.5) < 0.01);
    assert_true(fabs(normal / DRAWS) < 0.02);
    assert_true(fabs(square / DRAWS - 1.0) < 0.03);
    assert_true(fabs(wait / DRAWS - 3.0) < 0.06);
    assert_true(fabs(whole / DRAWS - 3.0) < 0.03);
}

TEST(tokens_are_long_and_differ)
{
    struct arena arena = {0};
    str a = random_token(&arena, 32);
    str b = random_token(&arena, 32);
    assert_int_equal(a.len, 43);
    assert_false(str_eq(a, b));
    arena_free(&arena);
}
