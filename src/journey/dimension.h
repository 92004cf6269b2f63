/* One thing that groups are made of: a field, its values as small numbers. */
#pragma once

#include "journey/scan.h"

struct dimension {
    struct field field;
    str name;           /* in the answer; none: not written */
    i32 slot;           /* in the lens; -1: not from a column */
    enum lens_per per;  /* of the slot */
    struct texts texts; /* of codes, where they are a dictionary's */
    const str *made;    /* of numbers, where they are not: journeys, versions */
    const struct trait_column *trait;
    const u32 *same; /* code → number, for touchpoints, stages, journeys; NULL:
                      the code is the number */
    u32 size;        /* numbers are below this; 0 is "no value" */
};

/* Adds its column to the lens (NULL: there is no index; texts and size come with what is read). Memory is the context's. */
struct dimension dimension_make(const struct asking *asking, struct lens *lens, struct field field, str name);

/* The number of each row of the block; the same number means the same value in
 * all parts. Where the code is the number these are the block's own cells, else
 * the part's scratch. */
struct cells dimension_cells(struct part *part, const struct dimension *dimension, const struct block *block);

/* The number of one row of the block, whose person it is. */
u32 dimension_of(const struct asking *asking, const struct dimension *dimension, const struct block *block, i64 row,
                 alias_no person);

/* The text of a number; none for 0. */
str dimension_text(const struct asking *asking, const struct dimension *dimension, u32 number);

/* The order in which answers write values: touchpoints and stages as in the
 * map, others by bytes, missing ones last. */
int dimension_compare(const struct asking *asking, const struct dimension *dimension, u32 a, u32 b);
