#include "journey/column.h"

#include <string.h>

void column_reserve(struct column *column, i64 capacity)
{
    if (capacity > column->capacity) {
        if (column->width > 0) {
            i64 old = column->capacity * column->width;
            column->one = mem_resize(column->one, capacity * column->width);
            memset(column->one + old, 0, (size_t)(capacity * column->width - old));
        }
        column->capacity = capacity;
    }
}

struct column column_new(i64 capacity, u8 width)
{
    struct column column = {.capacity = capacity, .width = capacity == 0 ? 0 : width};
    if (column.width > 0) {
        column.one = mem_new(capacity * width);
    }
    return column;
}

static u8 width_of(u32 value)
{
    return value == 0 ? 0 : value <= UINT8_MAX ? 1 : value <= UINT16_MAX ? 2 : 4;
}

static void widen(struct column *column, u8 width)
{
    struct column wide = {.capacity = column->capacity, .width = width};
    wide.one = mem_new(wide.capacity * width);
    for (i64 row = 0; row < column->capacity && column->width > 0; row++) {
        u32 value = column_get(column, row);
        if (width == 2) {
            wide.two[row] = (u16)value;
        } else {
            wide.four[row] = value;
        }
    }
    mem_free(column->one);
    *column = wide;
}

void column_set(struct column *column, i64 row, u32 value)
{
    u8 needed = width_of(value);
    if (needed > column->width) {
        widen(column, needed);
    }
    switch (column->width) {
    case 1: column->one[row] = (u8)value; break;
    case 2: column->two[row] = (u16)value; break;
    case 4: column->four[row] = value; break;
    default: break;
    }
}

void column_free(struct column *column)
{
    mem_free(column->one);
    *column = (struct column){0};
}
