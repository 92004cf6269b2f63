/* Stretches of time, many in each of many cells, and their exact quantiles.
 *
 * Each part of a scan notes those it meets in a list; lists are put together,
 * and in the end each cell's lie side by side.
 */
#pragma once

#include "journey/scan.h"
#include "measure/quantile.h"

struct spans {
    u32 *cells;
    i64 *ms;
    i64 count, cell_capacity, capacity;
};

err spans_grow(struct part *part, struct spans *spans, i64 more);

static inline err spans_add(struct part *part, struct spans *spans, u32 cell, i64 ms)
{
    if (spans->count == spans->capacity) {
        TRY(spans_grow(part, spans, 1));
    }
    spans->cells[spans->count] = cell;
    spans->ms[spans->count++] = ms;
    return OK;
}

/* Takes over the stretches of another part, whose cells have other numbers here: groups of `width` cells, `groups[g]` is the number
 * of group g there; NULL: the numbers are the same. */
err spans_merge(struct part *into_part, struct spans *into, const struct spans *from, const u32 *groups, i64 width);

/* The same, cell by cell. */
struct spans_sorted {
    i64 *ms;
    i64 *starts; /* [cell], [cell_count]: the end */
};

err spans_sort(struct part *part, const struct spans *spans, i64 cell_count, struct spans_sorted *out);

/* A quantile of a cell in milliseconds; false: the cell is empty. Changes the order inside. */
bool spans_quantile(const struct spans_sorted *sorted, i64 cell, i64 hundredths, i64 *ms);
