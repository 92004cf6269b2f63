#include "act/limits.h"

#include "databases.h"

static struct ctx ctx;

/* A moment in Viet Nam, where clocks never change. */
static i64 at(i32 month, i32 day, i32 hour, i32 minute)
{
    const struct zone *zone;
    assert_ok(zone_find(&ctx, STR("Asia/Ho_Chi_Minh"), &zone));
    return zone_ms(zone, (struct civil){.year = 2026, .month = month, .day = day, .hour = hour, .minute = minute});
}

static i64 moment(const char *from, const char *to, bool sundays, i64 at_ms)
{
    const struct zone *zone;
    struct send_hours hours = {.quiet = true, .from = str_from(from), .to = str_from(to), .sundays = sundays};
    assert_ok(zone_find(&ctx, STR("Asia/Ho_Chi_Minh"), &zone));
    return sending_moment(&hours, zone, at_ms);
}

TEST(a_night_over_midnight_ends_the_next_morning)
{
    assert_int_equal(moment("21:00", "08:00", false, at(11, 20, 20, 59)), at(11, 20, 20, 59));
    assert_int_equal(moment("21:00", "08:00", false, at(11, 20, 21, 0)), at(11, 21, 8, 0));
    assert_int_equal(moment("21:00", "08:00", false, at(11, 20, 23, 59)), at(11, 21, 8, 0));
    assert_int_equal(moment("21:00", "08:00", false, at(11, 21, 0, 0)), at(11, 21, 8, 0));
    assert_int_equal(moment("21:00", "08:00", false, at(11, 21, 7, 59)), at(11, 21, 8, 0));
    assert_int_equal(moment("21:00", "08:00", false, at(11, 21, 8, 0)), at(11, 21, 8, 0));
    assert_int_equal(moment("21:00", "08:00", false, at(12, 31, 22, 0)), at(12, 31, 32, 0));
}

TEST(quiet_hours_within_a_day_end_the_same_day)
{
    assert_int_equal(moment("12:00", "13:30", false, at(11, 20, 11, 59)), at(11, 20, 11, 59));
    assert_int_equal(moment("12:00", "13:30", false, at(11, 20, 12, 0)), at(11, 20, 13, 30));
    assert_int_equal(moment("12:00", "13:30", false, at(11, 20, 13, 30)), at(11, 20, 13, 30));
    assert_int_equal(moment("09:00", "09:00", false, at(11, 20, 9, 0)), at(11, 20, 9, 0));
}

TEST(a_sunday_is_left_out_whole_with_the_nights_beside_it)
{
    // the 22nd of November 2026 is a Sunday
    assert_int_equal(moment("21:00", "08:00", true, at(11, 21, 20, 0)), at(11, 21, 20, 0));
    assert_int_equal(moment("21:00", "08:00", true, at(11, 21, 22, 0)), at(11, 23, 8, 0));
    assert_int_equal(moment("21:00", "08:00", true, at(11, 22, 12, 0)), at(11, 23, 8, 0));
    assert_int_equal(moment("21:00", "08:00", false, at(11, 22, 12, 0)), at(11, 22, 12, 0));
}

TEST(hours_that_are_off_hold_nothing_back)
{
    const struct zone *zone;
    struct send_hours hours = {.quiet = false, .from = STR("00:00"), .to = STR("23:59")};
    assert_ok(zone_find(&ctx, STR("Asia/Ho_Chi_Minh"), &zone));
    assert_int_equal(sending_moment(&hours, zone, at(11, 20, 3, 0)), at(11, 20, 3, 0));
}

TEST_BOTH(limits_that_nobody_named_stay_as_they_were)
{
    struct store *store;
    struct sending sending;
    struct send_limit one = {.purpose = PURPOSE_MARKETING, .most = 1, .days = 7};
    struct store_options options = database == IN_POSTGRES ? database_new(database)
                                                           : (struct store_options){.folder = str_from(test_folder())};
    assert_ok(store_open(&ctx, &options, &store));
    assert_ok(sending_read(&ctx, store, &sending));
    const struct send_limit *limits = sending.limits.items;
    assert_true(sending.hours.quiet && str_eq(sending.hours.from, STR("21:00")));
    assert_int_equal(limits[PURPOSE_SURVEY].most, 2);
    sending.limits = (struct shape_list){&one, 1};
    sending.hours = (struct send_hours){.quiet = true, .from = STR("22:30"), .to = STR("06:15"), .sundays = true};
    assert_ok(sending_write(&ctx, store, &sending));
    assert_ok(sending_read(&ctx, store, &sending));
    limits = sending.limits.items;
    assert_int_equal(limits[PURPOSE_SURVEY].most, 2);
    assert_int_equal(limits[PURPOSE_MARKETING].days, 7);
    assert_true(str_eq(sending.hours.from, STR("22:30")) && str_eq(sending.hours.to, STR("06:15")));
    sending.hours.to = STR("24:00");
    assert_int_equal(sending_write(&ctx, store, &sending), ERR_INVALID);
    store_close(store);
    ctx_end(&ctx);
}
