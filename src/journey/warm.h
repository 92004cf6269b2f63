/* Makes ready, beside everything else, what a look at the home page needs: facts about properties, and columns for those with few
 * values. At the start, and again whenever events have come: a property that turns out to be worth splitting by gets its
 * column here, not in a question that somebody waits for. */
#pragma once

#include "journey/index.h"

struct warm;

/* Starts a thread; the log is attached. */
struct warm *warm_start(struct index *index);

/* Ends it, done or not; before the log is closed. NULL is allowed. */
void warm_stop(struct warm *warm);
