#include "http/openapi.h"

/* The API for people: one page, its contents first, then each route with what it takes and gives. */

static void put_html(struct buf *out, str text)
{
    for (i64 i = 0; i < text.len; i++) {
        switch (text.data[i]) {
        case '<': buf_add(out, STR("&lt;")); break;
        case '>': buf_add(out, STR("&gt;")); break;
        case '&': buf_add(out, STR("&amp;")); break;
        case '"': buf_add(out, STR("&quot;")); break;
        default: buf_char(out, text.data[i]);
        }
    }
}

static void put_words(struct buf *out, const struct openapi *api, const char *key)
{
    put_html(out, key != NULL && sentence_exists(key) ? sentence(api->language, key) : STR(""));
}

static const char *type_name(const struct shape_field *field)
{
    switch (field->type) {
    case SHAPE_BOOL: return "docs.type.bool";
    case SHAPE_I64: return "docs.type.i64";
    case SHAPE_MAYBE_I64: return "docs.type.maybe_i64";
    case SHAPE_F64: return "docs.type.f64";
    case SHAPE_MAYBE_F64: return "docs.type.maybe_f64";
    case SHAPE_STR: return "docs.type.str";
    case SHAPE_ID: return "docs.type.id";
    case SHAPE_TIME: return "docs.type.time";
    case SHAPE_WORD: return "docs.type.word";
    case SHAPE_JSON: return "docs.type.json";
    case SHAPE_OBJECT:
    case SHAPE_MAYBE_OBJECT: return "docs.type.object";
    case SHAPE_LIST: return "docs.type.list";
    case SHAPE_STRS: return "docs.type.strs";
    case SHAPE_IDS: return "docs.type.ids";
    }
    return "docs.type.json";
}

static void put_type(struct buf *out, const struct openapi *api, const struct shape_field *field)
{
    put_words(out, api, type_name(field));
    if (field->type == SHAPE_WORD) {
        for (i64 i = 0; field->words[i] != NULL; i++) {
            buf_format(out, "%s<code>%s</code>", i == 0 ? ": " : ", ", field->words[i]);
        }
    }
    if (field->of != NULL) {
        buf_format(out, " <a href=\"#shape-%s\">%s</a>", field->of->name, field->of->name);
    }
    if (field->max > field->min && field->type != SHAPE_WORD) {
        buf_format(out, " (%ld – %ld)", (long)field->min, (long)field->max);
    }
    if ((field->flags & SHAPE_REQUIRED) != 0) {
        buf_add(out, STR(" · "));
        put_words(out, api, "docs.required");
    }
}

static void put_fields(struct buf *out, const struct openapi *api, const struct shape *shape)
{
    buf_add(out, STR("<table><tbody>"));
    for (i64 i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        buf_format(out, "<tr><th scope=\"row\"><code>%s</code></th><td>", field->name);
        put_type(out, api, field);
        buf_add(out, STR("</td><td>"));
        put_words(out, api, field->help);
        buf_add(out, STR("</td></tr>\n"));
    }
    buf_add(out, STR("</tbody></table>\n"));
}

static void put_shape_link(struct buf *out, const struct openapi *api, const char *title, const struct shape *shape,
                           bool list)
{
    buf_add(out, STR("<p><b>"));
    put_words(out, api, title);
    buf_add(out, STR(":</b> "));
    if (list) {
        put_words(out, api, "docs.type.list");
        buf_char(out, ' ');
    }
    buf_format(out, "<a href=\"#shape-%s\">%s</a></p>\n", shape->name, shape->name);
}

static void put_route(struct buf *out, const struct openapi *api, const struct route *route)
{
    static const char *const methods[HTTP_METHOD_COUNT_] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    const char *method = methods[route->method];
    buf_format(out, "<section id=\"%s-%s\"><h3><code>%s %s</code></h3>\n<p>", method, route->path, method, route->path);
    put_words(out, api, route->summary);
    buf_add(out, STR("</p>\n<p><b>"));
    put_words(out, api, "docs.right");
    buf_format(out, ":</b> <code>%s</code></p>\n", right_words[route->right]);
    if (route->query != NULL) {
        buf_add(out, STR("<p><b>"));
        put_words(out, api, "docs.query");
        buf_add(out, STR(":</b></p>\n"));
        put_fields(out, api, route->query);
    }
    if (route->in != NULL) {
        put_shape_link(out, api, "docs.in", route->in, false);
    }
    if (route->out != NULL) {
        put_shape_link(out, api, "docs.out", route->out, (route->flags & ROUTE_LIST) != 0);
    } else if (route->out_type != NULL) {
        buf_add(out, STR("<p><b>"));
        put_words(out, api, "docs.out");
        buf_format(out, ":</b> <code>%s</code></p>\n", route->out_type);
    }
    buf_add(out, STR("</section>\n"));
}

static void put_contents(struct buf *out, const struct openapi *api)
{
    static const char *const methods[HTTP_METHOD_COUNT_] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    buf_add(out, STR("<nav><ul>\n"));
    for (i64 i = 0; i < api->table_count; i++) {
        for (i64 k = 0; k < api->tables[i]->count; k++) {
            const struct route *route = &api->tables[i]->routes[k];
            const char *method = methods[route->method];
            buf_format(out, "<li><a href=\"#%s-%s\"><code>%s %s</code></a> ", method, route->path, method, route->path);
            put_words(out, api, route->summary);
            buf_add(out, STR("</li>\n"));
        }
    }
    buf_add(out, STR("</ul></nav>\n"));
}

enum { SHAPES_MAX = 400 };

struct shapes {
    const struct shape *items[SHAPES_MAX];
    i64 count;
};

static void add_shape(struct shapes *shapes, const struct shape *shape)
{
    bool known = shape == NULL || shapes->count == SHAPES_MAX;
    for (i64 i = 0; i < shapes->count && !known; i++) {
        known = str_eq(str_from(shapes->items[i]->name), str_from(shape->name));
    }
    if (!known) {
        shapes->items[shapes->count++] = shape;
    }
}

static void put_shapes(struct buf *out, const struct openapi *api)
{
    struct shapes shapes = {0};
    for (i64 i = 0; i < api->table_count; i++) {
        for (i64 k = 0; k < api->tables[i]->count; k++) {
            add_shape(&shapes, api->tables[i]->routes[k].in);
            add_shape(&shapes, api->tables[i]->routes[k].out);
        }
    }
    for (i64 i = 0; i < shapes.count; i++) {
        const struct shape *shape = shapes.items[i];
        buf_format(out, "<section id=\"shape-%s\"><h3><code>%s</code></h3>\n<p>", shape->name, shape->name);
        put_words(out, api, shape->help);
        buf_add(out, STR("</p>\n"));
        put_fields(out, api, shape);
        buf_add(out, STR("</section>\n"));
        for (i64 k = 0; k < shape->field_count; k++) {
            add_shape(&shapes, shape->fields[k].of);
        }
    }
}

static void put_head(struct buf *out, const struct openapi *api)
{
    buf_format(
        out,
        "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Chạm API</title>"
        "<link rel=\"stylesheet\" href=\"/docs.css\"></head>\n<body><main>\n<p><a href=\"?language=vi\" lang=\"vi\">"
        "Tiếng Việt</a> · <a href=\"?language=en\" lang=\"en\">English</a></p>\n<h1>Chạm API</h1>\n<p>",
        language_words[api->language]);
    put_words(out, api, "docs.intro");
    buf_add(out, STR("</p>\n<p>"));
    put_words(out, api, "docs.signing_in");
    buf_add(out, STR("</p>\n<p>"));
    put_words(out, api, "docs.problems");
    buf_add(out, STR("</p>\n<p><a href=\"/openapi.json\">openapi.json</a></p>\n"));
}

str reference_page(struct arena *arena, const struct openapi *api)
{
    struct buf out = buf_in(arena);
    put_head(&out, api);
    buf_add(&out, STR("<h2>"));
    put_words(&out, api, "docs.routes");
    buf_add(&out, STR("</h2>\n"));
    put_contents(&out, api);
    for (i64 i = 0; i < api->table_count; i++) {
        for (i64 k = 0; k < api->tables[i]->count; k++) {
            put_route(&out, api, &api->tables[i]->routes[k]);
        }
    }
    buf_add(&out, STR("<h2>"));
    put_words(&out, api, "docs.shapes");
    buf_add(&out, STR("</h2>\n"));
    put_shapes(&out, api);
    buf_add(&out, STR("</main></body>\n</html>\n"));
    return buf_str(&out);
}

str reference_style(void)
{
    return STR(":root{color-scheme:light dark}\n"
               "body{font:16px/1.6 system-ui,sans-serif;margin:0}\n"
               "main{max-width:60rem;margin:0 auto;padding:1.5rem}\n"
               "h1,h2,h3{line-height:1.3}\n"
               "section{border-top:1px solid #8886;padding:.5rem 0 1rem}\n"
               "code{font-size:.92em}\n"
               "table{border-collapse:collapse;width:100%}\n"
               "th,td{border-bottom:1px solid #8883;padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top;"
               "font-weight:normal}\n"
               "nav ul{list-style:none;padding:0}\n"
               "a{color:LinkText}\n"
               "@media(max-width:40rem){td,th{display:block;border:0}tr{border-bottom:1px solid #8883}}\n");
}
