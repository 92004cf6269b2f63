#include "journey/adherence.h"

#include <string.h>

/* Touchpoints that a person's visits of one group came too early for. */
struct person_skips {
    u32 group;
    struct touch_set skipped;
};

err adherence_prepare(const struct asking *asking, struct adherence *out)
{
    const struct journey_version *version = asking->journey.newest;
    *out = (struct adherence){.asking = asking};
    TRY(steps_plan(asking, version, &out->plan));
    answer_codes_prepare(asking, &out->codes);
    out->places = out->plan.touchpoint_count + 1;
    out->has_where = arena_new(&asking->ctx->arena, bool, out->places);
    for (i64 t = 0; t + 1 < out->places; t++) {
        out->has_where[t] = !condition_empty(&version->where[t]);
    }
    return groups_begin(asking, asking->lens, NULL, 0, &out->groups);
}

static err begin(struct part *part)
{
    const struct adherence *adherence = part->self;
    struct adherence_count *count = part->state;
    steps_begin(&adherence->plan, part, &count->steps);
    return grouping_begin(part, &adherence->groups, &count->grouping);
}

err adherence_meet(struct part *part, struct adherence_count *count, u32 group, u32 *number)
{
    const struct adherence *adherence = part->self;
    TRY(part_room_for(part, &count->met, &count->met_capacity, greater(count->grouping.count, (i64)group + 1)));
    if (count->met[group] == 0) {
        count->met[group] = (u32)++count->group_count;
        i64 places = count->group_count * adherence->places;
        TRY(part_room_for(part, &count->items, &count->item_capacity, places));
        TRY(part_room_for(part, &count->answers, &count->answer_capacity, places * adherence->codes.count));
    }
    *number = count->met[group] - 1;
    return OK;
}

/* Groups of the taken rows as numbers of those met; NULL: all are in the first. */
static err number_rows(struct part *part, struct adherence_count *count, u32 **out)
{
    const struct adherence *adherence = part->self;
    const struct steps *steps = &count->steps;
    const u32 *groups;
    u32 number;
    *out = NULL;
    if (adherence->groups.dimension_count == 0 && adherence->groups.periods.count <= 1) {
        return adherence_meet(part, count, 0, &number);
    }
    TRY(grouping_find(&count->grouping, steps->block, steps->rows, steps->row_count, &groups));
    *out = scratch_new(&part->scratch, u32, steps->block->count);
    for (i64 k = 0; k < steps->row_count; k++) {
        TRY(adherence_meet(part, count, groups[k], &number));
        (*out)[steps->rows == NULL ? k : steps->rows[k]] = number;
    }
    return OK;
}

static void count_event(struct place *place, alias_no person)
{
    place->events++;
    if (person != 0) {
        place->people += place->last != person;
        place->last = person;
    }
}

/* The events that count, on their touchpoints. */
static void count_events(const struct adherence *adherence, struct adherence_count *count, const u32 *numbers)
{
    const struct steps *steps = &count->steps;
    const struct block *block = steps->block;
    i64 at = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        for (; at < steps->row_count; at++) {
            i64 row = steps->rows == NULL ? at : steps->rows[at];
            if (row >= stretch->to) {
                break;
            }
            i64 first = numbers == NULL ? 0 : numbers[row] * adherence->places;
            count_event(&count->items[first + steps->places[row]], stretch->person);
        }
    }
}

/* A bit for each row that is taken; NULL: all are. */
static u64 *taken_bits(struct part *part, const struct steps *steps)
{
    if (steps->rows == NULL) {
        return NULL;
    }
    u64 *bits = scratch_new(&part->scratch, u64, bits_words(steps->block->count));
    memset(bits, 0, (size_t)bits_words(steps->block->count) * sizeof(u64));
    for (i64 k = 0; k < steps->row_count; k++) {
        bits[steps->rows[k] >> 6] |= (u64)1 << (steps->rows[k] & 63);
    }
    return bits;
}

static void count_answers(struct part *part, struct adherence_count *count, const u32 *numbers)
{
    const struct adherence *adherence = part->self;
    const struct steps *steps = &count->steps;
    const struct block *block = steps->block;
    const u64 *taken = taken_bits(part, steps);
    for (i64 k = 0; k < block->answer_count; k++) {
        i32 row = block->answer_row[k];
        if (taken == NULL || bits_has(taken, row)) {
            i64 first = numbers == NULL ? 0 : numbers[row] * adherence->places;
            i64 place = first + steps->places[row];
            count->answers[place * adherence->codes.count + answer_code(&adherence->codes, block, k)]++;
        }
    }
}

/* Visits. */

static err add_visit(struct part *part, struct adherence_count *count, const struct visit *visit, u32 number)
{
    const struct adherence *adherence = part->self;
    i64 at = number * adherence->places + visit->touchpoint;
    struct place *place = &count->items[at];
    i64 within = adherence->plan.version->within_ms[visit->touchpoint];
    place->reached++;
    place->repeated += visit->repeated;
    if (!adherence->plan.acts.has[visit->touchpoint]) {
        return OK;
    }
    if (visit->start_ms + within >= adherence->asking->asked_ms) {
        place->open++; // its time has not run out: outside every rate
        return OK;
    }
    place->closed++;
    if (visit->act_ms == INT64_MIN) {
        return OK;
    }
    i64 took = visit->act_ms - visit->start_ms;
    place->done += took <= within;
    place->late += took > within;
    TRY(part_room_for(part, &count->took, &count->took_capacity, count->took_count + 1));
    count->took[count->took_count++] = (struct act_took){(u32)at, took};
    return OK;
}

static err find_skips(struct part *part, struct adherence_count *count, u32 number, struct touch_set **out)
{
    i64 at = 0;
    while (at < count->skip_count && count->skips[at].group != number) {
        at++;
    }
    if (at == count->skip_count) {
        TRY(part_room_for(part, &count->skips, &count->skip_capacity, at + 1));
        count->skips[count->skip_count++] = (struct person_skips){.group = number};
    }
    *out = &count->skips[at].skipped;
    return OK;
}

static void add_skips(const struct adherence *adherence, struct adherence_count *count, i32 words)
{
    for (i64 i = 0; i < count->skip_count; i++) {
        const struct person_skips *skips = &count->skips[i];
        for (i32 w = 0; w < words; w++) {
            for (u64 left = skips->skipped.words[w]; left != 0; left &= left - 1) {
                i64 t = w * 64 + __builtin_ctzll(left);
                count->items[skips->group * adherence->places + t].skipped += adherence->has_where[t];
            }
        }
    }
}

/* Visits are in the order of their beginning, so what was visited before each is known. */
err adherence_add(struct part *part, struct adherence_count *count, const struct visits *visits, const i32 *rows,
                  const u32 *numbers)
{
    struct touch_set visited = visits->earlier;
    count->skip_count = 0;
    for (i64 i = 0; i < visits->count; i++) {
        const struct visit *visit = &visits->items[i];
        if (visit->counts) {
            i64 row = rows == NULL ? visit->first : rows[visit->first];
            u32 number = numbers == NULL ? 0 : numbers[row];
            struct touch_set *skipped;
            TRY(add_visit(part, count, visit, number));
            TRY(find_skips(part, count, number, &skipped));
            touch_skip(skipped, &visited, visit->touchpoint);
        }
        if (visit->touchpoint != VISIT_NONE) {
            touch_put(&visited, visit->touchpoint);
        }
    }
    add_skips(part->self, count, visits->words);
    return OK;
}

static err read_block(struct part *part, const struct block *block)
{
    struct adherence_count *count = part->state;
    u32 *numbers;
    steps_block(&count->steps, block);
    if (count->steps.row_count == 0) {
        return OK;
    }
    TRY(number_rows(part, count, &numbers));
    count_events(part->self, count, numbers);
    count_answers(part, count, numbers);
    steps_leave_answers(&count->steps);
    for (i64 i = 0; i < block->person_count; i++) {
        if (steps_read(&count->steps, &block->people[i])) {
            TRY(adherence_add(part, count, &count->steps.visits, count->steps.item_rows, numbers));
        }
    }
    return OK;
}

/* Putting parts together. */

static void merge_place(struct place *into, const struct place *from)
{
    into->events += from->events;
    into->people += from->people;
    into->reached += from->reached;
    into->open += from->open;
    into->done += from->done;
    into->late += from->late;
    into->closed += from->closed;
    into->skipped += from->skipped;
    into->repeated += from->repeated;
}

static void merge_group(const struct adherence *adherence, struct adherence_count *into, u32 to,
                        const struct adherence_count *from, u32 number)
{
    i64 codes = adherence->codes.count;
    for (i64 place = 0; place < adherence->places; place++) {
        i64 there = to * adherence->places + place, here = number * adherence->places + place;
        merge_place(&into->items[there], &from->items[here]);
        for (i64 code = 0; code < codes; code++) {
            into->answers[there * codes + code] += from->answers[here * codes + code];
        }
    }
}

static err merge_took(struct part *part, struct adherence_count *into, const struct adherence_count *from,
                      const u32 *numbers)
{
    const struct adherence *adherence = part->self;
    TRY(part_room_for(part, &into->took, &into->took_capacity, into->took_count + from->took_count));
    for (i64 i = 0; i < from->took_count; i++) {
        i64 place = from->took[i].place;
        i64 there = numbers[place / adherence->places] * adherence->places + place % adherence->places;
        into->took[into->took_count++] = (struct act_took){(u32)there, from->took[i].ms};
    }
    return OK;
}

static err merge(struct part *part, struct part *from_part)
{
    const struct adherence *adherence = part->self;
    struct adherence_count *into = part->state, *from = from_part->state;
    const u32 *groups;
    u32 *numbers; /* by number there: the number here */
    TRY(grouping_merge(&into->grouping, &from->grouping, &groups));
    TRY(part_new(part, u32, from->group_count + 1, &numbers));
    for (i64 group = 0; group < lesser(from->grouping.count, from->met_capacity); group++) {
        if (from->met[group] != 0) {
            u32 there, here = from->met[group] - 1;
            TRY(adherence_meet(part, into, groups[group], &there));
            merge_group(adherence, into, there, from, here);
            numbers[here] = there;
        }
    }
    return merge_took(part, into, from, numbers);
}

static const struct scanner scanner = {sizeof(struct adherence_count), begin, read_block, merge};

err adherence_run(const struct adherence *adherence, const struct adherence_count **out)
{
    const struct question *question = &adherence->asking->question;
    struct part *part;
    u32 number;
    TRY(scan_run(adherence->asking, adherence->asking->lens, &scanner, adherence, &part));
    if (question->by_count == 0 && question->every == PERIOD_NONE) {
        TRY(adherence_meet(part, part->state, 0, &number)); // a map is told of though nothing happened on it
    }
    *out = part->state;
    return OK;
}

const struct place *adherence_places(const struct adherence *adherence, const struct adherence_count *count, i64 group)
{
    return group >= count->met_capacity || count->met[group] == 0
               ? NULL
               : &count->items[(count->met[group] - 1) * adherence->places];
}
