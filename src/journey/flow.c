#include "journey/flow.h"

#include "base/hash.h"

enum { SLOTS_FIRST = 256 };

struct flow flow_new(struct arena *arena)
{
    return (struct flow){.arena = arena};
}

void flow_free(struct flow *flow)
{
    spans_free(&flow->edge_spans);
    spans_free(&flow->variant_spans);
}

static u64 edge_hash(const struct edge *edge)
{
    return hash64(edge, offsetof(struct edge, events));
}

static bool edge_same(const struct edge *a, const struct edge *b)
{
    return a->group == b->group && a->from == b->from && a->to == b->to && a->step == b->step;
}

static void edges_grow(struct flow *flow)
{
    i64 size = (i64)sizeof(struct edge), old = flow->edge_capacity, more = old == 0 ? SLOTS_FIRST / 2 : old * 2;
    flow->edges = arena_grow(flow->arena, flow->edges, old * size, more * size, _Alignof(struct edge));
    flow->edge_capacity = more;
    flow->edge_slot_count = more * 2;
    flow->edge_slots = arena_new(flow->arena, u32, flow->edge_slot_count);
    u64 mask = (u64)flow->edge_slot_count - 1;
    for (i64 i = 0; i < flow->edge_count; i++) {
        u64 slot = edge_hash(&flow->edges[i]) & mask;
        while (flow->edge_slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        flow->edge_slots[slot] = (u32)i + 1;
    }
}

void flow_edge(struct flow *flow, const struct edge *edge, i64 traveller, i64 ms)
{
    if (flow->edge_count == flow->edge_capacity) {
        edges_grow(flow);
    }
    u64 mask = (u64)flow->edge_slot_count - 1, slot = edge_hash(edge) & mask;
    while (flow->edge_slots[slot] != 0 && !edge_same(&flow->edges[flow->edge_slots[slot] - 1], edge)) {
        slot = (slot + 1) & mask;
    }
    if (flow->edge_slots[slot] == 0) {
        flow->edges[flow->edge_count] = *edge;
        flow->edge_slots[slot] = (u32)++flow->edge_count;
    }
    i64 place = flow->edge_slots[slot] - 1;
    struct edge *found = &flow->edges[place];
    found->events++;
    found->people += found->last != traveller;
    found->last = traveller;
    if (ms >= 0) {
        spans_add(&flow->edge_spans, (u32)place, ms);
    }
}

static u64 variant_hash(const struct variant *variant)
{
    u64 hash = hash64(variant->nodes, (i64)sizeof(u32) * variant->node_count);
    return (hash ^ variant->group ^ (u64)variant->cut << 32) * 0x9e3779b97f4a7c15u >> 16;
}

static bool variant_same(const struct variant *a, const struct variant *b)
{
    return a->group == b->group && a->node_count == b->node_count && a->cut == b->cut &&
           memcmp(a->nodes, b->nodes, sizeof(u32) * a->node_count) == 0;
}

static void variants_grow(struct flow *flow)
{
    i64 size = (i64)sizeof(struct variant), old = flow->variant_capacity, more = old == 0 ? SLOTS_FIRST / 2 : old * 2;
    flow->variants = arena_grow(flow->arena, flow->variants, old * size, more * size, _Alignof(struct variant));
    flow->variant_capacity = more;
    flow->variant_slot_count = more * 2;
    flow->variant_slots = arena_new(flow->arena, u32, flow->variant_slot_count);
    u64 mask = (u64)flow->variant_slot_count - 1;
    for (i64 i = 0; i < flow->variant_count; i++) {
        u64 slot = variant_hash(&flow->variants[i]) & mask;
        while (flow->variant_slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        flow->variant_slots[slot] = (u32)i + 1;
    }
}

void flow_variant(struct flow *flow, u32 group, const u32 *nodes, i64 count, i64 ms)
{
    struct variant variant = {
        .group = group,
        .node_count = (u32)lesser(count, FLOW_NODES_MAX),
        .nodes = nodes,
        .cut = count > FLOW_NODES_MAX,
    };
    if (flow->variant_count == flow->variant_capacity) {
        variants_grow(flow);
    }
    u64 mask = (u64)flow->variant_slot_count - 1, slot = variant_hash(&variant) & mask;
    while (flow->variant_slots[slot] != 0 && !variant_same(&flow->variants[flow->variant_slots[slot] - 1], &variant)) {
        slot = (slot + 1) & mask;
    }
    if (flow->variant_slots[slot] == 0) {
        u32 *kept = arena_new(flow->arena, u32, variant.node_count);
        memcpy(kept, nodes, sizeof(u32) * variant.node_count);
        variant.nodes = kept;
        flow->variants[flow->variant_count] = variant;
        flow->variant_slots[slot] = (u32)++flow->variant_count;
    }
    i64 place = flow->variant_slots[slot] - 1;
    flow->variants[place].people++;
    spans_add(&flow->variant_spans, (u32)place, ms);
}
