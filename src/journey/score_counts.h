/* How often each cell (a score, or a scale and a score) occurs in each group: a table where it is small, else the pairs that
 * occur. Whatever other questions' answers are, few scores by few groups are a table that stays in the processor's cache. */
#pragma once

#include "journey/scan.h"

enum { SCORE_TABLE_MAX = 1 << 22 }; /* cells of all groups */

struct score_pair {
    u64 place; /* group × cells + cell, plus 1; 0: free */
    i64 times;
};

struct score_counts {
    i64 cells;  /* of a group */
    bool table; /* place by place, else pairs */
    u32 *times;
    i64 capacity;
    struct score_pair *pairs; /* hash table */
    i64 pair_count, slot_count;
};

/* `groups` is how many there are at most. */
struct score_counts score_counts_new(i64 groups, i64 cells);

/* Counts places (group × cells + cell); `groups` is how many there are now. ERR_INVALID (error.ask.memory). */
err score_counts_add(struct part *part, struct score_counts *counts, const u64 *places, i64 count, i64 groups);

/* Takes over the counts of another part, whose group g is numbers[g] here. */
err score_counts_merge(struct part *part, struct score_counts *into, const struct score_counts *from,
                       const u32 *numbers, i64 groups);

/* What occurs, in no order: its number and the list, without the plus 1. Memory is the arena's. */
struct score_pair *score_counts_list(const struct score_counts *counts, struct arena *arena, i64 *count);
