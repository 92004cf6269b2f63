#include "journey/derive.h"

#include "journey/program.h"

/* The programs of one version, in map order; a touchpoint that states no condition has no events. */
struct mapped {
    struct program *programs;
    const u16 *codes;
    i64 count, from_ms;
};

static err prepare(struct ctx *ctx, const struct index *index, const struct derive_version *version, struct mapped *out)
{
    struct program_env env = {.index = index};
    i64 touchpoints = version->map->touchpoints.count;
    u16 *codes = arena_new(&ctx->arena, u16, greater(touchpoints, 1));
    *out = (struct mapped){arena_new(&ctx->arena, struct program, greater(touchpoints, 1)), codes, 0, version->from_ms};
    for (i64 i = 0; i < touchpoints; i++) {
        if (!condition_empty(&version->where[i])) {
            TRY(program_compile(ctx, &version->where[i], &env, &out->programs[out->count]));
            codes[out->count++] = version->codes[i];
        }
    }
    return OK;
}

static u16 first_match(const struct mapped *mapped, i64 row)
{
    for (i64 i = 0; i < mapped->count; i++) {
        if (program_holds(&mapped->programs[i], row, 0)) {
            return mapped->codes[i];
        }
    }
    return 0;
}

err derive_rows(struct ctx *ctx, const struct index *index, const struct derive_version *versions, i64 version_count,
                i64 first, u16 *codes)
{
    struct mapped *mapped = arena_new(&ctx->arena, struct mapped, greater(version_count, 1));
    for (i64 i = 0; i < version_count; i++) {
        TRY(prepare(ctx, index, &versions[i], &mapped[i]));
    }
    for (i64 row = first; row < index->count; row++) {
        i64 in_force = 0;
        while (in_force + 1 < version_count && mapped[in_force + 1].from_ms <= index->at_ms[row]) {
            in_force++;
        }
        codes[row] = version_count == 0 ? 0 : first_match(&mapped[in_force], row);
    }
    return OK;
}
