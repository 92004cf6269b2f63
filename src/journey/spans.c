#include "journey/spans.h"

void spans_add(struct spans *spans, u32 cell, i64 ms)
{
    if (spans->count == spans->capacity) {
        spans->capacity = spans->capacity * 2 + 1024;
        spans->cells = mem_resize(spans->cells, spans->capacity * (i64)sizeof(u32));
        spans->ms = mem_resize(spans->ms, spans->capacity * (i64)sizeof(i64));
    }
    spans->cells[spans->count] = cell;
    spans->ms[spans->count++] = ms;
}

void spans_free(struct spans *spans)
{
    mem_free(spans->cells);
    mem_free(spans->ms);
    *spans = (struct spans){0};
}

struct spans_sorted spans_sort(const struct spans *spans, i64 cell_count, struct arena *arena)
{
    struct spans_sorted out = {arena_new(arena, i64, greater(spans->count, 1)), arena_new(arena, i64, cell_count + 2)};
    i64 *next = out.starts + 1; // filled one place further, they end where they belong
    for (i64 i = 0; i < spans->count; i++) {
        next[spans->cells[i] + 1]++;
    }
    for (i64 cell = 1; cell <= cell_count; cell++) {
        next[cell] += next[cell - 1];
    }
    for (i64 i = 0; i < spans->count; i++) {
        out.ms[next[spans->cells[i]]++] = spans->ms[i];
    }
    return out;
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

void spans_pair(struct json_writer *writer, const char *name, const struct spans_sorted *sorted, i64 cell,
                i64 hundredths)
{
    i64 ms;
    json_key(writer, str_from(name));
    if (cell >= 0 && spans_quantile(sorted, cell, hundredths, &ms)) {
        json_put_f64(writer, (f64)ms / 1000.0);
    } else {
        json_put_null(writer);
    }
}
