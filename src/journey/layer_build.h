/* Making layers: out of rows in any order, or out of other layers.
 *
 *     inputs    rows with an alias each | a layer | a layer …
 *     order     aliases in the order wanted; inside, (at_ms, id); without what is dead
 *     output    one layer; columns beside the rows come along
 */
#pragma once

#include "journey/layer.h"

/* Rows in any order on their way into a layer. Codes may be their own and are translated when the layer is made. */
struct loose {
    struct rows rows;
    alias_no *aliases; /* [row] */
    i64 alias_capacity;
    const u32 *translate[WORD_COUNT]; /* [code]: the layer's code; NULL: the same */
    const u32 *translate_scores;
};
void loose_put(struct loose *loose, const struct record *record);
void loose_free(struct loose *loose);

struct layer_input {
    const struct layer *layer; /* or */
    const struct loose *loose;
    const struct dead *dead; /* rows to leave out; NULL: none */
};

/* Which rows of several inputs make up the new ones: kept for columns that are to come along later. */
struct layer_order {
    i64 *first; /* [input]: the number of its first row among all inputs'; [input_count] = how many in all */
    i32 input_count;
    u32 *rows; /* [new row]: the old one's number */
    i64 count;
};

/* In which order a base has its persons: their aliases side by side. */
struct alias_order {
    const alias_no *person, *next; /* [alias] */
    u32 count;                     /* the highest alias they know */
};

/* A layer of everything alive in the inputs; the caller's share. By persons as a base, or by alias where `persons` is NULL.
 * `order` may be NULL; else it is filled in, for layer_order_free. */
struct layer *layer_build(const struct layer_input *inputs, i32 input_count, const struct alias_order *persons,
                          struct layer_order *order);
void layer_order_free(struct layer_order *order);

/* Columns of all inputs (NULL: zeros), laid out as the rows were. `translate` may be NULL, and each of it. */
struct column layer_order_column(const struct layer_order *order, const struct column *const *columns,
                                 const u32 *const *translate);
