/* Properties of events in the index: columns of those that questions named, and facts about all of them. */
#pragma once

#include "events/props.h"
#include "journey/index.h"

/* Takes over the properties of the event being appended that have a column, and adds to the facts where somebody asked for them.
 * `adding` is held. */
void props_put(struct ctx *ctx, struct index *index, const struct event *event);

/* Forgets columns and facts; the next question makes them again. `adding` is held. */
void props_drop(struct index *index);

/* The code of a property in an object. */
u32 props_code(struct json props, str name, struct dictionary *texts);

/* The pieces, for the scan that fills a column. */
void facts_add(struct facts *all, struct json props);
void facts_free(struct facts *all);
