#include "journey/layer_order.h"

#include <stdlib.h>
#include <string.h>

struct ordering {
    const struct layer_input *inputs;
    struct layer_order order;
    struct layer *layer;
};

static i64 living(const struct layer_input *input, i64 from, i64 to)
{
    i64 count = to - from;
    for (i64 row = from; input->dead != NULL && row < to; row++) {
        count -= dead_has(input->dead, row);
    }
    return count;
}

static alias_no highest_alias(const struct ordering *ordering)
{
    alias_no highest = 0;
    for (i32 i = 0; i < ordering->order.input_count; i++) {
        const struct layer_input *input = &ordering->inputs[i];
        for (u32 run = 0; input->layer != NULL && run < input->layer->run_count; run++) {
            highest = greater(highest, input->layer->run_alias[run]);
        }
        for (i64 row = 0; input->loose != NULL && row < input->loose->rows.count; row++) {
            highest = greater(highest, input->loose->aliases[row]);
        }
    }
    return highest;
}

/* By persons: the rows of every alias are counted, the aliases laid out in the order of their persons, and every row put
 * behind the earlier ones of its alias. */

static void count_rows(const struct ordering *ordering, u32 *counts)
{
    for (i32 i = 0; i < ordering->order.input_count; i++) {
        const struct layer_input *input = &ordering->inputs[i];
        const struct layer *layer = input->layer;
        for (u32 run = 0; layer != NULL && run < layer->run_count; run++) {
            counts[layer->run_alias[run]] += (u32)living(input, layer->run_start[run], layer->run_start[run + 1]);
        }
        for (i64 row = 0; input->loose != NULL && row < input->loose->rows.count; row++) {
            counts[input->loose->aliases[row]] += !dead_has(input->dead, row);
        }
    }
}

static int by_number(const void *a, const void *b)
{
    alias_no x = *(const alias_no *)a, y = *(const alias_no *)b;
    return (x > y) - (x < y);
}

/* Aliases of one person, the oldest first. */
struct ring {
    alias_no *items;
    i64 count, capacity;
};

static void read_ring(const struct alias_order *persons, alias_no person, struct ring *ring)
{
    ring->count = 0;
    alias_no alias = person;
    do {
        if (ring->count == ring->capacity) {
            ring->capacity = ring->capacity * 2 + 16;
            ring->items = mem_resize(ring->items, ring->capacity * (i64)sizeof(alias_no));
        }
        ring->items[ring->count++] = alias;
        alias = persons->next[alias];
    } while (alias != person);
    if (ring->count > 2) { // the first is the oldest already
        qsort(ring->items, (size_t)ring->count, sizeof(alias_no), by_number);
    }
}

/* Where the next row of an alias goes replaces how many it has. */
static void begin_run(struct layer *layer, u32 *counts, alias_no alias, u32 *at)
{
    if (counts[alias] > 0) {
        layer->run_alias[layer->run_count] = alias;
        layer->run_start[layer->run_count++] = *at;
        u32 count = counts[alias];
        counts[alias] = *at;
        *at += count;
    }
}

static void lay_out_aliases(struct ordering *ordering, const struct alias_order *persons, u32 *counts, alias_no highest)
{
    struct layer *layer = ordering->layer;
    struct ring ring = {0};
    i64 runs = 0;
    u32 at = 0;
    for (alias_no alias = 0; alias <= highest; alias++) {
        runs += counts[alias] > 0;
    }
    layer->run_alias = mem_new(greater(runs, 1) * (i64)sizeof(alias_no));
    layer->run_start = mem_new((runs + 1) * (i64)sizeof(u32));
    begin_run(layer, counts, 0, &at);
    for (alias_no alias = 1; alias <= greater(highest, persons->count); alias++) {
        bool known = alias <= persons->count;
        if (known && persons->person[alias] != alias) {
            continue; // beside its person's oldest
        }
        if (!known || persons->next[alias] == alias) {
            if (alias <= highest) {
                begin_run(layer, counts, alias, &at);
            }
            continue;
        }
        read_ring(persons, alias, &ring);
        for (i64 i = 0; i < ring.count && ring.items[i] <= highest; i++) {
            begin_run(layer, counts, ring.items[i], &at);
        }
    }
    layer->run_start[layer->run_count] = at;
    mem_free(ring.items);
}

static void put_rows(struct ordering *ordering, u32 *next)
{
    u32 *rows = ordering->order.rows;
    for (i32 i = 0; i < ordering->order.input_count; i++) {
        const struct layer_input *input = &ordering->inputs[i];
        const struct layer *layer = input->layer;
        u32 first = (u32)ordering->order.first[i];
        for (u32 run = 0; layer != NULL && run < layer->run_count; run++) {
            u32 at = next[layer->run_alias[run]];
            for (u32 row = layer->run_start[run]; row < layer->run_start[run + 1]; row++) {
                if (!dead_has(input->dead, row)) {
                    rows[at++] = first + row;
                }
            }
            next[layer->run_alias[run]] = at;
        }
        for (i64 row = 0; input->loose != NULL && row < input->loose->rows.count; row++) {
            if (!dead_has(input->dead, row)) {
                rows[next[input->loose->aliases[row]]++] = first + (u32)row;
            }
        }
    }
}

static void order_by_person(struct ordering *ordering, const struct alias_order *persons)
{
    alias_no highest = highest_alias(ordering);
    u32 *counts = mem_new(((i64)highest + 1) * (i64)sizeof(u32));
    count_rows(ordering, counts);
    lay_out_aliases(ordering, persons, counts, highest);
    ordering->order.count = ordering->layer->run_start[ordering->layer->run_count];
    put_rows(ordering, counts);
    mem_free(counts);
}

/* By alias: few rows of any alias, sorted digit by digit. */

static i64 list_rows(const struct ordering *ordering, u64 *keys)
{
    i64 count = 0;
    for (i32 i = 0; i < ordering->order.input_count; i++) {
        const struct layer_input *input = &ordering->inputs[i];
        const struct layer *layer = input->layer;
        u64 first = (u64)ordering->order.first[i];
        for (u32 run = 0; layer != NULL && run < layer->run_count; run++) {
            for (u32 row = layer->run_start[run]; row < layer->run_start[run + 1]; row++) {
                keys[count] = (u64)layer->run_alias[run] << 32 | (first + row);
                count += !dead_has(input->dead, row);
            }
        }
        for (i64 row = 0; input->loose != NULL && row < input->loose->rows.count; row++) {
            keys[count] = (u64)input->loose->aliases[row] << 32 | (first + (u64)row);
            count += !dead_has(input->dead, row);
        }
    }
    return count;
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Keeps the order of equal aliases. Returns which of the two arrays holds the result. */
static u64 *sort_by_alias(u64 *keys, u64 *spare, i64 count)
{
    for (i32 shift = 32; shift < 64; shift += DIGIT_BITS) {
        i64 starts[DIGITS + 1] = {0};
        for (i64 i = 0; i < count; i++) {
            starts[(keys[i] >> shift & (DIGITS - 1)) + 1]++;
        }
        if (starts[1] == count) {
            continue; // the digit is 0 everywhere
        }
        for (i32 digit = 0; digit < DIGITS; digit++) {
            starts[digit + 1] += starts[digit];
        }
        for (i64 i = 0; i < count; i++) {
            spare[starts[keys[i] >> shift & (DIGITS - 1)]++] = keys[i];
        }
        u64 *swap = keys;
        keys = spare;
        spare = swap;
    }
    return keys;
}

static void order_by_alias(struct ordering *ordering)
{
    struct layer *layer = ordering->layer;
    i64 most = greater(ordering->order.first[ordering->order.input_count], 1);
    u64 *keys = mem_new(most * (i64)sizeof(u64)), *spare = mem_new(most * (i64)sizeof(u64));
    i64 count = list_rows(ordering, keys);
    const u64 *sorted = sort_by_alias(keys, spare, count);
    i64 runs = 0;
    for (i64 i = 0; i < count; i++) {
        runs += i == 0 || sorted[i] >> 32 != sorted[i - 1] >> 32;
        ordering->order.rows[i] = (u32)sorted[i];
    }
    layer->run_alias = mem_new(greater(runs, 1) * (i64)sizeof(alias_no));
    layer->run_start = mem_new((runs + 1) * (i64)sizeof(u32));
    for (i64 i = 0; i < count; i++) {
        if (i == 0 || sorted[i] >> 32 != sorted[i - 1] >> 32) {
            layer->run_alias[layer->run_count] = (alias_no)(sorted[i] >> 32);
            layer->run_start[layer->run_count++] = (u32)i;
        }
    }
    layer->run_start[layer->run_count] = (u32)count;
    ordering->order.count = count;
    mem_free(keys);
    mem_free(spare);
}

/* Inside an alias: by (at_ms, id). Most runs are in order already, or are a few ascending stretches, one from each input. */

struct moment {
    i64 at_ms, id;
    u32 row;
};

static struct moment moment_of(const struct ordering *ordering, u32 row)
{
    i32 i = 0;
    while (row >= ordering->order.first[i + 1]) {
        i++;
    }
    const struct layer_input *input = &ordering->inputs[i];
    const struct rows *rows = input->layer != NULL ? &input->layer->rows : &input->loose->rows;
    i64 local = row - ordering->order.first[i];
    return (struct moment){rows->at_ms[local], rows->ids[local], row};
}

static bool later(const struct moment *a, const struct moment *b)
{
    return a->at_ms != b->at_ms ? a->at_ms > b->at_ms : a->id > b->id;
}

static bool in_order(const struct ordering *ordering, const u32 *rows, i64 count)
{
    if (count < 2) {
        return true;
    }
    struct moment before = moment_of(ordering, rows[0]);
    for (i64 i = 1; i < count; i++) {
        struct moment here = moment_of(ordering, rows[i]);
        if (later(&before, &here)) {
            return false;
        }
        before = here;
    }
    return true;
}

struct sorting {
    struct moment *items, *spare;
    i64 capacity;
};

static i64 stretch_end(const struct moment *items, i64 from, i64 count)
{
    i64 at = from + 1;
    while (at < count && !later(&items[at - 1], &items[at])) {
        at++;
    }
    return lesser(at, count);
}

static void merge(const struct moment *items, i64 from, i64 middle, i64 end, struct moment *out)
{
    i64 a = from, b = middle, at = from;
    while (a < middle && b < end) {
        out[at++] = later(&items[a], &items[b]) ? items[b++] : items[a++];
    }
    memcpy(out + at, items + a, (size_t)(middle - a) * sizeof *out);
    memcpy(out + at + (middle - a), items + b, (size_t)(end - b) * sizeof *out);
}

static void sort_run(const struct ordering *ordering, struct sorting *sorting, u32 *rows, i64 count)
{
    if (count > sorting->capacity) {
        sorting->capacity = count * 2;
        sorting->items = mem_resize(sorting->items, sorting->capacity * (i64)sizeof(struct moment));
        sorting->spare = mem_resize(sorting->spare, sorting->capacity * (i64)sizeof(struct moment));
    }
    for (i64 i = 0; i < count; i++) {
        sorting->items[i] = moment_of(ordering, rows[i]);
    }
    while (stretch_end(sorting->items, 0, count) < count) {
        for (i64 from = 0; from < count;) {
            i64 middle = stretch_end(sorting->items, from, count);
            i64 end = middle < count ? stretch_end(sorting->items, middle, count) : middle;
            merge(sorting->items, from, middle, end, sorting->spare);
            from = end;
        }
        struct moment *swap = sorting->items;
        sorting->items = sorting->spare;
        sorting->spare = swap;
    }
    for (i64 i = 0; i < count; i++) {
        rows[i] = sorting->items[i].row;
    }
}

/* Runs are taken by pieces, by whoever works. */
struct running {
    const struct ordering *ordering;
    u32 next;
};

static void order_some_runs(void *self, [[maybe_unused]] i64 worker)
{
    enum { PIECE = 4096 };
    struct running *running = self;
    const struct layer *layer = running->ordering->layer;
    struct sorting sorting = {0};
    for (;;) {
        u32 from = __atomic_fetch_add(&running->next, PIECE, __ATOMIC_RELAXED);
        u32 to = lesser(layer->run_count, from + PIECE);
        for (u32 run = from; run < to; run++) {
            u32 *rows = running->ordering->order.rows + layer->run_start[run];
            i64 count = layer->run_start[run + 1] - layer->run_start[run];
            if (!in_order(running->ordering, rows, count)) {
                sort_run(running->ordering, &sorting, rows, count);
            }
        }
        if (to == layer->run_count) {
            break;
        }
    }
    mem_free(sorting.items);
    mem_free(sorting.spare);
}

struct layer_order layer_order_of(const struct layer_input *inputs, i32 input_count, const struct alias_order *persons,
                                  struct workers *workers, struct layer *layer)
{
    struct ordering ordering = {.inputs = inputs, .layer = layer, .order = {.input_count = input_count}};
    struct layer_order *order = &ordering.order;
    order->first = mem_new((input_count + 1) * (i64)sizeof(i64));
    for (i32 i = 0; i < input_count; i++) {
        const struct rows *rows = inputs[i].layer != NULL ? &inputs[i].layer->rows : &inputs[i].loose->rows;
        order->first[i + 1] = order->first[i] + rows->count;
    }
    order->rows = mem_new(greater(order->first[input_count], 1) * (i64)sizeof(u32));
    if (persons != NULL) {
        order_by_person(&ordering, persons);
    } else {
        order_by_alias(&ordering);
    }
    struct running running = {&ordering, 0};
    workers_run(workers, workers_count(workers), order_some_runs, &running);
    return ordering.order;
}
