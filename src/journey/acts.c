#include "journey/acts.h"

/* Is the code one of those that an operator on the kind of event accepts? */
static bool names_kind(const struct condition *condition, str kind)
{
    for (i64 i = 0; i < condition->operand_count; i++) {
        const struct operand *operand = &condition->operands[i];
        if (operand->null ? kind.len == 0 : str_eq(operand->text, kind)) {
            return true;
        }
    }
    return false;
}

/* False when the conditions that must all hold name kinds, and this is none of them. Only looks where it is sure. */
static bool may_be(const struct condition *condition, str kind)
{
    if (condition->op == CONDITION_IS && condition->field.kind == FIELD_WORD && condition->field.word == WORD_KIND) {
        return names_kind(condition, kind);
    }
    for (i64 i = 0; i < condition->child_count && condition->op == CONDITION_ALL; i++) {
        if (!may_be(&condition->children[i], kind)) { // as deep as conditions are nested: bounded when they are read
            return false;
        }
    }
    return true;
}

err acts_prepare(const struct asking *asking, const struct journey_version *version, struct acts *out)
{
    struct arena *arena = &asking->ctx->arena;
    const struct dictionary *kinds = &asking->index->texts[WORD_KIND];
    i64 count = version == NULL ? 0 : version->map.touchpoints.count;
    *out = (struct acts){.index = asking->index, .count = (i32)count};
    out->programs = arena_new(arena, struct program, count + 1);
    out->has = arena_new(arena, bool, count + 1);
    out->rules = arena_new(arena, struct visit_rule, count + 1);
    out->may = arena_new(arena, struct touch_set, kinds->count + 1);
    for (i32 t = 0; t < out->count; t++) {
        const struct condition *when = &version->when[t];
        out->has[t] = version->within_ms[t] > 0 && !condition_empty(when);
        if (!out->has[t]) {
            continue;
        }
        out->rules[t].within_ms = version->within_ms[t];
        TRY(program_compile(asking->ctx, when, &asking->env, &out->programs[t]));
        for (u32 code = 0; code <= kinds->count; code++) {
            if (may_be(when, dictionary_text(kinds, code))) {
                touch_put(&out->may[code], t);
            }
        }
    }
    return OK;
}

static const struct touch_set *may(void *self, i64 step)
{
    const struct acts *acts = self;
    return &acts->may[index_word(acts->index, WORD_KIND, acts->walk->rows[step])];
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
