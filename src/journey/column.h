/* A column of small numbers that is only as wide as it must be: 0, 1, 2 or 4 bytes a row.
 *
 * A column that only ever saw 0 takes no memory at all.
 */
#pragma once

#include "base/arena.h"
#include "base/types.h"

struct column {
    union {
        u8 *one;
        u16 *two;
        u32 *four;
    };
    i64 capacity; /* rows there is room for */
    u8 width;     /* bytes of a cell */
};

static inline u32 column_get(const struct column *column, i64 row)
{
    switch (column->width) {
    case 1: return column->one[row];
    case 2: return column->two[row];
    case 4: return column->four[row];
    default: return 0;
    }
}

/* Makes room for `capacity` rows; new cells are 0. */
void column_reserve(struct column *column, i64 capacity);

/* Zeros for exactly `capacity` rows, in cells of `width` bytes. */
struct column column_new(i64 capacity, u8 width);

/* `row` is below the capacity. */
void column_set(struct column *column, i64 row, u32 value);

void column_free(struct column *column);
