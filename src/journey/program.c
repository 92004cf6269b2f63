#include "journey/program.h"

#include "journey/derive.h"

#include <math.h>
#include <stdlib.h>

#define SAME 1e-9 /* floats closer than this are equal (design: meanings) */

struct compiler {
    struct ctx *ctx;
    const struct program_env *env;
    struct program *program;
};

/* Bit sets over codes. */

static u64 *bits_new(struct compiler *compiler, u32 count)
{
    return arena_new(&compiler->ctx->arena, u64, count / 64 + 1);
}

static void bit_set(u64 *bits, u32 code)
{
    bits[code >> 6] |= (u64)1 << (code & 63);
}

static bool bit_has(const u64 *bits, u32 count, u32 code)
{
    return code < count && (bits[code >> 6] >> (code & 63) & 1) != 0;
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

/* Does a text (empty: no value) satisfy an operator? */
static bool text_holds(const struct condition *condition, str text)
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

static bool number_holds(const struct condition *condition, bool has, f64 value)
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

/* Compiling. A tree is laid out back to front, so that every jump goes to what is there already. */

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

static i32 emit_texts(struct compiler *compiler, struct test test, const struct condition *condition,
                      const struct texts *texts, i32 yes, i32 no)
{
    u64 *bits = bits_new(compiler, texts->count + 1);
    for (u32 code = 0; code <= texts->count; code++) {
        if (text_holds(condition, texts_text(texts, code))) {
            bit_set(bits, code);
        }
    }
    test.bits = bits;
    test.bit_count = texts->count + 1;
    return emit(compiler, test, yes, no);
}

static str touch_text(const struct touch *touch, enum field_kind kind)
{
    return kind == FIELD_STAGE ? touch->stage : kind == FIELD_DEPARTMENT ? touch->department : touch->id;
}

static i32 emit_touch(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    const struct derived *derived = compiler->env->derived;
    u32 count = derived == NULL ? 1 : derived->touch_count + 1;
    u64 *bits = bits_new(compiler, count);
    for (u32 code = 0; code < count; code++) {
        str text = code == 0 ? STR_NONE : touch_text(&derived->touches[code], condition->field.kind);
        if (text_holds(condition, text)) {
            bit_set(bits, code);
        }
    }
    struct test test = {.kind = TEST_TOUCHPOINT, .derived = derived, .bits = bits, .bit_count = count};
    return emit(compiler, test, yes, no);
}

/* `journey` is told event by event: on any touchpoint of a journey whose id the operator accepts. */
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
        if (derived == NULL || !text_holds(&positive, env->journeys[i].id)) {
            continue;
        }
        u64 *bits = bits_new(compiler, derived->touch_count + 1);
        for (u32 code = 1; code <= derived->touch_count; code++) {
            bit_set(bits, code);
        }
        struct test test = {
            .kind = TEST_TOUCHPOINT, .derived = derived, .bits = bits, .bit_count = derived->touch_count + 1};
        next = emit(compiler, test, negative ? no : yes, next);
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

static i32 emit_field(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no)
{
    const struct program_env *env = compiler->env;
    static const struct texts nothing = {0};
    const struct field *field = &condition->field;
    switch (field->kind) {
    case FIELD_WORD:
        return emit_texts(compiler, (struct test){.kind = TEST_WORD, .word = field->word}, condition,
                          &env->view->texts[field->word], yes, no);
    case FIELD_PROP: {
        const struct view_prop *prop = view_prop(env->view, field->name);
        struct test test = {.kind = TEST_PROP, .column = prop == NULL ? -1 : prop->column};
        return emit_texts(compiler, test, condition, prop == NULL ? &nothing : &prop->texts, yes, no);
    }
    case FIELD_TRAIT: {
        const struct trait_column *trait = find_trait(env, field->name);
        struct texts texts = dictionary_texts(trait == NULL ? NULL : &trait->texts);
        return emit_texts(compiler, (struct test){.kind = TEST_TRAIT, .trait = trait}, condition, &texts, yes, no);
    }
    case FIELD_TOUCHPOINT:
    case FIELD_STAGE:
    case FIELD_DEPARTMENT: return emit_touch(compiler, condition, yes, no);
    case FIELD_TEXT: return emit(compiler, (struct test){.kind = TEST_TEXT, .exists = condition->exists}, yes, no);
    case FIELD_JOURNEY: return emit_journey(compiler, condition, yes, no);
    default: {
        struct condition *kept = arena_new(&compiler->ctx->arena, struct condition, 1);
        *kept = *condition;
        struct test test = {.kind = TEST_NUMBER, .amount = field->kind == FIELD_AMOUNT, .condition = kept};
        return emit(compiler, test, yes, no);
    }
    }
}

/* A history is looked at once, for everybody, before the events. */
static err emit_did(struct compiler *compiler, const struct condition *condition, i32 yes, i32 no, i32 *start)
{
    const struct program_env *env = compiler->env;
    struct program events;
    TRY(program_compile(compiler->ctx, &condition->children[0], env, &events));
    u32 count = env->view->alias_count + 1;
    u64 *bits = bits_new(compiler, count);
    i64 from = condition->in_last_ms == 0 ? INT64_MIN : env->now_ms - condition->in_last_ms;
    struct walk walk = walk_begin(env->view, false);
    walk.cut_ids = env->cut_ids;
    walk.cut_count = env->cut_count;
    while (walk_next(&walk) && walk.person != 0) {
        i64 times = 0;
        for (i64 i = 0; i < walk.count && times < condition->at_least; i++) {
            i64 at = view_at_ms(env->view, walk.rows[i]);
            times += at >= from && at < env->now_ms && program_holds(&events, walk.rows[i], walk.person);
        }
        if (times >= condition->at_least) {
            bit_set(bits, walk.person);
        }
    }
    walk_end(&walk);
    *start = emit(compiler, (struct test){.kind = TEST_PERSON, .bits = bits, .bit_count = count}, yes, no);
    return ctx_stopped(compiler->ctx) ? ERR_CANCELLED : OK;
}

/* Lays out a tree that goes to `yes` or `no`; the depth of trees is bounded when they are read. */
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

err program_compile(struct ctx *ctx, const struct condition *condition, const struct program_env *env,
                    struct program *out)
{
    *out = (struct program){.view = env->view};
    struct compiler compiler = {.ctx = ctx, .env = env, .program = out};
    i32 start = PROGRAM_HOLDS;
    TRY(layout(&compiler, condition, PROGRAM_HOLDS, PROGRAM_FAILS, &start));
    out->start = start;
    return OK;
}

/* Running. */

static bool number_test(const struct view *view, const struct test *test, i64 row)
{
    if (test->amount) {
        i64 amount;
        bool has = view_amount(view, row, &amount);
        return number_holds(test->condition, has, (f64)amount);
    }
    struct view_answer answer;
    bool has = view_answer(view, row, &answer) && answer.score != 0;
    return number_holds(test->condition, has, has ? view->scores.values[answer.score] : 0);
}

static bool test_holds(const struct view *view, const struct test *test, i64 row, alias_no person)
{
    switch (test->kind) {
    case TEST_WORD: return bit_has(test->bits, test->bit_count, view_word(view, test->word, row));
    case TEST_PROP:
        return bit_has(test->bits, test->bit_count, test->column < 0 ? 0 : view_attached(view, test->column, row));
    case TEST_TRAIT: {
        const struct trait_column *trait = test->trait;
        return bit_has(test->bits, test->bit_count, trait == NULL || person >= trait->count ? 0 : trait->codes[person]);
    }
    case TEST_TOUCHPOINT: return bit_has(test->bits, test->bit_count, derived_code(view, test->derived, row));
    case TEST_TEXT: return view_voiced(view, row) == test->exists;
    case TEST_PERSON: return bit_has(test->bits, test->bit_count, person);
    default: return number_test(view, test, row);
    }
}

bool program_holds(const struct program *program, i64 row, alias_no person)
{
    i32 at = program->start;
    while (at >= 0) {
        const struct test *test = &program->tests[at];
        at = test_holds(program->view, test, row, person) ? test->yes : test->no;
    }
    return at == PROGRAM_HOLDS;
}
