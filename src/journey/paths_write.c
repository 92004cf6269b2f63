#include "journey/paths.h"

#include <stdlib.h>

/* While rows are written. */
struct writing {
    const struct paths_rows *rows;
    struct json_writer *writer;
};

static str node_text(const struct writing *writing, u32 node)
{
    const struct paths_rows *rows = writing->rows;
    return rows->node == NULL ? texts_text(&rows->texts, node) : dimension_text(rows->asking, rows->node, node);
}

static int compare_texts(str a, str b)
{
    if (a.len == 0 || b.len == 0) {
        return (a.len == 0) - (b.len == 0);
    }
    return str_cmp(a, b);
}

static bool is_end(const struct edge *edge)
{
    return edge->step >= FLOW_BEGIN;
}

/* Between rows that are otherwise alike (a node may have no value): a way, a beginning, an end. */
static int sort_of(const struct edge *edge)
{
    return is_end(edge) ? edge->step == FLOW_BEGIN ? 1 : 2 : 0;
}

static str from_text(const struct writing *writing, const struct edge *edge)
{
    return edge->step == FLOW_BEGIN ? STR_NONE : node_text(writing, edge->from);
}

static str to_text(const struct writing *writing, const struct edge *edge)
{
    return edge->step == FLOW_END ? STR_NONE : node_text(writing, edge->to);
}

static int edge_order(const void *first, const void *second, void *self)
{
    const struct writing *writing = self;
    const struct edge *edges = writing->rows->flow->edges;
    const struct edge *a = &edges[*(const i64 *)first], *b = &edges[*(const i64 *)second];
    if (a->events != b->events) {
        return a->events > b->events ? -1 : 1;
    }
    u32 x = is_end(a) ? 0 : a->step, y = is_end(b) ? 0 : b->step;
    if (x != y) {
        return x < y ? -1 : 1;
    }
    int order = compare_texts(from_text(writing, a), from_text(writing, b));
    if (order == 0) {
        order = compare_texts(to_text(writing, a), to_text(writing, b));
    }
    return order != 0 ? order : sort_of(a) - sort_of(b);
}

static int variant_order(const void *first, const void *second, void *self)
{
    const struct writing *writing = self;
    const struct flow *flow = writing->rows->flow;
    const struct variant *a = &flow->variants[*(const i64 *)first], *b = &flow->variants[*(const i64 *)second];
    if (a->people != b->people) {
        return a->people > b->people ? -1 : 1;
    }
    for (u32 i = 0; i < a->node_count && i < b->node_count; i++) {
        u32 x = flow->nodes[a->nodes + i], y = flow->nodes[b->nodes + i];
        int order = x == y ? 0 : compare_texts(node_text(writing, x), node_text(writing, y));
        if (order != 0) {
            return order;
        }
    }
    return a->node_count != b->node_count ? a->node_count < b->node_count ? -1 : 1 : a->cut - b->cut;
}

static void begin_row(const struct writing *writing, u32 group)
{
    json_object(writing->writer);
    if (writing->rows->grouping != NULL) {
        grouping_write(writing->rows->grouping, group, writing->writer);
    }
}

/* Both quantiles of a cell, if it has times. */
static void pair_times(const struct writing *writing, const struct spans_sorted *spans, i64 place, i64 median_ms,
                       i64 p90_ms)
{
    if (spans != NULL) {
        bool some = spans_quantile(spans, place, 50, &median_ms) && spans_quantile(spans, place, 90, &p90_ms);
        median_ms = some ? median_ms : -1;
        p90_ms = some ? p90_ms : -1;
    }
    answer_pair_seconds(writing->writer, "median_s", median_ms);
    answer_pair_seconds(writing->writer, "p90_s", p90_ms);
}

static void write_edge(const struct writing *writing, i64 place)
{
    const struct edge *edge = &writing->rows->flow->edges[place];
    struct json_writer *writer = writing->writer;
    begin_row(writing, edge->group);
    json_pair_str(writer, "from", from_text(writing, edge));
    json_pair_str(writer, "to", to_text(writing, edge));
    if (is_end(edge)) {
        json_pair_bool(writer, edge->step == FLOW_BEGIN ? "begin" : "end", true);
    } else if (edge->step > 0) {
        json_pair_i64(writer, "step", edge->step);
    }
    json_pair_i64(writer, "events", edge->events);
    json_pair_i64(writer, "people", edge->people);
    pair_times(writing, writing->rows->edge_spans, place, edge->median_ms, edge->p90_ms);
    json_object_end(writer);
}

static void write_variant(const struct writing *writing, i64 place)
{
    const struct flow *flow = writing->rows->flow;
    const struct variant *variant = &flow->variants[place];
    struct json_writer *writer = writing->writer;
    begin_row(writing, variant->group);
    json_key(writer, STR("path"));
    json_list(writer);
    for (u32 i = 0; i < variant->node_count; i++) {
        json_put_str(writer, node_text(writing, flow->nodes[variant->nodes + i]));
    }
    json_list_end(writer);
    if (variant->cut) {
        json_pair_bool(writer, "cut", true);
    }
    json_pair_i64(writer, "people", variant->people);
    pair_times(writing, writing->rows->variant_spans, place, variant->median_ms, variant->p90_ms);
    json_object_end(writer);
}

static u32 edge_group(const struct flow *flow, i64 place)
{
    return flow->edges[place].group;
}

static u32 variant_group(const struct flow *flow, i64 place)
{
    return flow->variants[place].group;
}

/* Rows of one kind. */
struct listing {
    i64 count;
    u32 (*group)(const struct flow *flow, i64 place);
    int (*order)(const void *first, const void *second, void *self);
    void (*write)(const struct writing *writing, i64 place);
};

/* Their places, group by group: those of group g begin at starts[g]. */
static err lay_out(const struct writing *writing, const struct listing *listing, i64 groups, i64 **starts, i64 **places)
{
    const struct asking *asking = writing->rows->asking;
    const struct flow *flow = writing->rows->flow;
    TRY(asking_use(asking, (groups + listing->count + 3) * (i64)sizeof(i64)));
    *starts = arena_new(&asking->ctx->arena, i64, groups + 2);
    *places = arena_new(&asking->ctx->arena, i64, listing->count + 1);
    i64 *next = *starts + 1; // filled one place further, they end where they belong
    for (i64 i = 0; i < listing->count; i++) {
        next[listing->group(flow, i) + 1]++;
    }
    for (i64 group = 1; group <= groups; group++) {
        next[group] += next[group - 1];
    }
    for (i64 i = 0; i < listing->count; i++) {
        (*places)[next[listing->group(flow, i)]++] = i;
    }
    return OK;
}

/* The groups that have rows, in their order. */
static err order_of(const struct writing *writing, const i64 *starts, i64 groups, i64 **order, i64 *count)
{
    const struct asking *asking = writing->rows->asking;
    *order = arena_new(&asking->ctx->arena, i64, 1);
    *count = 1;
    if (writing->rows->grouping == NULL) {
        return OK;
    }
    TRY(asking_use(asking, groups));
    u8 *has = arena_new(&asking->ctx->arena, u8, groups);
    for (i64 group = 0; group < groups; group++) {
        has[group] = starts[group + 1] > starts[group];
    }
    return grouping_order(writing->rows->grouping, has, order, count);
}

/* Group by group, the first `top` of each. */
static err write_list(struct writing *writing, const struct listing *listing)
{
    const struct paths_rows *rows = writing->rows;
    i64 groups = rows->grouping == NULL ? 1 : greater(rows->grouping->count, 1), *starts, *places, *order, count;
    TRY(lay_out(writing, listing, groups, &starts, &places));
    TRY(order_of(writing, starts, groups, &order, &count));
    for (i64 i = 0; i < count; i++) {
        i64 *first = places + starts[order[i]], listed = starts[order[i] + 1] - starts[order[i]];
        if (listed > 0) {
            qsort_r(first, (size_t)listed, sizeof(i64), listing->order, writing);
        }
        for (i64 k = 0; k < listed && k < rows->asking->question.top; k++) {
            listing->write(writing, first[k]);
            TRY(answer_use(rows->asking, writing->writer));
        }
    }
    return OK;
}

err paths_write(const struct paths_rows *rows, struct json_writer *writer)
{
    const struct flow *flow = rows->flow;
    struct writing writing = {rows, writer};
    TRY(write_list(&writing, &(struct listing){flow->edge_count, edge_group, edge_order, write_edge}));
    return write_list(&writing, &(struct listing){flow->variant_count, variant_group, variant_order, write_variant});
}
