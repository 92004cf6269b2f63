#include "listen/sample.h"

static str *copied(struct arena *arena, const str *from, i64 count)
{
    str *out = arena_new(arena, str, count + 1);
    for (i64 i = 0; i < count; i++) {
        out[i] = str_is(from[i]) ? str_copy(arena, from[i]) : STR_NONE;
    }
    return out;
}

err sample_read(struct ctx *ctx, struct rows *rows, struct sample *out)
{
    struct arena *arena = &ctx->arena;
    *out = (struct sample){.rows = arena_new(arena, struct row, SAMPLE_ROWS)};
    struct row row;
    err state = OK;
    for (i64 bytes = 0; out->count < SAMPLE_ROWS && bytes < SAMPLE_ROWS_BYTES; bytes += row.raw.len) {
        state = rows_next(ctx, rows, &row);
        if (state != OK) {
            break;
        }
        row.raw = str_copy(arena, row.raw);
        row.cells = copied(arena, row.cells, row.count);
        row.json = row.json ? copied(arena, row.json, row.count) : NULL;
        out->rows[out->count++] = row;
    }
    out->columns = (struct str_list){copied(arena, rows->columns.items, rows->columns.count), rows->columns.count};
    if (state == ERR_EMPTY || out->count > 0) {
        ctx_forgive(ctx);
        return OK;
    }
    return state;
}
