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
