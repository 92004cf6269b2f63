#include "test.h"

#include "base/zone.h"

TEST(dates_and_days_are_inverse)
{
    for (i64 days = civil_days(1600, 1, 1); days < civil_days(2401, 1, 1); days++) {
        struct civil c = civil_from_days(days);
        assert_int_equal(civil_days(c.year, c.month, c.day), days);
    }
    assert_int_equal(civil_days(1970, 1, 1), 0);
    assert_int_equal(civil_days(2000, 3, 1), 11017);
}

TEST(impossible_dates_are_not_valid)
{
    static const struct civil bad[] = {
        {.year = 2025, .month = 2, .day = 29}, {.year = 1900, .month = 2, .day = 29},
        {.year = 2025, .month = 13, .day = 1}, {.year = 2025, .month = 4, .day = 31},
        {.year = 0, .month = 1, .day = 1},     {.year = 2025, .month = 1, .day = 1, .hour = 24},
    };
    for (i64 i = 0; i < countof(bad); i++) {
        assert_false(civil_valid(bad[i]));
    }
    assert_true(civil_valid((struct civil){.year = 2024, .month = 2, .day = 29}));
}

static i64 local(const struct zone *zone, const char *text)
{
    i64 ms = 0;
    assert_true(iso_parse(zone, str_from(text), &ms));
    return ms;
}

TEST(periods_begin_where_the_calendar_says)
{
    struct ctx ctx = {0};
    const struct zone *zone;
    assert_ok(zone_find(&ctx, STR("Asia/Ho_Chi_Minh"), &zone));
    static const struct {
        enum period period;
        const char *at, *start, *next;
    } cases[] = {
        {PERIOD_HOUR, "2026-11-22T23:59:59", "2026-11-22T23:00", "2026-11-23"},
        {PERIOD_DAY, "2026-11-22T00:00", "2026-11-22", "2026-11-23"},
        {PERIOD_WEEK, "2026-11-22T12:00", "2026-11-16", "2026-11-23"}, /* a Sunday */
        {PERIOD_WEEK, "2026-11-16T00:00", "2026-11-16", "2026-11-23"},
        {PERIOD_MONTH, "2024-02-29T10:00", "2024-02-01", "2024-03-01"},
        {PERIOD_MONTH, "2026-12-31T23:00", "2026-12-01", "2027-01-01"},
        {PERIOD_QUARTER, "2026-11-22T12:00", "2026-10-01", "2027-01-01"},
        {PERIOD_YEAR, "2026-11-22T12:00", "2026-01-01", "2027-01-01"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        i64 start = period_start(zone, cases[i].period, local(zone, cases[i].at));
        assert_int_equal(start, local(zone, cases[i].start));
        assert_int_equal(period_next(zone, cases[i].period, start), local(zone, cases[i].next));
    }
    ctx_end(&ctx);
}

TEST(durations_have_a_number_and_a_unit)
{
    i64 ms = 0;
    assert_true(duration_parse(STR("7d"), &ms) && ms == 604800000);
    assert_true(duration_parse(STR("36h"), &ms) && ms == 129600000);
    assert_true(duration_parse(STR("90m"), &ms) && ms == 5400000);
    static const char *const bad[] = {"", "d", "7", "-1d", "1.5h", "7 d", "7y", "99999999999999999d"};
    for (i64 i = 0; i < countof(bad); i++) {
        assert_false(duration_parse(str_from(bad[i]), &ms));
    }
}
