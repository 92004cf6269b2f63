/* What the values of a column could be. Empty cells and usual words for "nothing" do not count; a column of nothing
 * else is nothing. One slip of the pen among the first rows does not make a column of dates something else: most values
 * decide, and the rest is told. */
#pragma once

#include "base/zone.h"
#include "listen/sample.h"

/* So many of the values are one. */
struct fit {
    i64 fits, count;
};
static inline bool fit_most(struct fit fit)
{
    return fit.fits * 2 > fit.count;
}
/* Enough to believe it without a heading that says so. */
static inline bool fit_nearly(struct fit fit)
{
    return fit.count > 0 && fit.fits * 5 >= fit.count * 4;
}

struct fit values_emails(const struct sample *sample, i64 column);
struct fit values_phones(const struct sample *sample, i64 column);
/* Whole numbers from 0 to 10; `low` and `high` of these. */
struct fit values_scores(const struct sample *sample, i64 column, i64 *low, i64 *high);
/* How many different values the lines have. */
struct fit values_distinct(struct ctx *ctx, const struct sample *sample, i64 column);
bool values_hold(const struct sample *sample, str word);

struct time_guess {
    const char *format;
    bool ambiguous; /* day and month could change places */
};
/* The format that fits most of them. */
struct fit values_times(const struct sample *sample, i64 column, const struct zone *zone, struct time_guess *out);

struct number_guess {
    const char *decimal, *thousands; /* thousands "": none */
    bool ambiguous;                  /* "1.250" is a thousand or one */
};
struct fit values_numbers(const struct sample *sample, i64 column, struct number_guess *out);
