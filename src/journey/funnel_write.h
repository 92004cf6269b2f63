/* The rows of a funnel, from what was counted: the same whoever counted it. */
#pragma once

#include "journey/groups.h"
#include "json/write.h"

/* Who reached a step, and how long that took from the step before: -1 where nobody did. */
struct funnel_step {
    i64 people, median_ms, p90_ms;
};

/* Is the question's answer in groups? Else there is one, whether somebody is in it or not. */
bool funnel_split(const struct question *question);

/* The rows of a group: one for each step of the question. `grouping` NULL: there are no groups. */
err funnel_write(const struct asking *asking, const struct grouping *grouping, i64 group,
                 const struct funnel_step *steps, struct json_writer *writer);
