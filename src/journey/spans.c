#include "journey/spans.h"

#include "json/write.h"

#include <string.h>

err spans_grow(struct part *part, struct spans *spans, i64 more)
{
    i64 needed = greater(spans->count + more, 1024);
    TRY(part_room_for(part, &spans->cells, &spans->cell_capacity, needed));
    TRY(part_room_for(part, &spans->ms, &spans->capacity, needed));
    spans->capacity = lesser(spans->capacity, spans->cell_capacity);
    return OK;
}

err spans_merge(struct part *into_part, struct spans *into, const struct spans *from, const u32 *groups, i64 width)
{
    if (from->count == 0) {
        return OK;
    }
    if (into->count + from->count > into->capacity) {
        TRY(spans_grow(into_part, into, from->count));
    }
    memcpy(into->ms + into->count, from->ms, (size_t)from->count * sizeof(i64));
    for (i64 i = 0; i < from->count; i++) {
        u32 cell = from->cells[i];
        into->cells[into->count + i] = groups == NULL ? cell : groups[cell / width] * (u32)width + cell % (u32)width;
    }
    into->count += from->count;
    return OK;
}

err spans_sort(struct part *part, const struct spans *spans, i64 cell_count, struct spans_sorted *out)
{
    TRY(part_new(part, i64, greater(spans->count, 1), &out->ms));
    TRY(part_new(part, i64, cell_count + 2, &out->starts));
    i64 *next = out->starts + 1; // filled one place further, they end where they belong
    for (i64 i = 0; i < spans->count; i++) {
        next[spans->cells[i] + 1]++;
    }
    for (i64 cell = 1; cell <= cell_count; cell++) {
        next[cell] += next[cell - 1];
    }
    for (i64 i = 0; i < spans->count; i++) {
        out->ms[next[spans->cells[i]]++] = spans->ms[i];
    }
    return OK;
}

bool spans_quantile(const struct spans_sorted *sorted, i64 cell, i64 hundredths, i64 *ms)
{
    i64 start = sorted->starts[cell], count = sorted->starts[cell + 1] - start;
    if (count == 0) {
        return false;
    }
    *ms = quantile_select(sorted->ms + start, count, quantile_rank(hundredths, count));
    return true;
}
