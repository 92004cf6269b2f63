#include "base/zone.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* A zone file (RFC 8536) in memory: the moments at which the offset changes, and the offset from then on. After the
 * last change the footer's rule repeats every year. */
struct zone_rule_day {
    char form; /* 'M' month.week.weekday, 'J' day 1-365 without 29 February, 'n' day 0-365; 0: no rule */
    i32 month, week, day;
    i32 time_s;
};

struct zone {
    struct zone *next;
    str name;
    i64 count;
    i64 *change_ms; /* ascending */
    i32 *offset_s;  /* offset from change_ms[k] on */
    i32 first_s;    /* before the first change */
    i32 standard_s; /* the footer's offsets */
    i32 summer_s;
    struct zone_rule_day summer, winter;
    bool has_rule;
};

static struct zone utc_zone = {.name = {"UTC", 3}};
static struct zone *zones;
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

const struct zone *zone_utc(void)
{
    return &utc_zone;
}

str zone_name(const struct zone *zone)
{
    return zone->name;
}

struct reading {
    const u8 *bytes;
    i64 at, len;
};

static i64 big_endian(const u8 *bytes, i64 len)
{
    i64 value = (i8)bytes[0];
    for (i64 i = 1; i < len; i++) {
        value = (i64)((u64)value << 8 | bytes[i]);
    }
    return value;
}

/* The six counts of a header; false when it is no zone file or the data is shorter than it says. */
static bool counts_of(const struct reading *in, i64 counts[6])
{
    enum { HEADER = 44 };
    if (in->at + HEADER > in->len || memcmp(in->bytes + in->at, "TZif", 4) != 0) {
        return false;
    }
    for (i64 i = 0; i < 6; i++) {
        counts[i] = big_endian(in->bytes + in->at + 20 + 4 * i, 4);
        if (counts[i] < 0 || counts[i] > 10000) {
            return false;
        }
    }
    return true;
}

static i64 body_len(const i64 counts[6], i64 time_len)
{
    i64 isut = counts[0], isstd = counts[1], leap = counts[2];
    i64 times = counts[3], types = counts[4], letters = counts[5];
    return times * time_len + times + types * 6 + letters + leap * (time_len + 4) + isstd + isut;
}

/* [+-]h[h][:mm[:ss]] of a POSIX TZ text, in seconds; the sign is kept as written. */
static bool clock_part(const char **at, i32 *out)
{
    const char *p = *at;
    i32 sign = *p == '-' ? -1 : 1;
    p += *p == '-' || *p == '+';
    i32 parts[3] = {0};
    for (i32 i = 0; i < 3; i++) {
        if (*p < '0' || *p > '9') {
            return false;
        }
        while (*p >= '0' && *p <= '9' && parts[i] < 1000) {
            parts[i] = parts[i] * 10 + (*p++ - '0');
        }
        if (*p != ':') {
            break;
        }
        p++;
    }
    *out = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
    *at = p;
    return true;
}

static const char *skip_abbreviation(const char *p)
{
    if (*p == '<') {
        while (*p != 0 && *p != '>') {
            p++;
        }
        return *p == 0 ? p : p + 1;
    }
    while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')) {
        p++;
    }
    return p;
}

static i32 number_part(const char **at)
{
    i32 value = 0;
    while (**at >= '0' && **at <= '9' && value < 1000) {
        value = value * 10 + (*(*at)++ - '0');
    }
    return value;
}

static bool rule_day(const char **at, struct zone_rule_day *out)
{
    if (*(*at)++ != ',') {
        return false;
    }
    out->time_s = 7200;
    out->form = 'n';
    if (**at == 'M' || **at == 'J') {
        out->form = *(*at)++;
    }
    i32 first = number_part(at);
    out->day = first;
    if (out->form == 'M') {
        out->month = first;
        if (*(*at)++ != '.') {
            return false;
        }
        out->week = number_part(at);
        if (*(*at)++ != '.') {
            return false;
        }
        out->day = number_part(at);
    }
    if (**at == '/') {
        (*at)++;
        return clock_part(at, &out->time_s);
    }
    return true;
}

/* "<+07>-7", "CET-1CEST,M3.5.0,M10.5.0/3": POSIX counts offsets westwards. */
static bool footer(struct zone *zone, const char *text)
{
    const char *at = skip_abbreviation(text);
    i32 west;
    if (at == text || !clock_part(&at, &west)) {
        return false;
    }
    zone->standard_s = -west;
    if (*at == 0) {
        return true;
    }
    zone->summer_s = zone->standard_s + 3600;
    at = skip_abbreviation(at);
    if (*at != ',' && *at != 0) {
        if (!clock_part(&at, &west)) {
            return false;
        }
        zone->summer_s = -west;
    }
    zone->has_rule = rule_day(&at, &zone->summer) && rule_day(&at, &zone->winter);
    return zone->has_rule;
}

/* The second, 64-bit part of the file. */
static bool decode(struct zone *zone, struct reading in)
{
    i64 counts[6];
    if (!counts_of(&in, counts)) {
        return false;
    }
    in.at += 44 + body_len(counts, 4);
    if (!counts_of(&in, counts)) {
        return false;
    }
    in.at += 44;
    i64 times = counts[3], types = counts[4];
    if (types == 0 || in.at + body_len(counts, 8) > in.len) {
        return false;
    }
    const u8 *changes = in.bytes + in.at;
    const u8 *kinds = changes + times * 8;
    const u8 *offsets = kinds + times;
    zone->count = times;
    zone->change_ms = mem_new(times * (i64)sizeof(i64));
    zone->offset_s = mem_new(times * (i64)sizeof(i32));
    zone->first_s = (i32)big_endian(offsets, 4);
    for (i64 i = 0; i < times; i++) {
        i64 second = big_endian(changes + 8 * i, 8);
        second = second < -(i64)1 << 40 ? -(i64)1 << 40 : second; /* "the beginning of time" */
        zone->change_ms[i] = second * 1000;
        if (kinds[i] >= types) {
            return false;
        }
        zone->offset_s[i] = (i32)big_endian(offsets + 6 * (i64)kinds[i], 4);
    }
    in.at += body_len(counts, 8) + 1;
    enum { FOOTER_MAX = 128 };
    char text[FOOTER_MAX] = {0};
    i64 len = lesser(in.len - in.at - 1, FOOTER_MAX - 1);
    if (len > 0) {
        memcpy(text, in.bytes + in.at, (size_t)len);
    }
    zone->standard_s = times > 0 ? zone->offset_s[times - 1] : zone->first_s;
    return len <= 0 || text[0] == '\n' || text[0] == 0 || footer(zone, text);
}

static bool name_allowed(str name)
{
    if (name.len == 0 || name.len > 60 || name.data[0] == '/' || name.data[0] == '.') {
        return false;
    }
    for (i64 i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                    c == '_' || c == '-' || c == '+';
        if (!fine) {
            return false;
        }
    }
    return true;
}

static struct zone *load(struct ctx *ctx, str name)
{
    enum { FILE_MAX = 64 * 1024 };
    str path = str_format(&ctx->arena, "/usr/share/zoneinfo/%.*s", STR_ARG(name));
    FILE *file = fopen(path.data, "rbe");
    if (file == NULL) {
        return NULL;
    }
    u8 *bytes = arena_alloc(&ctx->arena, FILE_MAX, 1);
    i64 len = (i64)fread(bytes, 1, FILE_MAX, file);
    (void)fclose(file);
    struct zone *zone = mem_new(sizeof(struct zone));
    if (!decode(zone, (struct reading){bytes, 0, len})) {
        mem_free(zone->change_ms);
        mem_free(zone->offset_s);
        mem_free(zone);
        return NULL;
    }
    char *copy = mem_new(name.len);
    memcpy(copy, name.data, (size_t)name.len);
    zone->name = (str){copy, name.len};
    return zone;
}

static struct zone *known(str name)
{
    for (struct zone *zone = zones; zone != NULL; zone = zone->next) {
        if (str_eq(zone->name, name)) {
            return zone;
        }
    }
    return NULL;
}

err zone_find(struct ctx *ctx, str name, const struct zone **out)
{
    if (str_eq(name, utc_zone.name)) {
        *out = &utc_zone;
        return OK;
    }
    (void)pthread_mutex_lock(&zones_lock);
    struct zone *zone = known(name);
    if (zone == NULL && name_allowed(name)) {
        zone = load(ctx, name);
        if (zone != NULL) {
            zone->next = zones;
            zones = zone;
        }
    }
    (void)pthread_mutex_unlock(&zones_lock);
    if (zone == NULL) {
        return FAIL(ctx, ERR_INVALID, "zone", "error.zone", {"value", name});
    }
    *out = zone;
    return OK;
}

/* The moment of a rule's day in a year, in milliseconds of local time. */
static i64 rule_ms(const struct zone_rule_day *rule, i32 year)
{
    i64 days;
    if (rule->form == 'M') {
        i64 first = civil_days(year, rule->month, 1);
        i64 weekday = ((first + 4) % 7 + 7) % 7; /* Sunday is 0 */
        days = first + (rule->day - weekday + 7) % 7 + (rule->week - 1) * 7;
        i64 end = rule->month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, rule->month + 1, 1);
        days -= days >= end ? 7 : 0;
    } else if (rule->form == 'J') {
        bool leap = civil_days(year, 3, 1) - civil_days(year, 2, 1) == 29;
        days = civil_days(year, 1, 1) + rule->day - 1 + (leap && rule->day >= 60);
    } else {
        days = civil_days(year, 1, 1) + rule->day;
    }
    return days * 86400000 + (i64)rule->time_s * 1000;
}

static i32 rule_offset(const struct zone *zone, i64 at_ms)
{
    if (!zone->has_rule) {
        return zone->standard_s;
    }
    i64 local = at_ms + (i64)zone->standard_s * 1000;
    i64 days = local >= 0 ? local / 86400000 : (local - 86399999) / 86400000;
    i32 year = civil_from_days(days).year;
    i64 summer = rule_ms(&zone->summer, year) - (i64)zone->standard_s * 1000;
    i64 winter = rule_ms(&zone->winter, year) - (i64)zone->summer_s * 1000;
    bool in_summer = summer < winter ? at_ms >= summer && at_ms < winter : at_ms >= summer || at_ms < winter;
    return in_summer ? zone->summer_s : zone->standard_s;
}

i64 zone_offset_ms(const struct zone *zone, i64 at_ms)
{
    if (zone->count == 0 || at_ms < zone->change_ms[0]) {
        bool fixed = zone->count == 0;
        return (i64)(fixed ? rule_offset(zone, at_ms) : zone->first_s) * 1000;
    }
    i64 low = 0;
    i64 high = zone->count; /* the change in force lies in [low, high) */
    while (high - low > 1) {
        i64 middle = (low + high) / 2;
        if (zone->change_ms[middle] <= at_ms) {
            low = middle;
        } else {
            high = middle;
        }
    }
    bool after_last = low == zone->count - 1;
    return (i64)(after_last ? rule_offset(zone, at_ms) : zone->offset_s[low]) * 1000;
}

struct civil zone_civil(const struct zone *zone, i64 at_ms)
{
    i64 local = at_ms + zone_offset_ms(zone, at_ms);
    i64 days = local >= 0 ? local / 86400000 : (local - 86399999) / 86400000;
    i32 left = (i32)(local - days * 86400000);
    struct civil civil = civil_from_days(days);
    civil.hour = left / 3600000;
    civil.minute = left / 60000 % 60;
    civil.second = left / 1000 % 60;
    civil.millis = left % 1000;
    return civil;
}

i64 zone_ms(const struct zone *zone, struct civil civil)
{
    i64 local = civil_days(civil.year, civil.month, civil.day) * 86400000 + (i64)civil.hour * 3600000 +
                (i64)civil.minute * 60000 + (i64)civil.second * 1000 + civil.millis;
    // The offset in force a day before and a day after: equal nearly always. Where they differ, the earlier of the
    // moments that really show this local time counts; in a gap none does, and the offset before the gap moves the
    // time past it.
    i64 before = zone_offset_ms(zone, local - 86400000);
    i64 after = zone_offset_ms(zone, local + 86400000);
    i64 first = local - greater(before, after);
    i64 second = local - lesser(before, after);
    if (first + zone_offset_ms(zone, first) == local) {
        return first;
    }
    if (second + zone_offset_ms(zone, second) == local) {
        return second;
    }
    return local - before;
}
