/* Stretches of time, many in each of many cells, and their exact quantiles. */
#pragma once

#include "base/arena.h"
#include "json/write.h"
#include "measure/quantile.h"

struct spans {
    u32 *cells;
    i64 *ms;
    i64 count, capacity;
};

void spans_add(struct spans *spans, u32 cell, i64 ms);
void spans_free(struct spans *spans);

/* The same, cell by cell. */
struct spans_sorted {
    i64 *ms;
    i64 *starts; /* [cell], [cell_count]: the end */
};

/* Lays the stretches of each cell side by side in the arena. */
struct spans_sorted spans_sort(const struct spans *spans, i64 cell_count, struct arena *arena);

/* A quantile of a cell in milliseconds; false: the cell is empty. Changes the order inside. */
bool spans_quantile(const struct spans_sorted *sorted, i64 cell, i64 hundredths, i64 *ms);

/* Writes a quantile in seconds; null for an empty cell and for -1. */
void spans_pair(struct json_writer *writer, const char *name, const struct spans_sorted *sorted, i64 cell,
                i64 hundredths);
