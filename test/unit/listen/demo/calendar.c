#include "listen/demo/calendar.h"
#include "listen/demo/chance.h"
#include "test.h"

TEST(tet_is_the_new_moon_of_vietnam)
{
    // Published calendars; in 2030 the Chinese year begins one day later.
    assert_int_equal(calendar_tet(2024), civil_days(2024, 2, 10));
    assert_int_equal(calendar_tet(2026), civil_days(2026, 2, 17));
    assert_int_equal(calendar_tet(2030), civil_days(2030, 2, 2));
    assert_int_equal(calendar_tet(1999), 0);
}

TEST(a_day_begins_at_midnight_in_vietnam)
{
    i64 day = civil_days(2026, 11, 22);
    assert_int_equal(calendar_midnight(day), 1795280400000);
    assert_int_equal(calendar_day(1795280400000), day);
    assert_int_equal(calendar_day(1795280399999), day - 1);
    assert_int_equal(calendar_hour(1795280400000 + 13 * HOUR_MS), 13);
}

TEST(nobody_shops_at_tet_and_everybody_before_it)
{
    i64 tet = calendar_tet(2026);
    assert_true(calendar_demand(RHYTHM_SHOP, tet) < 150);
    assert_true(calendar_demand(RHYTHM_SHOP, tet - 10) > 1200);
    assert_true(calendar_demand(RHYTHM_ONLINE, civil_days(2026, 11, 11)) > 2000);
}

TEST(no_day_is_above_the_peak)
{
    for (i64 day = civil_days(2020, 1, 1); day < civil_days(2041, 1, 1); day++) {
        for (int rhythm = 0; rhythm < 3; rhythm++) {
            assert_in_range(calendar_demand((enum rhythm)rhythm, day), 1, CALENDAR_PEAK);
        }
    }
}

TEST(needs_come_after_each_other_and_as_often_as_asked)
{
    struct dice dice = dice_new(3, 1);
    i64 at_ms = calendar_midnight(civil_days(2021, 6, 1)), from_ms = at_ms;
    for (int i = 0; i < 400; i++) {
        i64 next_ms = calendar_next(&dice, RHYTHM_ONLINE, at_ms, (i64)3 * DAY_MS);
        assert_true(next_ms > at_ms);
        at_ms = next_ms;
    }
    assert_in_range((at_ms - from_ms) / DAY_MS, 900, 1400);
}

TEST(work_rests_on_sundays)
{
    // Saturday the 21st at 17:00; two working hours later it is Monday, 8:00 or after.
    i64 saturday = calendar_midnight(civil_days(2026, 11, 21)) + 16 * HOUR_MS + 30 * MINUTE_MS;
    i64 done = calendar_work(saturday, 2);
    assert_int_equal(calendar_day(done), civil_days(2026, 11, 23));
    assert_int_equal(calendar_hour(done), 8);
}

TEST(waiting_times_have_their_mean)
{
    struct dice dice = dice_new(11, 5);
    i64 sum = 0;
    for (int i = 0; i < 20000; i++) {
        sum += chance_wait(&dice, 1000);
    }
    assert_in_range(sum / 20000, 960, 1060);
}
