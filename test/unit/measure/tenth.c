#include "test.h"

#include "measure/tenth.h"

#include <math.h>

TEST(the_tenth_of_a_hundred_is_ten)
{
    f64 values[100];
    struct tenth tenth;
    for (i64 i = 0; i < 100; i++) {
        values[i] = (f64)(99 - i);
    }
    assert_int_equal(tenth_of(values, 100, &tenth), OK);
    assert_true(fabs(tenth.mean - 49.5) < 1e-12);
    assert_true(fabs(tenth.tenth_mean - 4.5) < 1e-12);
    assert_int_equal(tenth.tenth_count, 10);
    assert_true(tenth.border == 9.0);
}

TEST(the_value_on_the_border_counts_with_its_part)
{
    f64 values[15] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    struct tenth tenth;
    assert_int_equal(tenth_of(values, 15, &tenth), OK);
    assert_true(fabs(tenth.tenth_mean - (1.0 + 0.5 * 2.0) / 1.5) < 1e-12);
    assert_int_equal(tenth.tenth_count, 2);
}

TEST(a_few_values_have_a_tenth_and_none_have_not)
{
    f64 values[3] = {7, 3, 5};
    struct tenth tenth;
    assert_int_equal(tenth_of(values, 3, &tenth), OK);
    assert_true(tenth.tenth_mean == 3.0);
    assert_int_equal(tenth_of(values, 0, &tenth), ERR_EMPTY);
}
