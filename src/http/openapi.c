#include "http/openapi.h"

#include "http/problem.h"

enum { SCHEMAS_MAX = 400 };

/* The shapes that were met, each once. */
struct schemas {
    const struct shape *items[SCHEMAS_MAX];
    i64 count;
};

static bool has_schema(const struct schemas *schemas, const struct shape *shape)
{
    for (i64 i = 0; i < schemas->count; i++) {
        if (str_eq(str_from(schemas->items[i]->name), str_from(shape->name))) {
            return true;
        }
    }
    return false;
}

static void add_schema(struct schemas *schemas, const struct shape *shape)
{
    if (shape != NULL && schemas->count < SCHEMAS_MAX && !has_schema(schemas, shape)) {
        schemas->items[schemas->count++] = shape;
    }
}

/* Also the shapes inside; the list grows while it is walked, so there is no recursion. */
static void add_inner(struct schemas *schemas)
{
    for (i64 i = 0; i < schemas->count; i++) {
        for (i64 k = 0; k < schemas->items[i]->field_count; k++) {
            add_schema(schemas, schemas->items[i]->fields[k].of);
        }
    }
}

static void put_ref(struct json_writer *writer, const char *name)
{
    json_object(writer);
    json_key(writer, STR("$ref"));
    json_put_str(writer, str_format(writer->out.arena, "#/components/schemas/%s", name));
    json_object_end(writer);
}

/* "/users/:id" as "/users/{id}". */
static str template_of(struct arena *arena, const char *path)
{
    struct buf out = buf_in(arena);
    str rest = str_from(path + 1);
    while (str_is(rest)) {
        str part = str_cut(&rest, '/');
        bool param = part.len > 0 && part.data[0] == ':';
        buf_char(&out, '/');
        if (param) {
            buf_format(&out, "{%.*s}", STR_ARG(str_slice(part, 1, part.len)));
        } else {
            buf_add(&out, part);
        }
    }
    return buf_str(&out);
}

/* "get_api_v1_users_id": unique, because method and path are. */
static str operation_of(struct arena *arena, const char *method, const char *path)
{
    struct buf out = buf_in(arena);
    buf_add(&out, str_from(method));
    for (const char *c = path; *c != 0; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (letter || (out.len > 0 && out.data[out.len - 1] != '_')) {
            buf_char(&out, letter ? *c : '_');
        }
    }
    return buf_str(&out);
}

static void put_path_params(struct json_writer *writer, const char *path)
{
    str rest = str_from(path);
    while (str_is(rest)) {
        str part = str_cut(&rest, '/');
        if (part.len > 1 && part.data[0] == ':') {
            json_object(writer);
            json_pair_str(writer, "name", str_slice(part, 1, part.len));
            json_pair_str(writer, "in", STR("path"));
            json_pair_bool(writer, "required", true);
            json_key(writer, STR("schema"));
            json_put_raw(writer, STR("{\"type\":\"string\"}"));
            json_object_end(writer);
        }
    }
}

static const char *query_type(const struct shape_field *field)
{
    switch (field->type) {
    case SHAPE_BOOL: return "{\"type\":\"boolean\"}";
    case SHAPE_I64:
    case SHAPE_MAYBE_I64:
    case SHAPE_TIME: return "{\"type\":\"integer\"}";
    case SHAPE_F64:
    case SHAPE_MAYBE_F64: return "{\"type\":\"number\"}";
    case SHAPE_STRS:
    case SHAPE_IDS: return "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}";
    default: return "{\"type\":\"string\"}";
    }
}

static void put_description(struct json_writer *writer, const struct openapi *api, const char *key)
{
    if (key != NULL && sentence_exists(key)) {
        json_pair_str(writer, "description", sentence(api->language, key));
    }
}

static void put_query_params(struct json_writer *writer, const struct openapi *api, const struct shape *query)
{
    for (i64 i = 0; query != NULL && i < query->field_count; i++) {
        const struct shape_field *field = &query->fields[i];
        json_object(writer);
        json_pair_str(writer, "name", str_from(field->name));
        json_pair_str(writer, "in", STR("query"));
        json_pair_bool(writer, "required", (field->flags & SHAPE_REQUIRED) != 0);
        put_description(writer, api, field->help);
        json_pair_raw(writer, "schema", str_from(query_type(field)));
        json_object_end(writer);
    }
}

static void put_body(struct json_writer *writer, const struct route *route)
{
    bool bytes = (route->flags & (ROUTE_RAW | ROUTE_FILE)) != 0;
    bool tracking = (route->flags & ROUTE_TRACKING) != 0 && route->method != HTTP_GET;
    if (route->in == NULL && !bytes && !tracking) {
        return;
    }
    json_key(writer, STR("requestBody"));
    json_object(writer);
    json_pair_bool(writer, "required", true);
    json_key(writer, STR("content"));
    json_object(writer);
    json_key(writer, bytes ? STR("application/octet-stream") : STR("application/json"));
    json_object(writer);
    json_key(writer, STR("schema"));
    if (route->in != NULL) {
        put_ref(writer, route->in->name);
    } else {
        json_put_raw(writer, bytes ? STR("{\"type\":\"string\",\"format\":\"binary\"}") : STR("{\"type\":\"object\"}"));
    }
    json_object_end(writer);
    json_object_end(writer);
    json_object_end(writer);
}

static void put_list_schema(struct json_writer *writer, const struct shape *item)
{
    json_object(writer);
    json_pair_str(writer, "type", STR("object"));
    json_key(writer, STR("properties"));
    json_object(writer);
    json_key(writer, STR("items"));
    json_object(writer);
    json_pair_str(writer, "type", STR("array"));
    json_key(writer, STR("items"));
    put_ref(writer, item->name);
    json_object_end(writer);
    json_pair_raw(writer, "next", STR("{\"type\":[\"string\",\"null\"]}"));
    json_object_end(writer);
    json_pair_raw(writer, "required", STR("[\"items\",\"next\"]"));
    json_pair_bool(writer, "additionalProperties", false);
    json_object_end(writer);
}

static const char *type_of_answer(const struct route *route)
{
    if ((route->flags & ROUTE_STREAM) != 0) {
        return "text/event-stream";
    }
    return route->out_type != NULL ? route->out_type : route->out != NULL ? "application/json" : NULL;
}

static void put_answer_content(struct json_writer *writer, const struct route *route)
{
    const char *type = type_of_answer(route);
    if (type == NULL) {
        return;
    }
    json_key(writer, STR("content"));
    json_object(writer);
    json_key(writer, str_from(type));
    json_object(writer);
    json_key(writer, STR("schema"));
    if (route->out == NULL) {
        bool json = str_starts(str_from(type), STR("application/json"));
        json_put_raw(writer, json ? STR("{\"type\":\"object\"}") : STR("{\"type\":\"string\"}"));
    } else if ((route->flags & ROUTE_LIST) != 0) {
        put_list_schema(writer, route->out);
    } else {
        put_ref(writer, route->out->name);
    }
    json_object_end(writer);
    json_object_end(writer);
}

static i32 success_of(const struct route *route)
{
    return route->status != 0 ? route->status : type_of_answer(route) != NULL ? 200 : 204;
}

/* The refusals that a route can meet; each is a problem. */
static i64 refusals_of(const struct route *route, i32 out[16])
{
    i64 count = 0;
    bool open = route->right == RIGHT_PUBLIC || route->right == RIGHT_COLLECT;
    bool body = route->in != NULL || (route->flags & (ROUTE_RAW | ROUTE_FILE | ROUTE_TRACKING)) != 0;
    bool param = strchr(route->path, ':') != NULL;
    const struct {
        bool can;
        i32 status;
    } table[] = {
        {true, 400},
        {!open || route->in != NULL, 401},
        {!open || route->method != HTTP_GET, 403},
        {param || body, 404},
        {route->method != HTTP_GET, 409},
        {route->method == HTTP_PUT, 412},
        {true, 413},
        {route->in != NULL, 415},
        {body, 422},
        {true, 429},
        {true, 503},
    };
    for (i64 i = 0; i < countof(table); i++) {
        if (table[i].can) {
            out[count++] = table[i].status;
        }
    }
    return count;
}

/* A 503 of the handler's own, beside the problem that says how far the start is. */
static void put_unready(struct json_writer *writer, const struct route *route)
{
    json_put_raw(writer,
                 str_format(writer->out.arena,
                            "{\"description\":\"RFC 9457\",\"content\":{\"application/problem+json\":{\"schema\":"
                            "{\"$ref\":\"#/components/schemas/Problem\"}},\"application/json\":{\"schema\":"
                            "{\"$ref\":\"#/components/schemas/%s\"}}}}",
                            route->out_503->name));
}

static void put_answers(struct json_writer *writer, const struct openapi *api, const struct route *route)
{
    struct arena *arena = writer->out.arena;
    i32 refusals[16];
    i64 count = refusals_of(route, refusals);
    json_key(writer, STR("responses"));
    json_object(writer);
    json_key(writer, str_format(arena, "%d", success_of(route)));
    json_object(writer);
    json_pair_str(writer, "description", sentence(api->language, "problem.ok"));
    put_answer_content(writer, route);
    json_object_end(writer);
    for (i64 i = 0; i < count; i++) {
        json_key(writer, str_format(arena, "%d", refusals[i]));
        if (refusals[i] == 503 && route->out_503 != NULL) {
            put_unready(writer, route);
        } else {
            json_put_raw(writer, STR("{\"$ref\":\"#/components/responses/Problem\"}"));
        }
    }
    json_pair_raw(writer, "default", STR("{\"$ref\":\"#/components/responses/Problem\"}"));
    json_object_end(writer);
}

static str tag_of(const struct route *route)
{
    str rest = str_from(route->path + 1);
    str first = str_cut(&rest, '/');
    if (!str_eq(first, STR("api"))) {
        return (route->flags & ROUTE_TRACKING) != 0 ? STR("tracking") : STR("server");
    }
    str_cut(&rest, '/');
    return str_cut(&rest, '/');
}

static void put_security(struct json_writer *writer, const struct route *route)
{
    if (route->right == RIGHT_PUBLIC) {
        json_pair_raw(writer, "security", STR("[]"));
    } else if (route->right == RIGHT_COLLECT) {
        json_pair_raw(writer, "security", STR("[{\"write_key\":[]}]"));
    }
}

static void put_route(struct json_writer *writer, const struct openapi *api, const struct route *route)
{
    static const char *const methods[HTTP_METHOD_COUNT_] = {"get", "post", "put", "patch", "delete"};
    struct arena *arena = writer->out.arena;
    json_key(writer, str_from(methods[route->method]));
    json_object(writer);
    json_pair_str(writer, "operationId", operation_of(arena, methods[route->method], route->path));
    if (route->summary != NULL) {
        json_pair_str(writer, "summary", sentence(api->language, route->summary));
    }
    json_key(writer, STR("tags"));
    json_list(writer);
    json_put_str(writer, tag_of(route));
    json_list_end(writer);
    json_pair_str(writer, "x-right", str_from(right_words[route->right]));
    if ((route->flags & ROUTE_PERSONAL) != 0) {
        json_pair_bool(writer, "x-personal", true);
    }
    put_security(writer, route);
    json_key(writer, STR("parameters"));
    json_list(writer);
    put_path_params(writer, route->path);
    put_query_params(writer, api, route->query);
    json_list_end(writer);
    put_body(writer, route);
    put_answers(writer, api, route);
    json_object_end(writer);
}

static const struct route *route_at(const struct openapi *api, i64 index)
{
    for (i64 i = 0; i < api->table_count; i++) {
        if (index < api->tables[i]->count) {
            return &api->tables[i]->routes[index];
        }
        index -= api->tables[i]->count;
    }
    return NULL;
}

/* Routes of one path stand together under its first. */
static bool is_first_of_path(const struct openapi *api, i64 index)
{
    str path = str_from(route_at(api, index)->path);
    for (i64 i = 0; i < index; i++) {
        if (str_eq(str_from(route_at(api, i)->path), path)) {
            return false;
        }
    }
    return true;
}

static void put_paths(struct json_writer *writer, const struct openapi *api)
{
    json_key(writer, STR("paths"));
    json_object(writer);
    for (i64 i = 0; route_at(api, i) != NULL; i++) {
        const struct route *first = route_at(api, i);
        if (!is_first_of_path(api, i)) {
            continue;
        }
        json_key(writer, template_of(writer->out.arena, first->path));
        json_object(writer);
        for (i64 k = i; route_at(api, k) != NULL; k++) {
            if (str_eq(str_from(route_at(api, k)->path), str_from(first->path))) {
                put_route(writer, api, route_at(api, k));
            }
        }
        json_object_end(writer);
    }
    json_object_end(writer);
}

static str describe(void *self, const char *key)
{
    const struct openapi *api = self;
    return sentence_exists(key) ? sentence(api->language, key) : STR_NONE;
}

static void put_components(struct json_writer *writer, const struct openapi *api)
{
    struct schemas schemas = {0};
    struct shape_describer describer = {describe, (void *)(uintptr_t)api};
    add_schema(&schemas, &problem_shape);
    for (i64 i = 0; route_at(api, i) != NULL; i++) {
        add_schema(&schemas, route_at(api, i)->in);
        add_schema(&schemas, route_at(api, i)->out);
    }
    add_inner(&schemas);
    json_key(writer, STR("components"));
    json_object(writer);
    json_key(writer, STR("schemas"));
    json_object(writer);
    for (i64 i = 0; i < schemas.count; i++) {
        json_key(writer, str_from(schemas.items[i]->name));
        shape_schema(writer, schemas.items[i], &describer);
    }
    json_object_end(writer);
    json_pair_raw(writer, "responses",
                  STR("{\"Problem\":{\"description\":\"RFC 9457\",\"content\":{\"application/problem+json\":"
                      "{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}}"));
    json_pair_raw(writer, "securitySchemes",
                  STR("{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"cham_session\"},"
                      "\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
                      "\"write_key\":{\"type\":\"http\",\"scheme\":\"basic\"}}"));
    json_object_end(writer);
}

str openapi_text(struct arena *arena, const struct openapi *api)
{
    struct json_writer writer = json_writer_in(arena);
    json_object(&writer);
    json_pair_str(&writer, "openapi", STR("3.1.0"));
    json_key(&writer, STR("info"));
    json_object(&writer);
    json_pair_str(&writer, "title", STR("Chạm"));
    json_pair_str(&writer, "version", STR(CHAM_VERSION));
    json_pair_str(&writer, "description", sentence(api->language, "docs.intro"));
    json_pair_raw(&writer, "license", STR("{\"name\":\"AGPL-3.0-or-later\",\"identifier\":\"AGPL-3.0-or-later\"}"));
    json_object_end(&writer);
    json_key(&writer, STR("servers"));
    json_list(&writer);
    json_object(&writer);
    json_pair_str(&writer, "url", api->server);
    json_object_end(&writer);
    json_list_end(&writer);
    json_pair_raw(&writer, "security", STR("[{\"session\":[]},{\"key\":[]}]"));
    put_paths(&writer, api);
    put_components(&writer, api);
    json_object_end(&writer);
    return json_text(&writer);
}
