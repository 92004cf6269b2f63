#include "test.h"

#include "measure/sample.h"

/* Cochran's and everybody's tables: 385 answers for ±5 % of a share near a half; 323 of 2,000 people; 1,068 for ±3 %. */
TEST(a_share_needs_as_many_answers_as_the_tables_say)
{
    static const struct {
        f64 share, margin;
        i64 population, answers;
    } cases[] = {{0.5, 0.05, 0, 385},  {0.5, 0.03, 0, 1068}, {0.5, 0.1, 0, 97},   {0.5, 0.05, 2000, 323},
                 {0.5, 0.05, 100, 80}, {0.5, 0.05, 10, 10},  {0.2, 0.05, 0, 246}, {0.5, 0.05, 1, 1}};
    for (i64 i = 0; i < countof(cases); i++) {
        i64 answers = 0;
        assert_int_equal(sample_for_share(cases[i].share, cases[i].margin, cases[i].population, &answers), OK);
        assert_int_equal(answers, cases[i].answers);
    }
}

TEST(a_net_promoter_score_needs_more_answers_than_a_share)
{
    i64 answers = 0;
    // 50 % promoters and 20 % detractors: variance 0.7 - 0.09 = 0.61; 3.8415 * 0.61 / 0.05² = 937.3
    assert_int_equal(sample_for_nps(0.5, 0.2, 5, 0, &answers), OK);
    assert_int_equal(answers, 938);
    // Half love it, half hate it: the most that can be.
    assert_int_equal(sample_for_nps(0.5, 0.5, 5, 0, &answers), OK);
    assert_int_equal(answers, 1537);
}

/* Fleiss 1981, table A.3 without correction: 0.60 against 0.70 at 80 % needs 356 in each group. */
TEST(a_difference_needs_as_many_answers_as_the_tables_say)
{
    i64 answers = 0;
    assert_int_equal(sample_for_difference(0.6, 0.7, 0.8, &answers), OK);
    assert_int_equal(answers, 356);
    i64 other = 0;
    assert_int_equal(sample_for_difference(0.7, 0.6, 0.8, &other), OK);
    assert_int_equal(other, answers);
    assert_int_equal(sample_for_difference(0.6, 0.7, 0.9, &other), OK);
    assert_true(other > answers);
}

TEST(what_makes_no_sense_is_refused)
{
    i64 answers = 77;
    assert_int_equal(sample_for_share(0, 0.05, 0, &answers), ERR_INVALID);
    assert_int_equal(sample_for_share(0.5, 0, 0, &answers), ERR_INVALID);
    assert_int_equal(sample_for_share(0.5, 1e-9, 0, &answers), ERR_INVALID);
    assert_int_equal(sample_for_share(0.5, 0.05, -1, &answers), ERR_INVALID);
    assert_int_equal(sample_for_nps(0.7, 0.4, 5, 0, &answers), ERR_INVALID);
    assert_int_equal(sample_for_nps(1, 0, 5, 0, &answers), ERR_INVALID);
    assert_int_equal(sample_for_difference(0.5, 0.5, 0.8, &answers), ERR_INVALID);
    assert_int_equal(sample_for_difference(0.5, 0.6, 1, &answers), ERR_INVALID);
    assert_int_equal(sample_invitations(10, 0, &answers), ERR_INVALID);
    assert_int_equal(answers, 77);
    assert_int_equal(sample_invitations(385, 0.2, &answers), OK);
    assert_int_equal(answers, 1925);
}
