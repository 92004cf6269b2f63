#include "journey/acts.h"

err acts_prepare(const struct asking *asking, const struct journey_version *version, struct acts *out)
{
    struct arena *arena = &asking->ctx->arena;
    const struct texts *kinds = &asking->view.texts[WORD_KIND];
    i64 count = version == NULL ? 0 : version->map.touchpoints.count;
    *out = (struct acts){.view = &asking->view, .count = (i32)count};
    out->programs = arena_new(arena, struct program, count + 1);
    out->has = arena_new(arena, bool, count + 1);
    out->rules = arena_new(arena, struct visit_rule, count + 1);
    out->may = arena_new(arena, struct touch_set, (i64)kinds->count + 1);
    for (i32 t = 0; t < out->count; t++) {
        const struct condition *when = &version->when[t];
        out->has[t] = version->within_ms[t] > 0 && !condition_empty(when);
        if (!out->has[t]) {
            continue;
        }
        out->rules[t].within_ms = version->within_ms[t];
        TRY(program_compile(asking->ctx, when, &asking->env, &out->programs[t]));
        for (u32 code = 0; code <= kinds->count; code++) {
            if (condition_may_be_kind(when, texts_text(kinds, code))) {
                touch_put(&out->may[code], t);
            }
        }
    }
    return OK;
}

static const struct touch_set *may(void *self, i64 step)
{
    const struct acts *acts = self;
    return &acts->may[view_word(acts->view, WORD_KIND, acts->walk->rows[step])];
}

static bool is(void *self, i64 step, i32 touchpoint)
{
    const struct acts *acts = self;
    return program_holds(&acts->programs[touchpoint], acts->walk->rows[step], acts->walk->person);
}

struct visit_acts acts_of(struct acts *acts)
{
    return (struct visit_acts){.may = may, .is = is, .self = acts};
}
