#include "http/server.h"

static i32 hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* False for a broken escape, bytes that are not UTF-8, and control characters, which no name or value of ours has. */
bool percent_decode(struct arena *arena, str text, bool plus, str *out)
{
    char *bytes = arena_alloc(arena, text.len + 1, 1);
    i64 len = 0;
    for (i64 i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '%') {
            i32 high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
            i32 low = i + 2 < text.len ? hex_digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if ((u8)c < 0x20 || c == 0x7f) {
            return false;
        }
        bytes[len++] = c;
    }
    *out = (str){bytes, len};
    return utf8_valid(*out);
}

struct pair {
    str name, value;
};

static bool next_pair(struct arena *arena, str *rest, struct pair *out, bool *well_formed)
{
    while (str_is(*rest)) {
        str part = str_cut(rest, '&');
        if (part.len == 0) {
            continue;
        }
        str value = part;
        str name = str_cut(&value, '=');
        value = str_is(value) ? value : STR("");
        *well_formed = percent_decode(arena, name, true, &out->name) && percent_decode(arena, value, true, &out->value);
        return true;
    }
    return false;
}

str query_get(struct arena *arena, str query, str name)
{
    struct pair pair;
    bool well_formed = true;
    while (next_pair(arena, &query, &pair, &well_formed)) {
        if (well_formed && str_eq(pair.name, name)) {
            return pair.value;
        }
    }
    return STR_NONE;
}

static const struct shape_field *field_of(const struct shape *shape, str name)
{
    for (i64 i = 0; i < shape->field_count; i++) {
        if (str_eq(str_from(shape->fields[i].name), name)) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

static bool is_number(str text)
{
    f64 number;
    i64 whole;
    bool leading_zero = text.len > 1 && text.data[0] == '0' && text.data[1] != '.';
    return !leading_zero && (str_i64(text, &whole) || str_f64(text, &number));
}

/* The text as the JSON value that the field's type expects; the shape judges it. */
static void put_value(struct json_writer *writer, const struct shape_field *field, str text)
{
    bool number = field->type == SHAPE_I64 || field->type == SHAPE_F64 || field->type == SHAPE_MAYBE_I64 ||
                  field->type == SHAPE_MAYBE_F64 || field->type == SHAPE_TIME;
    bool truth = field->type == SHAPE_BOOL && (str_eq(text, STR("true")) || str_eq(text, STR("false")));
    if ((number && is_number(text)) || truth) {
        json_put_raw(writer, text);
    } else {
        json_put_str(writer, text);
    }
}

/* A repeated list parameter is written once, with all its values. */
static void put_list(struct ctx *ctx, struct json_writer *writer, str name, str query)
{
    struct pair pair;
    bool well_formed = true;
    json_list(writer);
    while (next_pair(&ctx->arena, &query, &pair, &well_formed)) {
        if (well_formed && str_eq(pair.name, name)) {
            json_put_str(writer, pair.value);
        }
    }
    json_list_end(writer);
}

static err put_pair(struct ctx *ctx, const struct shape *shape, struct json_writer *writer, const struct pair *pair,
                    str query, u64 *lists)
{
    const struct shape_field *field = field_of(shape, pair->name);
    if (field == NULL) {
        return FAIL(ctx, ERR_MALFORMED, NULL, "error.query_unknown", {"name", utf8_prefix(pair->name, 100)});
    }
    bool list = field->type == SHAPE_STRS || field->type == SHAPE_IDS;
    u64 bit = 1ull << (field - shape->fields);
    if (list && (*lists & bit) != 0) {
        return OK;
    }
    json_key(writer, pair->name);
    if (list) {
        *lists |= bit;
        put_list(ctx, writer, pair->name, query);
    } else {
        put_value(writer, field, pair->value);
    }
    return OK;
}

/* The parameters become a JSON object, and the shape reads that: the same rules for both. */
err query_read(struct ctx *ctx, const struct shape *shape, str query, void *out)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    struct pair pair;
    bool well_formed = true;
    u64 lists = 0;
    json_object(&writer);
    str rest = query;
    while (next_pair(&ctx->arena, &rest, &pair, &well_formed)) {
        if (!well_formed) {
            return FAIL(ctx, ERR_MALFORMED, NULL, "error.query_encoding");
        }
        TRY(put_pair(ctx, shape, &writer, &pair, query, &lists));
    }
    json_object_end(&writer);
    err code = shape_parse(ctx, shape, json_text(&writer), out, NULL);
    // A parameter is part of the address: a wrong one is a malformed request.
    if (code == ERR_INVALID) {
        ctx->fault.code = ERR_MALFORMED;
        return ERR_MALFORMED;
    }
    return code;
}

/* Addresses end up in logs and histories, so a secret in one is refused before anybody relies on it. */
bool query_carries_secret(str query)
{
    static const char *const names[] = {"api_key", "apikey",        "key",    "access_token",
                                        "token",   "authorization", "secret", "password"};
    while (str_is(query)) {
        str part = str_cut(&query, '&');
        str name = str_cut(&part, '=');
        for (i64 i = 0; i < countof(names); i++) {
            if (str_eq_nocase(name, str_from(names[i]))) {
                return true;
            }
        }
    }
    return false;
}
