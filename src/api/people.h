/* What others need from the people's handlers. */
#pragma once

#include "api/app.h"
#include "http/http.h"

/* Finishes erasures that a crash interrupted. */
err people_finish_erasures(struct ctx *ctx, struct app *app);

/* ERR_NOT_FOUND where the asker is limited to places or departments and the person never was there: as if nobody
 * had that id or alias. */
err people_in_sight(struct request *request, i64 person);
