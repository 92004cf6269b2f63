#include "test.h"

#include "measure/compare.h"

/* Newcombe (1998), Statistics in Medicine 17:873, table II, method 10. */
TEST(differences_of_shares_have_the_published_intervals)
{
    const struct {
        i64 a, m, b, n;
        f64 low, high;
    } table[] = {
        {56, 70, 48, 80, 0.0524, 0.3339},
        {9, 10, 3, 10, 0.1705, 0.8090},
        {5, 56, 0, 29, -0.0381, 0.1926},
    };
    for (i64 i = 0; i < countof(table); i++) {
        struct difference out;
        assert_ok(compare_shares(table[i].a, table[i].m, table[i].b, table[i].n, &out));
        assert_near(out.low, table[i].low, 5e-5);
        assert_near(out.high, table[i].high, 5e-5);
    }
}

TEST(equal_groups_do_not_differ)
{
    struct difference out;
    assert_ok(compare_shares(10, 20, 20, 40, &out));
    assert_near(out.delta, 0.0, 1e-12);
    assert_near(out.p, 1.0, 1e-12);
    assert_ok(compare_shares(0, 20, 0, 40, &out));
    assert_near(out.p, 1.0, 1e-12);
}

TEST(a_large_difference_of_large_groups_is_no_chance)
{
    struct difference out;
    struct nps_tally good = {10, 30, 160}, poor = {90, 60, 50};
    assert_ok(compare_nps(&good, &poor, &out));
    assert_near(out.delta, 95.0, 1e-9);
    assert_true(out.low > 75.0 && out.high < 115.0);
    assert_true(out.p < 1e-12);
}

TEST(an_empty_group_cannot_be_compared)
{
    struct difference out;
    struct moments one = {1, 5, 25}, many = {40, 200, 1100};
    assert_int_equal(compare_shares(0, 0, 3, 4, &out), ERR_EMPTY);
    assert_int_equal(compare_nps(&(struct nps_tally){0}, &(struct nps_tally){1, 1, 1}, &out), ERR_EMPTY);
    assert_int_equal(compare_means(&one, &many, &out), ERR_EMPTY);
}

/* 1..5 against 3..7: difference -2, variances 2.5, error 1, z = -2, p = .0455. */
TEST(means_are_compared_by_welch)
{
    struct moments low = {0}, high = {0};
    struct difference out;
    for (i32 i = 1; i <= 5; i++) {
        moments_add(&low, i);
        moments_add(&high, i + 2);
    }
    assert_ok(compare_means(&low, &high, &out));
    assert_near(out.delta, -2.0, 1e-9);
    assert_near(out.p, 0.0455, 1e-4);
}

/* The worked example of Benjamini and Hochberg (1995), section 4: 4 of 15 hypotheses at .05. */
TEST(discoveries_are_those_of_the_published_example)
{
    f64 p[] = {.0459, .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .3240, .4262, .5719, .6528, .7590, 1.0};
    assert_near(discovery_limit(p, countof(p), 0.05), 0.0095, 1e-12);
    f64 none[] = {0.2, 0.9};
    assert_true(discovery_limit(none, 2, 0.05) < 0.0);
    assert_true(discovery_limit(none, 0, 0.05) < 0.0);
}
