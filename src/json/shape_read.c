#include "json/shape.h"

#include "base/id.h"

#include <assert.h>

static err read_object(struct ctx *ctx, const struct shape *shape, struct json object, void *out, shape_seen *seen);

/* "a, b or c" without the or: the sentence around it is the catalogue's business. */
static str words_of(struct ctx *ctx, const char *const *words)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; words[i] != NULL; i++) {
        buf_add(&out, i == 0 ? STR("") : STR(", "));
        buf_add(&out, str_from(words[i]));
    }
    return buf_str(&out);
}

static str names_of(struct ctx *ctx, const struct shape *shape)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; i < shape->field_count; i++) {
        if ((shape->fields[i].flags & SHAPE_READ_ONLY) == 0) {
            buf_add(&out, out.len == 0 ? STR("") : STR(", "));
            buf_add(&out, str_from(shape->fields[i].name));
        }
    }
    return buf_str(&out);
}

static str number(struct ctx *ctx, i64 value)
{
    struct buf out = buf_in(&ctx->arena);
    buf_i64(&out, value);
    return buf_str(&out);
}

static err wrong_type(struct ctx *ctx, const char *expected)
{
    return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", str_from(expected)});
}

/* Limits apply where max > min, or where only a least length is stated. */
static err check_range(struct ctx *ctx, const struct shape_field *field, f64 value)
{
    if (field->max > field->min && (value < (f64)field->min || value > (f64)field->max)) {
        return FAIL(ctx, ERR_INVALID, "", "error.range", {"low", number(ctx, field->min)},
                    {"high", number(ctx, field->max)});
    }
    return OK;
}

static err check_length(struct ctx *ctx, const struct shape_field *field, i64 len)
{
    if (len < field->min) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_short", {"least", number(ctx, field->min)});
    }
    if (field->max > 0 && len > field->max) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", number(ctx, field->max)});
    }
    return OK;
}

static err read_bool(struct ctx *ctx, struct json value, bool *out)
{
    return json_bool(value, out) ? OK : wrong_type(ctx, "true, false");
}

static err read_i64(struct ctx *ctx, const struct shape_field *field, struct json value, i64 *out)
{
    if (!json_i64(value, out)) {
        return wrong_type(ctx, "integer");
    }
    return check_range(ctx, field, (f64)*out);
}

static err read_f64(struct ctx *ctx, const struct shape_field *field, struct json value, f64 *out)
{
    if (!json_f64(value, out)) {
        return wrong_type(ctx, "number");
    }
    return check_range(ctx, field, *out);
}

static err read_str(struct ctx *ctx, const struct shape_field *field, struct json value, str *out)
{
    str text;
    if (!json_str(value, &text)) {
        return wrong_type(ctx, "string");
    }
    TRY(check_length(ctx, field, text.len));
    *out = str_copy(&ctx->arena, text);
    return OK;
}

static err read_id(struct ctx *ctx, struct json value, i64 *out)
{
    str text;
    if (!json_str(value, &text) || !id_parse(text, out)) {
        return wrong_type(ctx, "id");
    }
    return OK;
}

static err read_word(struct ctx *ctx, const struct shape_field *field, struct json value, i32 *out)
{
    str text;
    bool is_text = json_str(value, &text);
    for (i32 i = 0; is_text && field->words[i] != NULL; i++) {
        if (str_eq(text, str_from(field->words[i]))) {
            *out = i;
            return OK;
        }
    }
    return FAIL(ctx, ERR_INVALID, "", "error.word", {"allowed", words_of(ctx, field->words)});
}

static err read_raw(struct ctx *ctx, const struct shape_field *field, struct json value, str *out)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_put_value(&writer, value);
    *out = json_text(&writer);
    return check_length(ctx, field, out->len);
}

static void enter(struct ctx *ctx, str step)
{
    // RFC 6901: a name may hold the separator.
    struct buf path = buf_in(&ctx->arena);
    buf_add(&path, ctx->pointer);
    buf_char(&path, '/');
    for (i64 i = 0; i < step.len; i++) {
        char c = step.data[i];
        if (c == '~' || c == '/') {
            buf_add(&path, c == '~' ? STR("~0") : STR("~1"));
        } else {
            buf_char(&path, c);
        }
    }
    ctx->pointer = buf_str(&path);
}

static err read_list_item(struct ctx *ctx, const struct shape_field *field, struct json value, void *place)
{
    switch (field->type) {
    case SHAPE_LIST: return read_object(ctx, field->of, value, place, NULL);
    case SHAPE_IDS: return read_id(ctx, value, place);
    default: return read_str(ctx, &(struct shape_field){0}, value, place);
    }
}

/* All three lists are a pointer and a count; only the items differ. */
static err read_list(struct ctx *ctx, const struct shape_field *field, struct json value, struct shape_list *out)
{
    if (json_type(value) != JSON_LIST) {
        return wrong_type(ctx, "list");
    }
    i64 count = json_count(value);
    TRY(check_length(ctx, field, count));
    size_t size = field->type == SHAPE_LIST ? field->of->size : field->type == SHAPE_IDS ? sizeof(i64) : sizeof(str);
    char *items = arena_alloc(&ctx->arena, (i64)size * count, 16);
    str before = ctx->pointer;
    i64 i = 0;
    for (struct json_iter iter = json_each(value); json_next(&iter); i++) {
        ctx->pointer = before;
        enter(ctx, number(ctx, i));
        TRY(read_list_item(ctx, field, iter.value, items + (size_t)i * size));
    }
    ctx->pointer = before;
    *out = (struct shape_list){items, count};
    return OK;
}

static err read_value(struct ctx *ctx, const struct shape_field *field, struct json value, void *place)
{
    switch (field->type) {
    case SHAPE_BOOL: return read_bool(ctx, value, place);
    case SHAPE_I64:
    case SHAPE_TIME: return read_i64(ctx, field, value, place);
    case SHAPE_F64: return read_f64(ctx, field, value, place);
    case SHAPE_MAYBE_I64:
        ((struct maybe_i64 *)place)->is = true;
        return read_i64(ctx, field, value, &((struct maybe_i64 *)place)->value);
    case SHAPE_MAYBE_F64:
        ((struct maybe_f64 *)place)->is = true;
        return read_f64(ctx, field, value, &((struct maybe_f64 *)place)->value);
    case SHAPE_STR: return read_str(ctx, field, value, place);
    case SHAPE_ID: return read_id(ctx, value, place);
    case SHAPE_WORD: return read_word(ctx, field, value, place);
    case SHAPE_JSON: return read_raw(ctx, field, value, place);
    case SHAPE_OBJECT: return read_object(ctx, field->of, value, place, NULL);
    case SHAPE_MAYBE_OBJECT: {
        void *object = arena_alloc(&ctx->arena, (i64)field->of->size, 16);
        *(void **)place = object;
        return read_object(ctx, field->of, value, object, NULL);
    }
    case SHAPE_LIST:
    case SHAPE_STRS:
    case SHAPE_IDS: return read_list(ctx, field, value, place);
    }
    return ERR_INVALID;
}

static i64 find_field(const struct shape *shape, str name)
{
    for (i64 i = 0; i < shape->field_count; i++) {
        if (str_eq(str_from(shape->fields[i].name), name)) {
            return i;
        }
    }
    return -1;
}

/* null says "no value": fine for what may be missing. */
static bool null_means_none(const struct shape_field *field)
{
    return (field->flags & SHAPE_REQUIRED) == 0 && field->type != SHAPE_BOOL && field->type != SHAPE_I64 &&
           field->type != SHAPE_F64 && field->type != SHAPE_WORD;
}

static err read_member(struct ctx *ctx, const struct shape *shape, i64 index, struct json value, void *out)
{
    const struct shape_field *field = &shape->fields[index];
    if ((field->flags & SHAPE_READ_ONLY) != 0) {
        return FAIL(ctx, ERR_INVALID, "", "error.read_only", {"allowed", names_of(ctx, shape)});
    }
    if (json_type(value) == JSON_NULL && field->type != SHAPE_JSON && null_means_none(field)) {
        return OK;
    }
    return read_value(ctx, field, value, (char *)out + field->offset);
}

static err read_object(struct ctx *ctx, const struct shape *shape, struct json object, void *out, shape_seen *seen_out)
{
    assert(shape->field_count <= 64);
    if (json_type(object) != JSON_OBJECT) {
        return wrong_type(ctx, "object");
    }
    str before = ctx->pointer;
    shape_seen seen = 0;
    for (struct json_iter iter = json_each(object); json_next(&iter);) {
        ctx->pointer = before;
        enter(ctx, iter.key);
        i64 index = find_field(shape, iter.key);
        if (index < 0) {
            return FAIL(ctx, ERR_INVALID, "", "error.unknown_field", {"field", iter.key},
                        {"allowed", names_of(ctx, shape)});
        }
        if ((seen >> index & 1) != 0) {
            return FAIL(ctx, ERR_INVALID, "", "error.repeated_field", {"field", iter.key});
        }
        seen |= (shape_seen)1 << index;
        TRY(read_member(ctx, shape, index, iter.value, out));
    }
    ctx->pointer = before;
    for (i64 i = 0; i < shape->field_count; i++) {
        if ((shape->fields[i].flags & SHAPE_REQUIRED) != 0 && (seen >> i & 1) == 0) {
            return FAIL(ctx, ERR_INVALID, shape->fields[i].name, "error.required",
                        {"field", str_from(shape->fields[i].name)});
        }
    }
    if (seen_out != NULL) {
        *seen_out = seen;
    }
    return OK;
}

err shape_read(struct ctx *ctx, const struct shape *shape, struct json object, void *out, shape_seen *seen)
{
    return read_object(ctx, shape, object, out, seen);
}

err shape_parse(struct ctx *ctx, const struct shape *shape, str text, void *out, shape_seen *seen)
{
    struct json root;
    TRY(json_parse(ctx, json_reader_here(), text, &root));
    return read_object(ctx, shape, root, out, seen);
}
