/* Wiring the room of rules: what it needs from the rooms above it. */
#pragma once

#include "api/app.h"

/* Opens it; its follower comes with gather_followers. */
void acting_open(struct app *app);
