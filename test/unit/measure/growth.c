#include "test.h"

#include "measure/growth.h"

#include <math.h>

TEST(the_newer_part_is_binomial_when_nothing_changed)
{
    // 12 of 20 hits in a part that has a quarter of the texts; scipy: binom.sf(11, 20, 0.25), beta.ppf
    struct growth growth;
    assert_int_equal(growth_of(&(struct growth_counts){12, 100, 8, 300}, &growth), OK);
    assert_true(fabs(growth.p - 0.000935391579332645) < 1e-12);
    assert_true(fabs(growth.ratio - 4.5) < 1e-12);
    f64 low = 0.36054258730748967, high = 0.8088099392746928;
    assert_true(fabs(growth.low - low / (1.0 - low) * 3.0) < 1e-9);
    assert_true(fabs(growth.high - high / (1.0 - high) * 3.0) < 1e-9);
}

TEST(what_was_never_there_before_has_no_upper_limit)
{
    struct growth growth;
    assert_int_equal(growth_of(&(struct growth_counts){5, 100, 0, 300}, &growth), OK);
    assert_true(isinf(growth.ratio) && isinf(growth.high) && growth.low > 1.0);
    assert_int_equal(growth_of(&(struct growth_counts){0, 100, 5, 300}, &growth), OK);
    assert_true(growth.ratio == 0.0 && growth.p == 1.0);
    assert_int_equal(growth_of(&(struct growth_counts){0, 100, 0, 300}, &growth), ERR_EMPTY);
    assert_int_equal(growth_of(&(struct growth_counts){5, 100, 0, 0}, &growth), ERR_EMPTY);
}

TEST(what_is_rare_beside_much_has_limits_too)
{
    static const i64 counts[] = {1, 2, 5, 10, 20, 50, 300, 3000, 10000, 20000};
    for (i64 i = 0; i < countof(counts); i++) {
        for (i64 k = 0; k < countof(counts); k++) {
            struct growth growth;
            struct growth_counts of = {counts[i], 20000, counts[k], 20000};
            assert_int_equal(growth_of(&of, &growth), OK);
            assert_true(growth.low < growth.ratio && growth.ratio < growth.high && growth.p >= 0.0 && growth.p <= 1.0);
        }
    }
    struct growth growth; // from the binomial sums themselves, with 50 digits
    assert_int_equal(growth_of(&(struct growth_counts){20, 20000, 10000, 20000}, &growth), OK);
    f64 low = 0.0012196265399542904, high = 0.003080997351759257;
    assert_true(fabs(growth.low - low / (1.0 - low)) < 1e-12 && fabs(growth.high - high / (1.0 - high)) < 1e-12);
}
