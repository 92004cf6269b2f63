#include "base/zone.h"

#include "base/buf.h"

#include <stdio.h>

/* What a text said so far about a moment. */
struct scan {
    str text;
    i64 at;
    struct civil civil;
    bool pm_known, pm;
    bool offset_known;
    i64 offset_ms;
    i32 year_day; /* 1-366, 0: not given */
};

static bool digits(struct scan *scan, i64 least, i64 most, i32 *out)
{
    i64 start = scan->at;
    i32 value = 0;
    while (scan->at < scan->text.len && scan->at - start < most) {
        char c = scan->text.data[scan->at];
        if (c < '0' || c > '9') {
            break;
        }
        value = value * 10 + (c - '0');
        scan->at++;
    }
    *out = value;
    return scan->at - start >= least;
}

static bool literal(struct scan *scan, char c)
{
    if (scan->at >= scan->text.len || scan->text.data[scan->at] != c) {
        return false;
    }
    scan->at++;
    return true;
}

static void spaces(struct scan *scan)
{
    while (scan->at < scan->text.len && (scan->text.data[scan->at] == ' ' || scan->text.data[scan->at] == '\t')) {
        scan->at++;
    }
}

/* The fraction after a point: any number of digits, cut at milliseconds. */
static bool fraction(struct scan *scan)
{
    i32 scale = 100;
    i64 start = scan->at;
    scan->civil.millis = 0;
    while (scan->at < scan->text.len && scan->at - start < 9) {
        char c = scan->text.data[scan->at];
        if (c < '0' || c > '9') {
            break;
        }
        scan->civil.millis += (c - '0') * scale;
        scale /= 10;
        scan->at++;
    }
    return scan->at > start;
}

/* Z, +07, +0700, +07:00 */
static bool offset(struct scan *scan)
{
    scan->offset_known = true;
    scan->offset_ms = 0;
    if (literal(scan, 'Z') || literal(scan, 'z')) {
        return true;
    }
    bool west = literal(scan, '-');
    if (!west && !literal(scan, '+')) {
        return false;
    }
    i32 hours;
    i32 minutes = 0;
    if (!digits(scan, 2, 2, &hours)) {
        return false;
    }
    bool colon = literal(scan, ':');
    bool more = digits(scan, 2, 2, &minutes);
    if ((colon && !more) || hours > 15 || minutes > 59) {
        return false;
    }
    scan->offset_ms = ((i64)hours * 60 + minutes) * (west ? -60000 : 60000);
    return true;
}

static bool month_name(struct scan *scan)
{
    static const char *const names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
    str rest = str_slice(scan->text, scan->at, scan->text.len);
    for (i32 i = 0; i < 12; i++) {
        str full = str_from(names[i]);
        i64 len = rest.len >= full.len && str_eq_nocase(str_slice(rest, 0, full.len), full) ? full.len : 3;
        if (rest.len >= len && str_eq_nocase(str_slice(rest, 0, len), str_slice(full, 0, len))) {
            scan->civil.month = i + 1;
            scan->at += len;
            return true;
        }
    }
    return false;
}

static bool half_of_day(struct scan *scan)
{
    static const struct {
        str word;
        bool pm;
    } words[] = {{STR("AM"), false}, {STR("PM"), true}, {STR("SA"), false}, {STR("CH"), true}};
    str rest = str_slice(scan->text, scan->at, scan->text.len);
    for (i64 i = 0; i < countof(words); i++) {
        if (rest.len >= 2 && str_eq_nocase(str_slice(rest, 0, 2), words[i].word)) {
            scan->pm_known = true;
            scan->pm = words[i].pm;
            scan->at += 2;
            return true;
        }
    }
    return false;
}

/* A sequence of letters for one composed letter; NULL for a simple one. */
static const char *composed(char letter)
{
    switch (letter) {
    case 'T': return "%H:%M:%S";
    case 'R': return "%H:%M";
    case 'D': return "%m/%d/%y";
    case 'F': return "%Y-%m-%d";
    default: return NULL;
    }
}

static bool letter_simple(struct scan *scan, char letter)
{
    struct civil *civil = &scan->civil;
    switch (letter) {
    case 'Y': return digits(scan, 4, 4, &civil->year);
    case 'y':
        if (!digits(scan, 2, 2, &civil->year)) {
            return false;
        }
        civil->year += civil->year < 69 ? 2000 : 1900;
        return true;
    case 'm': return digits(scan, 1, 2, &civil->month);
    case 'd': return digits(scan, 1, 2, &civil->day);
    case 'e': spaces(scan); return digits(scan, 1, 2, &civil->day);
    case 'H': return digits(scan, 1, 2, &civil->hour);
    case 'I': return digits(scan, 1, 2, &civil->hour) && civil->hour >= 1 && civil->hour <= 12;
    case 'M': return digits(scan, 1, 2, &civil->minute);
    case 'S': return digits(scan, 1, 2, &civil->second);
    case 'f': return fraction(scan);
    case 'j': return digits(scan, 1, 3, &scan->year_day) && scan->year_day >= 1;
    case 'p': return half_of_day(scan);
    case 'b':
    case 'h':
    case 'B': return month_name(scan);
    case 'z': return offset(scan);
    case 'Z':
        if (str_starts(str_slice(scan->text, scan->at, scan->text.len), STR("UTC")) ||
            str_starts(str_slice(scan->text, scan->at, scan->text.len), STR("GMT"))) {
            scan->at += 3;
            scan->offset_known = true;
            return true;
        }
        return offset(scan);
    case 'n':
    case 't': spaces(scan); return true;
    case '%': return literal(scan, '%');
    default: return false;
    }
}

static bool by_format(struct scan *scan, const char *format, i64 len)
{
    for (i64 i = 0; i < len; i++) {
        char c = format[i];
        if (c == ' ') {
            spaces(scan);
        } else if (c != '%') {
            if (!literal(scan, c)) {
                return false;
            }
        } else {
            i++;
            char letter = i < len ? format[i] : 0;
            const char *parts = composed(letter);
            for (const char *p = parts; parts != NULL && *p != 0; p++) {
                bool fits = *p == '%' ? letter_simple(scan, *++p) : literal(scan, *p);
                if (!fits) {
                    return false;
                }
            }
            if (parts == NULL && !letter_simple(scan, letter)) {
                return false;
            }
        }
    }
    return true;
}

/* YYYY-MM-DD or YYYYMMDD, then optionally T or a space, HH:MM[:SS[.fff]] or HHMM[SS[.fff]], then an optional zone. */
static bool by_iso(struct scan *scan)
{
    struct civil *civil = &scan->civil;
    if (!digits(scan, 4, 4, &civil->year)) {
        return false;
    }
    bool dash = literal(scan, '-');
    if (!digits(scan, 2, 2, &civil->month) || (dash && !literal(scan, '-')) || !digits(scan, 2, 2, &civil->day)) {
        return false;
    }
    if (scan->at == scan->text.len) {
        return true;
    }
    if (!literal(scan, 'T') && !literal(scan, 't') && !literal(scan, ' ')) {
        return false;
    }
    if (!digits(scan, 2, 2, &civil->hour)) {
        return false;
    }
    bool colon = literal(scan, ':');
    if (!digits(scan, 2, 2, &civil->minute)) {
        return false;
    }
    bool seconds = colon ? literal(scan, ':') : true;
    if (seconds && !digits(scan, colon ? 2 : 0, 2, &civil->second)) {
        return false;
    }
    if ((literal(scan, '.') || literal(scan, ',')) && !fraction(scan)) {
        return false;
    }
    spaces(scan);
    return scan->at == scan->text.len || offset(scan);
}

static bool finish(const struct zone *zone, struct scan *scan, i64 *out_ms)
{
    struct civil civil = scan->civil;
    if (scan->pm_known) {
        if (civil.hour < 1 || civil.hour > 12) {
            return false;
        }
        civil.hour = civil.hour % 12 + (scan->pm ? 12 : 0);
    }
    if (scan->year_day > 0) {
        struct civil day = civil_from_days(civil_days(civil.year, 1, 1) + scan->year_day - 1);
        if (day.year != civil.year) {
            return false;
        }
        civil.month = day.month;
        civil.day = day.day;
    }
    bool leap_second = civil.second == 60;
    civil.second -= leap_second;
    if (scan->at != scan->text.len || !civil_valid(civil)) {
        return false;
    }
    i64 ms = scan->offset_known ? zone_ms(zone_utc(), civil) - scan->offset_ms : zone_ms(zone, civil);
    *out_ms = ms + (leap_second ? 1000 : 0);
    return true;
}

static struct scan scan_of(str text)
{
    return (struct scan){.text = str_trim(text), .civil = {.year = 0, .month = 1, .day = 1}};
}

bool iso_parse(const struct zone *zone, str text, i64 *out_ms)
{
    struct scan scan = scan_of(text);
    return by_iso(&scan) && finish(zone, &scan, out_ms);
}

bool time_parse(const struct zone *zone, str format, str text, i64 *out_ms)
{
    if (str_eq(format, STR("iso"))) {
        return iso_parse(zone, text, out_ms);
    }
    struct scan scan = scan_of(text);
    return by_format(&scan, format.data, format.len) && finish(zone, &scan, out_ms);
}

static const char *example_of(char letter)
{
    switch (letter) {
    case 'Y': return "2026";
    case 'y': return "26";
    case 'm': return "11";
    case 'd':
    case 'e': return "22";
    case 'H': return "20";
    case 'I': return "08";
    case 'M': return "30";
    case 'S': return "15";
    case 'p': return "PM";
    case 'b':
    case 'h': return "Nov";
    case 'B': return "November";
    case 'j': return "326";
    case 'f': return "250";
    case 'z': return "+0700";
    case 'Z': return "UTC";
    case 'n':
    case 't': return " ";
    case '%': return "%";
    default: return NULL;
    }
}

static void add_letter(struct buf *out, char letter)
{
    const char *example = example_of(letter);
    if (example != NULL) {
        buf_add(out, str_from(example));
    } else {
        buf_char(out, '%');
        buf_char(out, letter);
    }
}

str time_example(struct arena *arena, str format)
{
    str rest = str_eq(format, STR("iso")) ? STR("%F %T") : format;
    struct buf out = buf_in(arena);
    for (i64 i = 0; i < rest.len; i++) {
        if (rest.data[i] != '%' || i + 1 == rest.len) {
            buf_char(&out, rest.data[i]);
            continue;
        }
        const char *parts = composed(rest.data[++i]);
        for (const char *p = parts; parts != NULL && *p != 0; p++) {
            if (*p == '%') {
                add_letter(&out, *++p);
            } else {
                buf_char(&out, *p);
            }
        }
        if (parts == NULL) {
            add_letter(&out, rest.data[i]);
        }
    }
    return buf_str(&out);
}

str iso_date(const struct zone *zone, i64 at_ms, char out[ISO_MAX])
{
    struct civil c = zone_civil(zone, at_ms);
    int len = snprintf(out, ISO_MAX, "%04d-%02d-%02d", c.year % 10000, c.month, c.day);
    return (str){out, len};
}

str iso_format(const struct zone *zone, i64 at_ms, char out[ISO_MAX])
{
    struct civil c = zone_civil(zone, at_ms);
    int len = snprintf(out, ISO_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", c.year % 10000, c.month, c.day, c.hour, c.minute,
                       c.second);
    if (c.millis != 0) {
        len += snprintf(out + len, (size_t)(ISO_MAX - len), ".%03d", c.millis);
    }
    i64 minutes = zone_offset_ms(zone, at_ms) / 60000;
    if (zone == zone_utc()) {
        len += snprintf(out + len, (size_t)(ISO_MAX - len), "Z");
    } else {
        i64 size = minutes < 0 ? -minutes : minutes;
        len += snprintf(out + len, (size_t)(ISO_MAX - len), "%c%02d:%02d", minutes < 0 ? '-' : '+',
                        (int)(size / 60) % 100, (int)(size % 60));
    }
    return (str){out, len};
}
