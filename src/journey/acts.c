#include "journey/acts.h"

/* The kinds whose events may be the act, and whether that is sure: where the program looks at nothing else it is. */
static void find_kinds(const struct asking *asking, const struct condition *when, i32 t, i32 slot, struct acts *acts)
{
    const struct texts *kinds = &asking->view.texts[WORD_KIND];
    const struct program *program = &acts->programs[t];
    bool sure = program_always(program) || (program->start >= 0 && program->one_slot == slot);
    for (u32 code = 0; code <= kinds->count; code++) {
        bool may = sure ? program_always(program) || codes_has(&program->one, code)
                        : condition_may_be_kind(when, texts_text(kinds, code));
        if (may) {
            touch_put(&acts->may[code], t);
        }
        if (may && !sure) {
            touch_put(&acts->ask[code], t);
        }
    }
}

err acts_prepare(const struct asking *asking, const struct journey_version *version, struct acts *out)
{
    struct arena *arena = &asking->ctx->arena;
    i64 count = version == NULL ? 0 : version->map.touchpoints.count;
    i64 kinds = (i64)asking->view.texts[WORD_KIND].count + 1;
    i32 slot = lens_word(asking->lens, WORD_KIND);
    *out = (struct acts){.count = (i32)count};
    out->programs = arena_new(arena, struct program, count + 1);
    out->has = arena_new(arena, bool, count + 1);
    out->rules = arena_new(arena, struct visit_rule, count + 1);
    out->may = arena_new(arena, struct touch_set, kinds);
    out->ask = arena_new(arena, struct touch_set, kinds);
    for (i32 t = 0; t < out->count; t++) {
        const struct condition *when = &version->when[t];
        out->has[t] = version->within_ms[t] > 0 && !condition_empty(when);
        if (out->has[t]) {
            out->rules[t].within_ms = version->within_ms[t];
            TRY(program_compile(asking->ctx, when, &asking->env, &out->programs[t]));
            find_kinds(asking, when, t, slot, out);
        }
    }
    return OK;
}
