/* A batch of rows as the questions read them: whole persons, each with all rows that the question knows, in order.
 *
 *     people    | person 7        | person 9 | person 12           |
 *     at_ms     | t t t t t t t t | t t t t  | t t t t t t t t t t |      one array
 *     cells[k]  | 3 1 1 4 2 3 1 1 | 2 2 1 3  | …                   |      one array for each column of the lens
 *
 * Where persons of one alias lie side by side in the base, the arrays are
 * pieces of the base's own columns and nothing is copied (a straight block).
 * Persons of several aliases, with rows in younger layers, or with rows that are
 * passed over (removed, or not yet known "as of") are copied together (a gathered
 * block). Who reads a block sees no difference: a stretch holds only rows that count,
 * a person is never split, and a person's rows are ordered by (at_ms, id).
 * Nobody's rows (person 0) come in blocks of their own, of any size and in any
 * order, with one stretch. The order of blocks means nothing.
 */
#pragma once

#include "journey/scratch.h"
#include "people/identity.h"

enum { BLOCK_ROWS = 8192 }; /* about so many rows a block: a person who has more makes it longer */

/* Small numbers, as wide as they must be. */
struct cells {
    const void *at;
    u8 width; /* bytes of a cell: 1, 2, 4; 0: all are 0 and there is no array */
};

static inline u32 cells_get(struct cells cells, i64 i)
{
    switch (cells.width) {
    case 1: return ((const u8 *)cells.at)[i];
    case 2: return ((const u16 *)cells.at)[i];
    case 4: return ((const u32 *)cells.at)[i];
    default: return 0;
    }
}

/* Rows of one person: [from, to) in the block. */
struct stretch {
    alias_no person; /* its oldest alias; 0: nobody */
    i32 from, to;
};

/* What the cells of a column belong to. */
enum lens_per {
    PER_ROW,
    PER_ANSWER, /* cell k belongs to row answer_row[k] of the block */
    PER_AMOUNT, /* cell k belongs to row amount_row[k] */
};

struct block {
    i64 count;
    const i64 *at_ms, *ids;
    i64 first;       /* global number (journey/view.h) of the first row where `rows` is NULL: row i is first + i */
    const u32 *rows; /* gathered: the global number of each row */
    const u64 *
        live; /* a bit a row: it counts; NULL: all do. The others are of persons who come in a gathered block; part_take,
                      * part_where, program_bits and program_masks leave them out, and no person's stretch holds any */
    const struct stretch *people;
    i64 person_count;
    const struct cells *cells; /* by slot of the lens */

    i64 answer_count; /* rows with an answer, ascending; 0 unless the lens has a column per answer */
    const i32 *answer_row;
    i64 amount_count; /* the same for amounts */
    const i32 *amount_row;
    const i64 *amounts; /* minor units; NULL unless the lens asks for them */
};

/* The global number of a row, for the slow faces of the view. */
static inline i64 block_row(const struct block *block, i64 i)
{
    return block->rows == NULL ? block->first + i : block->rows[i];
}

/* The columns that a question looks at, gathered while its conditions and dimensions are compiled. Times and ids are always
 * there. */

struct lens_column {
    enum lens_per per;
    i32 word;   /* enum word; WORD_COUNT: another */
    i32 column; /* promoted property or derived touchpoint: place in view.columns; -1: none */
    enum lens_special { LENS_CELLS, LENS_SCORES, LENS_VOICED, LENS_AMOUNTS } special;
};

struct lens {
    struct arena *arena;
    struct lens_column *columns;
    i32 count, capacity;
    bool answers, amounts; /* does any column belong to answers, to amounts? */
    bool alone;            /* the question looks at no persons: rows come in blocks of nobody's, whoever they are of */
    bool
        answers_only; /* with `alone`: of answers alone; block.h's arrays are then by answer, ids and row numbers unknown,
                        * and at_ms is good to the second */
    u32 metric;       /* with `answers_only`: answers of other metrics may be left out; 0: of none */
    bool unordered;   /* the question does not care in which order a person's rows come; saves the gathering */
};

struct lens *lens_new(struct arena *arena);

/* Slots; the same column has one slot however often it is added. */
i32 lens_word(struct lens *lens, i32 word);       /* per row; metric, question, scale per answer; currency per amount */
i32 lens_attached(struct lens *lens, i32 column); /* per row; place in view.columns */
i32 lens_scores(struct lens *lens);               /* codes of scores, per answer; 0: skipped */
i32 lens_voiced(struct lens *lens);               /* 1 where the customer said something, per row */
i32 lens_amounts(struct lens *lens);              /* fills block.amounts; the slot itself has no cells */

/* A column per answer or amount as one per row, 0 where there is none; one per row as it is. The memory is the scratch's. */
struct cells block_spread(const struct block *block, const struct lens *lens, i32 slot, struct scratch *scratch);
