/* How a profile comes together, wherever its events are counted. */
#pragma once

#include "journey/profile.h"
#include "journey/tally.h"

/* One person's figures while they are gathered; first_ms, last_ms and events are the gatherer's. */
struct gathering {
    const struct asking *asking;
    struct profile *profile;
    struct tally tallies[METRIC_COUNT];
};

/* The sum of some amounts, of which so many are orders; the same score, so often. */
void profile_add_amount(struct gathering *gathering, str currency, i64 amount, i64 orders);
void profile_add_answers(struct gathering *gathering, str metric, str scale, f64 value, i64 times);
void profile_end(struct gathering *gathering);
