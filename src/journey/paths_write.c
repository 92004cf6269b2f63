#include "journey/paths.h"

#include <stdlib.h>

/* While rows are written. */
struct writing {
    const struct part *part;
    const struct routing *routing;
    struct routed *routed;
    struct spans_sorted edge_spans, variant_spans;
    struct json_writer *writer;
};

static str node_text(const struct writing *writing, u32 node)
{
    return dimension_text(writing->routing->asking, &writing->routing->node, node);
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
    const struct edge *edges = writing->routed->flow.edges;
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
    const struct flow *flow = &writing->routed->flow;
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
    if (writing->routing->split) {
        grouping_write(&writing->routed->grouping, group, writing->writer);
    }
}

static void pair_seconds(struct json_writer *writer, const char *name, i64 ms)
{
    json_key(writer, str_from(name));
    if (ms < 0) {
        json_put_null(writer);
    } else {
        json_put_f64(writer, (f64)ms / 1000.0);
    }
}

static void write_edge(const struct writing *writing, i64 place)
{
    const struct edge *edge = &writing->routed->flow.edges[place];
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
    if (writing->routing->dense) {
        pair_seconds(writer, "median_s", edge->median_ms);
        pair_seconds(writer, "p90_s", edge->p90_ms);
    } else {
        spans_pair(writer, "median_s", &writing->edge_spans, place, 50);
        spans_pair(writer, "p90_s", &writing->edge_spans, place, 90);
    }
    json_object_end(writer);
}

static void write_variant(const struct writing *writing, i64 place)
{
    const struct flow *flow = &writing->routed->flow;
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
    spans_pair(writer, "median_s", &writing->variant_spans, place, 50);
    spans_pair(writer, "p90_s", &writing->variant_spans, place, 90);
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
static err lay_out(struct part *part, const struct writing *writing, const struct listing *listing, i64 **starts,
                   i64 **places)
{
    const struct flow *flow = &writing->routed->flow;
    i64 groups = greater(writing->routed->grouping.count, 1);
    TRY(part_new(part, i64, groups + 2, starts));
    TRY(part_new(part, i64, listing->count + 1, places));
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

/* Group by group, the first `top` of each. */
static err write_list(struct part *part, struct writing *writing, const struct listing *listing)
{
    i64 groups = greater(writing->routed->grouping.count, 1), *starts, *places, only = 0, *order = &only, count = 1;
    TRY(lay_out(part, writing, listing, &starts, &places));
    if (writing->routing->split) {
        u8 *has;
        TRY(part_new(part, u8, groups, &has));
        for (i64 group = 0; group < groups; group++) {
            has[group] = starts[group + 1] > starts[group];
        }
        TRY(grouping_order(&writing->routed->grouping, has, &order, &count));
    }
    for (i64 i = 0; i < count; i++) {
        i64 *first = places + starts[order[i]], rows = starts[order[i] + 1] - starts[order[i]];
        if (rows > 0) {
            qsort_r(first, (size_t)rows, sizeof(i64), listing->order, writing);
        }
        for (i64 k = 0; k < rows && k < writing->routing->asking->question.top; k++) {
            listing->write(writing, first[k]);
            TRY(answer_use(writing->routing->asking, writing->writer));
        }
    }
    return OK;
}

err paths_write(struct part *part, struct json_writer *writer)
{
    struct routed *routed = part->state;
    const struct flow *flow = &routed->flow;
    struct writing writing = {.part = part, .routing = part->self, .routed = routed, .writer = writer};
    TRY(spans_sort(part, &flow->edge_spans, flow->edge_count, &writing.edge_spans));
    TRY(spans_sort(part, &flow->variant_spans, flow->variant_count, &writing.variant_spans));
    TRY(write_list(part, &writing, &(struct listing){flow->edge_count, edge_group, edge_order, write_edge}));
    return write_list(part, &writing,
                      &(struct listing){flow->variant_count, variant_group, variant_order, write_variant});
}
