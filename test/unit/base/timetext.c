#include "test.h"

#include "base/zone.h"

static const struct zone *vietnam(void)
{
    struct ctx ctx = {0};
    const struct zone *zone = NULL;
    assert_ok(zone_find(&ctx, STR("Asia/Ho_Chi_Minh"), &zone));
    ctx_end(&ctx);
    return zone;
}

TEST(times_are_read_in_the_given_letters)
{
    static const struct {
        const char *format, *text, *utc;
    } cases[] = {
        {"iso", "2026-11-22", "2026-11-21T17:00:00Z"},
        {"iso", "2026-11-22T08:30", "2026-11-22T01:30:00Z"},
        {"iso", "2026-11-22 08:30:15.123456", "2026-11-22T01:30:15.123Z"},
        {"iso", "2026-11-22T08:30:15Z", "2026-11-22T08:30:15Z"},
        {"iso", "20261122T083015+0200", "2026-11-22T06:30:15Z"},
        {"iso", "2026-11-22T08:30:15,5-03:30", "2026-11-22T12:00:15.500Z"},
        {"%d/%m/%Y %H:%M", "29/2/2016 01:16", "2016-02-28T18:16:00Z"},
        {"%m/%d/%Y %H:%M:%S", "11/1/2019 8:51:12", "2019-11-01T01:51:12Z"},
        {"%m/%d/%Y %I:%M:%S %p", "11/1/2019 2:30:36 PM", "2019-11-01T07:30:36Z"},
        {"%d/%m/%Y %I:%M %p", "01/11/2019 12:05 SA", "2019-10-31T17:05:00Z"},
        {"%Y-%m-%d %H:%M:%S.%f", "2019-11-01 08:51:12.402", "2019-11-01T01:51:12.402Z"},
        {"%d %b %Y", "22 Nov 2026", "2026-11-21T17:00:00Z"},
        {"%d %B %y", "22 november 26", "2026-11-21T17:00:00Z"},
        {"%Y %j", "2024 366", "2024-12-30T17:00:00Z"},
        {"%F %T %z", "2026-11-22 08:30:15 +0000", "2026-11-22T08:30:15Z"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        i64 ms = 0;
        bool fits = time_parse(vietnam(), str_from(cases[i].format), str_from(cases[i].text), &ms);
        assert_true(fits);
        char text[ISO_MAX];
        str back = iso_format(zone_utc(), ms, text);
        assert_true(str_eq(back, str_from(cases[i].utc)));
    }
}

TEST(impossible_and_foreign_times_are_refused)
{
    static const struct {
        const char *format, *text;
    } cases[] = {
        {"iso", "2026-02-29"},
        {"iso", "2026-11-22T25:00"},
        {"iso", "2026-11-22T08"},
        {"iso", "2026-11-22T08:30x"},
        {"iso", "22/11/2026"},
        {"iso", ""},
        {"iso", "2026-11-22T08:30:15+"},
        {"%d/%m/%Y", "11/22/2026"},
        {"%d/%m/%Y", "22/11/2026 08:00"},
        {"%d/%m/%Y", "22/11/26"},
        {"%H:%M", "8:3x"},
        {"%Y %j", "2025 366"},
        {"%I %p", "13 PM"},
        {"%Q", "1"},
        {"%", "1"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        i64 ms = 0;
        assert_false(time_parse(vietnam(), str_from(cases[i].format), str_from(cases[i].text), &ms));
    }
}

TEST(times_are_written_with_their_offset)
{
    char text[ISO_MAX];
    i64 ms = 1795311015123; /* 2026-11-22T01:30:15.123Z */
    assert_true(str_eq(iso_format(vietnam(), ms, text), STR("2026-11-22T08:30:15.123+07:00")));
    assert_true(str_eq(iso_date(vietnam(), ms, text), STR("2026-11-22")));
    assert_true(str_eq(iso_format(zone_utc(), -1000, text), STR("1969-12-31T23:59:59Z")));
}

TEST(a_format_is_shown_by_an_example_that_it_reads)
{
    static const struct {
        const char *format, *example;
    } cases[] = {
        {"%d/%m/%Y %H:%M", "22/11/2026 20:30"},
        {"iso", "2026-11-22 20:30:15"},
        {"%F %T", "2026-11-22 20:30:15"},
        {"%I:%M %p, %d %b %y", "08:30 PM, 22 Nov 26"},
        {"%D", "11/22/26"},
        {"%d.%m.%Y %R %z", "22.11.2026 20:30 +0700"},
        {"%Y%%%q", "2026%%q"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct arena arena = {0};
        i64 ms;
        str example = time_example(&arena, str_from(cases[i].format));
        assert_true(str_eq(example, str_from(cases[i].example)));
        assert_true(i == countof(cases) - 1 || time_parse(vietnam(), str_from(cases[i].format), example, &ms));
        arena_free(&arena);
    }
}
