#include "test.h"

#include "base/zone.h"

static const struct zone *zone_of(const char *name)
{
    struct ctx ctx = {0};
    const struct zone *zone = NULL;
    assert_ok(zone_find(&ctx, str_from(name), &zone));
    ctx_end(&ctx);
    return zone;
}

static i64 utc(const char *text)
{
    i64 ms = 0;
    assert_true(iso_parse(zone_utc(), str_from(text), &ms));
    return ms;
}

TEST(offsets_follow_the_history_and_the_rule)
{
    static const struct {
        const char *zone, *at;
        i64 minutes;
    } cases[] = {
        {"Asia/Ho_Chi_Minh", "2026-11-22T00:00", 420},
        {"Asia/Ho_Chi_Minh", "1970-01-01T00:00", 480}, /* Sài Gòn was at +08 until 1975 */
        {"Europe/Berlin", "2026-01-15T00:00", 60},
        {"Europe/Berlin", "2026-07-15T00:00", 120},
        {"Europe/Berlin", "2026-03-29T00:59:59", 60},
        {"Europe/Berlin", "2026-03-29T01:00", 120},
        {"Europe/Berlin", "2200-07-15T00:00", 120}, /* beyond the list: the footer's rule */
        {"Europe/Berlin", "2200-12-15T00:00", 60},
        {"America/New_York", "2100-07-01T00:00", -240},
        {"Australia/Sydney", "2100-01-01T00:00", 660}, /* summer spans the new year */
        {"UTC", "2026-01-01T00:00", 0},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        i64 offset = zone_offset_ms(zone_of(cases[i].zone), utc(cases[i].at));
        assert_int_equal(offset, cases[i].minutes * 60000);
    }
}

TEST(local_times_come_back_from_utc)
{
    static const char *const names[] = {"Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns"};
    for (i64 z = 0; z < countof(names); z++) {
        const struct zone *zone = zone_of(names[z]);
        for (i64 at = utc("2026-01-01"); at < utc("2027-01-01"); at += 1799000) {
            i64 again = zone_ms(zone, zone_civil(zone, at));
            assert_true(again == at || again == at - 3600000); /* the repeated hour is its first time */
        }
    }
}

TEST(a_time_in_the_gap_moves_past_it)
{
    const struct zone *zone = zone_of("Europe/Berlin");
    i64 at = zone_ms(zone, (struct civil){.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30});
    assert_int_equal(at, utc("2026-03-29T01:30"));
    i64 twice = zone_ms(zone, (struct civil){.year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30});
    assert_int_equal(twice, utc("2026-10-25T00:30"));
}

TEST(unknown_and_hostile_names_are_refused)
{
    static const char *const bad[] = {"", "Mars/Base", "../../etc/passwd", "/etc/passwd", "Asia/../x", "posixrules\n"};
    for (i64 i = 0; i < countof(bad); i++) {
        struct ctx ctx = {0};
        const struct zone *zone;
        assert_int_equal(zone_find(&ctx, str_from(bad[i]), &zone), ERR_INVALID);
        assert_string_equal(ctx.fault.key, "error.zone");
        ctx_end(&ctx);
    }
}
