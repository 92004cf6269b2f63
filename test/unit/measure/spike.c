#include "test.h"

#include "base/random.h"
#include "measure/spike.h"

#include <math.h>

TEST(a_day_is_judged_by_the_negative_binomial_of_its_weekdays)
{
    // computed with scipy.stats.nbinom
    static const i64 history[] = {4, 7, 5, 9, 3, 8};
    struct spike spike;
    assert_int_equal(spike_of(history, 6, 15, &spike), OK);
    assert_true(fabs(spike.expected - 6.0) < 1e-12);
    assert_true(fabs(spike.p_more - 0.0036750023111963) < 1e-9);
    assert_int_equal(spike_of(history, 6, 0, &spike), OK);
    assert_true(fabs(spike.p_less - 0.0036011580175812) < 1e-9);
    assert_true(spike.low == 2.0 && spike.high == 12.0);
}

TEST(a_history_of_nothing_does_not_make_one_event_an_alarm)
{
    static const i64 history[8] = {0};
    struct spike spike;
    assert_int_equal(spike_of(history, 8, 1, &spike), OK);
    assert_true(spike.p_more > 0.03);
    assert_int_equal(spike_of(history, 8, 6, &spike), OK);
    assert_true(spike.p_more < 0.001);
    assert_int_equal(spike_of(history, 3, 6, &spike), ERR_EMPTY);
}

TEST(a_wild_history_expects_wild_days)
{
    static const i64 calm[] = {20, 21, 19, 20, 22, 18, 20, 20}, wild[] = {2, 60, 5, 40, 1, 30, 12, 10};
    struct spike a, b;
    assert_int_equal(spike_of(calm, 8, 45, &a), OK);
    assert_int_equal(spike_of(wild, 8, 45, &b), OK);
    assert_true(a.p_more < 1e-4 && b.p_more > 0.01);
}

TEST(a_shift_is_found_and_dated)
{
    struct dice dice = dice_new(3, 3);
    struct drift drift;
    f64 values[60];
    for (i64 i = 0; i < 60; i++) {
        values[i] = (i < 30 ? 8.0 : 7.0) + 0.4 * dice_normal(&dice);
    }
    assert_int_equal(drift_of(values, 60, &drift), OK);
    assert_true(drift.alarm >= 30 && drift.alarm < 40);
    assert_true(drift.since >= 27 && drift.since <= 33);
    assert_int_equal(drift.direction, -1);
    assert_true(drift.before > drift.now + 0.5);
}

TEST(an_unchanged_series_rarely_alarms)
{
    struct dice dice = dice_new(4, 4);
    i64 alarms = 0;
    for (i64 run = 0; run < 400; run++) {
        struct drift drift;
        f64 values[26];
        for (i64 i = 0; i < 26; i++) {
            values[i] = dice_normal(&dice);
        }
        assert_int_equal(drift_of(values, 26, &drift), OK);
        alarms += drift.alarm >= 0;
    }
    assert_true(alarms < 400 * 26 / 232 * 2); // one in about 232 values for both directions, twice that allowed
    assert_int_equal(drift_of((f64[]){1, 2, 3}, 3, &(struct drift){0}), ERR_EMPTY);
}
