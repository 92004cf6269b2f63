/* The demo company: Hiên Nhà, household goods, seven shops in three cities, a web shop, an app, Zalo, a call centre.
 *
 * A world is made from a seed, a number of people and a time; the same three
 * give the same events, byte for byte, on every machine. Three stories are true
 * in it and wait to be found:
 *
 *   - Ten weeks before the end another carrier takes over the middle of the
 *     country. Two parcels in three come late there since, people say so, and
 *     buy again less often.
 *   - Four weeks before the end app version 3.8.0 comes out. On Android it fails
 *     at three payments in five that are made in it.
 *   - The shop in Phú Nhuận cooks at the counter before the sale and calls
 *     three days after it. People love it.
 */
#pragma once

#include "listen/demo/flow.h"

struct world_plan {
    i64 people, months;
    u64 seed;
    i64 until_ms; /* nothing happens at or after this moment */
};

enum { WORLD_PEOPLE_MAX = 200000, WORLD_MONTHS_MAX = 36 };

/* Makes a world; ERR_INVALID (error.range) when there are too many people or months, or none. */
err world_make(struct ctx *ctx, const struct world_plan *plan, struct world *out);

void world_free(struct world *world);
