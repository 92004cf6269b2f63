/* Numbers as people write them, and money without floating point.
 *
 * "1.250.000" is a million and a quarter in Vietnam and no number at all where
 * the point is the decimal sign: what does not fit the format is refused.
 */
#pragma once

#include "base/str.h"

struct number_format {
    str decimal;   /* none: "." */
    str thousands; /* none: there is no such sign */
};

/* digits / 10^places, exactly. */
struct decimal {
    i64 digits;
    i32 places;
};

/* Reads a number; a currency sign at one end, a minus in front and brackets around (negative) are understood. False for anything
 * else, for a thousands sign in the wrong place, and for more than 18 digits. */
bool decimal_parse(str text, const struct number_format *format, struct decimal *out);

/* amount × times in minor units of a currency with `digits` digits behind the comma; halves are rounded away from zero. False when
 * it does not fit. */
bool money_minor(struct decimal amount, struct decimal times, i32 digits, i64 *out);

/* The nearest floating number. */
f64 decimal_f64(struct decimal number);

/* The ISO 4217 code in capitals and its digits behind the comma; false for an unknown code. */
bool currency_find(str word, char code[4], i32 *digits);
