/* Edges by the million: a cell for every edge there can be.
 *
 *     cell = ((group · steps + step) · nodes + from) · nodes + to
 *
 * The first time each cell counts its people and, in buckets, its times
 * (measure/quantile.h). The buckets tell which few times may be the median and
 * the 90th percentile; the second time only those are collected. So nothing
 * grows with the number of events.
 */
#include "journey/paths.h"

#include "journey/scan.h"

enum { DENSE_CELLS = 8192, RANKS = 2 };

static const i64 hundredths[RANKS] = {50, 90};

struct lanes {
    u32 people, last;
};

/* Which times of a cell are collected, and the rank of the wanted one among them. */
struct wanted {
    i64 low[RANKS];
    u64 width[RANKS]; /* 0: none */
    i64 rank[RANKS];
    i64 events;
};

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
    if (routing->wanted != NULL) {
        return OK;
    }
    TRY(part_new(part, struct lanes, routing->cell_count, &routed->lanes));
    return part_new(part, u32, routing->cell_count * QUANTILE_BUCKETS, &routed->buckets);
}

static inline void count_time(struct routed *routed, i64 cell, i64 ms)
{
    struct lanes *lane = &routed->lanes[cell];
    lane->people += lane->last != routed->travellers;
    lane->last = routed->travellers;
    routed->buckets[cell * QUANTILE_BUCKETS + quantile_bucket(ms)]++;
}

static inline err collect_time(struct part *part, struct routed *routed, const struct wanted *wanted, i64 cell, i64 ms)
{
    const struct wanted *here = &wanted[cell];
    for (i32 k = 0; k < RANKS; k++) {
        if ((u64)(ms - here->low[k]) < here->width[k]) {
            TRY(spans_add(part, &routed->collected, (u32)(cell * RANKS + k), ms));
        }
    }
    return OK;
}

err dense_edge(struct part *part, const struct edge *edge, i64 ms)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    i64 nodes = routing->node_count, cell = ((i64)edge->group * routing->step_count + edge->step) * nodes;
    cell = (cell + edge->from) * nodes + edge->to;
    if (routing->wanted != NULL) {
        return collect_time(part, routed, routing->wanted, cell, ms);
    }
    count_time(routed, cell, ms);
    return OK;
}

/* Rows of a block that the question takes. */
struct taken_rows {
    const struct block *block;
    struct cells nodes;
    const i32 *rows;
    i64 count;
    const u32 *groups;
};

/* The compiler makes one of these for each way of calling it: what does not change in a block is decided once. */
__attribute__((always_inline)) static inline err walk(struct part *part, const struct taken_rows *taken, u8 width,
                                                      bool split, bool again)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    const struct block *block = taken->block;
    const struct cells nodes = {taken->nodes.at, width};
    const i64 *at_ms = block->at_ms, square = routing->node_count * routing->node_count;
    i64 k = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        i64 before_ms = 0, from = -1; // the cell's beginning, once there was an event
        routed->travellers++;
        for (; k < taken->count; k++) {
            i64 row = taken->rows == NULL ? k : taken->rows[k];
            if (row >= stretch->to) {
                break;
            }
            if (row < stretch->from) {
                continue;
            }
            u32 node = cells_get(nodes, row);
            if (from >= 0 && again) {
                TRY(collect_time(part, routed, routing->wanted, from + node, at_ms[row] - before_ms));
            } else if (from >= 0) {
                count_time(routed, from + node, at_ms[row] - before_ms);
            }
            before_ms = at_ms[row];
            from = (split ? (i64)taken->groups[k] * square : 0) + node * routing->node_count;
        }
    }
    return OK;
}

err dense_block(struct part *part, const struct block *block, const struct cells *nodes, const i32 *rows, i64 count,
                const u32 *groups)
{
    const struct routing *routing = part->self;
    struct taken_rows taken = {block, *nodes, rows, count, groups};
    bool again = routing->wanted != NULL;
    if (nodes->width != 1) {
        return walk(part, &taken, nodes->width, groups != NULL, again);
    }
    if (groups != NULL) {
        return again ? walk(part, &taken, 1, true, true) : walk(part, &taken, 1, true, false);
    }
    return again ? walk(part, &taken, 1, false, true) : walk(part, &taken, 1, false, false);
}

err dense_merge(struct part *into, const struct part *from)
{
    const struct routing *routing = into->self;
    struct routed *a = into->state;
    const struct routed *b = from->state;
    if (routing->wanted != NULL) {
        return spans_merge(into, &a->collected, &b->collected, NULL, 1);
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

/* Where the quantiles of a cell are; false: it is empty. */
static bool want(const u32 *buckets, struct wanted *out)
{
    for (i32 i = 0; i < QUANTILE_BUCKETS; i++) {
        out->events += buckets[i];
    }
    i32 before = -1;
    for (i32 k = 0; k < RANKS && out->events > 0; k++) {
        out->rank[k] = quantile_rank(hundredths[k], out->events);
        i32 bucket = quantile_find(buckets, &out->rank[k]);
        struct quantile_range range = quantile_range(bucket);
        out->low[k] = range.low;
        // Two ranks in one bucket: collected once. A bucket of one number needs no collecting.
        bool known = bucket == before || range.high - range.low == 1;
        out->width[k] = known ? 0 : (u64)(range.high - range.low);
        before = bucket;
    }
    return out->events > 0;
}

static i64 quantile_of(const struct wanted *wanted, const struct spans_sorted *sorted, i64 cell, i32 k)
{
    i32 from = k > 0 && wanted->low[k] == wanted->low[0] ? 0 : k;
    i64 start = sorted->starts[cell * RANKS + from], count = sorted->starts[cell * RANKS + from + 1] - start;
    return count == 0 ? wanted->low[k] : quantile_select(sorted->ms + start, count, wanted->rank[k]);
}

static err put_edge(struct part *part, const struct wanted *wanted, const struct spans_sorted *sorted, i64 cell)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    i64 nodes = routing->node_count, rest = cell / nodes / nodes, place;
    struct edge edge = {
        .group = (u32)(rest / routing->step_count),
        .step = (u32)(rest % routing->step_count),
        .from = (u32)(cell / nodes % nodes),
        .to = (u32)(cell % nodes),
        .events = wanted->events,
        .people = routed->lanes[cell].people,
    };
    TRY(flow_add_edge(&routed->flow, &edge, &place));
    routed->flow.edges[place].median_ms = quantile_of(wanted, sorted, cell, 0);
    routed->flow.edges[place].p90_ms = quantile_of(wanted, sorted, cell, 1);
    return OK;
}

err dense_end(struct part *part, const struct scanner *scanner)
{
    const struct routing *routing = part->self;
    const struct routed *routed = part->state;
    struct wanted *wanted;
    struct part *second;
    struct spans_sorted sorted;
    bool any = false;
    TRY(part_new(part, struct wanted, routing->cell_count, &wanted));
    for (i64 cell = 0; cell < routing->cell_count; cell++) {
        if (routed->lanes[cell].people > 0) {
            any |= want(routed->buckets + cell * QUANTILE_BUCKETS, &wanted[cell]);
        }
    }
    if (!any) {
        return OK;
    }
    struct routing *again = arena_new(&routing->asking->ctx->arena, struct routing, 1);
    *again = *routing;
    again->wanted = wanted;
    TRY(scan_run(routing->asking, routing->asking->lens, scanner, again, &second));
    const struct routed *collected = second->state;
    TRY(spans_sort(part, &collected->collected, routing->cell_count * RANKS, &sorted));
    for (i64 cell = 0; cell < routing->cell_count; cell++) {
        if (wanted[cell].events > 0) {
            TRY(put_edge(part, &wanted[cell], &sorted, cell));
        }
    }
    return OK;
}
