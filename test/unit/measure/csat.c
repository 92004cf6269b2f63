#include "test.h"

#include "measure/csat.h"

static const struct scale five = {1, 5}, ten = {1, 10};

TEST(the_top_boxes_are_4_and_5_of_5)
{
    struct csat_tally tally = {0};
    for (i32 answer = 1; answer <= 5; answer++) {
        assert_ok(csat_add(&tally, five, answer));
    }
    assert_int_equal(tally.top, 2);
    assert_int_equal(tally.other, 3);
}

TEST(the_top_boxes_are_8_to_10_of_10)
{
    struct csat_tally tally = {0};
    for (i32 answer = 1; answer <= 10; answer++) {
        assert_ok(csat_add(&tally, ten, answer));
    }
    assert_int_equal(tally.top, 3);
    assert_int_equal(tally.other, 7);
}

TEST(answers_outside_their_scale_are_refused)
{
    struct csat_tally tally = {0};
    assert_int_equal(csat_add(&tally, five, 6), ERR_INVALID);
    assert_int_equal(csat_add(&tally, five, 0), ERR_INVALID);
    assert_int_equal(csat_add(&tally, five, 4.5), ERR_INVALID);
    assert_int_equal(csat_add(&tally, ten, 11), ERR_INVALID);
    assert_int_equal(csat_add(&tally, (struct scale){0, 10}, 5), ERR_INVALID);
    assert_int_equal(csat_add(&tally, (struct scale){1, 7}, 5), ERR_INVALID);
    assert_int_equal(tally.top + tally.other, 0);
    assert_int_equal(tally.scale.high, 0);
}

TEST(scales_are_never_pooled_in_one_mean)
{
    struct csat_tally fives = {0}, tens = {0};
    struct csat_score score;
    assert_ok(csat_add(&fives, five, 5));
    assert_ok(csat_add(&fives, five, 3));
    assert_ok(csat_score(&fives, &score));
    assert_true(score.mean.is);
    assert_near(score.mean.value, 4.0, 1e-9);

    assert_ok(csat_add(&tens, ten, 9));
    csat_merge(&fives, &tens);
    assert_ok(csat_score(&fives, &score));
    assert_false(score.mean.is);
    assert_near(score.percent, 200.0 / 3.0, 1e-9);
    assert_int_equal(score.answer_count, 3);
}

TEST(merging_an_empty_tally_keeps_the_mean)
{
    struct csat_tally tally = {0}, empty = {0}, into = {0};
    struct csat_score score;
    assert_ok(csat_add(&tally, ten, 9));
    csat_merge(&tally, &empty);
    csat_merge(&into, &tally);
    assert_ok(csat_score(&into, &score));
    assert_true(score.mean.is);
    assert_near(score.mean.value, 9.0, 1e-9);
}

TEST(satisfaction_without_answers_is_no_score)
{
    struct csat_score score;
    assert_int_equal(csat_score(&(struct csat_tally){0}, &score), ERR_EMPTY);
}

TEST(the_share_has_wilsons_interval)
{
    // Newcombe (1998), Statistics in Medicine 17:857, table I: 81 of 263.
    struct csat_tally tally = {.top = 81, .other = 182, .scale = {1, 5}};
    struct csat_score score;
    assert_ok(csat_score(&tally, &score));
    assert_near(score.low, 25.53, 0.005);
    assert_near(score.high, 36.62, 0.005);
}
