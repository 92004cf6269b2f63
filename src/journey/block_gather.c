/* Gathered blocks: rows of several places copied together. */
#include "journey/block_parts.h"

#include <string.h>

static void add_segment(struct segment **list, i64 *count, i64 *capacity, struct segment segment)
{
    if (*count == *capacity) {
        *capacity = *capacity * 2 + 256;
        *list = mem_resize(*list, *capacity * (i64)sizeof(struct segment));
    }
    (*list)[(*count)++] = segment;
}

static void add_run(struct block_builder *builder, i32 layer, struct range rows)
{
    if (rows.to > rows.from) {
        add_segment(&builder->runs, &builder->run_count, &builder->run_capacity,
                    (struct segment){layer, (i32)(rows.to - rows.from), rows.from});
    }
}

/* Finding a person's runs. */

/* The first run of an alias at least this high, at or behind `at`: a few steps,
 * then leaps. */
static u32 seek(const struct layer *layer, u32 at, alias_no alias)
{
    u32 step = 1, low = at;
    while (low + step < layer->run_count && layer->run_alias[low + step] < alias) {
        low += step;
        step *= 2;
    }
    u32 high = lesser(low + step, layer->run_count);
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (layer->run_alias[middle] < alias) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct range find(struct block_builder *builder, i32 number, alias_no alias)
{
    const struct layer *layer = builder->source->view->layers[number];
    if (layer->run_of != NULL) {
        return layer_find(layer, alias);
    }
    u32 *cursor = &builder->cursors[number];
    if (*cursor >= layer->run_count || layer->run_alias[*cursor] > alias) {
        if (*cursor == 0 || layer->run_alias[*cursor - 1] < alias) {
            return (struct range){0, 0};
        }
        *cursor = 0; // persons come out of order
    }
    if (layer->run_alias[*cursor] < alias) {
        *cursor = seek(layer, *cursor, alias);
    }
    bool there = *cursor < layer->run_count && layer->run_alias[*cursor] == alias;
    return there ? (struct range){layer->run_start[*cursor], layer->run_start[*cursor + 1]} : (struct range){0, 0};
}

static void find_runs(struct block_builder *builder, alias_no person)
{
    const struct view *view = builder->source->view;
    if (builder->cursors == NULL) {
        builder->cursors = mem_new(view->layer_count * (i64)sizeof(u32));
    }
    builder->run_count = 0;
    alias_no alias = person;
    do {
        // The other aliases of a person lie anywhere; the cursors are for the
        // first.
        for (i32 number = 0; number < view->layer_count; number++) {
            add_run(builder, number,
                    alias == person ? find(builder, number, alias) : layer_find(view->layers[number], alias));
        }
        alias = view->next[alias];
    } while (alias != person);
}

/* Putting runs in order. */

static bool later(const struct view *view, i32 a, i64 row_a, i32 b, i64 row_b)
{
    const struct rows *x = &view->layers[a]->rows, *y = &view->layers[b]->rows;
    return x->at_ms[row_a] != y->at_ms[row_b] ? x->at_ms[row_a] > y->at_ms[row_b] : x->ids[row_a] > y->ids[row_b];
}

static void add_rows(struct block_builder *builder, struct segment segment)
{
    const struct block_source *source = builder->source;
    if (block_knows_all(source, segment.layer, segment.from, segment.from + segment.count)) {
        add_segment(&builder->segments, &builder->segment_count, &builder->segment_capacity, segment);
        builder->row_count += segment.count;
        return;
    }
    for (i64 row = segment.from; row < segment.from + segment.count; row++) {
        if (block_knows(source, segment.layer, row)) {
            add_segment(&builder->segments, &builder->segment_count, &builder->segment_capacity,
                        (struct segment){segment.layer, 1, row});
            builder->row_count++;
        }
    }
}

/* The run that goes on earliest, and that which goes on next. */
static i64 earliest(const struct block_builder *builder, i64 *second)
{
    const struct view *view = builder->source->view;
    const struct segment *runs = builder->runs;
    i64 first = 0;
    *second = -1;
    for (i64 i = 1; i < builder->run_count; i++) {
        if (later(view, runs[first].layer, runs[first].from, runs[i].layer, runs[i].from)) {
            *second = first;
            first = i;
        } else if (*second < 0 || later(view, runs[*second].layer, runs[*second].from, runs[i].layer, runs[i].from)) {
            *second = i;
        }
    }
    return first;
}

/* Takes from the earliest run what comes before the next one begins, again and
 * again. */
static void merge_runs(struct block_builder *builder)
{
    const struct view *view = builder->source->view;
    while (builder->run_count > 1) {
        i64 second, first = earliest(builder, &second);
        struct segment *run = &builder->runs[first];
        const struct segment *next = &builder->runs[second];
        i64 last = run->from + run->count - 1, taken = run->from + 1;
        if (!later(view, run->layer, last, next->layer, next->from)) {
            taken = last + 1; // all of it
        }
        while (taken <= last && !later(view, run->layer, taken, next->layer, next->from)) {
            taken++;
        }
        add_rows(builder, (struct segment){run->layer, (i32)(taken - run->from), run->from});
        run->count -= (i32)(taken - run->from);
        run->from = taken;
        if (run->count == 0) {
            *run = builder->runs[--builder->run_count];
        }
    }
    if (builder->run_count == 1) {
        add_rows(builder, builder->runs[0]);
    }
}

bool block_gather(struct block_builder *builder, alias_no person)
{
    find_runs(builder, person);
    i64 from = builder->row_count;
    if (builder->source->lens->unordered) {
        for (i64 i = 0; i < builder->run_count; i++) {
            add_rows(builder, builder->runs[i]);
        }
    } else {
        merge_runs(builder);
    }
    if (builder->row_count > from) {
        block_add_person(builder, person, from, builder->row_count);
    }
    return builder->row_count >= builder->source->rows;
}

/* Copying. */

#define COPY(to, from)                                                                                                 \
    for (i64 i = 0; i < count; i++) {                                                                                  \
        ((to *)out)[at + i] = (to)((const from *)cells.at)[i];                                                         \
    }                                                                                                                  \
    break

/* Cells into an array that may be wider. */
static void copy_cells(struct cells cells, i64 count, u8 width, void *out, i64 at)
{
    switch (width * 8 + cells.width) {
    case 1 * 8 + 1: COPY(u8, u8);
    case 2 * 8 + 1: COPY(u16, u8);
    case 2 * 8 + 2: COPY(u16, u16);
    case 4 * 8 + 1: COPY(u32, u8);
    case 4 * 8 + 2: COPY(u32, u16);
    case 4 * 8 + 4: COPY(u32, u32);
    default: memset((u8 *)out + at * width, 0, (size_t)(count * width)); break;
    }
}

static void copy_rows(struct block_builder *builder, struct block *block)
{
    i64 *at_ms = scratch_new(builder->scratch, i64, builder->row_count);
    i64 *ids = scratch_new(builder->scratch, i64, builder->row_count);
    u32 *rows = scratch_new(builder->scratch, u32, builder->row_count);
    const struct view *view = builder->source->view;
    i64 at = 0;
    for (i64 s = 0; s < builder->segment_count; s++) {
        const struct segment *segment = &builder->segments[s];
        const struct rows *from = &view->layers[segment->layer]->rows;
        u32 global = (u32)(view->first[segment->layer] + segment->from);
        for (i64 i = 0; i < segment->count; i++) {
            at_ms[at + i] = from->at_ms[segment->from + i];
            ids[at + i] = from->ids[segment->from + i];
            rows[at + i] = global + (u32)i;
        }
        at += segment->count;
    }
    block->at_ms = at_ms;
    block->ids = ids;
    block->rows = rows;
}

/* The values of each segment in a sparse column, and the rows of all of them in
 * the block. */
static struct range *sparse_values(struct block_builder *builder, bool answers, i64 *total, const i32 **rows)
{
    const struct view *view = builder->source->view;
    struct range *values = scratch_new(builder->scratch, struct range, builder->segment_count);
    *total = 0;
    for (i64 s = 0; s < builder->segment_count; s++) {
        const struct segment *segment = &builder->segments[s];
        const struct rows *from = &view->layers[segment->layer]->rows;
        values[s] = block_values(answers ? &from->answered : &from->priced, segment->from,
                                 segment->from + segment->count);
        *total += values[s].to - values[s].from;
    }
    i32 *out = scratch_new(builder->scratch, i32, *total);
    i64 found = 0, at = 0;
    for (i64 s = 0; s < builder->segment_count; s++) {
        const struct segment *segment = &builder->segments[s];
        const struct rows *from = &view->layers[segment->layer]->rows;
        if (values[s].to > values[s].from) {
            found += block_value_rows(answers ? &from->answered : &from->priced, segment->from,
                                      segment->from + segment->count, at - segment->from, out + found);
        }
        at += segment->count;
    }
    *rows = out;
    return values;
}

static const i64 *copy_amounts(struct block_builder *builder, const struct range *values, i64 total)
{
    i64 *out = scratch_new(builder->scratch, i64, total);
    i64 at = 0;
    for (i64 s = 0; s < builder->segment_count; s++) {
        const i64 *from = builder->source->view->layers[builder->segments[s].layer]->rows.amounts;
        for (u32 value = values[s].from; value < values[s].to; value++) {
            out[at++] = from[value];
        }
    }
    return out;
}

/* One slot of the lens: `values` are those of a sparse column, NULL for one per
 * row. */
static struct cells copy_slot(struct block_builder *builder, i32 slot, const struct range *values, i64 total)
{
    const struct block_source *source = builder->source;
    const struct lens_column *column = &source->lens->columns[slot];
    u8 width = source->widths[slot];
    if (width == 0) {
        return (struct cells){0};
    }
    u8 *out = scratch_new(builder->scratch, u8, total * width);
    i64 at = 0;
    for (i64 s = 0; s < builder->segment_count; s++) {
        const struct segment *segment = &builder->segments[s];
        i64 from = values == NULL ? segment->from : values[s].from;
        i64 count = values == NULL ? segment->count : (i64)values[s].to - values[s].from;
        if (column->special == LENS_VOICED) {
            const struct sparse *voiced = &source->view->layers[segment->layer]->rows.voiced;
            for (i64 i = 0; i < count; i++) {
                out[at + i] = sparse_has(voiced, from + i);
            }
        } else {
            struct cells cells = block_cells(block_column(source->view, column, segment->layer), from);
            copy_cells(cells, count, width, out, at);
        }
        at += count;
    }
    return (struct cells){out, width};
}

void block_gathered(struct block_builder *builder)
{
    const struct lens *lens = builder->source->lens;
    struct block *block = &builder->block;
    const struct range *answers = NULL, *amounts = NULL;
    *block = (struct block){.count = builder->row_count,
                            .people = builder->people,
                            .person_count = builder->person_count,
                            .cells = builder->cells};
    if (builder->row_count > 0) {
        copy_rows(builder, block);
        if (lens->answers) {
            answers = sparse_values(builder, true, &block->answer_count, &block->answer_row);
        }
        if (lens->amounts) {
            amounts = sparse_values(builder, false, &block->amount_count, &block->amount_row);
            block->amounts = copy_amounts(builder, amounts, block->amount_count);
        }
        for (i32 slot = 0; slot < lens->count; slot++) {
            enum lens_per per = lens->columns[slot].per;
            builder->cells[slot] = copy_slot(builder, slot,
                                             per == PER_ANSWER   ? answers
                                             : per == PER_AMOUNT ? amounts
                                                                 : NULL,
                                             per == PER_ANSWER   ? block->answer_count
                                             : per == PER_AMOUNT ? block->amount_count
                                                                 : block->count);
        }
    }
    builder->segment_count = 0;
    builder->person_count = 0;
    builder->row_count = 0;
}
