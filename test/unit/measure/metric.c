#include "test.h"

#include "measure/metric.h"

static const struct {
    struct answer answer;
    bool admitted;
    f64 score;
    const char *scale;
} answers[] = {
    {{METRIC_NPS, {0, 0}, 9, false}, true, 9, "0-10"},
    {{METRIC_NPS, {0, 10}, 0, false}, true, 0, "0-10"},
    {{METRIC_NPS, {0, 0}, 6.5, false}, false, 0, NULL},
    {{METRIC_NPS, {1, 5}, 3, false}, false, 0, NULL}, // no NPS of a question that is not one
    {{METRIC_NPS, {1, 10}, 3, false}, false, 0, NULL},
    {{METRIC_CSAT, {0, 0}, 5, false}, true, 5, "1-5"},
    {{METRIC_CSAT, {1, 10}, 10, false}, true, 10, "1-10"},
    {{METRIC_CSAT, {0, 0}, 10, false}, false, 0, NULL},
    {{METRIC_CES, {0, 0}, 2, true}, true, 6, "1-7"},
    {{METRIC_CES, {0, 0}, 2, false}, true, 2, "1-7"},
    {{METRIC_CES, {1, 5}, 2, false}, false, 0, NULL},
    {{METRIC_NONE, {1, 100}, 33.5, false}, true, 33.5, "1-100"},
    {{METRIC_NONE, {0, 0}, 3, false}, false, 0, NULL}, // a scale is never guessed
};

TEST(an_answer_is_admitted_on_its_scale_or_refused)
{
    for (i64 i = 0; i < countof(answers); i++) {
        f64 score = -1;
        struct scale scale = {0, 0};
        err code = metric_admit(&answers[i].answer, &score, &scale);
        assert_int_equal(code, answers[i].admitted ? OK : ERR_INVALID);
        if (answers[i].admitted) {
            char text[SCALE_TEXT_MAX];
            assert_near(score, answers[i].score, 1e-9);
            assert_true(str_eq(scale_text(scale, text), str_from(answers[i].scale)));
        }
    }
}

TEST(a_reversed_wording_is_flipped_around_the_middle)
{
    for (i32 given = 1; given <= 7; given++) {
        f64 score;
        struct scale scale;
        assert_ok(metric_admit(&(struct answer){METRIC_CES, {1, 7}, given, true}, &score, &scale));
        assert_near(score, 8 - given, 1e-9);
    }
}

TEST(a_scale_is_two_whole_numbers)
{
    const char *refused[] = {"", "5", "5-1", "1-", "-5", "1-5-7", "a-b", "1 - 5", "0-101", "3-3", "1.5-5"};
    struct scale scale;
    for (i64 i = 0; i < countof(refused); i++) {
        assert_false(scale_parse(str_from(refused[i]), &scale));
    }
    assert_true(scale_parse(STR("1-7"), &scale));
    assert_int_equal(scale.low, 1);
    assert_int_equal(scale.high, 7);
}

TEST(metrics_have_three_words)
{
    enum metric metric;
    assert_true(metric_parse(STR("csat"), &metric));
    assert_int_equal(metric, METRIC_CSAT);
    assert_false(metric_parse(STR("CSAT"), &metric));
    assert_false(metric_parse(STR(""), &metric));
    assert_true(str_eq(metric_word(METRIC_CES), STR("ces")));
    assert_false(str_is(metric_word(METRIC_NONE)));
}
