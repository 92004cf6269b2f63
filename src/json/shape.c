#include "json/shape.h"

static const void *place_of(const struct shape_field *field, const void *from)
{
    return (const char *)from + field->offset;
}

static void write_strs(struct json_writer *writer, const struct str_list *list)
{
    json_list(writer);
    for (i64 i = 0; i < list->count; i++) {
        json_put_str(writer, list->items[i]);
    }
    json_list_end(writer);
}

static void write_ids(struct json_writer *writer, const struct id_list *list)
{
    json_list(writer);
    for (i64 i = 0; i < list->count; i++) {
        json_put_id(writer, list->items[i]);
    }
    json_list_end(writer);
}

static void write_maybe_f64(struct json_writer *writer, const struct maybe_f64 *number)
{
    if (number->is) {
        json_put_f64(writer, number->value);
    } else {
        json_put_null(writer);
    }
}

static void write_maybe_i64(struct json_writer *writer, const struct maybe_i64 *number)
{
    if (number->is) {
        json_put_i64(writer, number->value);
    } else {
        json_put_null(writer);
    }
}

static void write_time(struct json_writer *writer, i64 at_ms)
{
    write_maybe_i64(writer, &(struct maybe_i64){at_ms, at_ms != 0});
}

static bool is_none(const struct shape_field *field, const void *place)
{
    switch (field->type) {
    case SHAPE_MAYBE_I64: return !((const struct maybe_i64 *)place)->is;
    case SHAPE_MAYBE_F64: return !((const struct maybe_f64 *)place)->is;
    case SHAPE_STR:
    case SHAPE_JSON: return ((const str *)place)->data == NULL;
    case SHAPE_ID:
    case SHAPE_TIME: return *(const i64 *)place == 0;
    case SHAPE_MAYBE_OBJECT: return *(void *const *)place == NULL;
    case SHAPE_BOOL: return !*(const bool *)place;
    case SHAPE_I64: return *(const i64 *)place == 0;
    case SHAPE_WORD: return field->words[*(const i32 *)place][0] == '\0';
    case SHAPE_LIST:
    case SHAPE_STRS:
    case SHAPE_IDS: return ((const struct shape_list *)place)->count == 0;
    default: return false;
    }
}

static void write_field(struct json_writer *writer, const struct shape_field *field, const void *place,
                        enum shape_view view)
{
    switch (field->type) {
    case SHAPE_BOOL: json_put_bool(writer, *(const bool *)place); break;
    case SHAPE_I64: json_put_i64(writer, *(const i64 *)place); break;
    case SHAPE_F64: json_put_f64(writer, *(const f64 *)place); break;
    case SHAPE_MAYBE_I64: write_maybe_i64(writer, place); break;
    case SHAPE_MAYBE_F64: write_maybe_f64(writer, place); break;
    case SHAPE_STR: json_put_str(writer, *(const str *)place); break;
    case SHAPE_ID: json_put_id(writer, *(const i64 *)place); break;
    case SHAPE_TIME: write_time(writer, *(const i64 *)place); break;
    case SHAPE_WORD: json_put_str(writer, str_from(field->words[*(const i32 *)place])); break;
    case SHAPE_JSON: json_put_raw(writer, *(const str *)place); break;
    case SHAPE_OBJECT: shape_write(writer, field->of, place, view); break;
    case SHAPE_MAYBE_OBJECT:
        if (*(void *const *)place == NULL) {
            json_put_null(writer);
        } else {
            shape_write(writer, field->of, *(void *const *)place, view);
        }
        break;
    case SHAPE_LIST: shape_write_list(writer, field->of, *(const struct shape_list *)place, view); break;
    case SHAPE_STRS: write_strs(writer, place); break;
    case SHAPE_IDS: write_ids(writer, place); break;
    }
}

void shape_write(struct json_writer *writer, const struct shape *shape, const void *from, enum shape_view view)
{
    json_object(writer);
    for (i64 i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const void *place = place_of(field, from);
        bool hidden = (field->flags & SHAPE_WRITE_ONLY) != 0 ||
                      (view == SHAPE_WITHOUT_PERSONAL && (field->flags & SHAPE_PERSONAL) != 0) ||
                      ((field->flags & SHAPE_OMIT_NONE) != 0 && is_none(field, place));
        if (!hidden) {
            json_key(writer, str_from(field->name));
            write_field(writer, field, place, view);
        }
    }
    json_object_end(writer);
}

void shape_write_list(struct json_writer *writer, const struct shape *shape, struct shape_list list,
                      enum shape_view view)
{
    json_list(writer);
    for (i64 i = 0; i < list.count; i++) {
        shape_write(writer, shape, (const char *)list.items + (size_t)i * shape->size, view);
    }
    json_list_end(writer);
}

shape_seen shape_bit(const struct shape *shape, const char *name)
{
    for (i64 i = 0; i < shape->field_count; i++) {
        if (str_eq(str_from(shape->fields[i].name), str_from(name))) {
            return (shape_seen)1 << i;
        }
    }
    return 0;
}

bool shape_has(const struct shape *shape, shape_seen seen, const char *name)
{
    return (seen & shape_bit(shape, name)) != 0;
}
