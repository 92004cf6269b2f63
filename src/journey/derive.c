#include "journey/derive.h"

#include "journey/program.h"
#include "journey/visits.h"

/* The programs of one version, in map order; a touchpoint that states no condition has no events. */
struct mapped {
    struct program *programs;
    u16 *codes;
    i64 count, from_ms;
    struct touch_set *may; /* by kind of event: which programs are worth running */
};

static err check_props(const struct derive_version *version, struct view *view)
{
    str items[PROMOTED_MAX + 1];
    struct names names = {.items = items, .max = PROMOTED_MAX + 1};
    for (i64 i = 0; i < version->map->touchpoints.count; i++) {
        condition_names(&version->where[i], FIELD_PROP, &names);
    }
    for (i64 i = 0; i < names.count; i++) {
        if (view_prop(view, names.items[i]) == NULL) {
            return ERR_EMPTY;
        }
    }
    return OK;
}

static err prepare(struct ctx *ctx, struct view *view, const struct derive_version *version, struct mapped *out)
{
    struct program_env env = {.view = view};
    struct texts kinds = view->texts[WORD_KIND];
    i64 touchpoints = version->map->touchpoints.count;
    TRY(check_props(version, view));
    *out = (struct mapped){.programs = arena_new(&ctx->arena, struct program, greater(touchpoints, 1)),
                           .codes = arena_new(&ctx->arena, u16, greater(touchpoints, 1)),
                           .from_ms = version->from_ms,
                           .may = arena_new(&ctx->arena, struct touch_set, (i64)kinds.count + 1)};
    for (i64 i = 0; i < touchpoints; i++) {
        if (condition_empty(&version->where[i])) {
            continue;
        }
        TRY(program_compile(ctx, &version->where[i], &env, &out->programs[out->count]));
        out->codes[out->count] = version->codes[i];
        for (u32 kind = 0; kind <= kinds.count; kind++) {
            if (condition_may_be_kind(&version->where[i], texts_text(&kinds, kind))) {
                touch_put(&out->may[kind], (i32)out->count);
            }
        }
        out->count++;
    }
    return OK;
}

static u16 first_match(const struct mapped *mapped, u32 kind, i64 row)
{
    for (i32 w = 0; w < TOUCH_WORDS; w++) {
        for (u64 left = mapped->may[kind].words[w]; left != 0; left &= left - 1) {
            i32 i = w * 64 + __builtin_ctzll(left);
            if (program_holds(&mapped->programs[i], row, 0)) {
                return mapped->codes[i];
            }
        }
    }
    return 0;
}

err derive_layer(struct ctx *ctx, struct view *view, i32 layer, const struct derive_version *versions,
                 i64 version_count, struct column *out)
{
    const struct rows *rows = &view->layers[layer]->rows;
    struct mapped *mapped = arena_new(&ctx->arena, struct mapped, greater(version_count, 1));
    for (i64 i = 0; i < version_count; i++) {
        TRY(prepare(ctx, view, &versions[i], &mapped[i]));
    }
    *out = column_new(rows->count, 0);
    for (i64 row = 0; row < rows->count && version_count > 0; row++) {
        i64 in_force = 0;
        while (in_force + 1 < version_count && mapped[in_force + 1].from_ms <= rows->at_ms[row]) {
            in_force++;
        }
        u32 kind = column_get(&rows->words[WORD_KIND], row);
        column_set(out, row, first_match(&mapped[in_force], kind, view->first[layer] + row));
    }
    return OK;
}
