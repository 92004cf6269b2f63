/* What the questions about the order of events share. */
#pragma once

#include "reference.h"

/* The events of one person that the question takes, in order. */
const struct seen **taken_of(const struct asked *asked, i64 person, i64 *count);

/* The places of everybody's oldest alias, each once. */
i64 *everybody(const struct asked *asked, i64 *count);

/* The list of conditions under a name, each of them a condition or an "and". */
struct meaning **asked_steps(const struct asked *asked, i64 *count);
