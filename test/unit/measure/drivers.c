#include "test.h"

#include "base/random.h"
#include "measure/drivers.h"

#include <math.h>

/* Longley (1967), as in NIST's Statistical Reference Datasets: employment and six things that grow with it. */
static const f64 longley[16][7] = {
    {60323, 83.0, 234289, 2356, 1590, 107608, 1947},  {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
    {60171, 88.2, 258054, 3682, 1616, 109773, 1949},  {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
    {63221, 96.2, 328975, 2099, 3099, 112075, 1951},  {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
    {64989, 99.0, 365385, 1870, 3547, 115094, 1953},  {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
    {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
    {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
    {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
    {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962},
};

static void longley_drivers(i64 copies, f64 *values, f64 *scores)
{
    for (i64 row = 0; row < 16; row++) {
        scores[row] = longley[row][0];
        for (i64 i = 0; i < 6 * copies; i++) {
            values[row * 6 * copies + i] = longley[row][1 + i % 6];
        }
    }
}

TEST(r2_is_the_certified_one_and_the_shares_are_the_mean_gains_over_all_orders)
{
    // R² certified by NIST; shares and coefficient computed with numpy over all 720 orders
    static const f64 parts[] = {0.213818430, 0.230219351, 0.069602793, 0.050803831, 0.211606823, 0.219427777};
    f64 values[16 * 6], scores[16], sum = 0.0;
    struct arena arena = {0};
    struct drivers drivers;
    longley_drivers(1, values, scores);
    assert_int_equal(drivers_of(&arena, &(struct drivers_input){values, scores, 16, 6}, &drivers), OK);
    assert_int_equal(drivers.method, DRIVERS_LMG);
    assert_true(fabs(drivers.r2 - 0.995479004577296) < 1e-8);
    for (i64 i = 0; i < 6; i++) {
        assert_true(fabs(drivers.items[i].part - parts[i]) < 1e-6);
        sum += drivers.items[i].part;
    }
    assert_true(fabs(sum - drivers.r2) < 1e-8);
    assert_true(fabs(drivers.items[0].effect - 15.0618722713733) < 1e-3); // NIST: 15.0618722713733
    assert_true(fabs(drivers.items[3].effect + 1.03322686717359) < 1e-5);
    arena_free(&arena);
}

/* Eleven drivers: with noise beside Longley's six, so that relative weights are used; the noise hardly matters. */
TEST(with_many_drivers_relative_weights_add_up_to_r2)
{
    enum { ROWS = 500, DRIVERS = 12 };
    struct arena arena = {0};
    f64 *values = arena_new(&arena, f64, ROWS * DRIVERS), *scores = arena_new(&arena, f64, ROWS), sum = 0.0;
    struct dice dice = dice_new(1, 1);
    struct drivers drivers;
    for (i64 row = 0; row < ROWS; row++) {
        for (i64 i = 0; i < DRIVERS; i++) {
            values[row * DRIVERS + i] = dice_normal(&dice);
        }
        scores[row] = 3.0 * values[row * DRIVERS] + values[row * DRIVERS + 1] + dice_normal(&dice);
    }
    assert_int_equal(drivers_of(&arena, &(struct drivers_input){values, scores, ROWS, DRIVERS}, &drivers), OK);
    assert_int_equal(drivers.method, DRIVERS_RELATIVE_WEIGHTS);
    for (i64 i = 0; i < DRIVERS; i++) {
        assert_true(drivers.items[i].part >= 0.0);
        assert_true(drivers.items[i].low <= drivers.items[i].part && drivers.items[i].part <= drivers.items[i].high);
        sum += drivers.items[i].part;
    }
    assert_true(fabs(sum - drivers.r2) < 1e-6);
    assert_true(drivers.items[0].low > drivers.items[1].high); // nine times the variance
    assert_true(drivers.items[1].low > drivers.items[5].part);
    assert_true(fabs(drivers.items[0].effect - 3.0) < 0.2);
    arena_free(&arena);
}

TEST(a_driver_that_never_varies_has_no_part_and_one_that_repeats_another_shares_with_it)
{
    enum { ROWS = 200 };
    struct arena arena = {0};
    f64 *values = arena_new(&arena, f64, ROWS * 3), *scores = arena_new(&arena, f64, ROWS);
    struct dice dice = dice_new(2, 2);
    struct drivers drivers;
    for (i64 row = 0; row < ROWS; row++) {
        values[row * 3] = 5.0;
        values[row * 3 + 1] = values[row * 3 + 2] = dice_normal(&dice);
        scores[row] = values[row * 3 + 1] + dice_normal(&dice);
    }
    assert_int_equal(drivers_of(&arena, &(struct drivers_input){values, scores, ROWS, 3}, &drivers), OK);
    assert_false(drivers.items[0].varies);
    assert_true(drivers.items[0].part == 0.0);
    assert_true(fabs(drivers.items[1].part - drivers.items[2].part) < 1e-9);
    assert_true(fabs(drivers.items[1].part * 2.0 - drivers.r2) < 1e-9);
    arena_free(&arena);
}

TEST(what_cannot_be_explained_is_refused)
{
    struct arena arena = {0};
    struct drivers drivers;
    f64 values[40] = {0}, scores[40] = {0};
    assert_int_equal(drivers_of(&arena, &(struct drivers_input){values, scores, 3, 2}, &drivers), ERR_EMPTY);
    assert_int_equal(drivers_of(&arena, &(struct drivers_input){values, scores, 20, 2}, &drivers), ERR_EMPTY);
    assert_int_equal(drivers_of(&arena, &(struct drivers_input){values, scores, 40, 0}, &drivers), ERR_INVALID);
    assert_int_equal(drivers_of(&arena, &(struct drivers_input){values, scores, 1, 41}, &drivers), ERR_INVALID);
    arena_free(&arena);
}
