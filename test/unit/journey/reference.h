/* The questions answered as slowly and plainly as possible, over a list of events. */
#pragma once

#include "events/event.h"
#include "journey/journey_map.h"
#include "journey/question.h"

struct lived {
    struct event event;
    i32 person;       /* 0: nobody */
    const char *prop; /* value of prop:v, or NULL */
    i32 touchpoint;   /* place in the map, -1: none */
};

struct world {
    struct lived *events;
    i64 count;
    const struct journey_map *map;
    struct condition *where, *when; /* of each touchpoint */
    i64 *within_ms;
    i64 now_ms;
    const struct zone *zone;
};

/* Puts every event on its touchpoint. */
void reference_derive(struct world *world);

bool reference_holds(const struct world *world, const struct condition *condition, const struct lived *lived,
                     i64 did_before_ms);

/* The rows of an answer, each as one line, sorted. */
str reference_answer(struct arena *arena, const struct world *world, const struct question *question);

/* The same form from the engine's answer. */
str reference_lines(struct ctx *ctx, const struct question *question, str answer);
