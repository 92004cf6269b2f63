#include "journey/periods.h"

static err list_starts(struct ctx *ctx, i64 low, i64 high, struct periods *out)
{
    i64 capacity = 64;
    i64 size = (i64)sizeof(i64);
    out->starts = arena_new(&ctx->arena, i64, capacity);
    i64 at = period_start(out->zone, out->every, low);
    for (;;) {
        out->starts[out->count] = at;
        if (at > high) {
            return OK;
        }
        if (out->count == PERIODS_MAX) {
            return FAIL(ctx, ERR_INVALID, "every", "error.ask.periods",
                        {"most", str_format(&ctx->arena, "%d", PERIODS_MAX)});
        }
        if (++out->count == capacity) {
            out->starts = arena_grow(&ctx->arena, out->starts, capacity * size, capacity * 2 * size, _Alignof(i64));
            capacity *= 2;
        }
        at = period_next(out->zone, out->every, at);
    }
}

/* Stretches as long as the shortest period allows. */
static void fill_table(struct ctx *ctx, struct periods *out)
{
    i64 shortest = INT64_MAX;
    for (i64 i = 0; i < out->count; i++) {
        shortest = lesser(shortest, out->starts[i + 1] - out->starts[i]);
    }
    while (((i64)2 << out->shift) <= shortest && out->shift < 40) {
        out->shift++;
    }
    out->first_ms = out->starts[0];
    i64 stretches = ((out->starts[out->count] - out->first_ms) >> out->shift) + 1;
    out->table = arena_new(&ctx->arena, u16, stretches);
    i64 period = 0;
    for (i64 i = 0; i < stretches; i++) {
        i64 begins = out->first_ms + (i << out->shift);
        while (period + 1 < out->count && out->starts[period + 1] <= begins) {
            period++;
        }
        out->table[i] = (u16)period;
    }
}

err periods_make(struct ctx *ctx, const struct zone *zone, enum period every, i64 low, i64 high, struct periods *out)
{
    *out = (struct periods){.every = every, .zone = zone};
    if (every == PERIOD_NONE || low > high) {
        return OK;
    }
    TRY(list_starts(ctx, low, high, out));
    fill_table(ctx, out);
    return OK;
}

str periods_text(const struct periods *periods, i64 period, char out[ISO_MAX])
{
    i64 start = periods->starts[period];
    return periods->every == PERIOD_HOUR ? iso_format(periods->zone, start, out) : iso_date(periods->zone, start, out);
}
