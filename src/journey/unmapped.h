/* Which events lie on no touchpoint, counted by what they have in common. */
#pragma once

#include "journey/asking.h"

struct bunch {
    u32 kind, channel, metric; /* codes of the view; 0: none */
    i64 events, people;
};

/* The most frequent first; the list is the context's. The question says when and where and which journey. */
err unmapped_count(const struct asking *asking, struct bunch **bunches, i64 *count);
