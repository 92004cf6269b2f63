/* Makes blocks: of rows that lie side by side, and of rows that are gathered.
 * Used by scan.c. */
#pragma once

#include "journey/aside.h"
#include "journey/bits.h"
#include "journey/view.h"

struct asking;

/* Whose rows do not simply lie in the base: persons of several aliases or with
 * rows outside it. A bit for each of their aliases. The memory is the arena's.
 */
const u64 *block_scattered(struct arena *arena, const struct view *view);

/* What all builders of a scan share. */
struct block_source {
    const struct view *view;
    const struct lens *lens;
    const u64 *scattered;
    const i64 *cut_ids; /* sorted: events that the question does not know */
    i64 cut_count;
    i64 rows;                /* of a block, about */
    u8 *widths;              /* by slot: bytes of a gathered cell */
    struct aside_seen aside; /* of the base; `seconds` NULL: there are none */
};

void block_source_begin(struct arena *arena, const struct view *view, const struct lens *lens, const u64 *scattered,
                        const i64 *cut_ids, i64 cut_count, struct block_source *out);

/* Rows of one layer that follow each other in somebody's life. */
struct segment {
    i32 layer;
    i32 count;
    i64 from;
};

/* Who makes blocks in one thread. */
struct block_builder {
    const struct block_source *source;
    struct scratch *scratch; /* of the block that is given away */
    struct cells *cells;     /* by slot */
    struct block block;

    struct segment *segments; /* gathered so far */
    i64 segment_count, segment_capacity;
    struct stretch *people; /* of the gathered block, or of the straight one */
    i64 person_count, person_capacity;
    i64 row_count;
    struct segment *runs; /* of one person */
    i64 run_count, run_capacity;
    i32 *numbers; /* 0, 1, 2 … */
    i64 number_count;
    u32 *cursors; /* by layer: where the search for the next alias begins */
};

/* Both live longer than the builder. */
struct block_builder block_builder_new(const struct block_source *source, struct scratch *scratch);
void block_builder_free(struct block_builder *builder);

/* Runs of the base from `run` on, before `end`, as a straight block; returns
 * the run behind them. `aside` gets the persons who must be gathered because of
 * removed or unknown rows. The block may hold no rows at all. Alias 0 is not
 * among the runs. */
struct people_aside {
    alias_no *people;
    i64 count, capacity;
};
u32 block_straight(struct block_builder *builder, u32 run, u32 end, struct people_aside *aside);

/* Rows [from, to) of a layer, nobody's, as a block. */
void block_nobody(struct block_builder *builder, i32 layer, i64 from, i64 to);

/* Answers [from, to) of the base, from the copies beside them. */
void block_answers(struct block_builder *builder, i64 from, i64 to);

/* Adds a person to what is gathered; true when it is enough for a block. Goes
 * through the layers quickly when persons come in ascending order. */
bool block_gather(struct block_builder *builder, alias_no person);

/* What was gathered as a block, which may hold no rows; begins anew. */
void block_gathered(struct block_builder *builder);
