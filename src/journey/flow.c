#include "journey/flow.h"

#include "base/hash.h"

#include <string.h>

enum { SLOTS_FIRST = 256 };

/* Edges. */

static u64 edge_hash(const struct edge *edge)
{
    return hash64(edge, offsetof(struct edge, events));
}

static bool edge_same(const struct edge *a, const struct edge *b)
{
    return a->group == b->group && a->from == b->from && a->to == b->to && a->step == b->step;
}

/* A hash table of twice the room for its items. */
static err slots_new(struct flow *flow, i64 capacity, u32 **slots, i64 *count)
{
    i64 needed = SLOTS_FIRST;
    while (needed < capacity * 2) {
        needed *= 2;
    }
    part_release(flow->part, *slots);
    *slots = NULL;
    *count = needed;
    return part_new(flow->part, u32, needed, slots);
}

static err edges_grow(struct flow *flow)
{
    TRY(part_room_for(flow->part, &flow->edges, &flow->edge_capacity, flow->edge_count + 1));
    TRY(slots_new(flow, flow->edge_capacity, &flow->edge_slots, &flow->edge_slot_count));
    u64 mask = (u64)flow->edge_slot_count - 1;
    for (i64 i = 0; i < flow->edge_count; i++) {
        u64 slot = edge_hash(&flow->edges[i]) & mask;
        while (flow->edge_slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        flow->edge_slots[slot] = (u32)i + 1;
    }
    return OK;
}

/* The place of an edge, which is new where it was not there. */
static err edge_place(struct flow *flow, const struct edge *edge, i64 *place)
{
    if (flow->edge_count == flow->edge_capacity) {
        TRY(edges_grow(flow));
    }
    u64 mask = (u64)flow->edge_slot_count - 1, slot = edge_hash(edge) & mask;
    while (flow->edge_slots[slot] != 0 && !edge_same(&flow->edges[flow->edge_slots[slot] - 1], edge)) {
        slot = (slot + 1) & mask;
    }
    if (flow->edge_slots[slot] == 0) {
        flow->edges[flow->edge_count] = (struct edge){.group = edge->group,
                                                      .from = edge->from,
                                                      .to = edge->to,
                                                      .step = edge->step,
                                                      .median_ms = -1,
                                                      .p90_ms = -1};
        flow->edge_slots[slot] = (u32)++flow->edge_count;
    }
    *place = flow->edge_slots[slot] - 1;
    return OK;
}

err flow_edge(struct flow *flow, const struct edge *edge, u32 traveller, i64 ms)
{
    i64 place;
    TRY(edge_place(flow, edge, &place));
    struct edge *found = &flow->edges[place];
    found->events++;
    found->people += found->last != traveller;
    found->last = traveller;
    return ms < 0 ? OK : spans_add(flow->part, &flow->edge_spans, (u32)place, ms);
}

err flow_add_edge(struct flow *flow, const struct edge *edge, i64 *place)
{
    TRY(edge_place(flow, edge, place));
    flow->edges[*place].events += edge->events;
    flow->edges[*place].people += edge->people;
    return OK;
}

/* Variants. */

static u64 variant_hash(const struct variant *variant, const u32 *nodes)
{
    u64 hash = hash64(nodes, (i64)sizeof(u32) * variant->node_count);
    return (hash ^ variant->group ^ (u64)variant->cut << 32) * 0x9e3779b97f4a7c15u >> 16;
}

static bool variant_same(const struct flow *flow, const struct variant *a, const struct variant *b, const u32 *nodes)
{
    return a->group == b->group && a->node_count == b->node_count && a->cut == b->cut &&
           memcmp(flow->nodes + a->nodes, nodes, sizeof(u32) * a->node_count) == 0;
}

static err variants_grow(struct flow *flow)
{
    TRY(part_room_for(flow->part, &flow->variants, &flow->variant_capacity, flow->variant_count + 1));
    TRY(slots_new(flow, flow->variant_capacity, &flow->variant_slots, &flow->variant_slot_count));
    u64 mask = (u64)flow->variant_slot_count - 1;
    for (i64 i = 0; i < flow->variant_count; i++) {
        const struct variant *variant = &flow->variants[i];
        u64 slot = variant_hash(variant, flow->nodes + variant->nodes) & mask;
        while (flow->variant_slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        flow->variant_slots[slot] = (u32)i + 1;
    }
    return OK;
}

/* Adds the variant's people; its nodes are kept when it is new. */
static err variant_place(struct flow *flow, const struct variant *variant, const u32 *nodes, i64 *place)
{
    if (flow->variant_count == flow->variant_capacity) {
        TRY(variants_grow(flow));
    }
    u64 mask = (u64)flow->variant_slot_count - 1, slot = variant_hash(variant, nodes) & mask;
    while (flow->variant_slots[slot] != 0 &&
           !variant_same(flow, &flow->variants[flow->variant_slots[slot] - 1], variant, nodes)) {
        slot = (slot + 1) & mask;
    }
    if (flow->variant_slots[slot] == 0) {
        struct variant *kept = &flow->variants[flow->variant_count];
        TRY(part_room_for(flow->part, &flow->nodes, &flow->node_capacity, flow->node_count + variant->node_count));
        *kept = *variant;
        kept->nodes = flow->node_count;
        kept->people = 0;
        memcpy(flow->nodes + flow->node_count, nodes, sizeof(u32) * variant->node_count);
        flow->node_count += variant->node_count;
        flow->variant_slots[slot] = (u32)++flow->variant_count;
    }
    *place = flow->variant_slots[slot] - 1;
    flow->variants[*place].people += variant->people;
    return OK;
}

err flow_variant(struct flow *flow, u32 group, const u32 *nodes, i64 count, i64 ms)
{
    i64 place;
    struct variant variant = {
        .group = group,
        .node_count = (u32)lesser(count, FLOW_NODES_MAX),
        .cut = count > FLOW_NODES_MAX,
        .people = 1,
    };
    TRY(variant_place(flow, &variant, nodes, &place));
    return spans_add(flow->part, &flow->variant_spans, (u32)place, ms);
}

/* Parts. */

err flow_merge(struct flow *into, const struct flow *from, const u32 *groups)
{
    u32 *places;
    TRY(part_new(into->part, u32, greater(from->edge_count, from->variant_count) + 1, &places));
    for (i64 i = 0; i < from->edge_count; i++) {
        struct edge edge = from->edges[i];
        i64 place;
        edge.group = groups[edge.group];
        TRY(flow_add_edge(into, &edge, &place));
        places[i] = (u32)place;
    }
    TRY(spans_merge(into->part, &into->edge_spans, &from->edge_spans, places, 1));
    for (i64 i = 0; i < from->variant_count; i++) {
        struct variant variant = from->variants[i];
        i64 place;
        variant.group = groups[variant.group];
        TRY(variant_place(into, &variant, from->nodes + variant.nodes, &place));
        places[i] = (u32)place;
    }
    TRY(spans_merge(into->part, &into->variant_spans, &from->variant_spans, places, 1));
    part_release(into->part, places);
    return OK;
}
