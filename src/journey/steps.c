#include "journey/steps.h"

#include <assert.h>
#include <string.h>

static u8 *place_codes(const struct asking *asking, const struct journey_version *version, i64 touchpoints)
{
    u32 codes = asking->derived == NULL ? 0 : asking->derived->touch_count;
    u8 *places = arena_new(&asking->ctx->arena, u8, codes < 256 ? 256 : CODES_TABLE_MAX);
    places[0] = (u8)touchpoints;
    for (u32 code = 1; code <= codes; code++) {
        i64 place = journey_map_find_touchpoint(&version->map, asking->derived->touches[code].id);
        places[code] = (u8)(place < 0 ? touchpoints : place);
    }
    return places;
}

err steps_plan(const struct asking *asking, const struct journey_version *version, struct steps_plan *out)
{
    i64 touchpoints = version == NULL ? 0 : version->map.touchpoints.count;
    u32 kinds = asking->view.texts[WORD_KIND].count;
    assert(touchpoints < UINT8_MAX);
    *out = (struct steps_plan){.asking = asking, .version = version, .touchpoint_count = (i32)touchpoints};
    TRY(acts_prepare(asking, version, &out->acts));
    out->touch_slot = asking->derived == NULL ? -1 : lens_attached(asking->lens, asking->derived->column);
    out->kind_slot = lens_word(asking->lens, WORD_KIND);
    out->metric_slot = lens_word(asking->lens, WORD_METRIC);
    out->places = place_codes(asking, version, touchpoints);
    out->matters = arena_new(&asking->ctx->arena, u8, (i64)kinds + 1);
    for (u32 kind = 0; kind <= kinds; kind++) {
        for (i32 w = 0; w < TOUCH_WORDS; w++) {
            out->matters[kind] |= out->acts.may[kind].words[w] != 0;
        }
    }
    return OK;
}

static bool is_act(void *self, i64 step, i32 touchpoint)
{
    const struct steps *steps = self;
    i64 row = block_row(steps->block, steps->item_rows[step]);
    return program_holds(&steps->plan->acts.programs[touchpoint], row, steps->person);
}

static void free_steps(void *object)
{
    struct steps *steps = object;
    visits_free(&steps->visits);
    mem_free(steps->items);
    mem_free(steps->item_rows);
}

void steps_begin(const struct steps_plan *plan, struct part *part, struct steps *out)
{
    *out = (struct steps){.plan = plan, .part = part};
    struct visit_acts acts = {plan->acts.may, plan->acts.ask, is_act, out};
    out->visits = visits_new(plan->acts.rules, plan->acts.count, acts);
    ctx_defer(&part->ctx, free_steps, out);
}

void steps_block(struct steps *steps, const struct block *block)
{
    const struct steps_plan *plan = steps->plan;
    steps->block = block;
    steps->at = 0;
    steps->places = scratch_new(&steps->part->scratch, u8, block->count);
    if (plan->touch_slot < 0) {
        memset(steps->places, plan->touchpoint_count, (size_t)block->count);
    } else {
        u32 codes = plan->asking->derived->touch_count + 1;
        bytes_of_cells(block->cells[plan->touch_slot], block->count, plan->places, codes, false, steps->places);
    }
    steps->row_count = part_take(steps->part, block, &steps->rows);
}

void steps_leave_answers(struct steps *steps)
{
    const struct block *block = steps->block;
    struct cells metrics = block->cells[steps->plan->metric_slot];
    u8 none = (u8)steps->plan->touchpoint_count;
    for (i64 k = 0; k < block->answer_count; k++) {
        i32 row = block->answer_row[k];
        steps->places[row] = cells_get(metrics, k) != 0 ? none : steps->places[row];
    }
}

/* The taken rows of a stretch: [from, to) in `rows`, or of the block where all are taken. */
static i64 take_person(struct steps *steps, const struct stretch *stretch)
{
    if (steps->rows == NULL) {
        steps->at = stretch->from;
        return stretch->to;
    }
    while (steps->at < steps->row_count && steps->rows[steps->at] < stretch->from) {
        steps->at++;
    }
    i64 end = steps->at;
    while (end < steps->row_count && steps->rows[end] < stretch->to) {
        end++;
    }
    return end;
}

static void reserve(struct steps *steps, i64 count)
{
    if (count > steps->capacity) {
        steps->capacity = count * 2 + 64;
        steps->items = mem_resize(steps->items, steps->capacity * (i64)sizeof(struct step));
        steps->item_rows = mem_resize(steps->item_rows, steps->capacity * (i64)sizeof(i32));
    }
}

/* Events before the question's time: [from, the row returned). */
static i32 pass(struct steps *steps, const struct stretch *stretch)
{
    const struct steps_plan *plan = steps->plan;
    const struct block *block = steps->block;
    struct cells kinds = block->cells[plan->kind_slot];
    i64 from_ms = plan->asking->from_ms;
    i32 row = stretch->from;
    visits_begin(&steps->visits);
    if (steps->visits.masks != NULL && kinds.width == 1) {
        struct visit_past past = {block->at_ms + row, steps->places + row, (const u8 *)kinds.at + row,
                                  stretch->to - row, from_ms};
        i64 passed = visits_pass_many(&steps->visits, &past);
        if (passed < 0) {
            visits_begin(&steps->visits);
        }
        return row + (i32)greater(passed, 0);
    }
    for (; row < stretch->to && block->at_ms[row] < from_ms; row++) {
        i32 place = steps->places[row] == plan->touchpoint_count ? VISIT_NONE : steps->places[row];
        if (!visits_pass(&steps->visits, block->at_ms[row], place, cells_get(kinds, row))) {
            visits_begin(&steps->visits);
            return stretch->from;
        }
    }
    return row;
}

/* Is anything that counts on a touchpoint whose visits are wanted? */
static bool has_wanted(const struct steps *steps, i64 from, i64 to)
{
    const bool *wanted = steps->plan->wanted;
    for (i64 i = from; i < to && wanted != NULL; i++) {
        if (wanted[steps->places[steps->rows == NULL ? i : steps->rows[i]]]) {
            return true;
        }
    }
    return wanted == NULL;
}

bool steps_read(struct steps *steps, const struct stretch *stretch)
{
    const struct steps_plan *plan = steps->plan;
    const struct block *block = steps->block;
    struct cells kinds = block->cells[plan->kind_slot];
    i64 end = take_person(steps, stretch), at = steps->at, count = 0;
    steps->at = end;
    if (at == end || stretch->person == 0 || !has_wanted(steps, at, end)) { // nobody's events are no journey
        return false;
    }
    reserve(steps, stretch->to - stretch->from);
    steps->person = stretch->person;
    for (i32 row = pass(steps, stretch); row < stretch->to; row++) {
        u32 kind = cells_get(kinds, row);
        bool counts = steps->rows == NULL || (at < end && steps->rows[at] == row);
        i32 place = steps->places[row];
        at += counts;
        steps->item_rows[count] = row;
        steps->items[count] = (struct step){block->at_ms[row], place == plan->touchpoint_count ? VISIT_NONE : place,
                                            counts, kind};
        count += (place != plan->touchpoint_count) | plan->matters[kind];
    }
    visits_read(&steps->visits, steps->items, count);
    return steps->visits.count > 0;
}
