/* Journeys: /api/v1/journeys, their maps, versions, and events that lie on none of their touchpoints. */
#include "journey/journeys.h"

#include "api/asked.h"
#include "api/routes.h"
#include "base/id.h"
#include "journey/findings.h"
#include "journey/suggest.h"
#include "store/settings.h"

struct version_query {
    str version;
};
static const struct shape_field version_query_fields[] = {
    {"version", SHAPE_STR, offsetof(struct version_query, version), .max = 10, .help = "shape.journey_query.version"},
};
static const struct shape version_query_shape = SHAPE("JourneyQuery", struct version_query, version_query_fields, NULL);

struct publish_query {
    str from;
};
static const struct shape_field publish_query_fields[] = {
    {"from", SHAPE_STR, offsetof(struct publish_query, from), .max = 40, .help = "shape.publish_query.from"},
};
static const struct shape publish_query_shape = SHAPE("PublishQuery", struct publish_query, publish_query_fields, NULL);

static const char *const templates[] = {"standard", "empty", NULL};

struct new_journey {
    str name;
    i32 template;
};
static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct new_journey, name), .flags = SHAPE_REQUIRED, .min = 1, .max = 400},
    {"template", SHAPE_WORD, offsetof(struct new_journey, template), .words = templates,
     .help = "shape.journey_new.template"},
};
static const struct shape new_shape = SHAPE("JourneyNew", struct new_journey, new_fields, "shape.journey_new");

/* An editor sends the journey back as it got it; what it cannot change is read over. */
struct draft {
    struct journey_map map;
    str id, version, published_ms, draft, etag;
};
static const struct shape_field draft_fields[] = {
    {"id", SHAPE_JSON, offsetof(struct draft, id), .help = "shape.draft.ignored"},
    {"version", SHAPE_JSON, offsetof(struct draft, version), .help = "shape.draft.ignored"},
    {"published_ms", SHAPE_JSON, offsetof(struct draft, published_ms), .help = "shape.draft.ignored"},
    {"draft", SHAPE_JSON, offsetof(struct draft, draft), .help = "shape.draft.ignored"},
    {"etag", SHAPE_JSON, offsetof(struct draft, etag), .help = "shape.draft.ignored"},
    {"name", SHAPE_STR, offsetof(struct draft, map.name), .flags = SHAPE_REQUIRED, .min = 1, .max = 400},
    {"description", SHAPE_STR, offsetof(struct draft, map.description), .max = 4000},
    {"stages", SHAPE_LIST, offsetof(struct draft, map.stages), .of = &stage_shape, .max = MAP_STAGES_MAX},
    {"lanes", SHAPE_LIST, offsetof(struct draft, map.lanes), .of = &lane_shape, .max = MAP_LANES_MAX},
    {"touchpoints", SHAPE_LIST, offsetof(struct draft, map.touchpoints), .of = &touchpoint_shape,
     .max = MAP_TOUCHPOINTS_MAX},
};
static const struct shape draft_shape = SHAPE("JourneyDraft", struct draft, draft_fields, "shape.draft");

struct adopted {
    struct shape_list touchpoints;
};
static const struct shape_field adopted_fields[] = {
    {"touchpoints", SHAPE_LIST, offsetof(struct adopted, touchpoints), .of = &touchpoint_shape, .flags = SHAPE_REQUIRED,
     .min = 1, .max = MAP_TOUCHPOINTS_MAX},
};
static const struct shape adopted_shape = SHAPE("JourneyAdopt", struct adopted, adopted_fields, "shape.journey_adopt");

static struct journeys *journeys_of(const struct request *request)
{
    return request->app->asked->journeys;
}

static err answer(struct request *request, struct reply *reply, i64 id, i64 version)
{
    struct journey journey;
    TRY(journeys_get(request->ctx, journeys_of(request), id, version, &journey));
    reply_header(reply, "ETag", str_format(&request->ctx->arena, "\"%.*s\"", STR_ARG(journey.etag)));
    return reply_shape(reply, &journey_shape, &journey);
}

static err audit(struct request *request, const char *action, i64 id)
{
    char text[ID_TEXT_LEN];
    return request_audit(request, action, str_copy(&request->ctx->arena, id_text(id, text)), STR_NONE);
}

static err list(struct request *request, struct reply *reply)
{
    struct shape_list journeys;
    TRY(journeys_list(request->ctx, journeys_of(request), &journeys));
    return reply_list(reply, &journey_summary_shape, journeys, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    const struct new_journey *input = request->input;
    struct settings settings;
    TRY(settings_read(request->ctx, request->app->store, &settings));
    struct journey_new new = {
        .name = input->name,
        .standard = input->template == 0,
        .language = settings.language,
        .by = request->who->name,
    };
    i64 id;
    TRY(journeys_create(request->ctx, journeys_of(request), &new, &id));
    TRY(audit(request, "journeys.create", id));
    return answer(request, reply, id, 0);
}

static err show(struct request *request, struct reply *reply)
{
    const struct version_query *query = request->query;
    i64 id, version = 0;
    TRY(request_param_id(request, "id", &id));
    if (str_eq(query->version, STR("draft"))) {
        version = -1;
    } else if (query->version.len > 0 && (!str_i64(query->version, &version) || version < 1)) {
        return FAIL(request->ctx, ERR_INVALID, "version", "error.type", {"expected", STR("draft, 1, 2, 3 …")});
    }
    return answer(request, reply, id, version);
}

/* If-Match: "…" → … */
static str etag_of(const struct request *request)
{
    str etag = str_trim(request_header(request, "If-Match"));
    bool quoted = etag.len >= 2 && etag.data[0] == '"' && etag.data[etag.len - 1] == '"';
    return quoted ? str_slice(etag, 1, etag.len - 1) : etag;
}

static err put_draft(struct request *request, struct reply *reply)
{
    const struct draft *draft = request->input;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(journeys_put_draft(request->ctx, journeys_of(request), id, &draft->map, etag_of(request)));
    TRY(audit(request, "journeys.draft", id));
    return answer(request, reply, id, -1);
}

static err publish(struct request *request, struct reply *reply)
{
    const struct publish_query *query = request->query;
    struct question_defaults defaults;
    i64 id, from_ms = ctx_now_ms(request->ctx);
    TRY(request_param_id(request, "id", &id));
    TRY(asked_defaults(request->ctx, request->app, &defaults));
    if (str_eq(query->from, STR("beginning"))) {
        from_ms = INT64_MIN;
    } else if (query->from.len > 0 && !iso_parse(defaults.zone, query->from, &from_ms)) {
        return FAIL(request->ctx, ERR_INVALID, "from", "error.ask.moment");
    }
    TRY(journeys_publish(request->ctx, journeys_of(request), id, from_ms, request->who->name));
    TRY(audit(request, "journeys.publish", id));
    return answer(request, reply, id, 0);
}

static err versions(struct request *request, struct reply *reply)
{
    struct journey journey;
    struct shape_list items;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(journeys_get(request->ctx, journeys_of(request), id, 0, &journey));
    TRY(journeys_versions(request->ctx, journeys_of(request), id, &items));
    return reply_list(reply, &journey_version_shape, items, STR_NONE);
}

static err unmapped(struct request *request, struct reply *reply)
{
    struct sight scope = asked_scope(request->who);
    struct journey journey;
    struct question question;
    struct shape_list items;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(journeys_get(request->ctx, journeys_of(request), id, 0, &journey));
    TRY(asked_question(request->ctx, request->app, request->query, id, &question));
    TRY(suggest_unmapped(request->ctx, request->app->asked, &scope, &question, request->language, &items));
    return reply_list(reply, &unmapped_shape, items, STR_NONE);
}

static const i64 month_ms = 30LL * 24 * 3600 * 1000; /* a span that is not given */

static err findings(struct request *request, struct reply *reply)
{
    struct sight sight = asked_scope(request->who);
    struct journey journey;
    struct question question;
    struct shape_list items;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(journeys_get(request->ctx, journeys_of(request), id, 0, &journey));
    TRY(asked_question(request->ctx, request->app, request->query, id, &question));
    if (!question.to_ms.is) {
        question.to_ms = (struct maybe_i64){ctx_now_ms(request->ctx), true};
    }
    if (!question.from_ms.is) {
        question.from_ms = (struct maybe_i64){question.to_ms.value - month_ms, true};
    }
    TRY(findings_read(request->ctx, request->app->asked, &sight, &question, &items));
    return reply_list(reply, &finding_shape, items, STR_NONE);
}

static err adopt(struct request *request, struct reply *reply)
{
    const struct adopted *input = request->input;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(journeys_adopt(request->ctx, journeys_of(request), id, input->touchpoints, request->who->name));
    TRY(audit(request, "journeys.adopt", id));
    return answer(request, reply, id, 0);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/journeys", list, RIGHT_JOURNEYS_READ, .out = &journey_summary_shape, .flags = ROUTE_LIST,
     .summary = "route.journeys.list"},
    {HTTP_POST, "/api/v1/journeys", create, RIGHT_JOURNEYS_WRITE, .in = &new_shape, .out = &journey_shape,
     .status = 201, .summary = "route.journeys.create"},
    {HTTP_GET, "/api/v1/journeys/:id", show, RIGHT_JOURNEYS_READ, .query = &version_query_shape, .out = &journey_shape,
     .summary = "route.journeys.show"},
    {HTTP_PUT, "/api/v1/journeys/:id/draft", put_draft, RIGHT_JOURNEYS_WRITE, .in = &draft_shape, .out = &journey_shape,
     .summary = "route.journeys.draft"},
    {HTTP_POST, "/api/v1/journeys/:id/publish", publish, RIGHT_JOURNEYS_WRITE, .query = &publish_query_shape,
     .out = &journey_shape, .summary = "route.journeys.publish"},
    {HTTP_GET, "/api/v1/journeys/:id/versions", versions, RIGHT_JOURNEYS_READ, .out = &journey_version_shape,
     .flags = ROUTE_LIST, .summary = "route.journeys.versions"},
    {HTTP_GET, "/api/v1/journeys/:id/unmapped", unmapped, RIGHT_ASK, .query = &asked_span_shape, .out = &unmapped_shape,
     .flags = ROUTE_LIST, .summary = "route.journeys.unmapped"},
    {HTTP_GET, "/api/v1/journeys/:id/findings", findings, RIGHT_ASK, .query = &asked_span_shape, .out = &finding_shape,
     .flags = ROUTE_LIST, .summary = "route.journeys.findings"},
    {HTTP_POST, "/api/v1/journeys/:id/adopt", adopt, RIGHT_JOURNEYS_WRITE, .in = &adopted_shape, .out = &journey_shape,
     .summary = "route.journeys.adopt"},
};
const struct route_table journeys_routes = ROUTES(routes);
