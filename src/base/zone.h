/* Calendars and time zones.
 *
 * Times are milliseconds since 1970 UTC everywhere; a zone turns them into
 * calendar fields and back. Zones are read from the system's IANA files
 * (RFC 8536), including the rule for years after the last listed change.
 */
#pragma once

#include "base/ctx.h"
#include "base/types.h"

struct zone;

struct civil {
    i32 year, month, day;             /* month and day from 1 */
    i32 hour, minute, second, millis; /* 0-23, 0-59, 0-59, 0-999 */
};

enum period { PERIOD_NONE, PERIOD_HOUR, PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };

/* Loads "Asia/Ho_Chi_Minh". Zones are kept for the life of the process; the same name gives the same
 * pointer. ERR_INVALID for a name that does not exist (error.zone). */
err zone_find(struct ctx *ctx, str name, const struct zone **out);
const struct zone *zone_utc(void);
str zone_name(const struct zone *zone);

/* Milliseconds east of UTC at a moment. */
i64 zone_offset_ms(const struct zone *zone, i64 at_ms);

struct civil zone_civil(const struct zone *zone, i64 at_ms);

/* The moment of a local time. In a gap the time after it, in a fold the earlier of the two. */
i64 zone_ms(const struct zone *zone, struct civil civil);

/* Days since 1970-01-01 of a date, and back (proleptic Gregorian; Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms", 2013). */
i64 civil_days(i32 year, i32 month, i32 day);
struct civil civil_from_days(i64 days);
bool civil_valid(struct civil civil);

/* First moment of the period that holds `at_ms`; weeks start on Monday. And the first moment of the next. */
i64 period_start(const struct zone *zone, enum period period, i64 at_ms);
i64 period_next(const struct zone *zone, enum period period, i64 start_ms);

/* "hour", "day" … ; false for an unknown word. */
bool period_parse(str word, enum period *out);

/* "36h", "7d", "90m", "2w", "30s" as elapsed milliseconds; false otherwise. */
bool duration_parse(str text, i64 *out_ms);

/* ISO dates for questions: "2026-11-22" (midnight in the zone), "2026-11-22T08:30[:15[.123]]" in the zone, or with Z/+07:00. */
bool iso_parse(const struct zone *zone, str text, i64 *out_ms);

/* "2026-11-22T08:30:15.123+07:00" (milliseconds only when not zero; "Z" in UTC) and "2026-11-22". At least 32 bytes. */
enum { ISO_MAX = 32 };
str iso_format(const struct zone *zone, i64 at_ms, char out[ISO_MAX]);
str iso_date(const struct zone *zone, i64 at_ms, char out[ISO_MAX]);

/* A time in the letters of strptime(3) (%Y %y %m %d %e %H %I %M %S %p %b %B %j %z %Z %T %D %F %R %n %t %%)
 * plus %f (fraction of a second, 1 to 9 digits); "iso" for ISO 8601 in any of its usual forms. Letters that name a zone win over
 * `zone`. False when the text does not fit or the date does not exist. */
bool time_parse(const struct zone *zone, str format, str text, i64 *out_ms);

/* The evening of 22 November 2026 as such a format writes it, "22/11/2026 20:30", to show people what is meant. Letters it
 * does not know stay as they are. */
str time_example(struct arena *arena, str format);
