#include "test.h"

#include "measure/interval.h"

/* Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17:857,
 * table I, method 3. */
static const struct {
    i64 hits, count;
    f64 low, high;
} shares[] = {
    {81, 263, 0.2553, 0.3662},
    {15, 148, 0.0624, 0.1605},
    {0, 20, 0.0000, 0.1611},
    {1, 29, 0.0061, 0.1718},
};

TEST(shares_have_the_published_intervals)
{
    for (i64 i = 0; i < countof(shares); i++) {
        struct interval share;
        assert_ok(interval_share(shares[i].hits, shares[i].count, &share));
        assert_near(share.low, shares[i].low, 5e-5);
        assert_near(share.high, shares[i].high, 5e-5);
    }
}

TEST(a_share_lies_inside_its_interval)
{
    for (i64 count = 1; count <= 60; count++) {
        for (i64 hits = 0; hits <= count; hits++) {
            struct interval share;
            assert_ok(interval_share(hits, count, &share));
            assert_true(share.low <= share.value && share.value <= share.high);
            assert_true(share.low >= 0.0 && share.high <= 1.0 && share.low < share.high);
        }
    }
}

TEST(an_empty_group_has_no_share_and_no_mean)
{
    struct interval out;
    assert_int_equal(interval_share(0, 0, &out), ERR_EMPTY);
    assert_int_equal(interval_mean(&(struct moments){0}, 1, 7, &out), ERR_EMPTY);
}

/* Any table of Student's distribution, two-sided 5 %. */
TEST(students_quantiles_are_those_of_the_tables)
{
    const struct {
        i64 freedom;
        f64 t;
    } table[] = {
        {1, 12.7062}, {2, 4.3027},  {3, 3.1824},  {4, 2.7764},  {5, 2.5706},   {6, 2.4469},
        {10, 2.2281}, {20, 2.0860}, {30, 2.0423}, {60, 2.0003}, {120, 1.9799}, {1000000, 1.9600},
    };
    for (i64 i = 0; i < countof(table); i++) {
        assert_near(t_quantile_95(table[i].freedom), table[i].t, 2e-4);
    }
}

TEST(one_answer_says_nothing_about_the_spread)
{
    struct moments one = {0};
    struct interval mean;
    moments_add(&one, 6.0);
    assert_ok(interval_mean(&one, 1, 7, &mean));
    assert_near(mean.value, 6.0, 1e-9);
    assert_near(mean.low, 1.0, 1e-9);
    assert_near(mean.high, 7.0, 1e-9);
}

TEST(equal_answers_do_not_make_a_mean_certain)
{
    struct moments same = {0};
    struct interval mean;
    for (i32 i = 0; i < 30; i++) {
        moments_add(&same, 6.0);
    }
    assert_ok(interval_mean(&same, 1, 7, &mean));
    assert_near(mean.low, 6.0 - 0.1 * 5.0, 1e-9);
    assert_near(mean.high, 6.0 + 0.1 * 1.0, 1e-9);
}

TEST(a_mean_stays_on_its_scale)
{
    struct moments few = {0};
    struct interval mean;
    moments_add(&few, 7.0);
    moments_add(&few, 1.0);
    assert_ok(interval_mean(&few, 1, 7, &mean));
    assert_near(mean.low, 1.0, 1e-9);
    assert_near(mean.high, 7.0, 1e-9);
}
