/* Makes ready, after the start and beside everything else, what the first look at the home page needs: facts about
 * properties, and columns for those with few values. */
#pragma once

#include "journey/index.h"

struct warm;

/* Starts a thread; the log is attached. */
struct warm *warm_start(struct index *index);

/* Ends it, done or not; before the log is closed. NULL is allowed. */
void warm_stop(struct warm *warm);
