/* What the values of a column could be. Empty cells and usual words for "nothing" do not count; a column of nothing
 * else is nothing. */
#pragma once

#include "base/zone.h"
#include "listen/sample.h"

bool values_are_emails(struct ctx *ctx, const struct sample *sample, i64 column);
bool values_are_phones(struct ctx *ctx, const struct sample *sample, i64 column);
bool values_are_distinct(struct ctx *ctx, const struct sample *sample, i64 column);
bool values_are_whole(const struct sample *sample, i64 column, i64 *low, i64 *high);
bool values_hold(const struct sample *sample, str word);

struct time_guess {
    const char *format;
    bool ambiguous; /* day and month could change places */
};
bool values_are_times(const struct sample *sample, i64 column, const struct zone *zone, struct time_guess *out);

struct number_guess {
    const char *decimal, *thousands; /* thousands "": none */
    bool ambiguous;                  /* "1.250" is a thousand or one */
};
bool values_are_numbers(const struct sample *sample, i64 column, struct number_guess *out);
