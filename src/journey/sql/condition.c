/* Conditions as SQL, with the meaning that program.c gives them. */
#include "journey/derive.h"
#include "journey/program_number.h"
#include "journey/sql/sql.h"

#include "base/id.h"
#include "journey/journeys.h"
#include "json/write.h"

#include <math.h>
#include <stdlib.h>

struct sql_expr sql_always(void)
{
    return (struct sql_expr){.text = STR("1")};
}

struct sql_expr sql_never(void)
{
    return (struct sql_expr){.text = STR("0")};
}

static bool is_always(struct sql_expr a)
{
    return str_eq(a.text, STR("1"));
}

static bool is_never(struct sql_expr a)
{
    return str_eq(a.text, STR("0"));
}

struct sql_expr sql_and(struct ctx *ctx, struct sql_expr a, struct sql_expr b)
{
    if (is_always(a) || is_never(b)) {
        return b;
    }
    if (is_always(b) || is_never(a)) {
        return a;
    }
    return (struct sql_expr){SQL_TEXT(ctx, SQL_CLICK_AND, PART("a", a.text), PART("b", b.text)), a.needs | b.needs};
}

struct sql_expr sql_or(struct ctx *ctx, struct sql_expr a, struct sql_expr b)
{
    if (is_never(a) || is_always(b)) {
        return b;
    }
    if (is_never(b) || is_always(a)) {
        return a;
    }
    return (struct sql_expr){SQL_TEXT(ctx, SQL_CLICK_OR, PART("a", a.text), PART("b", b.text)), a.needs | b.needs};
}

struct sql_expr sql_not(struct ctx *ctx, struct sql_expr a)
{
    if (is_always(a) || is_never(a)) {
        return is_always(a) ? sql_never() : sql_always();
    }
    return (struct sql_expr){SQL_TEXT(ctx, SQL_CLICK_NOT, PART("a", a.text)), a.needs};
}

/* Any of many, as a tree whose depth grows with the logarithm of their number. */
static struct sql_expr any_of(struct ctx *ctx, const struct sql_expr *items, i64 count)
{
    if (count <= 1) {
        return count == 0 ? sql_never() : items[0];
    }
    return sql_or(ctx, any_of(ctx, items, count / 2), any_of(ctx, items + count / 2, count - count / 2));
}

/* Values among others. */

str sql_one_of_texts(struct ctx *ctx, str value, const str *texts, i64 count)
{
    struct buf items = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        buf_add(&items, i == 0 ? STR_NONE : STR(", "));
        click_literal(&items, texts[i]);
    }
    return count == 0 ? STR("0")
                      : SQL_TEXT(ctx, SQL_CLICK_ONE_OF, PART("value", value), PART("items", buf_str(&items)));
}

str sql_one_of_numbers(struct ctx *ctx, str value, const i64 *numbers, i64 count)
{
    return count == 0
               ? STR("0")
               : SQL_TEXT(ctx, SQL_CLICK_ONE_OF, PART("value", value), PART("items", sql_numbers(ctx, numbers, count)));
}

/* Many numbers. Written one by one they would be read and compared one by one, and 18.16 takes seconds to read a thousand. */

enum { NUMBERS_FEW = 8 };
#define STRETCH 5e8                 /* stretches in 1: each is twice as long as the distance that counts as none */
#define CLOSE 1e-8                  /* operands nearer to each other than this might share a stretch */
#define FIRST 1000000000000000000LL /* the number of the stretch that begins at 0 */
#define FAR 1e9                     /* beyond this, numbers that differ differ by more */

static int by_value(const void *a, const void *b)
{
    f64 x = ((const struct operand *)a)->value, y = ((const struct operand *)b)->value;
    return (x > y) - (x < y);
}

static void put_number(struct buf *list, f64 number)
{
    char digits[32];
    buf_add(list, list->len == 0 ? STR_NONE : STR(","));
    buf_add(list, (str){digits, f64_text(number, digits)});
}

/* A number near one of these, which are more than one; false when two of them lie too close to each other. */
static bool near_any(struct ctx *ctx, str number, struct operand *numbers, i64 count, str *out)
{
    struct buf values = buf_in(&ctx->arena), stretches = buf_in(&ctx->arena), nearest = buf_in(&ctx->arena);
    qsort(numbers, (size_t)count, sizeof numbers[0], by_value);
    for (i64 i = 0; i < count; i++) {
        f64 value = numbers[i].value;
        if (i > 0 && value - numbers[i - 1].value < CLOSE && value != numbers[i - 1].value) {
            return false;
        }
        put_number(&values, value);
        if (fabs(value) >= FAR || (i > 0 && value == numbers[i - 1].value)) {
            continue;
        }
        for (i64 k = -1; k <= 1; k++) {
            char digits[32];
            buf_format(&stretches, ",%lld", (long long)floor(value * STRETCH) + (long long)k + FIRST);
            buf_char(&nearest, ',');
            buf_add(&nearest, (str){digits, f64_text(value, digits)});
        }
    }
    *out = SQL_TEXT(ctx, SQL_CLICK_NEAR, PART("number", number), PART("values", buf_str(&values)),
                    PART("stretches", buf_str(&stretches)), PART("nearest", buf_str(&nearest)));
    return true;
}

/* The operands that are numbers, when they are many; 0: they are few. */
static i64 many_numbers(struct ctx *ctx, const struct condition *condition, struct operand **out)
{
    i64 count = 0;
    *out = arena_new(&ctx->arena, struct operand, condition->operand_count + 1);
    for (i64 i = 0; i < condition->operand_count; i++) {
        if (condition->operands[i].number && !condition->operands[i].null) {
            (*out)[count++] = condition->operands[i];
        }
    }
    return count > NUMBERS_FEW ? count : 0;
}

/* Texts: a word or a property, '' where there is none; and the number that it states. */
struct compared {
    str text, number;
};

static struct sql_expr part(struct ctx *ctx, enum statement sql, const struct compared *compared,
                            const struct operand *operand)
{
    str text = SQL_TEXT(ctx, sql, PART("text", compared->text), PART("number", compared->number),
                        PART("has", SQL_TEXT(ctx, SQL_CLICK_SOME, PART("text", compared->text))),
                        VALUE_STR("word", operand->text), VALUE_F64("value", operand->value));
    return (struct sql_expr){.text = text};
}

/* Many numbers that a text is compared with; false: one by one. */
static bool text_near(struct ctx *ctx, const struct condition *condition, const struct compared *compared,
                      struct sql_expr *out)
{
    struct operand *numbers;
    struct buf words = buf_in(&ctx->arena);
    i64 count = many_numbers(ctx, condition, &numbers);
    str near;
    if (count == 0 || !near_any(ctx, compared->number, numbers, count, &near)) {
        return false;
    }
    for (i64 i = 0; i < count; i++) {
        buf_add(&words, i == 0 ? STR_NONE : STR(","));
        click_literal(&words, numbers[i].text);
    }
    out->text = SQL_TEXT(ctx, SQL_CLICK_TEXT_NEAR, PART("text", compared->text), PART("number", compared->number),
                         PART("words", buf_str(&words)), PART("near", near));
    return true;
}

static struct sql_expr is_any(struct ctx *ctx, const struct condition *condition, const struct compared *compared)
{
    struct sql_expr near = {0};
    bool together = text_near(ctx, condition, compared, &near);
    struct sql_expr *parts = arena_new(&ctx->arena, struct sql_expr, condition->operand_count + 2);
    str *texts = arena_new(&ctx->arena, str, condition->operand_count + 1);
    i64 count = 0, text_count = 0;
    for (i64 i = 0; i < condition->operand_count; i++) {
        const struct operand *operand = &condition->operands[i];
        if (operand->null) {
            parts[count++] = part(ctx, SQL_CLICK_NONE, compared, operand);
        } else if (operand->number) {
            if (!together) {
                parts[count++] = part(ctx, SQL_CLICK_TEXT_IS, compared, operand);
            }
        } else if (operand->text.len > 0) { // an empty text is no value and equals none
            texts[text_count++] = operand->text;
        }
    }
    parts[count++] = (struct sql_expr){.text = sql_one_of_texts(ctx, compared->text, texts, text_count)};
    if (together) {
        parts[count++] = near;
    }
    return any_of(ctx, parts, count);
}

static struct sql_expr contains_any(struct ctx *ctx, const struct condition *condition, const struct compared *compared)
{
    struct sql_expr *parts = arena_new(&ctx->arena, struct sql_expr, condition->operand_count + 1);
    for (i64 i = 0; i < condition->operand_count; i++) {
        const struct operand *operand = &condition->operands[i];
        parts[i] = part(ctx, operand->text.len == 0 ? SQL_CLICK_SOME : SQL_CLICK_HAS, compared, operand);
    }
    return any_of(ctx, parts, condition->operand_count);
}

/* A text lies before or behind an operand: both as numbers where that is one (a text is neither above nor below a number). */
static struct sql_expr ordered(struct ctx *ctx, const struct condition *condition, const struct compared *compared)
{
    static const enum statement texts[] = {SQL_CLICK_TEXT_ABOVE, SQL_CLICK_TEXT_FROM, SQL_CLICK_TEXT_BELOW,
                                           SQL_CLICK_TEXT_UPTO};
    static const enum statement numbers[] = {SQL_CLICK_NUMBER_ABOVE, SQL_CLICK_NUMBER_FROM, SQL_CLICK_NUMBER_BELOW,
                                             SQL_CLICK_NUMBER_UPTO};
    const struct operand *operand = condition->operands;
    i32 at = (i32)condition->op - CONDITION_GT;
    return part(ctx, operand->number ? numbers[at] : texts[at], compared, operand);
}

static struct sql_expr of_text(struct ctx *ctx, const struct condition *condition, const struct compared *compared)
{
    switch (condition->op) {
    case CONDITION_IS: return is_any(ctx, condition, compared);
    case CONDITION_IS_NOT: return sql_not(ctx, is_any(ctx, condition, compared));
    case CONDITION_CONTAINS: return contains_any(ctx, condition, compared);
    case CONDITION_EXISTS:
        return part(ctx, condition->exists ? SQL_CLICK_SOME : SQL_CLICK_NONE, compared, &(struct operand){0});
    default: return ordered(ctx, condition, compared);
    }
}

/* Numbers: a score, an amount. */

static struct sql_expr number_part(struct ctx *ctx, enum statement sql, str has, str number,
                                   const struct operand *operand)
{
    return (struct sql_expr){
        .text = SQL_TEXT(ctx, sql, PART("has", has), PART("number", number), VALUE_F64("value", operand->value))};
}

static struct sql_expr of_number(struct ctx *ctx, const struct condition *condition, str has, str number)
{
    static const enum statement statements[] = {SQL_CLICK_NUMBER_ABOVE, SQL_CLICK_NUMBER_FROM, SQL_CLICK_NUMBER_BELOW,
                                                SQL_CLICK_NUMBER_UPTO};
    struct sql_expr there = {.text = has};
    if (condition->op == CONDITION_EXISTS) {
        return condition->exists ? there : sql_not(ctx, there);
    }
    bool equal = condition->op == CONDITION_IS || condition->op == CONDITION_IS_NOT;
    if (!equal) {
        return number_part(ctx, statements[condition->op - CONDITION_GT], has, number, condition->operands);
    }
    struct sql_expr *parts = arena_new(&ctx->arena, struct sql_expr, condition->operand_count + 1);
    struct operand *numbers;
    str near;
    i64 count = 0, many = many_numbers(ctx, condition, &numbers);
    bool together = many > 0 && near_any(ctx, number, numbers, many, &near);
    if (together) {
        parts[count++].text = SQL_TEXT(ctx, SQL_CLICK_NUMBER_NEAR, PART("has", has), PART("near", near));
    }
    for (i64 i = 0; i < condition->operand_count; i++) {
        const struct operand *operand = &condition->operands[i];
        if (operand->null) {
            parts[count++] = sql_not(ctx, there);
        } else if (!together) {
            parts[count++] = number_part(ctx, SQL_CLICK_NUMBER_IS, has, number, operand);
        }
    }
    struct sql_expr any = any_of(ctx, parts, count);
    return condition->op == CONDITION_IS_NOT ? sql_not(ctx, any) : any;
}

/* What the map says. */

static str touch_text(const struct touch *touch, enum field_kind kind)
{
    return kind == FIELD_STAGE ? touch->stage : kind == FIELD_DEPARTMENT ? touch->department : touch->id;
}

static struct sql_expr of_touch(struct sql_asking *sql, const struct condition *condition)
{
    const struct derived *derived = sql->asking->derived;
    u32 count = derived == NULL ? 0 : derived->touch_count;
    i64 *codes = arena_new(&sql->ctx->arena, i64, count + 1);
    i64 holding = 0;
    for (u32 code = 0; code <= count; code++) {
        if (program_text(condition,
                         code == 0 ? STR_NONE : touch_text(&derived->touches[code], condition->field.kind))) {
            codes[holding++] = code;
        }
    }
    if (holding == 0 || holding == (i64)count + 1) {
        return holding == 0 ? sql_never() : sql_always();
    }
    return (struct sql_expr){sql_one_of_numbers(sql->ctx, STR("touch"), codes, holding), SQL_NEEDS_TOUCH};
}

/* On any touchpoint of another journey. */
static err on_journey(struct sql_asking *sql, i64 id, struct sql_expr *out)
{
    struct ctx *ctx = sql->ctx;
    const struct asking *asking = sql->asking;
    struct journey_view view = asking->journey;
    str touch = STR("touch");
    out->needs = SQL_NEEDS_TOUCH;
    if (id != asking->journey.id) {
        struct derivation derivation;
        TRY(journeys_view(ctx, asking->rooms->journeys, id, 0, asking->question.as_of_ms, &view));
        journeys_derivation(&ctx->arena, &view, &derivation);
        TRY(sql_touch(sql, &derivation, &touch));
        out->needs = 0;
    }
    *out = view.newest == NULL ? sql_never()
                               : (struct sql_expr){SQL_TEXT(ctx, SQL_CLICK_ON_MAP, PART("touch", touch)), out->needs};
    return OK;
}

static err of_journey(struct sql_asking *sql, const struct condition *condition, struct sql_expr *out)
{
    const struct program_env *env = &sql->asking->env;
    bool negative = condition->op == CONDITION_IS_NOT || (condition->op == CONDITION_EXISTS && !condition->exists);
    struct condition positive = *condition;
    if (negative) {
        positive.op = condition->op == CONDITION_IS_NOT ? CONDITION_IS : CONDITION_EXISTS;
        positive.exists = true;
    }
    *out = sql_never();
    for (i64 i = 0; i < env->journey_count; i++) {
        struct sql_expr on;
        i64 id;
        if (program_text(&positive, env->journeys[i].id) && id_parse(env->journeys[i].id, &id)) {
            TRY(on_journey(sql, id, &on));
            *out = sql_or(sql->ctx, *out, on);
        }
    }
    *out = negative ? sql_not(sql->ctx, *out) : *out;
    return OK;
}

/* Persons. */

/* The persons whose trait has one of the values that hold, or the others. */
static err of_trait(struct sql_asking *sql, const struct condition *condition, struct sql_expr *out)
{
    const struct trait_column *trait = sql_trait(sql, condition->field.name);
    struct ctx *ctx = sql->ctx;
    bool none = program_text(condition, STR_NONE); // persons without the trait hold, and so does nobody
    struct texts texts = dictionary_texts(trait == NULL ? NULL : &trait->texts);
    bool *listed = arena_new(&ctx->arena, bool, (i64)texts.count + 1);
    for (u32 code = 1; code <= texts.count; code++) {
        listed[code] = program_text(condition, texts_text(&texts, code)) != none;
    }
    str ids, codes;
    sql_trait_lists(sql, trait, listed, &ids, &codes);
    TRY(asking_use(sql->asking, ids.len));
    struct sql_expr found = sql_never();
    if (ids.len > 0) {
        found = (struct sql_expr){SQL_TEXT(ctx, SQL_CLICK_IN_PEOPLE, VALUE_STR("ids", ids)), SQL_NEEDS_PERSON};
    }
    *out = none ? sql_not(ctx, found) : found;
    return OK;
}

static err of_history(struct sql_asking *sql, const struct condition *condition, struct sql_expr *out)
{
    struct ctx *ctx = sql->ctx;
    i64 now_ms = sql->asking->env.now_ms;
    struct sql_expr where;
    TRY(sql_condition(sql, &condition->children[0], &where));
    struct sql_expr time = {.text = SQL_TEXT(ctx, SQL_CLICK_BEFORE, VALUE_I64("at", now_ms))};
    if (condition->in_last_ms != 0) {
        time = sql_and(ctx, time,
                       (struct sql_expr){
                           .text = SQL_TEXT(ctx, SQL_CLICK_SINCE, VALUE_I64("at", now_ms - condition->in_last_ms))});
    }
    where = sql_and(ctx, sql->known, sql_and(ctx, time, where));
    where.needs |= SQL_NEEDS_PERSON;
    out->needs = SQL_NEEDS_PERSON;
    out->text = SQL_TEXT(ctx, SQL_CLICK_DID, PART("with", sql_with(sql, where.needs)),
                         PART("from", sql_from(sql, where.needs)), PART("where", where.text),
                         VALUE_I64("least", condition->at_least));
    return OK;
}

/* Fields. */

static err of_field(struct sql_asking *sql, const struct condition *condition, struct sql_expr *out)
{
    struct ctx *ctx = sql->ctx;
    const struct field *field = &condition->field;
    struct compared compared;
    switch (field->kind) {
    case FIELD_WORD:
        compared.text = sql_word(ctx, field->word);
        compared.number = SQL_TEXT(ctx, SQL_CLICK_TEXT_NUMBER, PART("text", compared.text));
        *out = of_text(ctx, condition, &compared);
        return OK;
    case FIELD_PROP:
        compared.text = SQL_TEXT(ctx, SQL_CLICK_PROP, VALUE_STR("name", field->name));
        compared.number = SQL_TEXT(ctx, SQL_CLICK_PROP_NUMBER, VALUE_STR("name", field->name));
        *out = of_text(ctx, condition, &compared);
        return OK;
    case FIELD_TRAIT: return of_trait(sql, condition, out);
    case FIELD_TOUCHPOINT:
    case FIELD_STAGE:
    case FIELD_DEPARTMENT: *out = of_touch(sql, condition); return OK;
    case FIELD_TEXT:
        *out = (struct sql_expr){.text = SQL_TEXT(ctx, SQL_CLICK_VOICED)};
        *out = condition->exists ? *out : sql_not(ctx, *out);
        return OK;
    case FIELD_JOURNEY: return of_journey(sql, condition, out);
    case FIELD_AMOUNT: *out = of_number(ctx, condition, STR("priced"), SQL_TEXT(ctx, SQL_CLICK_AMOUNT)); return OK;
    default: *out = of_number(ctx, condition, STR("scored"), STR("score")); return OK;
    }
}

/* The depth of trees is bounded when they are read. */
static err of_children(struct sql_asking *sql, const struct condition *condition, struct sql_expr *out)
{
    bool all = condition->op == CONDITION_ALL;
    *out = all ? sql_always() : sql_never();
    for (i64 i = 0; i < condition->child_count; i++) {
        struct sql_expr child;
        TRY(sql_condition(sql, &condition->children[i], &child));
        *out = all ? sql_and(sql->ctx, *out, child) : sql_or(sql->ctx, *out, child);
    }
    return OK;
}

err sql_condition(struct sql_asking *sql, const struct condition *condition, struct sql_expr *out)
{
    *out = (struct sql_expr){0};
    switch (condition->op) {
    case CONDITION_ALL:
    case CONDITION_ANY: return of_children(sql, condition, out);
    case CONDITION_NOT:
        TRY(sql_condition(sql, &condition->children[0], out));
        *out = sql_not(sql->ctx, *out);
        return OK;
    case CONDITION_DID: return of_history(sql, condition, out);
    default: return of_field(sql, condition, out);
    }
}
