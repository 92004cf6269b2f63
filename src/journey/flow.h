/* What paths add up to: edges between nodes, and whole paths that are alike, in tables of a part of a scan.
 *
 * Groups and nodes are numbers. All edges of a traveller are counted by one
 * part, one traveller after the other, so whoever was counted last at an edge
 * tells whether this one is new there.
 */
#pragma once

#include "journey/spans.h"

enum { FLOW_NODES_MAX = 64 };

/* In place of a step: where paths begin and end. */
#define FLOW_BEGIN 0xfffffffeu
#define FLOW_END 0xffffffffu

struct edge {
    u32 group, from, to;
    u32 step; /* from 1; 0: edges are not told apart by step */
    i64 events, people;
    u32 last;              /* the traveller counted last */
    i64 median_ms, p90_ms; /* known in the end; -1: there are none */
};

struct variant {
    u32 group, node_count;
    i64 nodes; /* place of its first FLOW_NODES_MAX nodes in the flow's */
    bool cut;  /* the path has more */
    i64 people;
    i64 median_ms, p90_ms; /* known in the end */
};

struct flow {
    struct part *part;
    struct edge *edges;
    struct variant *variants;
    u32 *nodes;
    i64 edge_count, edge_capacity, variant_count, variant_capacity, node_count, node_capacity;
    u32 *edge_slots, *variant_slots; /* hash tables: place + 1 */
    i64 edge_slot_count, variant_slot_count;
    struct spans edge_spans, variant_spans; /* a cell for each */
};

/* The traveller (from 1) went this way; `ms` < 0: no time is noted. */
err flow_edge(struct flow *flow, const struct edge *edge, u32 traveller, i64 ms);

/* An edge that was counted elsewhere is added: its events and people. `place` is where it is now. */
err flow_add_edge(struct flow *flow, const struct edge *edge, i64 *place);

/* A whole path of `count` nodes, at least one. */
err flow_variant(struct flow *flow, u32 group, const u32 *nodes, i64 count, i64 ms);

/* Takes over another part's; groups[g] is the number here of its group g. */
err flow_merge(struct flow *into, const struct flow *from, const u32 *groups);
