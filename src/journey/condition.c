#include "journey/condition.h"

#include "base/zone.h"
#include "journey/pointer.h"
#include "text/fold.h"

static const struct {
    const char *name;
    enum condition_op op;
} operators[] = {
    {"is", CONDITION_IS},
    {"is_not", CONDITION_IS_NOT},
    {"gt", CONDITION_GT},
    {"gte", CONDITION_GTE},
    {"lt", CONDITION_LT},
    {"lte", CONDITION_LTE},
    {"contains", CONDITION_CONTAINS},
    {"exists", CONDITION_EXISTS},
};

#define OPERATORS STR("is, is_not, gt, gte, lt, lte, contains, exists")

struct reading {
    struct ctx *ctx;
    enum field_use use;
    i32 depth;
    i32 count;   /* conditions read so far */
    bool in_did; /* a history is not asked inside a history */
};

static err read_one(struct reading *reading, struct json value, struct condition *out);

static err wrong_type(struct ctx *ctx, const char *expected)
{
    return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", str_from(expected)});
}

/* Operands. */

static err read_operand(struct ctx *ctx, struct json value, struct operand *out)
{
    i64 integer;
    bool truth;
    *out = (struct operand){0};
    switch (json_type(value)) {
    case JSON_NULL: out->null = true; return OK;
    case JSON_BOOL: out->text = json_bool(value, &truth) && truth ? STR("true") : STR("false"); return OK;
    case JSON_STR:
        if (!json_str(value, &out->text)) {
            return ERR_INVALID;
        }
        out->text = str_copy(&ctx->arena, fold_nfc(&ctx->arena, out->text));
        return OK;
    case JSON_I64:
    case JSON_U64:
    case JSON_F64:
        out->number = json_f64(value, &out->value);
        if (json_type(value) == JSON_I64 && json_i64(value, &integer)) {
            out->text = str_format(&ctx->arena, "%lld", (long long)integer);
        } else {
            char digits[32];
            out->text = str_copy(&ctx->arena, (str){digits, f64_text(out->value, digits)});
        }
        return OK;
    default: return wrong_type(ctx, "string, number, true, false, null");
    }
}

static err read_operands(struct ctx *ctx, struct json value, struct condition *out)
{
    bool list = json_type(value) == JSON_LIST;
    i64 count = list ? json_count(value) : 1;
    if (count > OPERANDS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", str_format(&ctx->arena, "%d", OPERANDS_MAX)});
    }
    out->operands = arena_new(&ctx->arena, struct operand, greater(count, 1));
    if (!list) {
        out->operand_count = 1;
        return read_operand(ctx, value, &out->operands[0]);
    }
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        str before = pointer_enter_index(ctx, out->operand_count);
        TRY(read_operand(ctx, iter.value, &out->operands[out->operand_count++]));
        ctx->pointer = before;
    }
    return OK;
}

/* What the field can be compared with. */
static err check_operands(struct ctx *ctx, const struct condition *condition)
{
    bool number = field_is_number(&condition->field);
    bool ordered = condition->op >= CONDITION_GT && condition->op <= CONDITION_LTE;
    for (i64 i = 0; i < condition->operand_count; i++) {
        const struct operand *operand = &condition->operands[i];
        if (number && !operand->number && !operand->null) {
            return wrong_type(ctx, "number");
        }
        if ((ordered || condition->op == CONDITION_CONTAINS) && operand->null) {
            return wrong_type(ctx, number ? "number" : "string, number");
        }
    }
    return OK;
}

static err read_operator(struct ctx *ctx, const struct field *field, enum condition_op op, struct json value,
                         struct condition *out)
{
    *out = (struct condition){.op = op, .field = *field};
    if (field->kind == FIELD_TEXT && op != CONDITION_EXISTS) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.operator", {"allowed", STR("exists")});
    }
    if (op == CONDITION_EXISTS) {
        return json_bool(value, &out->exists) ? OK : wrong_type(ctx, "true, false");
    }
    if (op == CONDITION_CONTAINS && field_is_number(field)) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.operator",
                    {"allowed", STR("is, is_not, gt, gte, lt, lte, exists")});
    }
    if (op >= CONDITION_GT && op <= CONDITION_LTE && json_type(value) == JSON_LIST) {
        return wrong_type(ctx, "string, number");
    }
    TRY(read_operands(ctx, value, out));
    return check_operands(ctx, out);
}

static err read_field(struct reading *reading, struct json value, struct condition *out)
{
    struct ctx *ctx = reading->ctx;
    str name;
    struct field field;
    if (!json_str(json_get(value, STR("field")), &name)) {
        return FAIL(ctx, ERR_INVALID, "field", "error.type", {"expected", STR("string")});
    }
    str before = pointer_enter(ctx, STR("field"));
    TRY(field_parse(ctx, str_copy(&ctx->arena, name), reading->use, &field));
    ctx->pointer = before;
    *out = (struct condition){.children = arena_new(&ctx->arena, struct condition, countof(operators))};
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        if (str_eq(iter.key, STR("field"))) {
            continue;
        }
        pointer_enter(ctx, iter.key);
        i64 i = 0;
        while (i < countof(operators) && !str_eq(iter.key, str_from(operators[i].name))) {
            i++;
        }
        if (i == countof(operators)) {
            return FAIL(ctx, ERR_INVALID, "", "error.ask.operator", {"allowed", OPERATORS});
        }
        TRY(read_operator(ctx, &field, operators[i].op, iter.value, &out->children[out->child_count++]));
        ctx->pointer = before;
    }
    if (out->child_count == 0) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.operator", {"allowed", OPERATORS});
    }
    return OK;
}

/* Trees. */

static err read_list(struct reading *reading, struct json list, struct condition *out)
{
    struct ctx *ctx = reading->ctx;
    if (json_type(list) != JSON_LIST) {
        return wrong_type(ctx, "list");
    }
    i64 count = json_count(list);
    reading->count += (i32)lesser(count, CONDITIONS_MAX + 1);
    if (reading->count > CONDITIONS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", str_format(&ctx->arena, "%d", CONDITIONS_MAX)});
    }
    out->children = arena_new(&ctx->arena, struct condition, greater(count, 1));
    for (struct json_iter iter = json_each(list); json_next(&iter);) {
        str before = pointer_enter_index(ctx, out->child_count);
        TRY(read_one(reading, iter.value, &out->children[out->child_count++]));
        ctx->pointer = before;
    }
    return OK;
}

static err read_any(struct reading *reading, struct json value, struct condition *out)
{
    TRY(pointer_members(reading->ctx, value, (const char *const[]){"any", NULL}));
    *out = (struct condition){.op = CONDITION_ANY};
    str before = pointer_enter(reading->ctx, STR("any"));
    TRY(read_list(reading, json_get(value, STR("any")), out));
    reading->ctx->pointer = before;
    return OK;
}

static err read_child(struct reading *reading, struct json value, const char *key, struct condition *out)
{
    out->children = arena_new(&reading->ctx->arena, struct condition, 1);
    out->child_count = 1;
    str before = pointer_enter(reading->ctx, str_from(key));
    TRY(read_one(reading, json_get(value, str_from(key)), &out->children[0]));
    reading->ctx->pointer = before;
    return OK;
}

static err read_not(struct reading *reading, struct json value, struct condition *out)
{
    TRY(pointer_members(reading->ctx, value, (const char *const[]){"not", NULL}));
    *out = (struct condition){.op = CONDITION_NOT};
    return read_child(reading, value, "not", out);
}

static err read_did(struct reading *reading, struct json value, struct condition *out)
{
    struct ctx *ctx = reading->ctx;
    str text;
    if (reading->use != FIELD_IN_QUESTION || reading->in_did) {
        return FAIL(ctx, ERR_INVALID, "did", "error.unknown_field", {"field", STR("did")},
                    {"allowed", STR("field, any, not")});
    }
    TRY(pointer_members(ctx, value, (const char *const[]){"did", "at_least", "in_last", NULL}));
    *out = (struct condition){.op = CONDITION_DID, .at_least = 1};
    struct json at_least = json_get(value, STR("at_least")), in_last = json_get(value, STR("in_last"));
    if (json_is(at_least) && (!json_i64(at_least, &out->at_least) || out->at_least < 1)) {
        return FAIL(ctx, ERR_INVALID, "at_least", "error.type", {"expected", STR("integer")});
    }
    if (json_is(in_last) && (!json_str(in_last, &text) || !duration_parse(text, &out->in_last_ms))) {
        return FAIL(ctx, ERR_INVALID, "in_last", "error.ask.duration");
    }
    reading->in_did = true;
    TRY(read_child(reading, value, "did", out));
    reading->in_did = false;
    return OK;
}

static err read_tree(struct reading *reading, struct json value, struct condition *out)
{
    if (json_type(value) == JSON_LIST) {
        *out = (struct condition){.op = CONDITION_ALL};
        return read_list(reading, value, out);
    }
    if (json_type(value) != JSON_OBJECT) {
        return wrong_type(reading->ctx, "object");
    }
    if (json_repeats(value)) {
        return FAIL(reading->ctx, ERR_INVALID, "", "error.ask.repeated");
    }
    if (json_is(json_get(value, STR("field")))) {
        return read_field(reading, value, out);
    }
    if (json_is(json_get(value, STR("any")))) {
        return read_any(reading, value, out);
    }
    if (json_is(json_get(value, STR("not")))) {
        return read_not(reading, value, out);
    }
    if (json_is(json_get(value, STR("did")))) {
        return read_did(reading, value, out);
    }
    return FAIL(reading->ctx, ERR_INVALID, "", "error.ask.condition",
                {"allowed", reading->use == FIELD_IN_MAP ? STR("field, any, not") : STR("field, any, not, did")});
}

/* Depth is bounded, so this recursion is. */
static err read_one(struct reading *reading, struct json value, struct condition *out)
{
    if (++reading->depth > CONDITION_DEPTH_MAX) {
        return FAIL(reading->ctx, ERR_INVALID, "", "error.ask.depth",
                    {"most", str_format(&reading->ctx->arena, "%d", CONDITION_DEPTH_MAX)});
    }
    TRY(read_tree(reading, value, out));
    reading->depth--;
    return OK;
}

err condition_read(struct ctx *ctx, struct json value, enum field_use use, struct condition *out)
{
    *out = (struct condition){.op = CONDITION_ALL};
    if (!json_is(value) || json_type(value) == JSON_NULL) {
        return OK;
    }
    return read_one(&(struct reading){.ctx = ctx, .use = use}, value, out);
}

err condition_parse(struct ctx *ctx, str json, enum field_use use, struct condition *out)
{
    *out = (struct condition){.op = CONDITION_ALL};
    if (json.len == 0) {
        return OK;
    }
    struct json value;
    struct json_reader *reader = json_reader_open();
    err code = json_parse(ctx, reader, json, &value);
    if (code == OK) {
        code = condition_read(ctx, value, use, out);
    }
    json_reader_close(reader);
    return code;
}

void names_add(struct names *names, str name)
{
    for (i64 i = 0; i < names->count; i++) {
        if (str_eq(names->items[i], name)) {
            return;
        }
    }
    if (names->count < names->max) {
        names->items[names->count++] = name;
    }
}

void condition_names(const struct condition *condition, enum field_kind kind, struct names *names)
{
    // A tree of at most CONDITIONS_MAX lists of operators, walked with a stack of its own.
    const struct condition *stack[CONDITIONS_MAX * 10];
    i64 depth = 0;
    stack[depth++] = condition;
    while (depth > 0) {
        const struct condition *at = stack[--depth];
        if (at->op >= CONDITION_IS && at->field.kind == kind) {
            names_add(names, at->field.name);
        }
        for (i64 i = 0; i < at->child_count && depth < countof(stack); i++) {
            stack[depth++] = &at->children[i];
        }
    }
}

struct condition condition_and(struct arena *arena, struct condition a, struct condition b)
{
    if (condition_empty(&a)) {
        return b;
    }
    if (condition_empty(&b)) {
        return a;
    }
    struct condition both = {.op = CONDITION_ALL, .children = arena_new(arena, struct condition, 2), .child_count = 2};
    both.children[0] = a;
    both.children[1] = b;
    return both;
}

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

bool condition_may_be_kind(const struct condition *condition, str kind)
{
    if (condition->op == CONDITION_IS && condition->field.kind == FIELD_WORD && condition->field.word == WORD_KIND) {
        return names_kind(condition, kind);
    }
    for (i64 i = 0; i < condition->child_count && condition->op == CONDITION_ALL; i++) {
        if (!condition_may_be_kind(&condition->children[i],
                                   kind)) { // as deep as conditions are nested: bounded when they are read
            return false;
        }
    }
    return true;
}
