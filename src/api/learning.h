/* The learner of voices, wired to what is above it: rules hear of alerts. */
#pragma once

#include "api/app.h"

/* After the rules; app->learner. */
err learning_open(struct ctx *ctx, struct app *app);

struct alerts_looking;
err learning_looking(struct ctx *ctx, struct app *app, struct alerts_looking *out);
