/* The different numbers of a column as codes: scores have few values, so a tally of codes is a histogram, which is exact
 * whatever the order in which it was counted.
 *
 * Codes count from 1 and never change; 0 is "no number". Puts and looks as in dictionary.h: one puts, many look.
 */
#pragma once

#include "journey/dictionary.h"

struct numbers {
    struct dictionary bytes; /* of the numbers */
    f64 *values;             /* [code] */
    u32 count, capacity;
    void *old;
};

/* The numbers at one moment. */
struct numbers_seen {
    const f64 *values; /* [code]; [0] is NaN */
    u32 count;         /* the highest code */
};

/* The code of a number; 0 for NaN. */
u32 numbers_put(struct numbers *numbers, f64 value);

struct numbers_seen numbers_seen(const struct numbers *numbers);

i64 numbers_bytes(const struct numbers *numbers);
void numbers_free(struct numbers *numbers);
