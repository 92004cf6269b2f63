#include "http/openapi.h"

#include "http/problem.h"

#include <assert.h>

enum { SHAPES_MAX = 200 };

struct writing {
    const struct openapi *api;
    struct json_writer out;
    const struct shape *shapes[SHAPES_MAX]; /* every shape that some route speaks, once */
    i64 shape_count;
};

static str describe(void *self, const char *key)
{
    const struct writing *writing = self;
    return sentence(writing->api->language, key);
}

static bool listed(const struct writing *writing, const struct shape *shape)
{
    for (i64 i = 0; i < writing->shape_count; i++) {
        if (writing->shapes[i] == shape) {
            return true;
        }
    }
    return false;
}

static void list_shape(struct writing *writing, const struct shape *shape)
{
    if (shape != NULL && !listed(writing, shape)) {
        assert(writing->shape_count < SHAPES_MAX);
        writing->shapes[writing->shape_count++] = shape;
    }
}

/* The routes' shapes, then whatever their members are made of: the list grows while it is walked. */
static void list_shapes(struct writing *writing)
{
    list_shape(writing, &problem_shape);
    for (i64 t = 0; t < writing->api->table_count; t++) {
        const struct route_table *table = writing->api->tables[t];
        for (i64 r = 0; r < table->count; r++) {
            list_shape(writing, table->routes[r].in);
            list_shape(writing, table->routes[r].out);
        }
    }
    for (i64 i = 0; i < writing->shape_count; i++) {
        const struct shape *shape = writing->shapes[i];
        for (i64 f = 0; f < shape->field_count; f++) {
            list_shape(writing, shape->fields[f].of);
        }
    }
}

static void write_ref(struct json_writer *out, const struct shape *shape)
{
    json_object(out);
    json_pair_str(out, "$ref", str_format(out->out.arena, "#/components/schemas/%s", shape->name));
    json_object_end(out);
}

/* "/api/v1/keys/:id" as "/api/v1/keys/{id}". */
static str template_of(struct arena *arena, const char *path)
{
    struct buf out = buf_in(arena);
    bool in_name = false;
    for (const char *c = path; *c != 0; c++) {
        if (*c == '/' && in_name) {
            buf_char(&out, '}');
            in_name = false;
        }
        if (*c == ':') {
            in_name = true;
            buf_char(&out, '{');
        } else {
            buf_char(&out, *c);
        }
    }
    if (in_name) {
        buf_char(&out, '}');
    }
    return buf_str(&out);
}

static void write_parameter(struct writing *writing, str name, const char *in, const struct shape_field *field)
{
    struct json_writer *out = &writing->out;
    json_object(out);
    json_pair_str(out, "name", name);
    json_pair_str(out, "in", str_from(in));
    json_pair_bool(out, "required", field == NULL || (field->flags & SHAPE_REQUIRED) != 0);
    if (field != NULL && field->help != NULL) {
        json_pair_str(out, "description", sentence(writing->api->language, field->help));
    }
    json_key(out, STR("schema"));
    json_object(out);
    bool whole = field != NULL &&
                 (field->type == SHAPE_I64 || field->type == SHAPE_TIME || field->type == SHAPE_MAYBE_I64);
    json_pair_str(out, "type", whole ? STR("integer") : STR("string"));
    json_object_end(out);
    json_object_end(out);
}

static void write_parameters(struct writing *writing, const struct route *route)
{
    json_key(&writing->out, STR("parameters"));
    json_list(&writing->out);
    for (str rest = str_from(route->path); str_is(rest);) {
        str segment = str_cut(&rest, '/');
        if (str_starts(segment, STR(":"))) {
            write_parameter(writing, str_slice(segment, 1, segment.len), "path", NULL);
        }
    }
    for (i64 i = 0; route->query != NULL && i < route->query->field_count; i++) {
        const struct shape_field *field = &route->query->fields[i];
        write_parameter(writing, str_from(field->name), "query", field);
    }
    json_list_end(&writing->out);
}

static void write_body(struct writing *writing, const struct route *route)
{
    struct json_writer *out = &writing->out;
    bool bytes = (route->flags & (ROUTE_RAW | ROUTE_FILE | ROUTE_TRACKING)) != 0 && route->method != HTTP_GET;
    if (route->in == NULL && !bytes) {
        return;
    }
    json_key(out, STR("requestBody"));
    json_object(out);
    json_pair_bool(out, "required", true);
    json_key(out, STR("content"));
    json_object(out);
    json_key(out, bytes ? STR("application/octet-stream") : STR("application/json"));
    json_object(out);
    if (!bytes) {
        json_key(out, STR("schema"));
        write_ref(out, route->in);
    }
    json_object_end(out);
    json_object_end(out);
    json_object_end(out);
}

static void write_list_schema(struct json_writer *out, const struct shape *item)
{
    json_object(out);
    json_pair_str(out, "type", STR("object"));
    json_key(out, STR("properties"));
    json_object(out);
    json_key(out, STR("items"));
    json_object(out);
    json_pair_str(out, "type", STR("array"));
    json_key(out, STR("items"));
    write_ref(out, item);
    json_object_end(out);
    json_key(out, STR("next"));
    json_object(out);
    json_key(out, STR("type"));
    json_list(out);
    json_put_str(out, STR("string"));
    json_put_str(out, STR("null"));
    json_list_end(out);
    json_object_end(out);
    json_object_end(out);
    json_key(out, STR("required"));
    json_list(out);
    json_put_str(out, STR("items"));
    json_put_str(out, STR("next"));
    json_list_end(out);
    json_pair_bool(out, "additionalProperties", false);
    json_object_end(out);
}

static str media_type(const struct route *route)
{
    if ((route->flags & ROUTE_STREAM) != 0) {
        return STR("text/event-stream");
    }
    if (route->out_type != NULL) {
        str type = str_from(route->out_type);
        return str_cut(&type, ';');
    }
    return route->out == NULL ? STR_NONE : STR("application/json");
}

static i32 success_of(const struct route *route)
{
    if (route->status != 0) {
        return route->status;
    }
    return str_is(media_type(route)) ? 200 : 204;
}

static void write_answer(struct writing *writing, const struct route *route)
{
    struct json_writer *out = &writing->out;
    str type = media_type(route);
    json_key(out, str_format(out->out.arena, "%d", success_of(route)));
    json_object(out);
    json_pair_str(out, "description", sentence(writing->api->language, "api.success"));
    if (str_is(type)) {
        json_key(out, STR("content"));
        json_object(out);
        json_key(out, type);
        json_object(out);
        if (route->out != NULL) {
            json_key(out, STR("schema"));
            if ((route->flags & ROUTE_LIST) != 0) {
                write_list_schema(out, route->out);
            } else {
                write_ref(out, route->out);
            }
        }
        json_object_end(out);
        json_object_end(out);
    }
    json_object_end(out);
}

static void write_answers(struct writing *writing, const struct route *route)
{
    struct json_writer *out = &writing->out;
    json_key(out, STR("responses"));
    json_object(out);
    write_answer(writing, route);
    json_key(out, STR("default"));
    json_object(out);
    json_pair_str(out, "description", sentence(writing->api->language, "api.problem"));
    json_key(out, STR("content"));
    json_object(out);
    json_key(out, STR("application/problem+json"));
    json_object(out);
    json_key(out, STR("schema"));
    write_ref(out, &problem_shape);
    json_object_end(out);
    json_object_end(out);
    json_object_end(out);
    json_object_end(out);
}

/* Public routes need nobody; collecting needs a write key; the rest a session or an API key. */
static void write_security(struct json_writer *out, enum right right)
{
    json_key(out, STR("security"));
    json_list(out);
    const char *collect[] = {"write_key", NULL};
    const char *others[] = {"session", "api_key", NULL};
    const char **schemes = right == RIGHT_PUBLIC ? &others[2] : right == RIGHT_COLLECT ? collect : others;
    for (; *schemes != NULL; schemes++) {
        json_object(out);
        json_key(out, str_from(*schemes));
        json_list(out);
        json_list_end(out);
        json_object_end(out);
    }
    json_list_end(out);
}

static void write_operation(struct writing *writing, const struct route *route)
{
    static const char *const methods[HTTP_METHOD_COUNT_] = {"get", "post", "put", "patch", "delete"};
    struct json_writer *out = &writing->out;
    json_key(out, str_from(methods[route->method]));
    json_object(out);
    if (route->summary != NULL) {
        json_pair_str(out, "summary", sentence(writing->api->language, route->summary));
    }
    json_pair_str(out, "x-right", str_from(right_words[route->right]));
    json_pair_bool(out, "x-personal", (route->flags & ROUTE_PERSONAL) != 0);
    json_pair_bool(out, "x-tracking", (route->flags & ROUTE_TRACKING) != 0);
    write_security(out, route->right);
    write_parameters(writing, route);
    write_body(writing, route);
    write_answers(writing, route);
    json_object_end(out);
}

/* The k-th route of all tables; NULL behind the last. */
static const struct route *route_at(const struct openapi *api, i64 index)
{
    for (i64 t = 0; t < api->table_count; t++) {
        if (index < api->tables[t]->count) {
            return &api->tables[t]->routes[index];
        }
        index -= api->tables[t]->count;
    }
    return NULL;
}

static bool seen_before(const struct openapi *api, i64 index)
{
    str path = str_from(route_at(api, index)->path);
    for (i64 i = 0; i < index; i++) {
        if (str_eq(str_from(route_at(api, i)->path), path)) {
            return true;
        }
    }
    return false;
}

/* A path is written once, with all its methods. */
static void write_paths(struct writing *writing)
{
    const struct route *route;
    struct json_writer *out = &writing->out;
    json_key(out, STR("paths"));
    json_object(out);
    for (i64 i = 0; (route = route_at(writing->api, i)) != NULL; i++) {
        if (seen_before(writing->api, i)) {
            continue;
        }
        json_key(out, template_of(out->out.arena, route->path));
        json_object(out);
        const struct route *other;
        for (i64 k = i; (other = route_at(writing->api, k)) != NULL; k++) {
            if (str_eq(str_from(other->path), str_from(route->path))) {
                write_operation(writing, other);
            }
        }
        json_object_end(out);
    }
    json_object_end(out);
}

static void write_scheme(struct json_writer *out, const char *name, str type, const char *key, str value)
{
    json_key(out, str_from(name));
    json_object(out);
    json_pair_str(out, "type", type);
    json_pair_str(out, key, value);
    if (str_eq(type, STR("apiKey"))) {
        json_pair_str(out, "name", STR("cham_session"));
    }
    json_object_end(out);
}

static void write_components(struct writing *writing)
{
    struct json_writer *out = &writing->out;
    struct shape_describer describer = {describe, writing};
    json_key(out, STR("components"));
    json_object(out);
    json_key(out, STR("schemas"));
    json_object(out);
    for (i64 i = 0; i < writing->shape_count; i++) {
        json_key(out, str_from(writing->shapes[i]->name));
        shape_schema(out, writing->shapes[i], &describer);
    }
    json_object_end(out);
    json_key(out, STR("securitySchemes"));
    json_object(out);
    write_scheme(out, "session", STR("apiKey"), "in", STR("cookie"));
    write_scheme(out, "api_key", STR("http"), "scheme", STR("bearer"));
    write_scheme(out, "write_key", STR("http"), "scheme", STR("basic"));
    json_object_end(out);
    json_object_end(out);
}

str openapi_text(struct arena *arena, const struct openapi *api)
{
    struct writing writing = {.api = api, .out = json_writer_in(arena)};
    struct json_writer *out = &writing.out;
    list_shapes(&writing);
    json_object(out);
    json_pair_str(out, "openapi", STR("3.1.0"));
    json_key(out, STR("info"));
    json_object(out);
    json_pair_str(out, "title", STR("Chạm"));
    json_pair_str(out, "version", STR(CHAM_VERSION));
    json_pair_str(out, "description", sentence(api->language, "api.about"));
    json_object_end(out);
    json_key(out, STR("servers"));
    json_list(out);
    json_object(out);
    json_pair_str(out, "url", api->server);
    json_object_end(out);
    json_list_end(out);
    write_paths(&writing);
    write_components(&writing);
    json_object_end(out);
    return json_text(out);
}
