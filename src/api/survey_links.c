/* Ways to a survey: /api/v1/surveys/:id/links. */
#include "api/survey_links.h"

#include "api/routes.h"
#include "api/voices.h"
#include "base/id.h"
#include "people/alias.h"

struct new_links {
    struct survey_link like;
    i64 count;
};
#define L(member) offsetof(struct new_links, like.member)
static const struct shape_field new_fields[] = {
    {"kind", SHAPE_WORD, L(kind), .words = survey_link_words, .flags = SHAPE_REQUIRED, .help = "shape.link.kind"},
    {"name", SHAPE_STR, L(name), .max = 200},
    {"place", SHAPE_STR, L(place), .max = 200},
    {"touchpoint", SHAPE_STR, L(touchpoint), .max = 100},
    {"channel", SHAPE_STR, L(channel), .max = 40, .help = "shape.link.channel"},
    {"alias", SHAPE_STR, L(alias), .max = 300, .help = "shape.link.alias"},
    {"hidden", SHAPE_JSON, L(hidden), .max = 10000, .help = "shape.link.hidden"},
    {"pin", SHAPE_STR, L(pin), .max = 40, .flags = SHAPE_WRITE_ONLY, .help = "shape.link.pin"},
    {"most", SHAPE_I64, L(most), .min = 0, .max = 1000000000, .help = "shape.link.most"},
    {"expires_ms", SHAPE_TIME, L(expires_ms)},
    {"count", SHAPE_I64, offsetof(struct new_links, count), .min = 1, .max = SURVEY_LINKS_AT_ONCE,
     .help = "shape.link.count"},
};
static const struct shape new_shape = SHAPE("SurveyLinkNew", struct new_links, new_fields, "shape.survey_link_new");
#undef L

#define L(member) offsetof(struct survey_link, member)
static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, L(name), .max = 200},
    {"place", SHAPE_STR, L(place), .max = 200},
    {"touchpoint", SHAPE_STR, L(touchpoint), .max = 100},
    {"pin", SHAPE_STR, L(pin), .max = 40, .flags = SHAPE_WRITE_ONLY, .help = "shape.link.pin"},
    {"most", SHAPE_I64, L(most), .min = 0, .max = 1000000000, .help = "shape.link.most"},
    {"paused", SHAPE_BOOL, L(paused)},
    {"expires_ms", SHAPE_TIME, L(expires_ms)},
};
static const struct shape change_shape = SHAPE("SurveyLinkChange", struct survey_link, change_fields,
                                               "shape.survey_link_change");
#undef L

struct made {
    struct shape_list items;
};
static const struct shape_field made_fields[] = {
    {"items", SHAPE_LIST, offsetof(struct made, items), .of = &survey_link_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape made_shape = SHAPE("SurveyLinksMade", struct made, made_fields, "shape.survey_links_made");

struct link_query {
    i64 limit;
    str after;
    i32 kind;
};
static const char *const kind_words[] = {"", "link", "single", "qr", "widget", "kiosk", "invitation", NULL};
static const struct shape_field query_fields[] = {
    {"limit", SHAPE_I64, offsetof(struct link_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct link_query, after), .max = 40},
    {"kind", SHAPE_WORD, offsetof(struct link_query, kind), .words = kind_words, .help = "shape.link.kind"},
};
static const struct shape query_shape = SHAPE("SurveyLinkQuery", struct link_query, query_fields, NULL);

err link_sight(struct request *request, i64 survey, struct link_sight *out)
{
    TRY(survey_get(request->ctx, request->app->surveys, survey, &out->survey));
    return voices_survey_sight(request, &out->sight);
}

void links_in_sight(const struct request *request, const struct link_sight *sight, struct shape_list *links)
{
    struct survey_link *items = links->items;
    i64 count = 0;
    for (i64 i = 0; i < links->count; i++) {
        struct survey_link *link = &items[i];
        bool secret = link->kind == WAY_INVITED ||
                      (link->kind == WAY_SINGLE && !principal_may(request->who, RIGHT_SURVEYS_WRITE));
        if (survey_sees(&sight->sight, &sight->survey.document, link->place, link->touchpoint)) {
            link->url = secret ? STR_NONE : link->url;
            items[count++] = *link;
        }
    }
    links->count = count;
}

/* Nobody makes or moves a link to where they see nothing. */
static err check_place(struct request *request, const struct link_sight *sight, const struct survey_link *link)
{
    bool seen = survey_sees(&sight->sight, &sight->survey.document, link->place, link->touchpoint);
    return seen ? OK : FAIL(request->ctx, ERR_FORBIDDEN, "place", "error.survey.out_of_sight");
}

static err list(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct link_query *given = request->query;
    struct survey_link_query query = {.limit = page_limit(given->limit),
                                      .kind = given->kind - 1,
                                      .base = http_base(request->app->http)};
    struct link_sight sight;
    struct shape_list items;
    TRY(request_param_id(request, "id", &query.survey));
    TRY(link_sight(request, query.survey, &sight));
    if (str_is(given->after) && !id_parse(given->after, &query.before)) {
        return FAIL(ctx, ERR_INVALID, "after", "error.cursor");
    }
    TRY(survey_link_list(ctx, request->app->surveys, &query, &items));
    str next = STR_NONE;
    if (items.count > 0 && items.count == query.limit) {
        char *cursor = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
        next = id_text(((const struct survey_link *)items.items)[items.count - 1].id, cursor);
    }
    links_in_sight(request, &sight, &items);
    return reply_list(reply, &survey_link_shape, items, next);
}

static err create(struct request *request, struct reply *reply)
{
    const struct new_links *given = request->input;
    struct survey_linking with = {.count = greater(given->count, 1),
                                  .base = http_base(request->app->http),
                                  .like = given->like};
    struct link_sight sight;
    struct made made;
    char text[ID_TEXT_LEN];
    TRY(request_param_id(request, "id", &with.survey));
    with.like.alias = str_is(given->like.alias) ? alias_whole(&request->ctx->arena, given->like.alias) : STR_NONE;
    if ((given->like.kind == WAY_INVITED) != str_is(with.like.alias) ||
        str_is(given->like.alias) != str_is(with.like.alias)) {
        return FAIL(request->ctx, ERR_INVALID, "alias", "error.survey.alias");
    }
    TRY(link_sight(request, with.survey, &sight));
    TRY(check_place(request, &sight, &with.like));
    TRY(survey_link_add(request->ctx, request->app->surveys, &with, &made.items));
    TRY(request_audit(request, "survey.link.create", id_text(with.survey, text),
                      str_format(&request->ctx->arena, "%s %lld", survey_link_words[given->like.kind],
                                 (long long)with.count)));
    return reply_shape(reply, &made_shape, &made);
}

err link_find(struct request *request, struct link_sight *sight, struct survey_link *out)
{
    struct shape_list one = {out, 1};
    i64 survey, id;
    TRY(request_param_id(request, "id", &survey));
    TRY(request_param_id(request, "link", &id));
    TRY(survey_link_get(request->ctx, request->app->surveys, id, http_base(request->app->http), out));
    if (out->survey == survey) {
        TRY(link_sight(request, survey, sight));
        links_in_sight(request, sight, &one);
    }
    bool there = out->survey == survey && one.count == 1;
    return there ? OK : FAIL(request->ctx, ERR_NOT_FOUND, NULL, "error.survey.no_link");
}

static err show(struct request *request, struct reply *reply)
{
    struct link_sight sight;
    struct survey_link link;
    TRY(link_find(request, &sight, &link));
    return reply_shape(reply, &survey_link_shape, &link);
}

static void apply(struct survey_link *link, const struct survey_link *change, shape_seen seen)
{
    link->name = shape_has(&change_shape, seen, "name") ? change->name : link->name;
    link->place = shape_has(&change_shape, seen, "place") ? change->place : link->place;
    link->touchpoint = shape_has(&change_shape, seen, "touchpoint") ? change->touchpoint : link->touchpoint;
    link->most = shape_has(&change_shape, seen, "most") ? change->most : link->most;
    link->paused = shape_has(&change_shape, seen, "paused") ? change->paused : link->paused;
    link->expires_ms = shape_has(&change_shape, seen, "expires_ms") ? change->expires_ms : link->expires_ms;
    link->pin = shape_has(&change_shape, seen, "pin") && str_is(change->pin) ? change->pin : STR_NONE;
}

static err change(struct request *request, struct reply *reply)
{
    struct link_sight sight;
    struct survey_link link;
    char text[ID_TEXT_LEN];
    TRY(link_find(request, &sight, &link));
    apply(&link, request->input, request->seen);
    TRY(check_place(request, &sight, &link));
    TRY(survey_link_change(request->ctx, request->app->surveys, &link));
    TRY(request_audit(request, "survey.link.change", id_text(link.id, text), STR("")));
    return show(request, reply);
}

static err remove_link(struct request *request, struct reply *reply)
{
    struct link_sight sight;
    struct survey_link link;
    char text[ID_TEXT_LEN];
    TRY(link_find(request, &sight, &link));
    TRY(survey_link_remove(request->ctx, request->app->surveys, link.id, &link));
    TRY(request_audit(request, "survey.link.remove", id_text(link.id, text), STR("")));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/surveys/:id/links", list, RIGHT_SURVEYS_READ, .query = &query_shape, .out = &survey_link_shape,
     .flags = ROUTE_LIST, .summary = "route.survey_links.list"},
    {HTTP_POST, "/api/v1/surveys/:id/links", create, RIGHT_SURVEYS_WRITE, .in = &new_shape, .out = &made_shape,
     .status = 201, .flags = ROUTE_CHANGES, .summary = "route.survey_links.create"},
    {HTTP_GET, "/api/v1/surveys/:id/links/:link", show, RIGHT_SURVEYS_READ, .out = &survey_link_shape,
     .summary = "route.survey_links.show"},
    {HTTP_PATCH, "/api/v1/surveys/:id/links/:link", change, RIGHT_SURVEYS_WRITE, .in = &change_shape,
     .out = &survey_link_shape, .flags = ROUTE_CHANGES, .summary = "route.survey_links.change"},
    {HTTP_DELETE, "/api/v1/surveys/:id/links/:link", remove_link, RIGHT_SURVEYS_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.survey_links.remove"},
};
const struct route_table survey_links_routes = ROUTES(routes);
