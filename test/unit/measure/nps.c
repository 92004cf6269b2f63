#include "test.h"

#include "measure/nps.h"

static struct nps_tally tally_of(i64 detractors, i64 passives, i64 promoters)
{
    return (struct nps_tally){detractors, passives, promoters};
}

TEST(no_answers_is_no_score_and_never_zero)
{
    struct nps_score score;
    assert_int_equal(nps_score(&(struct nps_tally){0}, &score), ERR_EMPTY);
}

TEST(only_whole_numbers_from_0_to_10_are_answers)
{
    const f64 refused[] = {-1, 11, 6.5, 8.5, 10.000001, -0.5, 1e300, __builtin_nan("")};
    struct nps_tally tally = {0};
    for (i64 i = 0; i < countof(refused); i++) {
        assert_int_equal(nps_add(&tally, refused[i]), ERR_INVALID);
    }
    assert_int_equal(tally.detractors + tally.passives + tally.promoters, 0);
}

TEST(each_answer_falls_in_one_group)
{
    struct nps_tally tally = {0};
    for (i32 answer = 0; answer <= 10; answer++) {
        assert_ok(nps_add(&tally, answer));
    }
    assert_int_equal(tally.detractors, 7);
    assert_int_equal(tally.passives, 2);
    assert_int_equal(tally.promoters, 2);
}

TEST(passives_count_in_the_denominator_only)
{
    struct nps_score without, with;
    assert_ok(nps_score(&(struct nps_tally){10, 0, 30}, &without));
    assert_ok(nps_score(&(struct nps_tally){10, 60, 30}, &with));
    assert_near(without.points, 50.0, 1e-9);
    assert_near(with.points, 20.0, 1e-9);
}

/* Preppin' Data 2019 week 40 (39 answers, published as -35.9) and 2020 week 22 (184 answers; the published 21 is
 * 45 % - 24 % of floored percentages). */
TEST(the_scores_of_two_published_surveys)
{
    struct nps_score score;
    struct nps_tally sudzilla = tally_of(22, 9, 8);
    assert_ok(nps_score(&sudzilla, &score));
    assert_near(score.points, -35.897435897435897, 1e-9);
    assert_int_equal(score.answer_count, 39);
    struct nps_tally airline = tally_of(45, 55, 84);
    assert_ok(nps_score(&airline, &score));
    assert_near(score.points, 21.195652173913043, 1e-9);
    assert_int_equal(score.answer_count, 184);
}

TEST(the_interval_holds_the_score)
{
    for (i64 d = 0; d <= 12; d++) {
        for (i64 a = 0; a <= 12; a++) {
            for (i64 p = 0; p <= 12; p++) {
                struct nps_score score;
                struct nps_tally tally = {d, a, p};
                if (nps_score(&tally, &score) == OK) {
                    assert_true(score.low <= score.points && score.points <= score.high);
                    assert_true(score.low >= -100.0 && score.high <= 100.0);
                    assert_true(score.high > score.low);
                }
            }
        }
    }
}

/* 100 answers, 20 detractors and 50 promoters: p+ = 50.75/103, p- = 20.75/103, centre .2912621,
 * variance (.6941748 - .0848336)/103, margin 15.0747. */
TEST(the_interval_is_the_adjusted_wald)
{
    struct nps_score score;
    struct nps_tally tally = {20, 30, 50};
    assert_ok(nps_score(&tally, &score));
    assert_near(score.points, 30.0, 1e-9);
    assert_near(score.low, 29.12621359 - 15.07506, 2e-3);
    assert_near(score.high, 29.12621359 + 15.07506, 2e-3);
}

TEST(the_mean_of_two_scores_is_not_the_score_of_both)
{
    struct nps_score small, large, both;
    struct nps_tally few = {0, 0, 2}, many = {60, 20, 20}, all = few;
    assert_ok(nps_score(&few, &small));
    assert_ok(nps_score(&many, &large));
    nps_merge(&all, &many);
    assert_ok(nps_score(&all, &both));
    assert_near(both.points, 100.0 * (22 - 60) / 102.0, 1e-9);
    assert_true(both.points < (small.points + large.points) / 2.0 - 10.0);
}
