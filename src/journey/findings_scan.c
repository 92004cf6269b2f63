#include "journey/findings_count.h"

#include <stdlib.h>

/* Outcomes; behind them each unhappy kind, then each answer by its number. */
enum { OUTCOME_NOT_DONE, OUTCOME_DONE, OUTCOME_EVENT, OUTCOME_MISHAP };

/* Something to be counted: an event or a visit of the block. */
struct item {
    i32 row;
    alias_no person; /* 0: it adds nobody */
    u16 touchpoint;
    u16 cell; /* span × outcomes + outcome */
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
    u8 *mishap_of; /* by kind: which mishap it is + 1; 0: none */
};

struct scanned {
    struct steps steps;
    struct split splits[PROBES_MAX + 1]; /* the last one is the whole */
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
        TRY(begin_split(part, scanning, (i64)count->probes[i].texts.count + 1, &scanned->splits[i]));
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

/* One split at a time, so that its counts stay at hand. */
static void count_items(struct split *split, struct cells cells, const struct item *items, i64 count, i64 width)
{
    for (i64 i = 0; i < count; i++) {
        const struct item *item = &items[i];
        u32 code = cells_get(cells, item->row);
        if (code == 0 && split->values > 1) {
            continue; // a value that is missing is no part
        }
        i64 at = item->touchpoint * split->values + code;
        split->counts[at * width + item->cell]++;
        if (item->person != 0) {
            split->people[at] += split->last[at] != item->person;
            split->last[at] = item->person;
        }
    }
}

static void count_all(const struct scanning *scanning, struct scanned *scanned, const struct item *items, i64 count)
{
    const struct findings_count *findings = scanning->count;
    const struct block *block = scanned->steps.block;
    for (i64 i = 0; i < findings->probe_count; i++) {
        count_items(&scanned->splits[i], block->cells[findings->probes[i].slot], items, count, scanning->outcomes * 2);
    }
    count_items(&scanned->splits[findings->probe_count], (struct cells){0}, items, count, scanning->outcomes * 2);
}

/* What an event counts as; -1: as nothing. `answer` is the next answer of the block at or behind the row. */
static i64 outcome_of(const struct scanning *scanning, const struct block *block, i32 row, i64 answer)
{
    const struct findings_count *count = scanning->count;
    if (answer < block->answer_count && block->answer_row[answer] == row) {
        u32 metric = cells_get(block->cells[count->codes.metric_slot], answer);
        u32 code = answer_code(&count->codes, block, answer);
        if (code != 0) {
            return OUTCOME_MISHAP + count->mishap_count + code;
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
        item.cell = (u16)(span * scanning->outcomes + outcome);
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
        struct item item = {.row = steps_row(steps, visit), .touchpoint = (u16)visit->touchpoint};
        item.cell = (u16)(span_of(findings, visit->start_ms) * scanning->outcomes +
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
    count_all(scanning, scanned, items, list_events(scanning, steps, items));
    steps_leave_answers(steps);
    i64 count = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        if (steps_read(steps, &block->people[i])) {
            count += list_visits(scanning, steps, items + count); // at most one for each event
        }
    }
    count_all(scanning, scanned, items, count);
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
    return OK;
}

static const struct scanner scanner = {sizeof(struct scanned), begin, read_block, merge};

/* What the counts mean. */

static void add_answers(const struct findings_count *count, const u32 *answers, struct figures *out)
{
    struct tally nps = answer_codes_tally(&count->codes, METRIC_NPS, answers);
    struct tally csat = answer_codes_tally(&count->codes, METRIC_CSAT, answers);
    struct tally ces = answer_codes_tally(&count->codes, METRIC_CES, answers);
    out->nps = nps.nps;
    out->csat_top = csat.csat.top;
    out->csat_all = csat.csat.top + csat.csat.other;
    out->ces = ces.ces.moments;
}

static struct figures figures_of(const struct scanning *scanning, const u32 *counts)
{
    const struct findings_count *count = scanning->count;
    struct figures figures = {.next_done = counts[OUTCOME_DONE],
                              .next_all = counts[OUTCOME_DONE] + counts[OUTCOME_NOT_DONE],
                              .events = counts[OUTCOME_EVENT]};
    for (i64 i = 0; i < count->mishap_count; i++) {
        figures.mishaps[i] = counts[OUTCOME_MISHAP + i];
        figures.events += counts[OUTCOME_MISHAP + i];
    }
    add_answers(count, counts + OUTCOME_MISHAP + count->mishap_count, &figures);
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

static u32 add_cell(struct findings_count *count, struct cell cell)
{
    if (count->cell_count == count->cell_capacity) {
        count->cell_capacity = count->cell_capacity * 2 + 256;
        count->cells = mem_resize(count->cells, count->cell_capacity * (i64)sizeof(struct cell));
    }
    count->cells[count->cell_count++] = cell;
    return (u32)count->cell_count;
}

static void tell_probe(const struct scanning *scanning, const struct split *split, struct probe *probe)
{
    struct findings_count *count = scanning->count;
    for (i64 at = 0; at < count->touchpoint_count * split->values; at++) {
        probe->cells[at] = is_empty(scanning, split, at) ? 0 : add_cell(count, cell_of(scanning, split, at));
    }
}

static void prepare(struct findings_count *count, struct scanning *out)
{
    *out = (struct scanning){.count = count, .outcomes = OUTCOME_MISHAP + count->mishap_count + count->codes.count};
    out->mishap_of = arena_new(&count->asking->ctx->arena, u8, (i64)count->asking->view.texts[WORD_KIND].count + 1);
    for (i64 i = 0; i < count->mishap_count; i++) {
        out->mishap_of[count->mishaps[i]] = (u8)(i + 1);
    }
}

err findings_count(struct findings_count *count, const struct facet *without, i64 without_count)
{
    struct scanning scanning;
    struct part *part;
    count->without = without;
    count->without_count = without_count;
    count->cell_count = 0;
    if (count->version == NULL) {
        return OK;
    }
    prepare(count, &scanning);
    TRY(scan_run(count->asking, count->asking->lens, &scanner, &scanning, &part));
    const struct scanned *scanned = part->state;
    for (i64 i = 0; i < count->probe_count; i++) {
        tell_probe(&scanning, &scanned->splits[i], &count->probes[i]);
    }
    for (i64 t = 0; t < count->touchpoint_count; t++) {
        count->whole[t] = cell_of(&scanning, &scanned->splits[count->probe_count], t);
    }
    return OK;
}
