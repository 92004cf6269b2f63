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

static err bind_text(struct ctx *ctx, sqlite3_stmt *statement, int at, const char *name, str text)
{
    if (!str_is(text)) {
        sqlite3_bind_null(statement, at);
        return OK;
    }
    if (text.len > 0 && memchr(text.data, 0, (size_t)text.len) != NULL) {
        return FAIL(ctx, ERR_INVALID, name, "error.json_zero");
    }
    if (!utf8_valid(text)) {
        return FAIL(ctx, ERR_INVALID, name, "error.json_utf8");
    }
    sqlite3_bind_text64(statement, at, text.data, (sqlite3_uint64)text.len, SQLITE_STATIC, SQLITE_UTF8);
    return OK;
}

static err bind_arg(struct ctx *ctx, sqlite3_stmt *statement, int at, const struct store_arg *arg)
{
    switch (arg->type) {
    case STORE_NULL: sqlite3_bind_null(statement, at); return OK;
    case STORE_I64: sqlite3_bind_int64(statement, at, arg->integer); return OK;
    case STORE_F64: sqlite3_bind_double(statement, at, arg->number); return OK;
    case STORE_TEXT: return bind_text(ctx, statement, at, arg->name, arg->text);
    case STORE_BYTES:
        if (!str_is(arg->text)) {
            sqlite3_bind_null(statement, at);
        } else {
            sqlite3_bind_blob64(statement, at, arg->text.data, (sqlite3_uint64)arg->text.len, SQLITE_STATIC);
        }
        return OK;
    }
    abort();
}

static void bind_maybe_i64(sqlite3_stmt *statement, int at, bool is, i64 value)
{
    if (is) {
        sqlite3_bind_int64(statement, at, value);
    } else {
        sqlite3_bind_null(statement, at);
    }
}

static void bind_maybe_f64(sqlite3_stmt *statement, int at, bool is, f64 value)
{
    if (is) {
        sqlite3_bind_double(statement, at, value);
    } else {
        sqlite3_bind_null(statement, at);
    }
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

static err bind_member(struct ctx *ctx, sqlite3_stmt *statement, int at, const struct shape_field *member,
                       const void *from)
{
    const void *value = (const char *)from + member->offset;
    switch (member->type) {
    case SHAPE_BOOL: sqlite3_bind_int64(statement, at, *(const bool *)value); return OK;
    case SHAPE_I64: sqlite3_bind_int64(statement, at, *(const i64 *)value); return OK;
    case SHAPE_F64: sqlite3_bind_double(statement, at, *(const f64 *)value); return OK;
    case SHAPE_MAYBE_I64: {
        const struct maybe_i64 *maybe = value;
        bind_maybe_i64(statement, at, maybe->is, maybe->value);
        return OK;
    }
    case SHAPE_MAYBE_F64: {
        const struct maybe_f64 *maybe = value;
        bind_maybe_f64(statement, at, maybe->is, maybe->value);
        return OK;
    }
    case SHAPE_ID:
    case SHAPE_TIME: bind_maybe_i64(statement, at, *(const i64 *)value != 0, *(const i64 *)value); return OK;
    case SHAPE_STR:
    case SHAPE_JSON: return bind_text(ctx, statement, at, member->name, *(const str *)value);
    case SHAPE_WORD: return bind_text(ctx, statement, at, member->name, str_from(member->words[*(const i32 *)value]));
    case SHAPE_OBJECT:
    case SHAPE_MAYBE_OBJECT:
    case SHAPE_LIST:
    case SHAPE_STRS:
    case SHAPE_IDS: return bind_text(ctx, statement, at, member->name, member_json(ctx, member, value));
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

err bind_args(struct ctx *ctx, enum statement sql, sqlite3_stmt *statement, const struct store_args *args)
{
    const struct statement_text *text = &statement_texts[sql];
    assert(sqlite3_bind_parameter_count(statement) == text->parameter_count);
    for (i32 i = 0; i < text->parameter_count; i++) {
        const char *name = text->parameters[i];
        const struct store_arg *arg = find_arg(args, name);
        if (arg != NULL) {
            TRY(bind_arg(ctx, statement, i + 1, arg));
            continue;
        }
        const struct shape_field *member = find_member(args->shape, name);
        if (member == NULL) {
            mistake(sql, "unbound", name);
        }
        TRY(bind_member(ctx, statement, i + 1, member, args->from));
    }
    return OK;
}

void row_match(struct store_row *row, const struct shape *shape)
{
    if (row->shape == shape) {
        return;
    }
    int columns = sqlite3_column_count(row->statement);
    assert(columns <= ROW_COLUMNS_MAX && shape->field_count < 128);
    for (int i = 0; i < columns; i++) {
        const char *name = sqlite3_column_name(row->statement, i);
        const struct shape_field *member = find_member(shape, name);
        if (member == NULL) {
            mistake(row->sql, "no_member", name);
        }
        row->members[i] = (i8)(member - shape->fields);
    }
    row->shape = shape;
}

static str column_text(const struct store_row *row, int column)
{
    if (sqlite3_column_type(row->statement, column) == SQLITE_NULL) {
        return STR_NONE;
    }
    const void *bytes = sqlite3_column_blob(row->statement, column);
    return (str){bytes ? bytes : "", sqlite3_column_bytes(row->statement, column)};
}

static err damaged(struct ctx *ctx, const struct store_row *row)
{
    return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", row->connection->file});
}

static err fill_word(struct ctx *ctx, const struct store_row *row, int column, const struct shape_field *member,
                     i32 *out)
{
    str word = column_text(row, column);
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
    str text = column_text(row, column);
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
    sqlite3_stmt *statement = row->statement;
    bool is = sqlite3_column_type(statement, column) != SQLITE_NULL;
    switch (member->type) {
    case SHAPE_BOOL: *(bool *)out = sqlite3_column_int64(statement, column) != 0; return OK;
    case SHAPE_I64:
    case SHAPE_ID:
    case SHAPE_TIME: *(i64 *)out = sqlite3_column_int64(statement, column); return OK;
    case SHAPE_F64: *(f64 *)out = sqlite3_column_double(statement, column); return OK;
    case SHAPE_MAYBE_I64:
        *(struct maybe_i64 *)out = (struct maybe_i64){sqlite3_column_int64(statement, column), is};
        return OK;
    case SHAPE_MAYBE_F64:
        *(struct maybe_f64 *)out = (struct maybe_f64){sqlite3_column_double(statement, column), is};
        return OK;
    case SHAPE_STR:
    case SHAPE_JSON: *(str *)out = str_copy(&ctx->arena, column_text(row, column)); return OK;
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
    int columns = sqlite3_column_count(row->statement);
    for (int i = 0; i < columns; i++) {
        const struct shape_field *member = &row->shape->fields[row->members[i]];
        TRY(fill_member(ctx, row, i, member, (char *)out + member->offset));
    }
    return OK;
}

i64 row_i64(const struct store_row *row, int column)
{
    return sqlite3_column_int64(row->statement, column);
}

f64 row_f64(const struct store_row *row, int column)
{
    return sqlite3_column_double(row->statement, column);
}

str row_str(const struct store_row *row, int column)
{
    return column_text(row, column);
}

bool row_null(const struct store_row *row, int column)
{
    return sqlite3_column_type(row->statement, column) == SQLITE_NULL;
}

err row_read(struct ctx *ctx, const struct store_row *row, const struct shape *shape, void *out)
{
    row_match((struct store_row *)row, shape);
    return row_fill(ctx, row, out);
}
