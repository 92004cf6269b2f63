/* Which events lie on no touchpoint, counted by what they have in common. */
#pragma once

#include "journey/asking.h"

struct bunch {
    str kind, channel, metric; /* texts of the view: copy what outlives it; none: they have none */
    i64 events, people;
};

/* The most frequent first, equals by their texts; the list is the context's. The question says when and where and which journey. */
err unmapped_count(const struct asking *asking, struct bunch **bunches, i64 *count);
