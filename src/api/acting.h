/* Wiring the room of rules: what it needs from the rooms above it. */
#pragma once

#include "api/app.h"
#include "http/http.h"

/* Opens it; its follower comes with gather_followers. */
void acting_open(struct app *app);

/* A page of sends, newest first, as far as the asker sees the people they are about. A page on which nobody may be seen is passed
 * over: it would tell that somebody is there. */
struct sends_wanted;
err sends_reply(struct request *request, struct sends_wanted *query, struct reply *reply);
