#include "journey/findings_count.h"

#include <string.h>

/* Outcomes; behind them each unhappy kind, then each answer to a customer effort question that its scale allows. */
enum {
    OUTCOME_NOT_DONE,
    OUTCOME_DONE,
    OUTCOME_EVENT,
    OUTCOME_DETRACTOR,
    OUTCOME_PASSIVE,
    OUTCOME_PROMOTER,
    OUTCOME_SATISFIED,
    OUTCOME_NOT_SATISFIED,
    OUTCOME_MISHAP,
};

enum {
    KEPT_MOST = 4 << 20, /* items of one part: beyond that they are counted anew from the events */
};

/* Something to be counted: an event or a visit of the block. */
struct item {
    i32 row;
    alias_no person; /* 0: it adds nobody */
    u32 touchpoint;
    u32 cell; /* span × outcomes + outcome */
};

/* An item as it is kept for being counted again; behind it its code in each probe. */
struct kept {
    alias_no person;
    u16 touchpoint, cell;
    u16 codes[];
};

/* Counts of one split: a probe, or the touchpoints as a whole. */
struct split {
    u32 *counts;        /* [(touchpoint × values + code) × 2 × outcomes + cell] */
    u32 *people, *last; /* [touchpoint × values + code]: who were there now */
    i64 values;         /* codes are below this */
};

struct scanning {
    struct findings_count *count;
    i64 outcomes;
    u8 *mishap_of;   /* by kind: which mishap it is + 1; 0: none */
    u16 *outcome_of; /* by number of an answer */
    f64 *efforts;    /* the answers behind the mishaps */
    i64 effort_count;
    i64 kept_size; /* bytes of a kept item; 0: none are */
};

struct scanned {
    struct steps steps;
    struct split splits[PROBES_MAX + 1]; /* the last one is the whole */
    u8 *kept;
    i64 kept_count, kept_capacity;
    bool too_many; /* not all are kept */
};

static err begin_split(struct part *part, const struct scanning *scanning, i64 values, struct split *out)
{
    i64 cells = scanning->count->touchpoint_count * values;
    out->values = values;
    TRY(part_new(part, u32, cells * 2 * scanning->outcomes, &out->counts));
    TRY(part_new(part, u32, cells, &out->people));
    return part_new(part, u32, cells, &out->last);
}

static err begin(struct part *part)
{
    const struct scanning *scanning = part->self;
    const struct findings_count *count = scanning->count;
    struct scanned *scanned = part->state;
    steps_begin(&count->plan, part, &scanned->steps);
    for (i64 i = 0; i < count->probe_count; i++) {
        TRY(begin_split(part, scanning, count->probes[i].values, &scanned->splits[i]));
    }
    return begin_split(part, scanning, 1, &scanned->splits[count->probe_count]);
}

static bool left_out(const struct findings_count *count, const struct block *block, const struct item *item)
{
    for (i64 i = 0; i < count->without_count; i++) {
        const struct facet *facet = &count->without[i];
        if (facet->touchpoint == item->touchpoint &&
            cells_get(block->cells[count->probes[facet->probe].slot], item->row) == facet->code) {
            return true;
        }
    }
    return false;
}

static inline void count_one(struct split *split, i64 width, u32 touchpoint, u32 code, u32 cell, alias_no person)
{
    if (split->values > 1 ? code == 0 : code > 0) {
        return; // a value that is missing is no part, and where values are too many none is
    }
    i64 at = touchpoint * split->values + code;
    split->counts[at * width + cell]++;
    if (person != 0) {
        split->people[at] += split->last[at] != person;
        split->last[at] = person;
    }
}

/* One split at a time, so that its counts stay at hand. */
static void count_items(struct split *split, struct cells cells, const struct item *items, i64 count, i64 width)
{
    for (i64 i = 0; i < count; i++) {
        const struct item *item = &items[i];
        count_one(split, width, item->touchpoint, cells_get(cells, item->row), item->cell, item->person);
    }
}

static err keep(struct part *part, struct scanned *scanned, const struct item *items, i64 count)
{
    const struct scanning *scanning = part->self;
    const struct findings_count *findings = scanning->count;
    i64 size = scanning->kept_size;
    scanned->too_many |= size == 0 || scanned->kept_count + count > KEPT_MOST;
    if (scanned->too_many) {
        return OK;
    }
    TRY(part_room_for(part, &scanned->kept, &scanned->kept_capacity, (scanned->kept_count + count) * size));
    for (i64 i = 0; i < count; i++) {
        struct kept *kept = (struct kept *)(scanned->kept + scanned->kept_count++ * size);
        *kept = (struct kept){items[i].person, (u16)items[i].touchpoint, (u16)items[i].cell};
        for (i64 k = 0; k < findings->probe_count; k++) {
            struct cells cells = scanned->steps.block->cells[findings->probes[k].slot];
            kept->codes[k] = (u16)cells_get(cells, items[i].row);
        }
    }
    return OK;
}

static err count_all(struct part *part, const struct item *items, i64 count)
{
    const struct scanning *scanning = part->self;
    struct scanned *scanned = part->state;
    const struct findings_count *findings = scanning->count;
    const struct block *block = scanned->steps.block;
    for (i64 i = 0; i < findings->probe_count; i++) {
        count_items(&scanned->splits[i], block->cells[findings->probes[i].slot], items, count, scanning->outcomes * 2);
    }
    count_items(&scanned->splits[findings->probe_count], (struct cells){0}, items, count, scanning->outcomes * 2);
    return keep(part, scanned, items, count);
}

/* What an event counts as; -1: as nothing. `answer` is the next answer of the block at or behind the row. */
static i64 outcome_of(const struct scanning *scanning, const struct block *block, i32 row, i64 answer)
{
    const struct findings_count *count = scanning->count;
    if (answer < block->answer_count && block->answer_row[answer] == row) {
        u32 metric = cells_get(block->cells[count->codes.metric_slot], answer);
        u32 code = answer_code(&count->codes, block, answer);
        if (code != 0) {
            return scanning->outcome_of[code];
        }
        if (metric != 0 && (count->codes.metrics[metric] != METRIC_NONE ||
                            cells_get(block->cells[count->codes.score_slot], answer) == 0)) {
            return -1; // skipped, or not on its scale
        }
    }
    u8 mishap = scanning->mishap_of[cells_get(block->cells[count->plan.kind_slot], row)];
    return mishap == 0 ? OUTCOME_EVENT : OUTCOME_MISHAP + mishap - 1;
}

static i32 span_of(const struct findings_count *count, i64 at_ms)
{
    return at_ms >= count->from_ms ? SPAN_NOW : SPAN_BEFORE;
}

/* The events on the map that count. */
static i64 list_events(const struct scanning *scanning, const struct steps *steps, struct item *out)
{
    const struct findings_count *findings = scanning->count;
    const struct block *block = steps->block;
    i64 count = 0, answer = 0, person = 0;
    for (i64 k = 0; k < steps->row_count; k++) {
        i32 row = steps->rows == NULL ? (i32)k : steps->rows[k];
        if (steps->places[row] == findings->touchpoint_count) {
            continue;
        }
        while (answer < block->answer_count && block->answer_row[answer] < row) {
            answer++;
        }
        while (block->people[person].to <= row) {
            person++;
        }
        i64 outcome = outcome_of(scanning, block, row, answer);
        i32 span = span_of(findings, block->at_ms[row]);
        struct item item = {.row = row, .touchpoint = steps->places[row]};
        item.person = span == SPAN_NOW ? block->people[person].person : 0;
        item.cell = (u32)(span * scanning->outcomes + outcome);
        out[count] = item;
        count += outcome >= 0 && !left_out(findings, block, &item);
    }
    return count;
}

/* The person's visits whose next act is due. */
static i64 list_visits(const struct scanning *scanning, const struct steps *steps, struct item *out)
{
    const struct findings_count *findings = scanning->count;
    i64 count = 0;
    for (i64 i = 0; i < steps->visits.count; i++) {
        const struct visit *visit = &steps->visits.items[i];
        i64 within = findings->version->within_ms[visit->touchpoint];
        if (!visit->counts || !findings->plan.acts.has[visit->touchpoint] ||
            visit->start_ms + within >= findings->asking->asked_ms) {
            continue; // no next act, or its time has not run out
        }
        bool done = visit->act_ms != INT64_MIN && visit->act_ms - visit->start_ms <= within;
        struct item item = {.row = steps_row(steps, visit), .touchpoint = (u32)visit->touchpoint};
        item.cell = (u32)(span_of(findings, visit->start_ms) * scanning->outcomes +
                          (done ? OUTCOME_DONE : OUTCOME_NOT_DONE));
        out[count] = item;
        count += !left_out(findings, steps->block, &item);
    }
    return count;
}

static err read_block(struct part *part, const struct block *block)
{
    const struct scanning *scanning = part->self;
    struct scanned *scanned = part->state;
    struct steps *steps = &scanned->steps;
    steps_block(steps, block);
    if (steps->row_count == 0) {
        return OK;
    }
    struct item *items = scratch_new(&part->scratch, struct item, block->count);
    TRY(count_all(part, items, list_events(scanning, steps, items)));
    steps_leave_answers(steps);
    i64 count = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        if (steps_read(steps, &block->people[i])) {
            count += list_visits(scanning, steps, items + count); // at most one for each event
        }
    }
    return count_all(part, items, count);
}

static err merge_kept(struct part *part, struct scanned *into, struct scanned *from)
{
    i64 size = ((const struct scanning *)part->self)->kept_size, count = into->kept_count + from->kept_count;
    into->too_many |= from->too_many;
    if (!into->too_many) {
        TRY(part_room_for(part, &into->kept, &into->kept_capacity, count * size));
        if (from->kept_count > 0) {
            memcpy(into->kept + into->kept_count * size, from->kept, (size_t)(from->kept_count * size));
        }
        into->kept_count = count;
    }
    return OK;
}

static err merge(struct part *into_part, struct part *from_part)
{
    const struct scanning *scanning = into_part->self;
    struct scanned *into = into_part->state, *from = from_part->state;
    for (i64 i = 0; i <= scanning->count->probe_count; i++) {
        struct split *to = &into->splits[i], *with = &from->splits[i];
        i64 cells = scanning->count->touchpoint_count * to->values;
        for (i64 cell = 0; cell < cells * 2 * scanning->outcomes; cell++) {
            to->counts[cell] += with->counts[cell];
        }
        for (i64 cell = 0; cell < cells; cell++) {
            to->people[cell] += with->people[cell];
        }
    }
    return merge_kept(into_part, into, from);
}

static const struct scanner scanner = {sizeof(struct scanned), begin, read_block, merge};

/* What the counts mean. */

static struct figures figures_of(const struct scanning *scanning, const u32 *counts)
{
    const struct findings_count *count = scanning->count;
    const u32 *efforts = counts + OUTCOME_MISHAP + count->mishap_count;
    struct figures figures = {
        .nps = {.detractors = counts[OUTCOME_DETRACTOR],
                .passives = counts[OUTCOME_PASSIVE],
                .promoters = counts[OUTCOME_PROMOTER]},
        .csat_top = counts[OUTCOME_SATISFIED],
        .csat_all = counts[OUTCOME_SATISFIED] + counts[OUTCOME_NOT_SATISFIED],
        .next_done = counts[OUTCOME_DONE],
        .next_all = counts[OUTCOME_DONE] + counts[OUTCOME_NOT_DONE],
        .events = counts[OUTCOME_EVENT],
    };
    for (i64 i = 0; i < count->mishap_count; i++) {
        figures.mishaps[i] = counts[OUTCOME_MISHAP + i];
        figures.events += counts[OUTCOME_MISHAP + i];
    }
    for (i64 i = 0; i < scanning->effort_count; i++) {
        f64 value = scanning->efforts[i], times = efforts[i];
        figures.ces.count += efforts[i];
        figures.ces.sum += value * times;
        figures.ces.sum_squares += value * value * times;
    }
    return figures;
}

static struct cell cell_of(const struct scanning *scanning, const struct split *split, i64 at)
{
    const u32 *counts = &split->counts[at * 2 * scanning->outcomes];
    return (struct cell){.spans[SPAN_NOW] = figures_of(scanning, counts + SPAN_NOW * scanning->outcomes),
                         .spans[SPAN_BEFORE] = figures_of(scanning, counts + SPAN_BEFORE * scanning->outcomes),
                         .people = split->people[at]};
}

static bool is_empty(const struct scanning *scanning, const struct split *split, i64 at)
{
    u32 any = 0;
    for (i64 i = 0; i < 2 * scanning->outcomes; i++) {
        any |= split->counts[at * 2 * scanning->outcomes + i];
    }
    return any == 0;
}

static void tell_probe(const struct scanning *scanning, const struct split *split, struct probe *probe)
{
    struct findings_count *count = scanning->count;
    for (i64 at = 0; at < count->touchpoint_count * split->values && split->values > 1; at++) {
        probe->cells[at] = is_empty(scanning, split, at) ? 0 : findings_add_cell(count, cell_of(scanning, split, at));
    }
}

/* Which outcome an answer is; efforts are numbered as they come, from the lowest up. */
static u16 outcome_of_answer(struct scanning *scanning, const struct answer_meaning *meaning)
{
    struct tally tally = {.metric = meaning->metric};
    tally_add(&tally, meaning->scale, meaning->value);
    if (meaning->metric == METRIC_NPS) {
        return tally.nps.detractors > 0 ? OUTCOME_DETRACTOR
               : tally.nps.passives > 0 ? OUTCOME_PASSIVE
                                        : OUTCOME_PROMOTER;
    }
    if (meaning->metric == METRIC_CSAT) {
        return tally.csat.top > 0 ? OUTCOME_SATISFIED : OUTCOME_NOT_SATISFIED;
    }
    i64 last = scanning->effort_count - 1;
    if (last < 0 || scanning->efforts[last] != meaning->value) {
        scanning->efforts[++last] = meaning->value;
        scanning->effort_count++;
    }
    return (u16)(OUTCOME_MISHAP + scanning->count->mishap_count + last);
}

static void prepare(struct findings_count *count, struct scanning *out)
{
    struct arena *arena = &count->asking->ctx->arena;
    *out = (struct scanning){.count = count};
    out->mishap_of = arena_new(arena, u8, (i64)count->asking->view.texts[WORD_KIND].count + 1);
    for (i64 i = 0; i < count->mishap_count; i++) {
        out->mishap_of[count->mishap_codes[i]] = (u8)(i + 1);
    }
    out->outcome_of = arena_new(arena, u16, count->codes.count);
    out->efforts = arena_new(arena, f64, count->codes.count);
    for (i64 number = 1; number < count->codes.count; number++) {
        out->outcome_of[number] = outcome_of_answer(out, &count->codes.meanings[number]);
    }
    out->outcomes = OUTCOME_MISHAP + count->mishap_count + out->effort_count;
    i64 most = 0;
    for (i64 i = 0; i < count->probe_count; i++) {
        bool few = count->touchpoint_count * ((i64)count->probes[i].texts.count + 1) <= PROBE_CELLS_MOST;
        count->probes[i].values = few ? (i64)count->probes[i].texts.count + 1 : 1;
        most = greater(most, count->probes[i].values);
    }
    bool small = most <= UINT16_MAX && out->outcomes * 2 <= UINT16_MAX;
    out->kept_size = small ? (i64)sizeof(struct kept) + (count->probe_count + 1) / 2 * 4 : 0;
}

static void tell(const struct scanning *scanning, const struct scanned *scanned)
{
    struct findings_count *count = scanning->count;
    count->cell_count = 0;
    for (i64 i = 0; i < count->probe_count; i++) {
        tell_probe(scanning, &scanned->splits[i], &count->probes[i]);
    }
    for (i64 t = 0; t < count->touchpoint_count; t++) {
        count->whole[t] = cell_of(scanning, &scanned->splits[count->probe_count], t);
    }
}

static bool kept_left_out(const struct findings_count *count, const struct kept *kept)
{
    for (i64 i = 0; i < count->without_count; i++) {
        const struct facet *facet = &count->without[i];
        if (facet->touchpoint == kept->touchpoint && kept->codes[facet->probe] == facet->code) {
            return true;
        }
    }
    return false;
}

static void clear(const struct scanning *scanning, struct split *split, i64 touchpoint)
{
    i64 first = touchpoint * split->values, width = scanning->outcomes * 2;
    memset(split->counts + first * width, 0, (size_t)(split->values * width) * sizeof(u32));
    memset(split->people + first, 0, (size_t)split->values * sizeof(u32));
    memset(split->last + first, 0, (size_t)split->values * sizeof(u32));
}

/* Counts what was kept once more, for the touchpoints of which something is left out. */
static void count_kept(const struct scanning *scanning, struct scanned *scanned)
{
    const struct findings_count *count = scanning->count;
    i64 width = scanning->outcomes * 2;
    bool *changed = arena_new(&count->asking->ctx->arena, bool, count->touchpoint_count);
    for (i64 i = 0; i < count->without_count; i++) {
        changed[count->without[i].touchpoint] = true;
    }
    for (i64 t = 0; t < count->touchpoint_count; t++) {
        for (i64 k = 0; k <= count->probe_count && changed[t]; k++) {
            clear(scanning, &scanned->splits[k], t);
        }
    }
    for (i64 i = 0; i < scanned->kept_count && count->without_count > 0; i++) {
        const struct kept *kept = (const struct kept *)(scanned->kept + i * scanning->kept_size);
        if (!changed[kept->touchpoint] || kept_left_out(count, kept)) {
            continue;
        }
        for (i64 k = 0; k < count->probe_count; k++) {
            count_one(&scanned->splits[k], width, kept->touchpoint, kept->codes[k], kept->cell, kept->person);
        }
        count_one(&scanned->splits[count->probe_count], width, kept->touchpoint, 0, kept->cell, kept->person);
    }
}

err findings_scan(struct findings_count *count)
{
    if (count->part != NULL && !((struct scanned *)count->part->state)->too_many) {
        count_kept(count->part->self, count->part->state);
    } else {
        struct scanning *scanning = arena_new(&count->asking->ctx->arena, struct scanning, 1);
        prepare(count, scanning);
        TRY(scan_run(count->asking, count->asking->lens, &scanner, scanning, &count->part));
    }
    tell(count->part->self, count->part->state);
    return OK;
}
