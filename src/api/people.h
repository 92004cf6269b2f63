/* What the start of the server needs from the people's handlers. */
#pragma once

#include "api/app.h"

/* Finishes erasures that a crash interrupted. */
err people_finish_erasures(struct ctx *ctx, struct app *app);
