#include "text/phone.h"

enum { DIGITS_MAX = 15 }; /* E.164 (2010) 6.2.1 */

struct prefix_change {
    const char *old, *new;
};

/* Mobile prefixes of eleven digits became ten digits in 2018 (Decision 798/QĐ-BTTTT). */
static const struct prefix_change changes_2018[] = {
    {"120", "70"}, {"121", "79"}, {"122", "77"}, {"126", "76"}, {"128", "78"}, {"123", "83"}, {"124", "84"},
    {"125", "85"}, {"127", "81"}, {"129", "82"}, {"162", "32"}, {"163", "33"}, {"164", "34"}, {"165", "35"},
    {"166", "36"}, {"167", "37"}, {"168", "38"}, {"169", "39"}, {"186", "56"}, {"188", "58"}, {"199", "59"},
};

struct digits {
    char text[DIGITS_MAX + 1];
    i64 len;
    bool international; /* began with + or 00 */
};

/* Keeps the digits; false when there is anything but digits and the usual separators. */
static bool read_digits(str text, struct digits *out)
{
    *out = (struct digits){0};
    text = str_trim(text);
    if (str_starts(text, STR("tel:"))) {
        text = str_slice(text, 4, text.len);
    }
    if (text.len > 0 && text.data[0] == '\'') {
        text = str_slice(text, 1, text.len); /* how spreadsheets keep a leading zero */
    }
    for (i64 i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '+' && out->len == 0 && !out->international) {
            out->international = true;
        } else if (c >= '0' && c <= '9') {
            if (out->len == DIGITS_MAX) {
                return false;
            }
            out->text[out->len++] = c;
        } else if (c != ' ' && c != '.' && c != '-' && c != '(' && c != ')' && c != '/') {
            return false;
        }
    }
    return out->len > 0;
}

static bool drop(struct digits *digits, const char *prefix)
{
    i64 len = (i64)strlen(prefix);
    if (digits->len < len || memcmp(digits->text, prefix, (size_t)len) != 0) {
        return false;
    }
    memmove(digits->text, digits->text + len, (size_t)(digits->len - len));
    digits->len -= len;
    return true;
}

/* The national number without the leading zero; STR_NONE when no such number can exist. */
static str vietnamese(struct arena *arena, struct digits *digits)
{
    if (digits->len == 10) {
        for (i64 i = 0; i < countof(changes_2018); i++) {
            if (drop(digits, changes_2018[i].old)) {
                return str_format(arena, "+84%s%.*s", changes_2018[i].new, (int)digits->len, digits->text);
            }
        }
    }
    bool mobile = digits->len == 9 && strchr("35789", digits->text[0]) != NULL;
    bool fixed = digits->len == 10 && digits->text[0] == '2';
    if (!mobile && !fixed) {
        return STR_NONE;
    }
    return str_format(arena, "+84%.*s", (int)digits->len, digits->text);
}

str phone_e164(struct arena *arena, str text)
{
    struct digits digits;
    if (!read_digits(text, &digits)) {
        return STR_NONE;
    }
    if (!digits.international && drop(&digits, "00")) {
        digits.international = true;
    }
    if (digits.international && !drop(&digits, "84")) {
        bool possible = digits.len >= 8 && digits.text[0] != '0';
        return possible ? str_format(arena, "+%.*s", (int)digits.len, digits.text) : STR_NONE;
    }
    if (digits.international) {
        (void)drop(&digits, "0"); /* +84 (0)912… */
        return vietnamese(arena, &digits);
    }
    if (drop(&digits, "0")) {
        return vietnamese(arena, &digits);
    }
    if (digits.len >= 11 && drop(&digits, "84")) {
        return vietnamese(arena, &digits);
    }
    // A spreadsheet that took the number for a number has eaten the zero.
    return vietnamese(arena, &digits);
}
