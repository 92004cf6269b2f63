/* When people buy: the year with Tết, the week, and the hours of the day.
 *
 * The demo company lives in Việt Nam's time, seven hours east of UTC all year,
 * so its calendar needs no zone files and is the same everywhere.
 */
#pragma once

#include "base/random.h"
#include "base/zone.h"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS, MINUTE_MS = 60 * 1000, VIETNAM_MS = 7 * HOUR_MS };

/* Days since 1970 of a moment in Việt Nam, and the moment a day begins there. */
i64 calendar_day(i64 at_ms);
i64 calendar_midnight(i64 day);

/* The hour of the day in Việt Nam, 0 to 23. */
i32 calendar_hour(i64 at_ms);

/* Days since 1970 of the first day of Tết in a year, 0 for years outside the table (2020 to 2040). */
i64 calendar_tet(i32 year);

enum rhythm { RHYTHM_ONLINE, RHYTHM_SHOP, RHYTHM_CARE };

/* How much is bought on a day, in thousandths of an ordinary one; at most CALENDAR_PEAK. */
enum { CALENDAR_PEAK = 3000 };
i64 calendar_demand(enum rhythm rhythm, i64 day);

/* The next moment somebody needs something: on average `mean_ms` later, drawn towards busy days and hours. */
i64 calendar_next(struct dice *dice, enum rhythm rhythm, i64 after_ms, i64 mean_ms);

/* A moment of this day at an hour that fits the rhythm. */
i64 calendar_moment(struct dice *dice, enum rhythm rhythm, i64 day);

/* `hours` later in the hours somebody works (8 to 18, not on Sundays and the first four days of Tết). */
i64 calendar_work(i64 at_ms, i64 hours);
