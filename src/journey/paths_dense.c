/* Edges by the million: a cell for every edge there can be.
 *
 *     cell = ((group · steps + step) · nodes + from) · nodes + to
 *
 * The first time each cell counts its people and, in buckets, its times
 * (measure/quantile.h). The buckets tell which few times may be the median and
 * the 90th percentile; the second time only those are collected. Where they are
 * still too many (a log whose times are whole minutes), their bucket is narrowed
 * down first, as often as it takes. So nothing grows with the number of events.
 */
#include "journey/paths.h"

#include "journey/scan.h"

enum { DENSE_CELLS = 8192, RANKS = 2, NARROW_BITS = 8, NARROW_PARTS = 1 << NARROW_BITS, TIMES_MOST = 1 << 22 };

static const i64 hundredths[RANKS] = {50, 90};

struct lanes {
    u32 people, last;
};

/* Which times of a cell are collected. */
struct collecting {
    i64 low[RANKS];
    u64 width[RANKS]; /* 0: none */
};

/* And the rank of the wanted one among so many of them. */
struct wanted {
    i64 events, rank[RANKS], count[RANKS];
};

/* Narrowing cuts a range into at most NARROW_PARTS of this width, as a shift. */
static inline i32 narrow_shift(u64 width)
{
    i32 bits = width <= 1 ? 0 : 64 - __builtin_clzll(width - 1);
    return greater(bits - NARROW_BITS, 0);
}

bool paths_dense(struct routing *routing)
{
    const struct question *question = &routing->asking->question;
    if (routing->behind != NULL || routing->traveller_slot >= 0 || (question->parts & PATH_EDGES) == 0 ||
        (routing->split && !routing->groups.dense)) {
        return false;
    }
    bool stepped = routing->rule.start || routing->rule.end;
    routing->node_count = routing->node.size;
    routing->step_count = stepped ? routing->rule.steps : 1;
    i64 square = routing->node_count * routing->node_count * routing->step_count;
    i64 groups = routing->split ? routing->groups.size : 1;
    routing->cell_count = square * groups;
    return routing->node_count <= DENSE_CELLS && square <= DENSE_CELLS && groups <= DENSE_CELLS &&
           routing->cell_count <= DENSE_CELLS;
}

err dense_begin(struct part *part)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    if (routing->pass == DENSE_COLLECT) {
        return OK;
    }
    if (routing->pass == DENSE_NARROW) {
        return part_new(part, u32, routing->cell_count * RANKS * NARROW_PARTS, &routed->buckets);
    }
    TRY(part_new(part, struct lanes, routing->cell_count, &routed->lanes));
    return part_new(part, u32, routing->cell_count * QUANTILE_BUCKETS, &routed->buckets);
}

/* What the loop over events looks at, out of the way of everything else. */
struct tables {
    struct lanes *lanes;
    u32 *buckets;
    const struct collecting *collecting;
    u32 traveller;
};

static struct tables tables_of(const struct part *part)
{
    const struct routing *routing = part->self;
    const struct routed *routed = part->state;
    return (struct tables){routed->lanes, routed->buckets, routing->collecting, routed->travellers};
}

static inline void count_time(const struct tables *tables, i64 cell, i64 ms)
{
    struct lanes *lane = &tables->lanes[cell];
    lane->people += lane->last != tables->traveller;
    lane->last = tables->traveller;
    tables->buckets[cell * QUANTILE_BUCKETS + quantile_bucket(ms)]++;
}

static inline err collect_time(struct part *part, const struct tables *tables, i64 cell, i64 ms)
{
    const struct collecting *here = &tables->collecting[cell];
    bool first = (u64)(ms - here->low[0]) < here->width[0], second = (u64)(ms - here->low[1]) < here->width[1];
    if (__builtin_expect(first | second, false)) {
        struct routed *routed = part->state;
        return spans_add(part, &routed->collected, (u32)(cell * RANKS + second), ms);
    }
    return OK;
}

static inline void narrow_time(const struct tables *tables, i64 cell, i64 ms)
{
    const struct collecting *here = &tables->collecting[cell];
    for (i32 k = 0; k < RANKS; k++) {
        u64 inside = (u64)(ms - here->low[k]);
        if (inside < here->width[k]) {
            tables->buckets[(cell * RANKS + k) * NARROW_PARTS + (i64)(inside >> narrow_shift(here->width[k]))]++;
        }
    }
}

static inline err add_time(struct part *part, const struct tables *tables, enum dense_pass pass, i64 cell, i64 ms)
{
    switch (pass) {
    case DENSE_COUNT: count_time(tables, cell, ms); return OK;
    case DENSE_NARROW: narrow_time(tables, cell, ms); return OK;
    default: return collect_time(part, tables, cell, ms);
    }
}

err dense_edge(struct part *part, const struct edge *edge, i64 ms)
{
    const struct routing *routing = part->self;
    i64 nodes = routing->node_count, cell = ((i64)edge->group * routing->step_count + edge->step) * nodes;
    cell = (cell + edge->from) * nodes + edge->to;
    struct tables tables = tables_of(part);
    return add_time(part, &tables, routing->pass, cell, ms);
}

/* Rows of a block that may count. */
struct taken_rows {
    const struct block *block;
    struct cells nodes;
    const i32 *rows;
    i64 count;
    const u32 *groups;
    i64 from_ms, to_ms; /* and lie in this time */
};

/* The compiler makes one of these for each way of calling it: what does not change in a block is decided once. */
__attribute__((always_inline)) static inline err walk(struct part *part, const struct taken_rows *taken, u8 width,
                                                      bool split, enum dense_pass pass)
{
    const struct routing *routing = part->self;
    struct tables tables = tables_of(part);
    const struct cells nodes = {taken->nodes.at, width};
    const struct stretch *people = taken->block->people;
    const i64 *times = taken->block->at_ms;
    const i32 *rows = taken->rows;
    i64 node_count = routing->node_count, square = node_count * node_count, count = taken->count;
    i64 person_count = taken->block->person_count, from_ms = taken->from_ms, to_ms = taken->to_ms, k = 0;
    for (i64 i = 0; i < person_count; i++) {
        i64 before_ms = 0, from = -1, end = people[i].to, begin = people[i].from; // from: the beginning of its cells
        tables.traveller++;
        for (; k < count; k++) {
            i64 row = rows == NULL ? k : rows[k];
            if (row >= end) {
                break;
            }
            i64 at_ms = times[row];
            if (row < begin || at_ms < from_ms || at_ms >= to_ms) {
                continue;
            }
            u32 node = cells_get(nodes, row);
            if (from >= 0) {
                TRY(add_time(part, &tables, pass, from + node, at_ms - before_ms));
            }
            before_ms = at_ms;
            from = (split ? (i64)taken->groups[k] * square : 0) + node * node_count;
        }
    }
    ((struct routed *)part->state)->travellers = tables.traveller;
    return OK;
}

err dense_block(struct part *part, const struct block *block, const struct cells *nodes, const u32 *groups,
                const i32 *rows, i64 count)
{
    const struct routing *routing = part->self;
    struct taken_rows taken = {block, *nodes, rows, count, groups, routing->asking->from_ms, routing->asking->to_ms};
    if (nodes->width != 1) {
        return walk(part, &taken, nodes->width, groups != NULL, routing->pass);
    }
    if (groups != NULL || routing->pass == DENSE_NARROW) {
        return walk(part, &taken, 1, groups != NULL, routing->pass);
    }
    return routing->pass == DENSE_COUNT ? walk(part, &taken, 1, false, DENSE_COUNT)
                                        : walk(part, &taken, 1, false, DENSE_COLLECT);
}

err dense_merge(struct part *into, const struct part *from)
{
    const struct routing *routing = into->self;
    struct routed *a = into->state;
    const struct routed *b = from->state;
    if (routing->pass == DENSE_COLLECT) {
        return spans_merge(into, &a->collected, &b->collected, NULL, 1);
    }
    if (routing->pass == DENSE_NARROW) {
        for (i64 i = 0; i < routing->cell_count * RANKS * NARROW_PARTS; i++) {
            a->buckets[i] += b->buckets[i];
        }
        return OK;
    }
    for (i64 cell = 0; cell < routing->cell_count; cell++) {
        if (b->lanes[cell].last == 0) {
            continue; // nobody went there
        }
        u32 *buckets = a->buckets + cell * QUANTILE_BUCKETS;
        const u32 *more = b->buckets + cell * QUANTILE_BUCKETS;
        a->lanes[cell].people += b->lanes[cell].people;
        for (i32 i = 0; i < QUANTILE_BUCKETS; i++) {
            buckets[i] += more[i];
        }
    }
    return OK;
}

/* Where the quantiles of a cell are. */
static void want(const u32 *buckets, struct wanted *out, struct collecting *collecting)
{
    for (i32 i = 0; i < QUANTILE_BUCKETS; i++) {
        out->events += buckets[i];
    }
    i32 before = -1;
    for (i32 k = 0; k < RANKS && out->events > 0; k++) {
        out->rank[k] = quantile_rank(hundredths[k], out->events);
        i32 bucket = quantile_find(buckets, &out->rank[k]);
        struct quantile_range range = quantile_range(bucket);
        collecting->low[k] = range.low;
        // Two ranks in one bucket: collected once. A bucket of one number needs no collecting.
        bool known = bucket == before || range.high - range.low == 1;
        collecting->width[k] = known ? 0 : (u64)(range.high - range.low);
        out->count[k] = buckets[bucket];
        before = bucket;
    }
}

/* The same from the parts of the ranges so far; the second rank may look into those of the first. */
static void narrow(const u32 *parts, struct wanted *out, struct collecting *collecting)
{
    struct collecting before = *collecting;
    for (i32 k = 0; k < RANKS; k++) {
        i32 from = before.low[k] == before.low[0] ? 0 : k;
        if (before.width[from] == 0) {
            continue; // known already
        }
        i32 shift = narrow_shift(before.width[from]);
        const u32 *counts = parts + from * NARROW_PARTS;
        i64 place = 0;
        while (out->rank[k] >= counts[place]) {
            out->rank[k] -= counts[place++];
        }
        collecting->low[k] = before.low[from] + (place << shift);
        bool shared = k > 0 && collecting->low[k] == collecting->low[0];
        collecting->width[k] = shared || shift == 0 ? 0 : (u64)1 << shift;
        out->count[k] = counts[place];
    }
}

/* Everything at hand in the end. */
struct dense {
    struct wanted *wanted;
    struct collecting *collecting;
    struct spans_sorted sorted;
};

/* How many times would be collected? */
static i64 times_wanted(const struct dense *dense, i64 cells)
{
    i64 times = 0;
    for (i64 cell = 0; cell < cells; cell++) {
        for (i32 k = 0; k < RANKS; k++) {
            times += dense->collecting[cell].width[k] > 0 ? dense->wanted[cell].count[k] : 0;
        }
    }
    return times;
}

static i64 quantile_of(const struct dense *dense, i64 cell, i32 k)
{
    const struct collecting *here = &dense->collecting[cell];
    i32 from = k > 0 && here->low[k] == here->low[0] ? 0 : k;
    i64 start = dense->sorted.starts[cell * RANKS + from],
        count = dense->sorted.starts[cell * RANKS + from + 1] - start;
    return count == 0 ? here->low[k] : quantile_select(dense->sorted.ms + start, count, dense->wanted[cell].rank[k]);
}

static err put_edge(struct part *part, const struct dense *dense, i64 cell)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    i64 nodes = routing->node_count, rest = cell / nodes / nodes, place;
    struct edge edge = {
        .group = (u32)(rest / routing->step_count),
        .step = (u32)(rest % routing->step_count),
        .from = (u32)(cell / nodes % nodes),
        .to = (u32)(cell % nodes),
        .events = dense->wanted[cell].events,
        .people = routed->lanes[cell].people,
    };
    TRY(flow_add_edge(&routed->flow, &edge, &place));
    routed->flow.edges[place].median_ms = quantile_of(dense, cell, 0);
    routed->flow.edges[place].p90_ms = quantile_of(dense, cell, 1);
    return OK;
}

err dense_end(struct part *part, const struct scanner *scanner)
{
    const struct routing *routing = part->self;
    const struct routed *routed = part->state;
    struct dense dense;
    struct part *second;
    i64 events = 0;
    TRY(part_new(part, struct wanted, routing->cell_count, &dense.wanted));
    TRY(part_new(part, struct collecting, routing->cell_count, &dense.collecting));
    for (i64 cell = 0; cell < routing->cell_count; cell++) {
        if (routed->lanes[cell].people > 0) {
            want(routed->buckets + cell * QUANTILE_BUCKETS, &dense.wanted[cell], &dense.collecting[cell]);
            events += dense.wanted[cell].events;
        }
    }
    if (events == 0) {
        return OK;
    }
    i64 most = routing->asking->rooms->limits.times;
    struct routing *again = arena_new(&routing->asking->ctx->arena, struct routing, 1);
    *again = *routing;
    again->collecting = dense.collecting;
    again->pass = DENSE_NARROW;
    while (times_wanted(&dense, routing->cell_count) > (most > 0 ? most : TIMES_MOST)) {
        TRY(scan_run(routing->asking, routing->asking->lens, scanner, again, &second));
        const u32 *parts = ((const struct routed *)second->state)->buckets;
        for (i64 cell = 0; cell < routing->cell_count; cell++) {
            narrow(parts + cell * RANKS * NARROW_PARTS, &dense.wanted[cell], &dense.collecting[cell]);
        }
    }
    again->pass = DENSE_COLLECT;
    TRY(scan_run(routing->asking, routing->asking->lens, scanner, again, &second));
    const struct routed *collected = second->state;
    TRY(spans_sort(part, &collected->collected, routing->cell_count * RANKS, &dense.sorted));
    for (i64 cell = 0; cell < routing->cell_count; cell++) {
        if (dense.wanted[cell].events > 0) {
            TRY(put_edge(part, &dense, cell));
        }
    }
    return OK;
}
