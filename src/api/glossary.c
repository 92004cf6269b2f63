/* The glossary: each term of the field in the reader's words, with its formula, from the catalogue's term.NAME.title, .text
 * and .formula. */
#include "api/routes.h"
#include "base/buf.h"
#include "text/sentence.h"

struct term {
    str term, title, text, formula;
};

static const struct shape_field term_fields[] = {
    {"term", SHAPE_STR, offsetof(struct term, term), .flags = SHAPE_REQUIRED},
    {"title", SHAPE_STR, offsetof(struct term, title), .flags = SHAPE_REQUIRED},
    {"text", SHAPE_STR, offsetof(struct term, text), .flags = SHAPE_REQUIRED},
    {"formula", SHAPE_STR, offsetof(struct term, formula), .flags = SHAPE_REQUIRED, .help = "shape.term.formula"},
};
static const struct shape term_shape = SHAPE("Term", struct term, term_fields, "shape.term");

static str part(const struct request *request, str name, const char *which)
{
    str key = str_format(&request->ctx->arena, "term.%.*s.%s", STR_ARG(name), which);
    return sentence_exists(key.data) ? sentence(request->language, key.data) : STR("");
}

/* Keys are sorted, and each term has one title. */
static err glossary(struct request *request, struct reply *reply)
{
    struct arena *arena = &request->ctx->arena;
    struct key_list keys = sentence_keys(arena, "term.", ".title");
    struct term *terms = arena_new(arena, struct term, keys.count);
    for (i64 i = 0; i < keys.count; i++) {
        str name = keys.items[i];
        terms[i] = (struct term){
            .term = name,
            .title = part(request, name, "title"),
            .text = part(request, name, "text"),
            .formula = part(request, name, "formula"),
        };
    }
    return reply_list(reply, &term_shape, (struct shape_list){terms, keys.count}, STR_NONE);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/glossary", glossary, .right = RIGHT_PUBLIC, .out = &term_shape,
     .flags = ROUTE_LIST | ROUTE_INLINE, .summary = "api.glossary"},
};
const struct route_table glossary_routes = ROUTES(routes);
