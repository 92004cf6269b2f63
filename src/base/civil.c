#include "base/zone.h"

enum { DAYS_PER_ERA = 146097, DAYS_TO_EPOCH = 719468 };

i64 civil_days(i32 year, i32 month, i32 day)
{
    i64 y = (i64)year - (month <= 2);
    i64 era = (y >= 0 ? y : y - 399) / 400;
    i64 year_of_era = y - era * 400;
    i64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    i64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

struct civil civil_from_days(i64 days)
{
    i64 z = days + DAYS_TO_EPOCH;
    i64 era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    i64 day_of_era = z - era * DAYS_PER_ERA;
    i64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    i64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    i64 shifted = (5 * day_of_year + 2) / 153; /* months from March */
    i32 month = (i32)(shifted < 10 ? shifted + 3 : shifted - 9);
    return (struct civil){
        .year = (i32)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (i32)(day_of_year - (153 * shifted + 2) / 5 + 1),
    };
}

static i32 month_days(i32 year, i32 month)
{
    static const i32 days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool civil_valid(struct civil c)
{
    return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= month_days(c.year, c.month) && c.hour >= 0 && c.hour <= 23 && c.minute >= 0 && c.minute <= 59 &&
           c.second >= 0 && c.second <= 59 && c.millis >= 0 && c.millis <= 999;
}

static const struct civil *first_of(struct civil *civil, enum period period)
{
    civil->minute = civil->second = civil->millis = 0;
    if (period == PERIOD_HOUR) {
        return civil;
    }
    civil->hour = 0;
    if (period == PERIOD_WEEK) {
        i64 days = civil_days(civil->year, civil->month, civil->day);
        i64 weekday = ((days + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; Monday is 0 */
        *civil = civil_from_days(days - weekday);
    }
    if (period >= PERIOD_MONTH) {
        civil->day = 1;
    }
    if (period == PERIOD_QUARTER) {
        civil->month -= (civil->month - 1) % 3;
    }
    if (period == PERIOD_YEAR) {
        civil->month = 1;
    }
    return civil;
}

i64 period_start(const struct zone *zone, enum period period, i64 at_ms)
{
    if (period == PERIOD_HOUR) { /* by elapsed time: the hour that a clock change repeats is two hours */
        i64 local = at_ms + zone_offset_ms(zone, at_ms);
        i64 into = ((local % 3600000) + 3600000) % 3600000;
        return at_ms - into;
    }
    struct civil civil = zone_civil(zone, at_ms);
    return zone_ms(zone, *first_of(&civil, period));
}

i64 period_next(const struct zone *zone, enum period period, i64 start_ms)
{
    static const i32 months[] = {[PERIOD_MONTH] = 1, [PERIOD_QUARTER] = 3, [PERIOD_YEAR] = 12};
    if (period == PERIOD_HOUR) {
        return start_ms + 3600000;
    }
    struct civil civil = zone_civil(zone, start_ms);
    if (period >= PERIOD_MONTH) {
        i32 month = civil.month - 1 + months[period];
        civil.year += month / 12;
        civil.month = month % 12 + 1;
        return zone_ms(zone, civil);
    }
    i64 days = civil_days(civil.year, civil.month, civil.day) + (period == PERIOD_WEEK ? 7 : 1);
    return zone_ms(zone, civil_from_days(days));
}

bool period_parse(str word, enum period *out)
{
    static const struct {
        str word;
        enum period period;
    } words[] = {
        {STR("hour"), PERIOD_HOUR},   {STR("day"), PERIOD_DAY},         {STR("week"), PERIOD_WEEK},
        {STR("month"), PERIOD_MONTH}, {STR("quarter"), PERIOD_QUARTER}, {STR("year"), PERIOD_YEAR},
    };
    for (i64 i = 0; i < countof(words); i++) {
        if (str_eq(word, words[i].word)) {
            *out = words[i].period;
            return true;
        }
    }
    return false;
}

bool duration_parse(str text, i64 *out_ms)
{
    if (text.len < 2) {
        return false;
    }
    i64 unit;
    switch (text.data[text.len - 1]) {
    case 's': unit = 1000; break;
    case 'm': unit = 60 * 1000; break;
    case 'h': unit = 3600 * 1000; break;
    case 'd': unit = 86400 * 1000; break;
    case 'w': unit = 7 * 86400 * 1000; break;
    default: return false;
    }
    i64 count;
    i64 total;
    bool fits = str_i64(str_slice(text, 0, text.len - 1), &count) && count >= 0 &&
                !__builtin_mul_overflow(count, unit, &total);
    if (fits) {
        *out_ms = total;
    }
    return fits;
}
