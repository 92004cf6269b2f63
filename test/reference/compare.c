#include "compare.h"

#include "json/write.h"

#include <math.h>

static bool is_number(enum json_type type)
{
    return type == JSON_I64 || type == JSON_U64 || type == JSON_F64;
}

static bool same_number(struct json a, struct json b)
{
    f64 x, y;
    return json_f64(a, &x) && json_f64(b, &y) && fabs(x - y) <= 1e-9 * fmax(1, fmax(fabs(x), fabs(y)));
}

static bool same_list(struct arena *arena, struct json a, struct json b, str *at)
{
    if (json_count(a) != json_count(b)) {
        *at = str_format(arena, "%.*s: %lld or %lld items", STR_ARG(*at), (long long)json_count(a),
                         (long long)json_count(b));
        return false;
    }
    i64 i = 0;
    str here = *at;
    struct json_iter other = json_each(b);
    for (struct json_iter iter = json_each(a); json_next(&iter) && json_next(&other); i++) {
        *at = str_format(arena, "%.*s/%lld", STR_ARG(here), (long long)i);
        if (!same_json(arena, iter.value, other.value, at)) {
            return false;
        }
    }
    return true;
}

static bool same_object(struct arena *arena, struct json a, struct json b, str *at)
{
    str here = *at;
    for (struct json_iter iter = json_each(a); json_next(&iter);) {
        *at = str_format(arena, "%.*s/%.*s", STR_ARG(here), STR_ARG(iter.key));
        if (!json_is(json_get(b, iter.key)) || !same_json(arena, iter.value, json_get(b, iter.key), at)) {
            return false;
        }
    }
    *at = str_format(arena, "%.*s: members", STR_ARG(here));
    return json_count(a) == json_count(b);
}

static bool same_value(struct arena *arena, struct json a, struct json b, str *at)
{
    enum json_type type = json_type(a), other = json_type(b);
    str x, y;
    bool truth, lie;
    if (is_number(type) && is_number(other)) {
        return same_number(a, b);
    }
    if (type != other) {
        return false;
    }
    switch (type) {
    case JSON_LIST: return same_list(arena, a, b, at);
    case JSON_OBJECT: return same_object(arena, a, b, at);
    case JSON_STR: return json_str(a, &x) && json_str(b, &y) && str_eq(x, y);
    case JSON_BOOL: return json_bool(a, &truth) && json_bool(b, &lie) && truth == lie;
    default: return true;
    }
}

bool same_json(struct arena *arena, struct json a, struct json b, str *at)
{
    bool deep = json_type(a) == json_type(b) && (json_type(a) == JSON_LIST || json_type(a) == JSON_OBJECT);
    bool same = same_value(arena, a, b, at);
    if (!same && !deep) {
        struct json_writer is = json_writer_in(arena), should = json_writer_in(arena);
        json_put_value(&is, a);
        json_put_value(&should, b);
        *at = str_format(arena, "%.*s: %.*s or %.*s", STR_ARG(*at), STR_ARG(json_text(&is)),
                         STR_ARG(json_text(&should)));
    }
    return same;
}

bool says_something(struct json answer)
{
    static const char *const figures[] = {"n", "events", "people", "size"};
    for (struct json_iter iter = json_each(json_get(answer, STR("rows"))); json_next(&iter);) {
        bool counted = false;
        for (i64 i = 0; i < countof(figures); i++) {
            i64 number;
            if (json_i64(json_get(iter.value, str_from(figures[i])), &number)) {
                counted = true;
                if (number > 0) {
                    return true;
                }
            }
        }
        if (!counted) {
            return true;
        }
    }
    return false;
}
