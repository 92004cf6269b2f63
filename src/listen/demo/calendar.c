#include "listen/demo/calendar.h"

#include "listen/demo/chance.h"

/* The first day of the lunar year by Vietnamese reckoning (new moon at UTC+7; it differs from the Chinese one in 2030). */
static const struct {
    i16 year;
    i8 month, day;
} tet_days[] = {
    {2020, 1, 25}, {2021, 2, 12}, {2022, 2, 1},  {2023, 1, 22}, {2024, 2, 10}, {2025, 1, 29}, {2026, 2, 17},
    {2027, 2, 6},  {2028, 1, 26}, {2029, 2, 13}, {2030, 2, 2},  {2031, 1, 23}, {2032, 2, 11}, {2033, 1, 31},
    {2034, 2, 19}, {2035, 2, 8},  {2036, 1, 28}, {2037, 2, 15}, {2038, 2, 4},  {2039, 1, 24}, {2040, 2, 12},
};

/* Days from the first day of Tết: up to `until` the demand is `per_mille`. */
static const struct {
    i16 until, per_mille;
} tet_demand[] = {
    {-36, 1000}, {-28, 1150}, {-21, 1300}, {-14, 1550}, {-7, 1850}, {-3, 1700},
    {-1, 600},   {3, 100},    {6, 280},    {10, 520},   {16, 780},  {366, 1000},
};

/* Days with a name. */
static const struct {
    i8 month, from, to;
    i16 per_mille;
} feasts[] = {
    {3, 1, 5, 1150},    {3, 6, 8, 1600},    {9, 2, 2, 650},     {9, 9, 9, 1350},
    {10, 10, 10, 1350}, {10, 14, 17, 1150}, {10, 18, 20, 1600}, {11, 9, 10, 1250},
    {11, 11, 11, 2600}, {11, 12, 12, 1400}, {11, 19, 20, 1300}, {12, 11, 11, 1200},
    {12, 12, 12, 2300}, {12, 22, 24, 1250}, {4, 30, 30, 700},   {5, 1, 1, 700},
};

static const u16 weekdays[3][7] = {
    {940, 920, 940, 960, 1050, 1120, 1070},   /* online, from Monday */
    {740, 740, 780, 850, 1050, 1450, 1390},   /* shops */
    {1150, 1080, 1060, 1050, 1040, 880, 740}, /* care */
};

static const u16 hours[3][24] = {
    {9, 5, 2, 1, 1, 2, 8, 18, 30, 40, 48, 56, 66, 54, 42, 42, 44, 46, 50, 66, 88, 96, 72, 30},
    {0, 0, 0, 0, 0, 0, 0, 0, 12, 45, 68, 62, 40, 36, 48, 62, 74, 92, 100, 96, 70, 20, 0, 0},
    {0, 0, 0, 0, 0, 0, 0, 10, 74, 96, 92, 76, 40, 52, 78, 82, 76, 58, 36, 30, 22, 6, 0, 0},
};

i64 calendar_day(i64 at_ms)
{
    return (at_ms + VIETNAM_MS) / DAY_MS;
}

i64 calendar_midnight(i64 day)
{
    return day * DAY_MS - VIETNAM_MS;
}

i32 calendar_hour(i64 at_ms)
{
    return (i32)((at_ms + VIETNAM_MS) % DAY_MS / HOUR_MS);
}

i64 calendar_tet(i32 year)
{
    for (i64 i = 0; i < countof(tet_days); i++) {
        if (tet_days[i].year == year) {
            return civil_days(year, tet_days[i].month, tet_days[i].day);
        }
    }
    return 0;
}

static i64 demand_of_tet(i64 day, i32 year)
{
    i64 tet = calendar_tet(year);
    i64 i = 0;
    while (tet != 0 && day - tet > tet_demand[i].until) {
        i++;
    }
    return tet == 0 ? 1000 : tet_demand[i].per_mille;
}

static i64 demand_of_feast(struct civil date)
{
    for (i64 i = 0; i < countof(feasts); i++) {
        if (feasts[i].month == date.month && date.day >= feasts[i].from && date.day <= feasts[i].to) {
            return feasts[i].per_mille;
        }
    }
    // Wages come around the fifth.
    return date.day >= 5 && date.day <= 9 ? 1060 : 980;
}

i64 calendar_demand(enum rhythm rhythm, i64 day)
{
    struct civil date = civil_from_days(day);
    i64 weekday = (day + 3) % 7;
    i64 demand = weekdays[rhythm][weekday] * demand_of_tet(day, date.year) / 1000;
    return lesser(demand * demand_of_feast(date) / 1000, CALENDAR_PEAK);
}

i64 calendar_moment(struct dice *dice, enum rhythm rhythm, i64 day)
{
    i64 hour = CHANCE_PICK(dice, hours[rhythm]);
    return calendar_midnight(day) + hour * HOUR_MS + dice_below(dice, HOUR_MS);
}

i64 calendar_next(struct dice *dice, enum rhythm rhythm, i64 after_ms, i64 mean_ms)
{
    // Moments come CALENDAR_PEAK / 1000 times too often, and each is kept with the chance that fits its day.
    i64 at_ms = after_ms;
    do {
        at_ms += chance_wait(dice, mean_ms / (CALENDAR_PEAK / 1000));
    } while (!chance(dice, calendar_demand(rhythm, calendar_day(at_ms)) * 1000 / CALENDAR_PEAK));
    i64 moment_ms = calendar_moment(dice, rhythm, calendar_day(at_ms));
    return moment_ms > after_ms ? moment_ms : after_ms + HOUR_MS;
}

static bool works(i64 day)
{
    i64 after_tet = day - calendar_tet(civil_from_days(day).year);
    bool sunday = (day + 3) % 7 == 6;
    return !sunday && (after_tet < -1 || after_tet > 3);
}

i64 calendar_work(i64 at_ms, i64 left)
{
    while (left > 0) {
        at_ms += HOUR_MS;
        i32 hour = calendar_hour(at_ms);
        left -= hour >= 8 && hour < 18 && works(calendar_day(at_ms));
    }
    return at_ms;
}
