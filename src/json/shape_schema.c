#include "json/shape.h"

static const char *type_of(const struct shape_field *field)
{
    switch (field->type) {
    case SHAPE_BOOL: return "boolean";
    case SHAPE_I64:
    case SHAPE_MAYBE_I64:
    case SHAPE_TIME: return "integer";
    case SHAPE_F64:
    case SHAPE_MAYBE_F64: return "number";
    case SHAPE_STR:
    case SHAPE_ID:
    case SHAPE_WORD: return "string";
    case SHAPE_LIST:
    case SHAPE_STRS:
    case SHAPE_IDS: return "array";
    default: return NULL;
    }
}

static bool may_be_null(const struct shape_field *field)
{
    if ((field->flags & SHAPE_OMIT_NONE) != 0) {
        return false;
    }
    switch (field->type) {
    case SHAPE_MAYBE_I64:
    case SHAPE_MAYBE_F64:
    case SHAPE_TIME: return true;
    case SHAPE_STR:
    case SHAPE_ID: return (field->flags & SHAPE_REQUIRED) == 0;
    default: return false;
    }
}

static void write_type(struct json_writer *writer, const struct shape_field *field)
{
    const char *type = type_of(field);
    json_key(writer, STR("type"));
    if (!may_be_null(field)) {
        json_put_str(writer, str_from(type));
        return;
    }
    json_list(writer);
    json_put_str(writer, str_from(type));
    json_put_str(writer, STR("null"));
    json_list_end(writer);
}

static void write_limits(struct json_writer *writer, const struct shape_field *field)
{
    bool length = field->type == SHAPE_STR;
    bool count = type_of(field) != NULL && type_of(field)[0] == 'a';
    bool value = !length && !count && field->max > field->min;
    const char *least = length ? "minLength" : count ? "minItems" : "minimum";
    const char *most = count ? "maxItems" : "maximum";
    if (value || field->min > 0) {
        // Limits of texts are bytes here and characters there: at least one character is what both can say.
        json_pair_i64(writer, least, length ? 1 : field->min);
    }
    if (!length && field->max > 0) {
        json_pair_i64(writer, most, field->max);
    }
}

static void write_ref(struct json_writer *writer, const struct shape *shape)
{
    json_key(writer, STR("$ref"));
    struct arena *arena = writer->out.arena;
    json_put_str(writer, str_format(arena, "#/components/schemas/%s", shape->name));
}

static void write_items(struct json_writer *writer, const struct shape_field *field)
{
    json_key(writer, STR("items"));
    json_object(writer);
    if (field->type == SHAPE_LIST) {
        write_ref(writer, field->of);
    } else {
        json_pair_str(writer, "type", STR("string"));
    }
    json_object_end(writer);
}

static void write_words(struct json_writer *writer, const struct shape_field *field)
{
    json_key(writer, STR("enum"));
    json_list(writer);
    for (i64 i = 0; field->words[i] != NULL; i++) {
        json_put_str(writer, str_from(field->words[i]));
    }
    json_list_end(writer);
}

static void write_maybe_ref(struct json_writer *writer, const struct shape *shape)
{
    json_key(writer, STR("anyOf"));
    json_list(writer);
    json_object(writer);
    write_ref(writer, shape);
    json_object_end(writer);
    json_object(writer);
    json_pair_str(writer, "type", STR("null"));
    json_object_end(writer);
    json_list_end(writer);
}

static void write_flags(struct json_writer *writer, const struct shape_field *field)
{
    if ((field->flags & SHAPE_READ_ONLY) != 0) {
        json_pair_bool(writer, "readOnly", true);
    }
    if ((field->flags & SHAPE_WRITE_ONLY) != 0) {
        json_pair_bool(writer, "writeOnly", true);
    }
}

static void write_help(struct json_writer *writer, const char *key, const struct shape_describer *describer)
{
    if (describer != NULL && key != NULL) {
        json_pair_str(writer, "description", describer->describe(describer->self, key));
    }
}

static void write_member(struct json_writer *writer, const struct shape_field *field,
                         const struct shape_describer *describer)
{
    json_object(writer);
    write_help(writer, field->help, describer);
    switch (field->type) {
    case SHAPE_OBJECT: write_ref(writer, field->of); break;
    case SHAPE_MAYBE_OBJECT: write_maybe_ref(writer, field->of); break;
    case SHAPE_JSON: break; /* any value */
    default:
        write_type(writer, field);
        write_limits(writer, field);
        break;
    }
    if (field->type == SHAPE_LIST || field->type == SHAPE_STRS || field->type == SHAPE_IDS) {
        write_items(writer, field);
    }
    if (field->type == SHAPE_WORD) {
        write_words(writer, field);
    }
    write_flags(writer, field);
    json_object_end(writer);
}

/* Required in the schema is what an answer always holds and an input must give. */
static bool always_there(const struct shape_field *field)
{
    return (field->flags & SHAPE_REQUIRED) != 0;
}

void shape_schema(struct json_writer *writer, const struct shape *shape, const struct shape_describer *describer)
{
    json_object(writer);
    write_help(writer, shape->help, describer);
    json_pair_str(writer, "type", STR("object"));
    json_key(writer, STR("properties"));
    json_object(writer);
    for (i64 i = 0; i < shape->field_count; i++) {
        json_key(writer, str_from(shape->fields[i].name));
        write_member(writer, &shape->fields[i], describer);
    }
    json_object_end(writer);
    json_key(writer, STR("required"));
    json_list(writer);
    for (i64 i = 0; i < shape->field_count; i++) {
        if (always_there(&shape->fields[i])) {
            json_put_str(writer, str_from(shape->fields[i].name));
        }
    }
    json_list_end(writer);
    json_pair_bool(writer, "additionalProperties", false);
    json_object_end(writer);
}
