/* The people behind a figure: POST /api/v1/behind. */
#include "journey/behind.h"

#include "api/asked.h"
#include "api/routes.h"

/* For the description; the engine reads the body itself, because what names a row depends on the question. */
struct asked_behind {
    str question, row, what, k, limit, after;
};
static const struct shape_field asked_fields[] = {
    {"question", SHAPE_JSON, offsetof(struct asked_behind, question), .flags = SHAPE_REQUIRED,
     .help = "shape.behind.question"},
    {"row", SHAPE_JSON, offsetof(struct asked_behind, row), .flags = SHAPE_REQUIRED, .help = "shape.behind.row"},
    {"what", SHAPE_JSON, offsetof(struct asked_behind, what), .help = "shape.behind.what"},
    {"k", SHAPE_JSON, offsetof(struct asked_behind, k), .help = "shape.behind.k"},
    {"limit", SHAPE_JSON, offsetof(struct asked_behind, limit), .help = "shape.question.limit"},
    {"after", SHAPE_JSON, offsetof(struct asked_behind, after), .help = "shape.question.after"},
};
static const struct shape asked_shape = SHAPE("Behind", struct asked_behind, asked_fields, "shape.behind");

static const struct shape_field page_fields[] = {
    {"items", SHAPE_LIST, offsetof(struct behind_page, items), .of = &behind_person_shape},
    {"next", SHAPE_ID, offsetof(struct behind_page, next), .help = "shape.behind_page.next"},
    {"people", SHAPE_I64, offsetof(struct behind_page, people), .help = "shape.behind_page.people"},
};
const struct shape behind_page_shape = SHAPE("BehindPage", struct behind_page, page_fields, "shape.behind_page");

static err behind(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct sight scope = asked_scope(request->who);
    struct question_defaults defaults;
    struct behind *asked = arena_new(&ctx->arena, struct behind, 1);
    struct behind_page page;
    struct json object;
    TRY(asked_defaults(ctx, request->app, &defaults));
    TRY(json_parse(ctx, json_reader_here(), request->body, &object));
    TRY(behind_read(ctx, object, &defaults, asked));
    TRY(asked_run(request, STR("behind")));
    TRY(running_end(ctx, behind_people(ctx, request->app->asked, &scope, asked, &page)));
    if (page.items.count > 0) {
        TRY(request_audit(request, "people.read", STR("behind"),
                          str_format(&ctx->arena, "%lld", (long long)page.items.count)));
    }
    return reply_shape(reply, &behind_page_shape, &page);
}

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/behind", behind, RIGHT_PEOPLE_READ, .query = &run_query_shape, .in = &asked_shape,
     .out = &behind_page_shape, .limit_bytes = 256 * 1024, .summary = "route.behind"},
};
const struct route_table behind_routes = ROUTES(routes);
