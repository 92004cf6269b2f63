/* A first map for a file, from its headings and values, in Vietnamese and English.
 *
 * What cannot be known is said, not decided: 1/2/2026 is a day in January or
 * in February, and 1.250 is a thousand or one.
 */
#pragma once

#include "listen/rows.h"
#include "listen/sample.h"

struct guess_doubt {
    const char *target, *key; /* of the map; locale key of what is not certain */
    str column;
};

struct guess {
    str map; /* JSON */
    struct guess_doubt doubts[12];
    i64 doubt_count;
};

/* `zone` is the one times are tried in. Members of `given` (a map or none) about
 * reading the file (separator, encoding, sheet, source) are kept. */
void guess_map(struct ctx *ctx, const struct sample *sample, const struct zone *zone, str given, struct guess *out);
