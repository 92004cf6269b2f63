#include "listen/guess_values.h"

#include "base/hash.h"
#include "listen/money.h"
#include "text/fold.h"
#include "text/phone.h"

/* The next value at or behind *row; none at the end. */
static str next_value(const struct sample *sample, i64 column, i64 *row)
{
    static const str nothing[] = {STR("?"), STR("N/A"), STR("n/a"), STR("NULL"), STR("null"), STR("#N/A")};
    for (; *row < sample->count; (*row)++) {
        const struct row *at = &sample->rows[*row];
        str value = column < at->count && at->problem == NULL ? str_trim(at->cells[column]) : STR_NONE;
        bool some = value.len > 0;
        for (i64 i = 0; i < countof(nothing); i++) {
            some = some && !str_eq(value, nothing[i]);
        }
        if (some) {
            (*row)++;
            return value;
        }
    }
    return STR_NONE;
}

static struct fit fit_of(const struct sample *sample, i64 column, bool (*fits)(const void *how, str value),
                         const void *how)
{
    struct fit fit = {0};
    i64 row = 0;
    for (str value; str_is(value = next_value(sample, column, &row)); fit.count++) {
        fit.fits += fits(how, value);
    }
    return fit;
}

/* True when there is a value and `fits` holds for all of them. */
static bool all(const struct sample *sample, i64 column, bool (*fits)(const void *how, str value), const void *how)
{
    struct fit fit = fit_of(sample, column, fits, how);
    return fit.count > 0 && fit.fits == fit.count;
}

static bool is_email(const void *how, str value)
{
    struct arena arena = {0};
    (void)how;
    bool fits = str_find_char(value, '@') > 0 && str_is(fold_email(&arena, value));
    arena_free(&arena);
    return fits;
}

/* Any long number could be one, so a telephone number in a column without a heading begins as one. */
static bool is_phone(const void *how, str value)
{
    struct arena arena = {0};
    (void)how;
    bool begins = str_starts(value, STR("0")) || str_starts(value, STR("+")) || str_starts(value, STR("84")) ||
                  str_starts(value, STR("'0"));
    bool fits = begins && value.len >= 9 && str_is(phone_e164(&arena, value));
    arena_free(&arena);
    return fits;
}

struct fit values_emails(const struct sample *sample, i64 column)
{
    return fit_of(sample, column, is_email, NULL);
}

struct fit values_phones(const struct sample *sample, i64 column)
{
    return fit_of(sample, column, is_phone, NULL);
}

struct fit values_distinct(struct ctx *ctx, const struct sample *sample, i64 column)
{
    u64 *seen = arena_new(&ctx->arena, u64, SAMPLE_ROWS * 2);
    struct fit fit = {.count = sample->count};
    i64 row = 0;
    for (str value; str_is(value = next_value(sample, column, &row));) {
        u64 hash = hash_str(value) | 1, at = hash % (SAMPLE_ROWS * 2);
        while (seen[at] != 0 && seen[at] != hash) {
            at = (at + 1) % (SAMPLE_ROWS * 2);
        }
        fit.fits += seen[at] == 0;
        seen[at] = hash;
    }
    return fit;
}

struct fit values_scores(const struct sample *sample, i64 column, i64 *low, i64 *high)
{
    struct fit fit = {0};
    i64 row = 0;
    for (str value; str_is(value = next_value(sample, column, &row)); fit.count++) {
        i64 number;
        if (str_i64(value, &number) && number >= 0 && number <= 10) {
            *low = fit.fits == 0 ? number : lesser(*low, number);
            *high = fit.fits == 0 ? number : greater(*high, number);
            fit.fits++;
        }
    }
    return fit;
}

bool values_hold(const struct sample *sample, str word)
{
    for (i64 i = 0; i < sample->count; i++) {
        for (i64 c = 0; c < sample->rows[i].count; c++) {
            if (str_eq(str_trim(sample->rows[i].cells[c]), word)) {
                return true;
            }
        }
    }
    return false;
}

/* Times. */

struct time_format {
    const char *format, *swapped; /* the same with day and month in each other's place */
};

static const struct time_format time_formats[] = {
    {"iso", NULL},
    {"%Y-%m-%d %H:%M:%S", NULL},
    {"%Y-%m-%d %H:%M:%S.%f", NULL},
    {"%Y-%m-%d %H:%M", NULL},
    {"%Y/%m/%d %H:%M:%S", NULL},
    {"%Y/%m/%d %H:%M", NULL},
    {"%Y/%m/%d", NULL},
    {"%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"},
    {"%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"},
    {"%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p"},
    {"%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"},
    {"%d/%m/%Y", "%m/%d/%Y"},
    {"%H:%M %d/%m/%Y", "%H:%M %m/%d/%Y"},
    {"%H:%M:%S %d/%m/%Y", "%H:%M:%S %m/%d/%Y"},
    {"%d-%m-%Y %H:%M:%S", "%m-%d-%Y %H:%M:%S"},
    {"%d-%m-%Y %H:%M", "%m-%d-%Y %H:%M"},
    {"%d-%m-%Y", "%m-%d-%Y"},
    {"%d.%m.%Y %H:%M", "%m.%d.%Y %H:%M"},
    {"%d.%m.%Y", "%m.%d.%Y"},
    {"%d %b %Y", NULL},
    {"%b %d, %Y", NULL},
};

struct time_trial {
    const struct zone *zone;
    str format;
};

static bool is_time(const void *how, str value)
{
    const struct time_trial *trial = how;
    i64 ms;
    // A bare number is a year to some formats and a price to everybody else.
    bool digits_only = str_i64(value, &ms);
    return !digits_only && time_parse(trial->zone, trial->format, value, &ms);
}

struct fit values_times(const struct sample *sample, i64 column, const struct zone *zone, struct time_guess *out)
{
    struct fit best = {0};
    *out = (struct time_guess){"iso", false};
    for (i64 i = 0; i < countof(time_formats) && (best.count == 0 || best.fits < best.count); i++) {
        const struct time_format *format = &time_formats[i];
        struct fit fit = fit_of(sample, column, is_time, &(struct time_trial){zone, str_from(format->format)});
        struct fit swapped = {0};
        if (format->swapped != NULL) {
            swapped = fit_of(sample, column, is_time, &(struct time_trial){zone, str_from(format->swapped)});
        }
        struct fit better = swapped.fits > fit.fits ? swapped : fit;
        if (better.fits > best.fits || i == 0) {
            bool other = swapped.fits > fit.fits;
            *out = (struct time_guess){other ? format->swapped : format->format, swapped.fits == fit.fits};
            best = better;
        }
    }
    return best;
}

/* Numbers. */

static const struct number_guess number_formats[] = {
    {".", "", false},
    {",", "", false},
    {",", ".", false},
    {".", ",", false},
};

static bool is_number(const void *how, str value)
{
    const struct number_guess *guess = how;
    struct number_format format = {str_from(guess->decimal), str_from(guess->thousands)};
    struct decimal number;
    return decimal_parse(value, &format, &number);
}

/* Every sign is followed by exactly three digits: it may separate thousands. */
static bool is_grouped(const void *how, str value)
{
    const char *sign = how;
    i64 at = str_find(value, str_from(sign));
    i64 end = at + 1;
    while (at >= 0 && end < value.len && value.data[end] >= '0' && value.data[end] <= '9') {
        end++;
    }
    return at < 0 || end - at == 4;
}

static bool has_sign(const struct sample *sample, i64 column, const char *sign)
{
    i64 row = 0;
    for (str value; str_is(value = next_value(sample, column, &row));) {
        if (str_find(value, str_from(sign)) >= 0) {
            return true;
        }
    }
    return false;
}

struct fit values_numbers(const struct sample *sample, i64 column, struct number_guess *out)
{
    struct fit best = {0};
    i64 chosen = 0;
    for (i64 i = 0; i < countof(number_formats); i++) {
        struct fit fit = fit_of(sample, column, is_number, &number_formats[i]);
        if (fit.fits > best.fits || i == 0) {
            best = fit;
            chosen = i;
        }
    }
    *out = number_formats[chosen];
    if (chosen < 2 && has_sign(sample, column, out->decimal) && all(sample, column, is_grouped, out->decimal)) {
        // Prices of 1.250 and 12.500 are thousands far more often than fractions of a đồng.
        *out = number_formats[chosen == 0 ? 2 : 3];
        out->ambiguous = true;
    }
    return best;
}
