#include "listen/money.h"

typedef __int128 i128;

struct currency {
    char code[4];
    i32 digits;
};

/* ISO 4217 (2026), ordered: the codes in use and how many digits stand behind the comma. */
static const struct currency currencies[] = {
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2}, {"AWG", 2},
    {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0}, {"BMD", 2}, {"BND", 2},
    {"BOB", 2}, {"BOV", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2}, {"BZD", 2}, {"CAD", 2},
    {"CDF", 2}, {"CHE", 2}, {"CHF", 2}, {"CHW", 2}, {"CLF", 4}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"COU", 2},
    {"CRC", 2}, {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2},
    {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2}, {"GIP", 2},
    {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HTG", 2}, {"HUF", 2}, {"IDR", 2},
    {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2}, {"JOD", 3}, {"JPY", 0}, {"KES", 2},
    {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0}, {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2},
    {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2}, {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2},
    {"MMK", 2}, {"MNT", 2}, {"MOP", 2}, {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MXV", 2},
    {"MYR", 2}, {"MZN", 2}, {"NAD", 2}, {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3},
    {"PAB", 2}, {"PEN", 2}, {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2},
    {"RSD", 2}, {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2},
    {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2}, {"SZL", 2},
    {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2}, {"TWD", 2}, {"TZS", 2},
    {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"USN", 2}, {"UYI", 0}, {"UYU", 2}, {"UYW", 4}, {"UZS", 2}, {"VED", 2},
    {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2}, {"XOF", 0}, {"XPF", 0}, {"YER", 2},
    {"ZAR", 2}, {"ZMW", 2}, {"ZWG", 2},
};

bool currency_find(str word, char code[4], i32 *digits)
{
    if (word.len != 3) {
        return false;
    }
    char upper[4] = {0};
    for (i64 i = 0; i < 3; i++) {
        char c = word.data[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    i64 low = 0, high = countof(currencies);
    while (low < high) {
        i64 middle = (low + high) / 2;
        int order = memcmp(currencies[middle].code, upper, 3);
        if (order == 0) {
            memcpy(code, upper, 4);
            *digits = currencies[middle].digits;
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* Signs that people write into amounts; taken off at either end. */
static str without_sign(str text)
{
    static const str signs[] = {
        STR("₫"), STR("đ"), STR("Đ"), STR("VNĐ"), STR("VND"), STR("vnđ"), STR("vnd"), STR("£"), STR("$"), STR("€"),
    };
    for (i64 i = 0; i < countof(signs); i++) {
        if (str_starts(text, signs[i])) {
            return str_trim(str_slice(text, signs[i].len, text.len));
        }
        if (str_ends(text, signs[i])) {
            return str_trim(str_slice(text, 0, text.len - signs[i].len));
        }
    }
    return text;
}

static bool put_digit(struct decimal *number, char c)
{
    i64 digits;
    if (__builtin_mul_overflow(number->digits, 10, &digits) || __builtin_add_overflow(digits, c - '0', &digits)) {
        return false;
    }
    number->digits = digits;
    return true;
}

struct grouping {
    bool grouped; /* a thousands sign was seen */
    i64 run;      /* digits since it, or since the beginning */
};

/* The whole part: groups of three behind the first thousands sign, one to three digits before it. */
static bool read_whole(str text, i64 *at, str thousands, struct decimal *out, struct grouping *groups)
{
    for (; *at < text.len; (*at)++) {
        char c = text.data[*at];
        if (c >= '0' && c <= '9') {
            if (!put_digit(out, c)) {
                return false;
            }
            groups->run++;
            continue;
        }
        str rest = str_slice(text, *at, text.len);
        if (thousands.len == 0 || !str_starts(rest, thousands)) {
            break;
        }
        if (groups->run < 1 || groups->run > 3 || (groups->grouped && groups->run != 3)) {
            return false;
        }
        groups->grouped = true;
        groups->run = 0;
        *at += thousands.len - 1;
    }
    return groups->grouped ? groups->run == 3 : groups->run > 0;
}

/* Trailing zeros carry nothing and would use up the digits. */
static bool read_fraction(str text, i64 *at, struct decimal *out)
{
    i64 end = *at;
    while (end < text.len && text.data[end] >= '0' && text.data[end] <= '9') {
        end++;
    }
    i64 first = *at, last = end;
    while (last > first && text.data[last - 1] == '0') {
        last--;
    }
    for (i64 i = first; i < last; i++) {
        if (!put_digit(out, text.data[i])) {
            return false;
        }
        out->places++;
    }
    *at = end;
    return end > first;
}

/* "e-7" as programs write small numbers. */
static bool read_exponent(str text, i64 *at, struct decimal *out)
{
    i64 exponent;
    str rest = str_slice(text, *at + 1, text.len);
    if (str_starts(rest, STR("+"))) {
        rest = str_slice(rest, 1, rest.len);
    }
    if (!str_i64(rest, &exponent) || exponent < -40 || exponent > 18) {
        return false;
    }
    out->places -= (i32)exponent;
    while (out->places < 0) {
        if (!put_digit(out, '0')) {
            return false;
        }
        out->places++;
    }
    *at = text.len;
    return true;
}

bool decimal_parse(str text, const struct number_format *format, struct decimal *out)
{
    *out = (struct decimal){0};
    text = without_sign(str_trim(text));
    bool bracketed = text.len > 2 && text.data[0] == '(' && text.data[text.len - 1] == ')';
    if (bracketed) {
        text = str_trim(str_slice(text, 1, text.len - 1)); /* (1,250.00): how accountants write a minus */
    }
    i64 at = 0;
    bool minus = bracketed;
    if (text.len > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        minus = minus != (text.data[0] == '-');
        at = 1;
    } else if (str_starts(text, STR("−"))) {
        minus = !minus;
        at = STR("−").len;
    }
    str decimal = str_is(format->decimal) ? format->decimal : STR(".");
    struct grouping groups = {0};
    bool bare_fraction = at < text.len && str_starts(str_slice(text, at, text.len), decimal);
    if (!bare_fraction && !read_whole(text, &at, format->thousands, out, &groups)) {
        return false;
    }
    if (at < text.len && str_starts(str_slice(text, at, text.len), decimal)) {
        at += decimal.len;
        if (!read_fraction(text, &at, out)) {
            return false;
        }
    }
    if (at < text.len && (text.data[at] == 'e' || text.data[at] == 'E') && !read_exponent(text, &at, out)) {
        return false;
    }
    out->digits = minus ? -out->digits : out->digits;
    return at == text.len;
}

static i128 rounded(i128 number, i32 places)
{
    i128 divisor = 1;
    for (i32 i = 0; i < places; i++) {
        divisor *= 10;
    }
    i128 half = number < 0 ? -(divisor / 2) : divisor / 2;
    return (number + half) / divisor;
}

bool money_minor(struct decimal amount, struct decimal times, i32 digits, i64 *out)
{
    // Two 64-bit factors fit 128 bits; up to 4 more digits are added only where nothing is cut off.
    i128 product = (i128)amount.digits * times.digits;
    i32 places = amount.places + times.places - digits;
    for (; places < 0; places++) {
        if (__builtin_mul_overflow(product, 10, &product)) {
            return false;
        }
    }
    // 10^37 is the largest power that leaves room to round; what is cut off beyond it is below any half.
    if (places > 37) {
        product = 0;
        places = 0;
    }
    i128 minor = rounded(product, places);
    *out = (i64)minor;
    return minor == *out;
}

f64 decimal_f64(struct decimal number)
{
    // Both are exact up to 2^53 and 10^22, so the quotient is the nearest number.
    f64 divisor = 1;
    for (i32 i = 0; i < number.places; i++) {
        divisor *= 10;
    }
    return (f64)number.digits / divisor;
}
