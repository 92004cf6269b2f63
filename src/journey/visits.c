#include "journey/visits.h"

#include <assert.h>
#include <string.h>

/* Of a touchpoint that was visited: does the newest visit still run, may its next act still come, was a later touchpoint
 * reached since it began? Sets of touchpoints, so that an event costs a few operations however long the map is. */

/* What a step on a touchpoint does to sets of at most 64 of them. */
struct visit_mask {
    u64 bit;    /* itself; 0: on none */
    u64 before; /* those before it */
    u64 keep;   /* visits that may go on running: its own; on none: all */
    u64 waits;  /* itself, when it has a next act */
    i64 limit_ms;
};

static i64 limit_of(const struct visits *visits, i32 touchpoint)
{
    i64 within = visits->rules[touchpoint].within_ms;
    return within > 0 ? within : VISIT_IDLE_MS;
}

static struct visit_mask *make_masks(const struct visits *visits)
{
    struct visit_mask *masks = mem_new((visits->touchpoint_count + 1) * (i64)sizeof(struct visit_mask));
    for (i32 t = 0; t < visits->touchpoint_count; t++) {
        u64 bit = (u64)1 << t;
        masks[t] = (struct visit_mask){bit, bit - 1, bit, visits->rules[t].within_ms > 0 ? bit : 0,
                                       limit_of(visits, t)};
    }
    masks[visits->touchpoint_count].keep = ~(u64)0;
    return masks;
}

struct visits visits_new(const struct visit_rule *rules, i32 touchpoint_count, struct visit_acts acts)
{
    assert(touchpoint_count <= TOUCHPOINTS_MOST);
    struct visits visits = {
        .rules = rules,
        .touchpoint_count = touchpoint_count,
        .words = (touchpoint_count + 63) / 64,
        .acts = acts,
        .last = mem_new(greater(touchpoint_count, 1) * (i64)sizeof(i64)),
        .present = VISIT_NONE,
    };
    visits.masks = touchpoint_count <= VISIT_FEW ? make_masks(&visits) : NULL;
    return visits;
}

void visits_free(struct visits *visits)
{
    mem_free(visits->items);
    mem_free(visits->last);
    mem_free(visits->masks);
    *visits = (struct visits){0};
}

static void take_out(struct touch_set *set, i32 touchpoint)
{
    set->words[touchpoint >> 6] &= ~((u64)1 << (touchpoint & 63));
}

void visits_begin(struct visits *visits)
{
    visits->count = 0;
    visits->visited = visits->running = visits->waiting = visits->advanced = visits->earlier = (struct touch_set){0};
    visits->present = VISIT_NONE;
}

/* The word `w` of the set of all touchpoints before one. */
static u64 before(i32 touchpoint, i32 w)
{
    i32 bits = touchpoint - w * 64;
    return bits <= 0 ? 0 : bits >= 64 ? ~(u64)0 : ((u64)1 << bits) - 1;
}

/* Gives the event as their act to all visits that wait for one. True when a visit to its own touchpoint took it. */
static bool act(struct visits *visits, const struct step *step, i64 number)
{
    bool took = false;
    const struct touch_set *may = &visits->acts.may[step->acts], *ask = &visits->acts.ask[step->acts];
    for (i32 w = 0; w < visits->words; w++) {
        for (u64 left = visits->waiting.words[w] & may->words[w]; left != 0; left &= left - 1) {
            i32 t = w * 64 + __builtin_ctzll(left);
            if (!touch_has(ask, t) || visits->acts.is(visits->acts.self, number, t)) {
                visits->items[visits->last[t]].act_ms = step->at_ms;
                take_out(&visits->waiting, t);
                take_out(&visits->running, t);
                took |= t == step->touchpoint;
            }
        }
    }
    return took;
}

static void begin(struct visits *visits, const struct step *steps, i64 first)
{
    const struct step *step = &steps[first];
    i32 here = step->touchpoint;
    if (visits->count == visits->capacity) {
        visits->capacity = visits->capacity * 2 + 64;
        visits->items = mem_resize(visits->items, visits->capacity * (i64)sizeof(struct visit));
    }
    visits->items[visits->count] = (struct visit){
        .touchpoint = here,
        .first = first,
        .start_ms = step->at_ms,
        .act_ms = INT64_MIN,
        .counts = step->counts,
        .repeated = touch_has(&visits->visited, here) && !touch_has(&visits->advanced, here),
    };
    visits->last[here] = visits->count++;
    touch_put(&visits->visited, here);
    touch_put(&visits->running, here);
    take_out(&visits->advanced, here);
    if (visits->rules[here].within_ms > 0) {
        touch_put(&visits->waiting, here);
    }
}

/* An event on a touchpoint: visits elsewhere no longer run, earlier touchpoints have been got beyond. */
static void arrive(struct visits *visits, i32 here)
{
    bool running = touch_has(&visits->running, here);
    visits->running = (struct touch_set){0};
    if (running) {
        touch_put(&visits->running, here);
    }
    for (i32 w = 0; w < visits->words; w++) {
        visits->advanced.words[w] |= before(here, w);
    }
}

static bool belongs(const struct visits *visits, const struct step *step)
{
    i32 here = step->touchpoint;
    return touch_has(&visits->running, here) &&
           step->at_ms - visits->items[visits->last[here]].start_ms <= limit_of(visits, here);
}

/* Passing: the same, but no visit is written down. */

/* Whose act a step is, taken from those that wait; false when that must be asked. */
static bool pass_act(struct visits *visits, i32 touchpoint, u32 acts, bool *took)
{
    const struct touch_set *may = &visits->acts.may[acts], *ask = &visits->acts.ask[acts];
    for (i32 w = 0; w < visits->words; w++) {
        u64 acted = visits->waiting.words[w] & may->words[w];
        if (acted == 0) {
            continue;
        }
        if ((acted & ask->words[w]) != 0) {
            return false;
        }
        visits->waiting.words[w] &= ~acted;
        *took |= touchpoint >> 6 == w && (acted >> (touchpoint & 63) & 1) != 0;
        if (visits->present >> 6 == w && (acted >> (visits->present & 63) & 1) != 0) {
            visits->present = VISIT_NONE;
        }
    }
    return true;
}

bool visits_pass(struct visits *visits, i64 at_ms, i32 touchpoint, u32 acts)
{
    bool took = false;
    if (!pass_act(visits, touchpoint, acts, &took)) {
        return false;
    }
    if (touchpoint == VISIT_NONE) {
        return true;
    }
    for (i32 w = 0; w < visits->words; w++) {
        visits->advanced.words[w] |= before(touchpoint, w);
    }
    bool runs = visits->present == touchpoint && at_ms - visits->present_ms <= limit_of(visits, touchpoint);
    if (took) {
        visits->present = VISIT_NONE;
    } else if (!runs) {
        visits->present = touchpoint;
        visits->present_ms = at_ms;
        touch_put(&visits->visited, touchpoint);
        take_out(&visits->advanced, touchpoint);
        if (visits->rules[touchpoint].within_ms > 0) {
            touch_put(&visits->waiting, touchpoint);
        }
    }
    return true;
}

i64 visits_pass_many(struct visits *visits, const struct visit_past *past)
{
    // Without a branch that depends on what the person did: visits_pass as arithmetic.
    u64 visited = visits->visited.words[0], advanced = visits->advanced.words[0], waiting = visits->waiting.words[0];
    u64 present = visits->present == VISIT_NONE ? 0 : (u64)1 << visits->present;
    i64 begun_ms = visits->present_ms, count = past->count, i = 0;
    const struct visit_mask *masks = visits->masks;
    const struct touch_set *may = visits->acts.may, *ask = visits->acts.ask;
    const u8 *touchpoints = past->touchpoints, *acts = past->acts;
    const i64 *times = past->at_ms;
    while (count > 0 && times[count - 1] >= past->until_ms) {
        count--;
    }
    for (; i < count; i++) {
        const struct visit_mask *mask = &masks[touchpoints[i]];
        i64 at_ms = times[i];
        u64 acted = waiting & may[acts[i]].words[0];
        if (acted != 0 && (acted & ask[acts[i]].words[0]) != 0) {
            return -1;
        }
        waiting &= ~acted;
        present &= ~acted & mask->keep;
        advanced |= mask->before;
        bool goes_on = (present & mask->bit) != 0 && at_ms - begun_ms <= mask->limit_ms;
        bool begins = !goes_on & ((acted & mask->bit) == 0) & (mask->bit != 0);
        u64 new = begins ? mask->bit : 0;
        visited |= new;
        advanced &= ~new;
        waiting |= new & mask->waits;
        present |= new;
        begun_ms = begins ? at_ms : begun_ms;
    }
    visits->visited.words[0] = visited;
    visits->advanced.words[0] = advanced;
    visits->waiting.words[0] = waiting;
    visits->present = present == 0 ? VISIT_NONE : __builtin_ctzll(present);
    visits->present_ms = begun_ms;
    return i;
}

/* A first item that stands for all that was passed. */
static void take_over(struct visits *visits)
{
    visits->earlier = visits->visited;
    visits->running = (struct touch_set){0};
    if (visits->capacity == 0) {
        visits->capacity = 64;
        visits->items = mem_new(visits->capacity * (i64)sizeof(struct visit));
    }
    visits->items[0] = (struct visit){.touchpoint = visits->present,
                                      .start_ms = visits->present_ms,
                                      .act_ms = INT64_MIN};
    visits->count = 1;
    if (visits->present != VISIT_NONE) {
        touch_put(&visits->running, visits->present);
        visits->last[visits->present] = 0;
    }
    for (i32 w = 0; w < visits->words; w++) {
        for (u64 left = visits->waiting.words[w]; left != 0; left &= left - 1) {
            visits->last[w * 64 + __builtin_ctzll(left)] = 0;
        }
    }
}

static bool is_empty(const struct touch_set *set)
{
    u64 any = 0;
    for (i32 w = 0; w < TOUCH_WORDS; w++) {
        any |= set->words[w];
    }
    return any == 0;
}

void visits_read(struct visits *visits, const struct step *steps, i64 count)
{
    if (!is_empty(&visits->visited)) {
        take_over(visits);
    }
    for (i64 i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        bool is_act = act(visits, step, i);
        if (step->touchpoint == VISIT_NONE) {
            continue;
        }
        arrive(visits, step->touchpoint);
        if (!is_act && !belongs(visits, step)) {
            begin(visits, steps, i);
        }
    }
}
