#include "journey/derive.h"

#include "journey/block_build.h"
#include "journey/program.h"

/* The programs of one version, in map order; a touchpoint that states no condition has no events. */
struct mapped {
    struct program *programs;
    u16 *codes;
    i64 count, from_ms;
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

static err prepare(struct ctx *ctx, struct view *view, struct lens *lens, const struct derive_version *version,
                   struct mapped *out)
{
    struct program_env env = {.view = view, .lens = lens};
    i64 touchpoints = version->map->touchpoints.count;
    TRY(check_props(version, view));
    *out = (struct mapped){.programs = arena_new(&ctx->arena, struct program, greater(touchpoints, 1)),
                           .codes = arena_new(&ctx->arena, u16, greater(touchpoints, 1)),
                           .from_ms = version->from_ms};
    for (i64 i = 0; i < touchpoints; i++) {
        if (!condition_empty(&version->where[i])) {
            TRY(program_compile(ctx, &version->where[i], &env, &out->programs[out->count]));
            out->codes[out->count++] = version->codes[i];
        }
    }
    return OK;
}

/* Codes of those rows of a block that a version decides about, `open`; each belongs to the first touchpoint that holds. */
static void derive_block(const struct mapped *mapped, const struct block *block, struct scratch *scratch, u64 *open,
                         i64 first, struct column *out)
{
    u64 *bits = scratch_new(scratch, u64, bits_words(block->count));
    i64 left = bits_count(open, block->count);
    for (i64 i = 0; i < mapped->count && left > 0; i++) {
        program_bits(&mapped->programs[i], block, scratch, bits);
        for (i64 word = 0; word < bits_words(block->count); word++) {
            for (u64 rest = bits[word] & open[word]; rest != 0; rest &= rest - 1) {
                column_set(out, first + word * 64 + __builtin_ctzll(rest), mapped->codes[i]);
                left--;
            }
            open[word] &= ~bits[word];
        }
    }
}

/* The first version decides from ever, each later one from its moment on. */
static void derive_rows(const struct mapped *mapped, i64 version_count, const struct block *block,
                        struct scratch *scratch, i64 first, struct column *out)
{
    u64 *open = scratch_new(scratch, u64, bits_words(block->count));
    for (i64 v = 0; v < version_count; v++) {
        i64 from_ms = v == 0 ? INT64_MIN : mapped[v].from_ms;
        i64 to_ms = v + 1 < version_count ? mapped[v + 1].from_ms : INT64_MAX;
        bits_of_times(block->at_ms, block->count, from_ms, to_ms, open);
        derive_block(&mapped[v], block, scratch, open, first, out);
    }
}

err derive_layer(struct ctx *ctx, struct view *view, i32 layer, const struct derive_version *versions,
                 i64 version_count, struct column *out)
{
    i64 count = view->layers[layer]->rows.count;
    struct mapped *mapped = arena_new(&ctx->arena, struct mapped, greater(version_count, 1));
    struct lens *lens = lens_new(&ctx->arena);
    for (i64 i = 0; i < version_count; i++) {
        TRY(prepare(ctx, view, lens, &versions[i], &mapped[i]));
    }
    struct block_source *source = arena_new(&ctx->arena, struct block_source, 1);
    struct scratch scratch = {0};
    block_source_begin(&ctx->arena, view, lens, NULL, NULL, 0, source);
    struct block_builder builder = block_builder_new(source, &scratch);
    *out = column_new(count, 0);
    for (i64 from = 0; from < count && version_count > 0; from += BLOCK_ROWS) {
        block_nobody(&builder, layer, from, lesser(from + BLOCK_ROWS, count));
        derive_rows(mapped, version_count, &builder.block, &scratch, from, out);
        scratch_reset(&scratch);
    }
    block_builder_free(&builder);
    scratch_free(&scratch);
    return OK;
}
