/* Putting the demo company into an empty installation, and taking it out again. */
#pragma once

#include "events/log.h"
#include "journey/journeys.h"
#include "listen/demo/world.h"
#include "people/people.h"
#include "store/store.h"

/* The open rooms it lives in. */
struct surveys;
struct company_rooms {
    struct store *store;
    struct events *events;
    struct people *people;
    struct journeys *journeys;
    struct surveys *surveys; /* may be NULL: then there are none */
};

struct company_filled {
    i64 people, events;
    bool skipped; /* there was something already, and `if_empty` was asked for */
};

/* Makes the world of the plan and brings its events in the way real ones come, with the company's name, its published journey,
 * its dashboard and the sign in the settings that all this is invented. ERR_CONFLICT (error.demo_not_empty) when the installation
 * holds events or journeys, unless `if_empty`: then nothing happens, also where the company was taken out before. What an
 * interrupted filling left is removed first. */
err company_fill(struct ctx *ctx, const struct company_rooms *rooms, const struct world_plan *plan, bool if_empty,
                 struct company_filled *out);

/* Removes all events, the persons they told of, all journeys, surveys, promises, pain points, studies, saved views, questions
 * and dashboards; users and keys stay. ERR_CONFLICT (error.demo_none) when this is not the demo company. */
err company_clear(struct ctx *ctx, const struct company_rooms *rooms, i64 *events);
