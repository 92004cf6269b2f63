/* From a moment to the event that the company's systems would send. */
#pragma once

#include "events/event.h"
#include "listen/demo/flow.h"

/* The source of every demo event. */
#define DEMO_SOURCE "demo"

/* Event `index` of the world, in order of time; its strings live in the arena. The same for the same world, always. */
void render_event(const struct world *world, i64 index, struct arena *arena, struct event *out);
