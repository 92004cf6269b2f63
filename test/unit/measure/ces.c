#include "test.h"

#include "measure/ces.h"

TEST(five_to_seven_of_seven_is_easy)
{
    struct ces_tally tally = {0};
    for (i32 answer = 1; answer <= 7; answer++) {
        assert_ok(ces_add(&tally, answer));
    }
    assert_int_equal(tally.easy, 3);
    assert_int_equal(tally.other, 4);
    struct ces_score score;
    assert_ok(ces_score(&tally, &score));
    assert_near(score.mean, 4.0, 1e-9);
    assert_near(score.percent, 300.0 / 7.0, 1e-9);
}

/* Mean 4, deviation 2.160247, t(6) = 2.446912: 4 +- 1.997896. */
TEST(the_mean_has_students_interval)
{
    struct ces_tally tally = {0};
    struct ces_score score;
    for (i32 answer = 1; answer <= 7; answer++) {
        assert_ok(ces_add(&tally, answer));
    }
    assert_ok(ces_score(&tally, &score));
    assert_near(score.low, 4.0 - 1.997896, 1e-4);
    assert_near(score.high, 4.0 + 1.997896, 1e-4);
}

TEST(effort_outside_1_to_7_is_refused)
{
    const f64 refused[] = {0, 8, 4.5, -3};
    struct ces_tally tally = {0};
    for (i64 i = 0; i < countof(refused); i++) {
        assert_int_equal(ces_add(&tally, refused[i]), ERR_INVALID);
    }
    assert_int_equal(tally.easy + tally.other, 0);
}

TEST(effort_without_answers_is_no_score)
{
    struct ces_score score;
    assert_int_equal(ces_score(&(struct ces_tally){0}, &score), ERR_EMPTY);
}

TEST(tallies_are_merged_and_the_score_is_computed_last)
{
    struct ces_tally one = {0}, two = {0};
    struct ces_score score;
    assert_ok(ces_add(&one, 7));
    assert_ok(ces_add(&two, 1));
    assert_ok(ces_add(&two, 2));
    assert_ok(ces_add(&two, 2));
    ces_merge(&one, &two);
    assert_ok(ces_score(&one, &score));
    assert_near(score.mean, 3.0, 1e-9);
    assert_int_equal(score.answer_count, 4);
}
