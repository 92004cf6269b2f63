/* What paths add up to: edges between nodes, and whole paths that are alike.
 *
 * Numbers of groups, nodes and travellers are the caller's. A traveller's path
 * is counted at once, so whoever was counted last at an edge tells whether this
 * one is new there.
 */
#pragma once

#include "journey/spans.h"

/* In place of a step: where paths begin and end. */
enum { FLOW_NODES_MAX = 64 };
#define FLOW_BEGIN 0xfffffffeu
#define FLOW_END 0xffffffffu

struct edge {
    u32 group, from, to;
    u32 step; /* from 1; 0: edges are not told apart by step */
    i64 events, people, last;
};

struct variant {
    u32 group, node_count;
    const u32 *nodes; /* the first FLOW_NODES_MAX */
    bool cut;         /* the path has more */
    i64 people;
};

struct flow {
    struct arena *arena;
    struct edge *edges;
    struct variant *variants;
    i64 edge_count, edge_capacity, variant_count, variant_capacity;
    u32 *edge_slots, *variant_slots; /* hash tables: place + 1 */
    i64 edge_slot_count, variant_slot_count;
    struct spans edge_spans, variant_spans; /* a cell for each */
};

/* Memory is the arena's, but for the spans. */
struct flow flow_new(struct arena *arena);
void flow_free(struct flow *flow);

/* The traveller (from 1) went this way; `ms` < 0: it took no time (a beginning or an end). */
void flow_edge(struct flow *flow, const struct edge *edge, i64 traveller, i64 ms);

/* A whole path of `count` nodes, at least one. */
void flow_variant(struct flow *flow, u32 group, const u32 *nodes, i64 count, i64 ms);
