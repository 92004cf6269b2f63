#include "store/bind.h"

#include "base/log.h"

#include <assert.h>
#include <stdlib.h>

/* A statement and its C code do not fit each other: no input can cause this, every call of it would. */
static _Noreturn void mistake(enum statement sql, const char *kind, const char *name)
{
    log_say(LOG_ERROR, "statement", "name", statement_texts[sql].name, kind, name, NULL);
    abort();
}

static const struct shape_field *find_member(const struct shape *shape, const char *name)
{
    for (i64 i = 0; shape != NULL && i < shape->field_count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

static err check_text(struct ctx *ctx, const struct store_arg *value)
{
    str text = value->text;
    if (!str_is(text)) {
        return OK;
    }
    if (text.len > 0 && memchr(text.data, 0, (size_t)text.len) != NULL) {
        return FAIL(ctx, ERR_INVALID, value->name, "error.json_zero");
    }
    return utf8_valid(text) ? OK : FAIL(ctx, ERR_INVALID, value->name, "error.json_utf8");
}

/* The member alone as a shape of its own: {"v": …}. Objects and lists go through JSON that way. */
static struct shape_field alone(const struct shape_field *member)
{
    struct shape_field field = *member;
    field.name = "v";
    field.offset = 0;
    field.flags = 0;
    return field;
}

static str member_json(struct ctx *ctx, const struct shape_field *member, const void *value)
{
    struct shape_field field = alone(member);
    struct shape shape = {.name = "Value", .fields = &field, .field_count = 1};
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &shape, value, SHAPE_ALL);
    str text = json_text(&writer);
    return str_slice(text, 5, text.len - 1); // without {"v": and }
}

static struct store_arg integer(const char *name, bool is, i64 value)
{
    return (struct store_arg){.name = name, .type = STORE_I64, .none = !is, .integer = value};
}

static struct store_arg number(const char *name, bool is, f64 value)
{
    return (struct store_arg){.name = name, .type = STORE_F64, .none = !is, .number = value};
}

static struct store_arg member_value(struct ctx *ctx, const struct shape_field *member, const void *from)
{
    const void *value = (const char *)from + member->offset;
    const char *name = member->name;
    switch (member->type) {
    case SHAPE_BOOL: return integer(name, true, *(const bool *)value);
    case SHAPE_I64: return integer(name, true, *(const i64 *)value);
    case SHAPE_F64: return number(name, true, *(const f64 *)value);
    case SHAPE_MAYBE_I64: {
        const struct maybe_i64 *maybe = value;
        return integer(name, maybe->is, maybe->value);
    }
    case SHAPE_MAYBE_F64: {
        const struct maybe_f64 *maybe = value;
        return number(name, maybe->is, maybe->value);
    }
    case SHAPE_ID:
    case SHAPE_TIME: return ARG_ID(name, *(const i64 *)value);
    case SHAPE_STR:
    case SHAPE_JSON: return ARG_STR(name, *(const str *)value);
    case SHAPE_WORD: return ARG_STR(name, str_from(member->words[*(const i32 *)value]));
    case SHAPE_OBJECT:
    case SHAPE_MAYBE_OBJECT:
    case SHAPE_LIST:
    case SHAPE_STRS:
    case SHAPE_IDS: return ARG_STR(name, member_json(ctx, member, value));
    }
    abort();
}

static const struct store_arg *find_arg(const struct store_args *args, const char *name)
{
    for (i64 i = 0; i < args->count; i++) {
        if (strcmp(args->items[i].name, name) == 0) {
            return &args->items[i];
        }
    }
    return NULL;
}

err bind_args(struct ctx *ctx, enum statement sql, const struct store_args *args,
              struct store_arg values[PARAMETERS_MAX])
{
    const struct statement_text *text = &statement_texts[sql];
    assert(text->parameter_count <= PARAMETERS_MAX);
    for (i32 i = 0; i < text->parameter_count; i++) {
        const char *name = text->parameters[i];
        const struct store_arg *arg = find_arg(args, name);
        if (arg != NULL) {
            values[i] = *arg;
        } else {
            const struct shape_field *member = find_member(args->shape, name);
            if (member == NULL) {
                mistake(sql, "unbound", name);
            }
            values[i] = member_value(ctx, member, args->from);
        }
        if (values[i].type == STORE_TEXT) {
            TRY(check_text(ctx, &values[i]));
        }
    }
    return OK;
}

void row_match(struct store_row *row, const struct shape *shape)
{
    if (row->shape == shape) {
        return;
    }
    int columns = row->cells->columns(row->source);
    assert(columns <= ROW_COLUMNS_MAX && shape->field_count < 128);
    for (int i = 0; i < columns; i++) {
        const char *name = row->cells->name(row->source, i);
        const struct shape_field *member = find_member(shape, name);
        if (member == NULL) {
            mistake(row->sql, "no_member", name);
        }
        row->members[i] = (i8)(member - shape->fields);
    }
    row->shape = shape;
}

static err damaged(struct ctx *ctx, const struct store_row *row)
{
    return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", row->place});
}

static err fill_word(struct ctx *ctx, const struct store_row *row, int column, const struct shape_field *member,
                     i32 *out)
{
    str word = row_str(row, column);
    for (i32 i = 0; member->words[i] != NULL; i++) {
        if (str_eq(word, str_from(member->words[i]))) {
            *out = i;
            return OK;
        }
    }
    return damaged(ctx, row);
}

static err fill_json(struct ctx *ctx, const struct store_row *row, int column, const struct shape_field *member,
                     void *out)
{
    str text = row_str(row, column);
    if (!str_is(text)) {
        return OK;
    }
    struct shape_field field = alone(member);
    struct shape shape = {.name = "Value", .fields = &field, .field_count = 1};
    str object = str_format(&ctx->arena, "{\"v\":%.*s}", STR_ARG(text));
    // A reader of its own: the thread's may be in use by whoever asks.
    struct json_reader *reader = json_reader_open();
    struct json value;
    err code = json_parse(ctx, reader, object, &value);
    if (code == OK) {
        code = shape_read(ctx, &shape, value, out, NULL);
    }
    json_reader_close(reader);
    if (code != OK) {
        ctx_forgive(ctx);
        return damaged(ctx, row);
    }
    return OK;
}

static err fill_member(struct ctx *ctx, const struct store_row *row, int column, const struct shape_field *member,
                       void *out)
{
    bool is = !row_null(row, column);
    switch (member->type) {
    case SHAPE_BOOL: *(bool *)out = row_i64(row, column) != 0; return OK;
    case SHAPE_I64:
    case SHAPE_ID:
    case SHAPE_TIME: *(i64 *)out = row_i64(row, column); return OK;
    case SHAPE_F64: *(f64 *)out = row_f64(row, column); return OK;
    case SHAPE_MAYBE_I64: *(struct maybe_i64 *)out = (struct maybe_i64){row_i64(row, column), is}; return OK;
    case SHAPE_MAYBE_F64: *(struct maybe_f64 *)out = (struct maybe_f64){row_f64(row, column), is}; return OK;
    case SHAPE_STR:
    case SHAPE_JSON: *(str *)out = str_copy(&ctx->arena, row_str(row, column)); return OK;
    case SHAPE_WORD: return fill_word(ctx, row, column, member, out);
    case SHAPE_OBJECT:
    case SHAPE_MAYBE_OBJECT:
    case SHAPE_LIST:
    case SHAPE_STRS:
    case SHAPE_IDS: return fill_json(ctx, row, column, member, out);
    }
    abort();
}

err row_fill(struct ctx *ctx, const struct store_row *row, void *out)
{
    int columns = row->cells->columns(row->source);
    for (int i = 0; i < columns; i++) {
        const struct shape_field *member = &row->shape->fields[row->members[i]];
        TRY(fill_member(ctx, row, i, member, (char *)out + member->offset));
    }
    return OK;
}

i64 row_i64(const struct store_row *row, int column)
{
    return row->cells->integer(row->source, column);
}

f64 row_f64(const struct store_row *row, int column)
{
    return row->cells->number(row->source, column);
}

str row_str(const struct store_row *row, int column)
{
    return row->cells->text(row->source, column);
}

bool row_null(const struct store_row *row, int column)
{
    return row->cells->null(row->source, column);
}

err row_read(struct ctx *ctx, const struct store_row *row, const struct shape *shape, void *out)
{
    row_match((struct store_row *)row, shape);
    return row_fill(ctx, row, out);
}
