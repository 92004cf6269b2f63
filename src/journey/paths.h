/* The answer about paths, in its parts: reading what was lived (answer_paths.c), edges by the million (paths_dense.c) and rows
 * (paths_write.c).
 */
#pragma once

#include "journey/answer.h"
#include "journey/behind.h"
#include "journey/flow.h"
#include "journey/groups.h"
#include "journey/path.h"

/* What all parts of the scan share. */
struct routing {
    const struct asking *asking;
    struct path_rule rule;
    struct program conditions[2];
    const struct program_set *marks; /* NULL: paths have neither a start nor an end */
    struct dimension node;
    bool split;
    struct groups groups;        /* of by and every */
    i32 traveller_slot;          /* in the lens; -1: persons travel */
    bool nowhere;                /* no event has the property that travels */
    const struct behind *behind; /* NULL: counting */

    /* Dense: a cell for every edge there can be, see paths_dense.c. */
    bool dense;
    i64 node_count, step_count, cell_count;
    enum dense_pass { DENSE_COUNT, DENSE_NARROW, DENSE_COLLECT } pass;
    const struct collecting *collecting; /* after the first time: which times */
};

/* An event of a traveller that is a property's value. */
struct followed {
    i64 at_ms, id;
    u32 code, node, group;
    alias_no person;
    u8 marks;
};

/* A part. */
struct routed {
    struct grouping grouping;
    struct flow flow;
    struct followed *followed;
    i64 followed_count, followed_capacity;
    struct found found;
    struct path_events events; /* of one traveller; the memory is the scratch's */
    u32 travellers;            /* so far */
    struct lanes *lanes;       /* dense */
    u32 *buckets;
    struct spans collected;
};

/* One traveller's events: what stands behind events.rows[i]. */
struct traveller {
    alias_no person;                 /* 0: a property's value travels */
    const u32 *groups;               /* [row]; NULL: all are 0 */
    const struct followed *followed; /* [row] */
};

/* Can there be so few different edges that each has a cell? */
bool paths_dense(struct routing *routing);
err dense_begin(struct part *part);
err dense_edge(struct part *part, const struct edge *edge, i64 ms);
err dense_merge(struct part *into, const struct part *from);

/* A block of whole lives, where a path is all that the question takes and only edges are asked for. `rows` are `count` ascending
 * places, NULL for all, some of which may be out of the question's time; `groups` of each, NULL: all are 0. */
err dense_block(struct part *part, const struct block *block, const struct cells *nodes, const u32 *groups,
                const i32 *rows, i64 count);

/* The edges of the cells, with their quantiles, into the part's flow: reads the events once more. */
err dense_end(struct part *part, const struct scanner *scanner);

/* Everything that paths came to, whoever counted it. */
struct paths_rows {
    const struct asking *asking;
    const struct grouping *grouping; /* NULL: there are no groups */
    const struct flow *flow;
    const struct dimension *node; /* NULL: nodes are codes of `texts` */
    struct texts texts;
    /* Where times are; NULL: the flow knows their quantiles. */
    const struct spans_sorted *edge_spans, *variant_spans;
};
err paths_write(const struct paths_rows *rows, struct json_writer *writer);
