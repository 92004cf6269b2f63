#include "journey/visits.h"

#include <string.h>

/* What is known of a person at one touchpoint while reading on. */
struct visit_state {
    i64 last;      /* the newest visit; VISIT_NONE: there was none */
    bool running;  /* further events here belong to it */
    bool waiting;  /* its next act may still come */
    bool advanced; /* a later touchpoint was reached since it began */
};

struct visits visits_new(const struct visit_rule *rules, i32 touchpoint_count, visit_is_act *is_act, void *self)
{
    return (struct visits){
        .rules = rules,
        .touchpoint_count = touchpoint_count,
        .is_act = is_act,
        .self = self,
        .skipped = mem_new(greater(touchpoint_count, 1)),
        .state = mem_new(greater(touchpoint_count, 1) * (i64)sizeof(struct visit_state)),
    };
}

void visits_free(struct visits *visits)
{
    mem_free(visits->items);
    mem_free(visits->skipped);
    mem_free(visits->state);
    *visits = (struct visits){0};
}

/* Gives the event as their act to all visits that wait for one. True when a visit to `own` took it. */
static bool act(struct visits *visits, i64 step, i64 at_ms, i32 own)
{
    bool took = false;
    for (i32 t = 0; t < visits->touchpoint_count; t++) {
        struct visit_state *state = &visits->state[t];
        if (state->waiting && visits->is_act(visits->self, step, t)) {
            visits->items[state->last].act_ms = at_ms;
            state->waiting = state->running = false;
            took |= t == own;
        }
    }
    return took;
}

static void begin(struct visits *visits, const struct step *steps, i64 first)
{
    const struct step *step = &steps[first];
    struct visit_state *state = &visits->state[step->touchpoint];
    if (visits->count == visits->capacity) {
        visits->capacity = visits->capacity * 2 + 64;
        visits->items = mem_resize(visits->items, visits->capacity * (i64)sizeof(struct visit));
    }
    visits->items[visits->count] = (struct visit){
        .touchpoint = step->touchpoint,
        .first = first,
        .start_ms = step->at_ms,
        .act_ms = INT64_MIN,
        .counts = step->counts,
        .repeated = state->last != VISIT_NONE && !state->advanced,
    };
    for (i32 t = 0; t < step->touchpoint && step->counts; t++) {
        visits->skipped[t] |= visits->state[t].last == VISIT_NONE;
    }
    *state = (struct visit_state){
        .last = visits->count++,
        .running = true,
        .waiting = visits->rules[step->touchpoint].within_ms > 0,
    };
}

/* An event on a touchpoint: visits elsewhere no longer run, earlier touchpoints have been got beyond. */
static void arrive(struct visits *visits, i32 here)
{
    for (i32 t = 0; t < visits->touchpoint_count; t++) {
        visits->state[t].running &= t == here;
        visits->state[t].advanced |= t < here;
    }
}

static bool belongs(const struct visits *visits, const struct step *step)
{
    const struct visit_state *state = &visits->state[step->touchpoint];
    i64 within = visits->rules[step->touchpoint].within_ms;
    i64 limit = within > 0 ? within : VISIT_IDLE_MS;
    return state->running && step->at_ms - visits->items[state->last].start_ms <= limit;
}

void visits_read(struct visits *visits, const struct step *steps, i64 count)
{
    visits->count = 0;
    memset(visits->skipped, 0, (size_t)visits->touchpoint_count);
    for (i32 t = 0; t < visits->touchpoint_count; t++) {
        visits->state[t] = (struct visit_state){.last = VISIT_NONE};
    }
    for (i64 i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        bool is_act = act(visits, i, step->at_ms, step->touchpoint);
        if (step->touchpoint == VISIT_NONE) {
            continue;
        }
        arrive(visits, step->touchpoint);
        if (!is_act && !belongs(visits, step)) {
            begin(visits, steps, i);
        }
    }
}
