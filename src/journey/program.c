#include "journey/program.h"

#include "journey/derive.h"
#include "journey/did.h"
#include "journey/program_number.h"

#include <math.h>
#include <stdlib.h>

#define SAME 1e-9 /* floats closer than this are equal (design: meanings) */

struct compiler {
    struct ctx *ctx;
    const struct program_env *env;
    struct program *program;
};

static u64 *bits_new(struct compiler *compiler, u32 count)
{
    return arena_new(&compiler->ctx->arena, u64, count / 64 + 1);
}

static void bit_set(u64 *bits, u32 code)
{
    bits[code >> 6] |= (u64)1 << (code & 63);
}

/* Both sides as numbers where both are, else as bytes. */
static int compare(str text, const struct operand *operand)
{
    f64 number;
    if (operand->number && str_f64(text, &number)) {
        f64 apart = number - operand->value;
        return fabs(apart) <= SAME ? 0 : apart < 0 ? -1 : 1;
    }
    return str_cmp(text, operand->text);
}

static bool is_any(const struct condition *condition, str text)
{
    for (i64 i = 0; i < condition->operand_count; i++) {
        const struct operand *operand = &condition->operands[i];
        if (operand->null ? text.len == 0 : text.len > 0 && compare(text, operand) == 0) {
            return true;
        }
    }
    return false;
}

static bool contains_any(const struct condition *condition, str text)
{
    for (i64 i = 0; i < condition->operand_count; i++) {
        if (text.len > 0 && str_find(text, condition->operands[i].text) >= 0) {
            return true;
        }
    }
    return false;
}

bool program_text(const struct condition *condition, str text)
{
    const struct operand *operand = condition->operands;
    bool ordered = text.len > 0;
    if (ordered && condition->op >= CONDITION_GT && condition->op <= CONDITION_LTE && operand->number) {
        f64 number;
        ordered = str_f64(text, &number); // a text is neither above nor below a number
    }
    switch (condition->op) {
    case CONDITION_IS: return is_any(condition, text);
    case CONDITION_IS_NOT: return !is_any(condition, text);
    case CONDITION_GT: return ordered && compare(text, operand) > 0;
    case CONDITION_GTE: return ordered && compare(text, operand) >= 0;
    case CONDITION_LT: return ordered && compare(text, operand) < 0;
    case CONDITION_LTE: return ordered && compare(text, operand) <= 0;
    case CONDITION_CONTAINS: return contains_any(condition, text);
    case CONDITION_EXISTS: return (text.len > 0) == condition->exists;
    default: return false;
    }
}

bool program_number(const struct condition *condition, bool has, f64 value)
{
    bool found = false;
    f64 apart = has && condition->operand_count > 0 ? value - condition->operands[0].value : 0;
    switch (condition->op) {
    case CONDITION_IS:
    case CONDITION_IS_NOT:
        for (i64 i = 0; i < condition->operand_count && !found; i++) {
            const struct operand *operand = &condition->operands[i];
            found = operand->null ? !has : has && fabs(value - operand->value) <= SAME;
        }
        return found == (condition->op == CONDITION_IS);
    case CONDITION_GT: return has && apart > SAME;
    case CONDITION_GTE: return has && apart >= -SAME;
    case CONDITION_LT: return has && apart < -SAME;
    case CONDITION_LTE: return has && apart <= SAME;
    case CONDITION_EXISTS: return has == condition->exists;
    default: return false;
    }
}

/* Compiling. A tree is laid out back to front, so that every jump goes to what
 * is there already. */

static i32 emit(struct compiler *compiler, struct test test, i32 yes, i32 no)
{
    struct program *program = compiler->program;
    if (program->count == program->capacity) {
        i64 size = (i64)sizeof(struct test);
        i32 capacity = program->capacity * 2 + 16;
        program->tests = arena_grow(&compiler->ctx->arena, program->tests, program->capacity * size, capacity * size,
                                    _Alignof(struct test));
        program->capacity = capacity;
    }
    test.yes = yes;
    test.no = no;
    program->tests[program->count] = test;
    return program->count++;
}

/* Where a column is in the lens. */
static i32 slot_word(struct compiler *compiler, enum word word)
{
    return compiler->env->lens == NULL ? -1 : lens_word(compiler->env->lens, (i32)word);
}

static i32 slot_column(struct compiler *compiler, i32 column)
{
    return compiler->env->lens == NULL || column < 0 ? -1 : lens_attached(compiler->env->lens, column);
}

static i32 emit_codes(struct compiler *compiler, struct test test, const u64 *bits, u32 count, i32 yes, i32 no)
{
    test.codes = codes_make(&compiler->ctx->arena, bits, count);
    return emit(compiler, test, yes, no);
}

static i32 emit_texts(struct compiler *compiler, struct test test, const struct condition *condition,
                      struct texts texts, i32 yes, i32 no)
{
    u64 *bits = bits_new(compiler, texts.count + 1);
    for (u32 code = 0; code <= texts.count; code++) {
        if (program_text(condition, texts_text(&texts, code))) {
            bit_set(bits, code);
        }
    }
    return emit_codes(compiler, test, bits, texts.count + 1, yes, no);
}

static str touch_text(const struct touch *touch, enum field_kind kind)
{
    return kind == FIELD_STAGE ? touch->stage : kind == FIELD_DEPARTMENT ? touch->department : touch->id;
}

static i32 emit_touch(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    const struct derived *derived = compiler->env->derived;
    u32 count = derived == NULL ? 1 : derived->touch_count + 1;
    i32 column = derived == NULL ? -1 : derived->column;
    u64 *bits = bits_new(compiler, count);
    for (u32 code = 0; code < count; code++) {
        str text = code == 0 ? STR_NONE : touch_text(&derived->touches[code], condition->field.kind);
        if (program_text(condition, text)) {
            bit_set(bits, code);
        }
    }
    struct test test = {.kind = TEST_COLUMN, .column = column, .slot = slot_column(compiler, column)};
    return emit_codes(compiler, test, bits, count, yes, no);
}

/* `journey` is told event by event: on any touchpoint of a journey whose id the
 * operator accepts. */
static i32 emit_journey(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    const struct program_env *env = compiler->env;
    bool negative = condition->op == CONDITION_IS_NOT || (condition->op == CONDITION_EXISTS && !condition->exists);
    struct condition positive = *condition;
    if (negative) {
        positive.op = condition->op == CONDITION_IS_NOT ? CONDITION_IS : CONDITION_EXISTS;
        positive.exists = true;
    }
    i32 next = negative ? yes : no;
    for (i64 i = 0; i < env->journey_count; i++) {
        const struct derived *derived = env->journeys[i].derived;
        if (derived == NULL || !program_text(&positive, env->journeys[i].id)) {
            continue;
        }
        u64 *bits = bits_new(compiler, derived->touch_count + 1);
        for (u32 code = 1; code <= derived->touch_count; code++) {
            bit_set(bits, code);
        }
        struct test test = {.kind = TEST_COLUMN,
                            .column = derived->column,
                            .slot = slot_column(compiler, derived->column)};
        next = emit_codes(compiler, test, bits, derived->touch_count + 1, negative ? no : yes, next);
    }
    return next;
}

static const struct trait_column *find_trait(const struct program_env *env, str name)
{
    for (i64 i = 0; i < env->trait_count; i++) {
        if (str_eq(env->traits[i].name, name)) {
            return &env->traits[i];
        }
    }
    return NULL;
}

static i32 emit_score(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    struct numbers_seen scores = compiler->env->view->scores;
    u64 *bits = bits_new(compiler, scores.count + 1);
    for (u32 code = 0; code <= scores.count; code++) {
        if (program_number(condition, code != 0, code == 0 ? 0 : scores.values[code])) {
            bit_set(bits, code);
        }
    }
    i32 slot = compiler->env->lens == NULL ? -1 : lens_scores(compiler->env->lens);
    return emit_codes(compiler, (struct test){.kind = TEST_SCORE, .slot = slot}, bits, scores.count + 1, yes, no);
}

static i32 emit_amount(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    struct condition *kept = arena_new(&compiler->ctx->arena, struct condition, 1);
    *kept = *condition;
    i32 slot = compiler->env->lens == NULL ? -1 : lens_amounts(compiler->env->lens);
    return emit(compiler, (struct test){.kind = TEST_AMOUNT, .slot = slot, .condition = kept}, yes, no);
}

static i32 emit_voiced(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    u64 *bits = bits_new(compiler, 2);
    bit_set(bits, condition->exists ? 1 : 0);
    i32 slot = compiler->env->lens == NULL ? -1 : lens_voiced(compiler->env->lens);
    return emit_codes(compiler, (struct test){.kind = TEST_VOICED, .slot = slot}, bits, 2, yes, no);
}

static i32 emit_field(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    const struct program_env *env = compiler->env;
    const struct field *field = &condition->field;
    switch (field->kind) {
    case FIELD_WORD:
        return emit_texts(
            compiler, (struct test){.kind = TEST_WORD, .word = field->word, .slot = slot_word(compiler, field->word)},
            condition, env->view->texts[field->word], yes, no);
    case FIELD_PROP: {
        const struct view_prop *prop = view_prop(env->view, field->name);
        i32 column = prop == NULL ? -1 : prop->column;
        return emit_texts(compiler,
                          (struct test){.kind = TEST_COLUMN, .column = column, .slot = slot_column(compiler, column)},
                          condition, prop == NULL ? (struct texts){0} : prop->texts, yes, no);
    }
    case FIELD_TRAIT: {
        const struct trait_column *trait = find_trait(env, field->name);
        return emit_texts(compiler, (struct test){.kind = TEST_TRAIT, .trait = trait, .slot = -1}, condition,
                          dictionary_texts(trait == NULL ? NULL : &trait->texts), yes, no);
    }
    case FIELD_TOUCHPOINT:
    case FIELD_STAGE:
    case FIELD_DEPARTMENT: return emit_touch(compiler, condition, yes, no);
    case FIELD_TEXT: return emit_voiced(compiler, condition, yes, no);
    case FIELD_JOURNEY: return emit_journey(compiler, condition, yes, no);
    case FIELD_AMOUNT: return emit_amount(compiler, condition, yes, no);
    default: return emit_score(compiler, condition, yes, no);
    }
}

/* A history is looked at once, for everybody, before the events. */
static err emit_did(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no, i32 *start)
{
    const u64 *bits;
    TRY(did_everybody(compiler->ctx, condition, compiler->env, &bits));
    struct test test = {.kind = TEST_PERSON, .slot = -1};
    test.codes = (struct codes){.bits = bits, .count = compiler->env->view->alias_count + 1};
    *start = emit(compiler, test, yes, no);
    return OK;
}

/* Lays out a tree that goes to `yes` or `no`; the depth of trees is bounded
 * when they are read. */
static err layout(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no, i32 *start)
{
    switch (condition->op) {
    case CONDITION_ALL:
        *start = yes;
        for (i64 i = condition->child_count - 1; i >= 0; i--) {
            TRY(layout(compiler, &condition->children[i], *start, no, start));
        }
        return OK;
    case CONDITION_ANY:
        *start = no;
        for (i64 i = condition->child_count - 1; i >= 0; i--) {
            TRY(layout(compiler, &condition->children[i], yes, *start, start));
        }
        return OK;
    case CONDITION_NOT: return layout(compiler, &condition->children[0], no, yes, start);
    case CONDITION_DID: return emit_did(compiler, condition, yes, no, start);
    default: *start = emit_field(compiler, condition, yes, no); return OK;
    }
}

/* Where a program ends that reads one code again and again. */
static bool code_holds(const struct program *program, u32 code)
{
    i32 at = program->start;
    while (at >= 0) {
        const struct test *test = &program->tests[at];
        at = codes_has(&test->codes, code) ? test->yes : test->no;
    }
    return at == PROGRAM_HOLDS;
}

/* All tests look at one column of the events: the program is a set of its
 * codes. */
static void fold(struct compiler *compiler)
{
    struct program *program = compiler->program;
    const struct lens *lens = program->lens;
    i32 slot = lens == NULL || program->start < 0 ? -1 : program->tests[program->start].slot;
    u32 count = 0;
    for (i32 i = 0; i < program->count && slot >= 0; i++) {
        slot = program->tests[i].slot == slot && lens->columns[slot].per == PER_ROW ? slot : -1;
        count = greater(count, program->tests[i].codes.count);
    }
    program->one_slot = slot;
    if (slot >= 0 && program->count == 1) {
        program->one = program->tests[0].codes;
        if (program->tests[0].yes == PROGRAM_HOLDS) {
            return;
        }
    }
    if (slot >= 0) {
        u64 *bits = bits_new(compiler, count);
        for (u32 code = 0; code < count; code++) {
            if (code_holds(program, code)) {
                bit_set(bits, code);
            }
        }
        program->one = codes_make(&compiler->ctx->arena, bits, count);
    }
}

err program_compile(struct ctx *ctx, const struct condition *condition, const struct program_env *env,
                    struct program *out)
{
    *out = (struct program){.view = env->view, .lens = env->lens};
    struct compiler compiler = {.ctx = ctx, .env = env, .program = out};
    i32 start = PROGRAM_HOLDS;
    TRY(layout(&compiler, condition, PROGRAM_HOLDS, PROGRAM_FAILS, &start));
    out->start = start;
    fold(&compiler);
    return OK;
}
