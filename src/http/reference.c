#include "http/openapi.h"

/* The reference for people: one page, made from the same tables as the description for programs. */

static void text(struct buf *out, str raw)
{
    for (i64 i = 0; i < raw.len; i++) {
        switch (raw.data[i]) {
        case '<': buf_add(out, STR("&lt;")); break;
        case '>': buf_add(out, STR("&gt;")); break;
        case '&': buf_add(out, STR("&amp;")); break;
        case '"': buf_add(out, STR("&quot;")); break;
        default: buf_char(out, raw.data[i]);
        }
    }
}

static void word(struct buf *out, const struct openapi *api, const char *key)
{
    text(out, sentence(api->language, key));
}

static const char *type_name(const struct shape_field *field)
{
    static const char *const names[] = {
        [SHAPE_BOOL] = "boolean",     [SHAPE_I64] = "integer", [SHAPE_F64] = "number", [SHAPE_MAYBE_I64] = "integer",
        [SHAPE_MAYBE_F64] = "number", [SHAPE_STR] = "text",    [SHAPE_ID] = "id",      [SHAPE_TIME] = "ms",
        [SHAPE_WORD] = "word",        [SHAPE_JSON] = "JSON",   [SHAPE_OBJECT] = "",    [SHAPE_MAYBE_OBJECT] = "",
        [SHAPE_LIST] = "[]",          [SHAPE_STRS] = "text[]", [SHAPE_IDS] = "id[]",
    };
    return names[field->type];
}

static void member(struct buf *out, const struct openapi *api, const struct shape_field *field)
{
    buf_add(out, STR("<tr><td><code>"));
    text(out, str_from(field->name));
    buf_add(out, STR("</code></td><td>"));
    if (field->of != NULL) {
        buf_format(out, "<a href=\"#shape-%s\">%s</a>", field->of->name, field->of->name);
    }
    text(out, str_from(type_name(field)));
    for (i64 i = 0; field->type == SHAPE_WORD && field->words[i] != NULL; i++) {
        buf_add(out, i == 0 ? STR(": ") : STR(", "));
        text(out, str_from(field->words[i]));
    }
    buf_add(out, STR("</td><td>"));
    if ((field->flags & SHAPE_REQUIRED) != 0) {
        word(out, api, "api.always");
    }
    buf_add(out, STR("</td><td>"));
    if (field->help != NULL) {
        word(out, api, field->help);
    }
    buf_add(out, STR("</td></tr>\n"));
}

static void members(struct buf *out, const struct openapi *api, const struct shape *shape)
{
    buf_add(out, STR("<table><thead><tr><th scope=\"col\">"));
    static const char *const heads[] = {"api.member", "api.type", "api.required", "api.meaning"};
    for (i64 i = 0; i < countof(heads); i++) {
        buf_add(out, i == 0 ? STR("") : STR("</th><th scope=\"col\">"));
        word(out, api, heads[i]);
    }
    buf_add(out, STR("</th></tr></thead><tbody>\n"));
    for (i64 i = 0; i < shape->field_count; i++) {
        member(out, api, &shape->fields[i]);
    }
    buf_add(out, STR("</tbody></table>\n"));
}

static void shape_link(struct buf *out, const struct openapi *api, const char *label, const struct shape *shape,
                       bool list)
{
    if (shape != NULL) {
        buf_add(out, STR("<p>"));
        word(out, api, label);
        buf_format(out, ": <a href=\"#shape-%s\">%s</a>%s</p>\n", shape->name, shape->name, list ? "[]" : "");
    }
}

static void route(struct buf *out, const struct openapi *api, const struct route *route)
{
    static const char *const methods[HTTP_METHOD_COUNT_] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    buf_add(out, STR("<section><h3><code>"));
    buf_add(out, str_from(methods[route->method]));
    buf_char(out, ' ');
    text(out, str_from(route->path));
    buf_add(out, STR("</code></h3>\n<p>"));
    if (route->summary != NULL) {
        word(out, api, route->summary);
    }
    buf_add(out, STR("</p>\n<p>"));
    word(out, api, "api.right");
    buf_add(out, STR(": <code>"));
    text(out, str_from(right_words[route->right]));
    buf_add(out, STR("</code></p>\n"));
    if (route->query != NULL) {
        members(out, api, route->query);
    }
    shape_link(out, api, "api.in", route->in, false);
    shape_link(out, api, "api.out", route->out, (route->flags & ROUTE_LIST) != 0);
    buf_add(out, STR("</section>\n"));
}

enum { SHAPES_MAX = 200 };

struct shapes {
    const struct shape *items[SHAPES_MAX];
    i64 count;
};

static void list_shape(struct shapes *shapes, const struct shape *shape)
{
    for (i64 i = 0; i < shapes->count; i++) {
        if (shapes->items[i] == shape) {
            return;
        }
    }
    if (shape != NULL && shapes->count < SHAPES_MAX) {
        shapes->items[shapes->count++] = shape;
    }
}

static void list_shapes(struct shapes *shapes, const struct openapi *api)
{
    for (i64 t = 0; t < api->table_count; t++) {
        for (i64 r = 0; r < api->tables[t]->count; r++) {
            list_shape(shapes, api->tables[t]->routes[r].in);
            list_shape(shapes, api->tables[t]->routes[r].out);
        }
    }
    for (i64 i = 0; i < shapes->count; i++) {
        for (i64 f = 0; f < shapes->items[i]->field_count; f++) {
            list_shape(shapes, shapes->items[i]->fields[f].of);
        }
    }
}

static void head(struct buf *out, const struct openapi *api)
{
    buf_format(out, "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\">",
               language_words[api->language]);
    buf_add(out, STR("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Chạm API</title>"
                     "<link rel=\"stylesheet\" href=\"/docs.css\"></head>\n<body>\n<main>\n<h1>Chạm API</h1>\n<p>"));
    word(out, api, "api.about");
    buf_add(out, STR("</p>\n<p><a href=\"/openapi.json\">openapi.json</a></p>\n"));
}

str reference_page(struct arena *arena, const struct openapi *api)
{
    struct buf out = buf_in(arena);
    struct shapes shapes = {.count = 0};
    head(&out, api);
    buf_add(&out, STR("<h2>"));
    word(&out, api, "api.routes");
    buf_add(&out, STR("</h2>\n"));
    for (i64 t = 0; t < api->table_count; t++) {
        for (i64 r = 0; r < api->tables[t]->count; r++) {
            route(&out, api, &api->tables[t]->routes[r]);
        }
    }
    buf_add(&out, STR("<h2>"));
    word(&out, api, "api.shapes");
    buf_add(&out, STR("</h2>\n"));
    list_shapes(&shapes, api);
    for (i64 i = 0; i < shapes.count; i++) {
        buf_format(&out, "<section id=\"shape-%s\"><h3>%s</h3>\n", shapes.items[i]->name, shapes.items[i]->name);
        if (shapes.items[i]->help != NULL) {
            buf_add(&out, STR("<p>"));
            word(&out, api, shapes.items[i]->help);
            buf_add(&out, STR("</p>\n"));
        }
        members(&out, api, shapes.items[i]);
        buf_add(&out, STR("</section>\n"));
    }
    buf_add(&out, STR("</main>\n</body>\n</html>\n"));
    return buf_str(&out);
}

str reference_style(void)
{
    return STR(":root{color-scheme:light dark}"
               "body{font:16px/1.6 system-ui,sans-serif;margin:0}"
               "main{max-width:60rem;margin:0 auto;padding:1.5rem}"
               "code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}"
               "section{border-top:1px solid color-mix(in srgb,currentColor 20%,transparent);padding-block:.5rem}"
               "h3{font-size:1rem;margin:.5rem 0}"
               "p{margin:.25rem 0}"
               "table{border-collapse:collapse;width:100%;margin:.5rem 0}"
               "td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}"
               "@media(max-width:40rem){td,th{display:block;padding:0}thead{display:none}"
               "tr{display:block;padding-block:.25rem}}");
}
