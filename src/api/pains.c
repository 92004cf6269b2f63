/* Pain points: /api/v1/pains. */
#include "listen/voices/pain.h"

#include "api/routes.h"
#include "api/voices.h"
#include "base/id.h"
#include "base/zone.h"

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct pain, name), .min = 1, .max = PAIN_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct pain, description), .max = PAIN_TEXT_MAX},
    {"touchpoint", SHAPE_STR, offsetof(struct pain, touchpoint), .max = 200},
    {"status", SHAPE_WORD, offsetof(struct pain, status), .words = pain_status_words},
    {"owner", SHAPE_ID, offsetof(struct pain, owner)},
    {"matches", SHAPE_JSON, offsetof(struct pain, matches), .max = 64 * 1024, .help = "shape.pain.matches"},
};
static const struct shape new_shape = SHAPE("PainNew", struct pain, new_fields, "shape.pain");

static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, offsetof(struct pain, name), .min = 1, .max = PAIN_NAME_MAX},
    {"description", SHAPE_STR, offsetof(struct pain, description), .max = PAIN_TEXT_MAX},
    {"touchpoint", SHAPE_STR, offsetof(struct pain, touchpoint), .max = 200},
    {"status", SHAPE_WORD, offsetof(struct pain, status), .words = pain_status_words},
    {"owner", SHAPE_ID, offsetof(struct pain, owner)},
    {"matches", SHAPE_JSON, offsetof(struct pain, matches), .max = 64 * 1024, .help = "shape.pain.matches"},
};
static const struct shape change_shape = SHAPE("PainChange", struct pain, change_fields, "shape.pain");

static err list(struct request *request, struct reply *reply)
{
    struct feedback_source_of from;
    struct shape_list items;
    TRY(voices_source(request, &from));
    TRY(pain_match(request->ctx, &from, NULL));
    TRY(pain_list(request->ctx, request->app->store, &from.sight, &items));
    return reply_list(reply, &pain_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct feedback_source_of from;
    struct pain pain = *(const struct pain *)request->input;
    TRY(voices_source(request, &from));
    TRY(pain_add(request->ctx, &from, principal_name(request->who), &pain));
    TRY(pain_match(request->ctx, &from, &pain));
    TRY(pain_get(request->ctx, request->app->store, &from.sight, pain.id, &pain));
    TRY(request_audit(request, "pain.create", pain.name, STR("")));
    return reply_shape(reply, &pain_shape, &pain);
}

/* The pain point of the path, with what its rule finds by now. */
static err find(struct request *request, struct feedback_source_of *from, struct pain *out)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(voices_source(request, from));
    TRY(pain_get(request->ctx, request->app->store, &from->sight, id, out));
    TRY(pain_match(request->ctx, from, out));
    return pain_get(request->ctx, request->app->store, &from->sight, id, out);
}

static err show(struct request *request, struct reply *reply)
{
    struct feedback_source_of from;
    struct pain pain;
    TRY(find(request, &from, &pain));
    return reply_shape(reply, &pain_shape, &pain);
}

static err change(struct request *request, struct reply *reply)
{
    struct feedback_source_of from;
    const struct pain *given = request->input;
    struct pain pain;
    TRY(find(request, &from, &pain));
    pain.name = shape_has(&change_shape, request->seen, "name") ? given->name : pain.name;
    pain.description = shape_has(&change_shape, request->seen, "description") ? given->description : pain.description;
    pain.touchpoint = shape_has(&change_shape, request->seen, "touchpoint") ? given->touchpoint : pain.touchpoint;
    pain.status = shape_has(&change_shape, request->seen, "status") ? given->status : pain.status;
    pain.owner = shape_has(&change_shape, request->seen, "owner") ? given->owner : pain.owner;
    pain.matches = shape_has(&change_shape, request->seen, "matches") ? given->matches : pain.matches;
    TRY(pain_change(request->ctx, &from, &pain));
    TRY(pain_match(request->ctx, &from, &pain));
    TRY(request_audit(request, "pain.change", pain.name, STR("")));
    TRY(pain_get(request->ctx, request->app->store, &from.sight, pain.id, &pain));
    return reply_shape(reply, &pain_shape, &pain);
}

static err remove_pain(struct request *request, struct reply *reply)
{
    struct pain pain;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(pain_remove(request->ctx, request->app->store, id, &pain));
    TRY(request_audit(request, "pain.remove", pain.name, STR("")));
    return reply_nothing(reply);
}

struct merge_into {
    i64 into;
};
static const struct shape_field merge_fields[] = {
    {"into", SHAPE_ID, offsetof(struct merge_into, into), .flags = SHAPE_REQUIRED},
};
static const struct shape merge_shape = SHAPE("PainMerge", struct merge_into, merge_fields, "shape.pain_merge");

static err merge(struct request *request, struct reply *reply)
{
    const struct merge_into *input = request->input;
    struct feedback_source_of from;
    struct pain pain;
    char text[ID_TEXT_LEN];
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(voices_source(request, &from));
    TRY(pain_merge(request->ctx, request->app->store, id, input->into));
    TRY(request_audit(request, "pain.merge", id_text(id, text), STR("")));
    TRY(pain_get(request->ctx, request->app->store, &from.sight, input->into, &pain));
    return reply_shape(reply, &pain_shape, &pain);
}

struct evidence_query {
    i64 limit;
    str after, from, to;
};
static const struct shape_field evidence_fields[] = {
    {"limit", SHAPE_I64, offsetof(struct evidence_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct evidence_query, after), .max = 40},
    {"from", SHAPE_STR, offsetof(struct evidence_query, from), .max = 40, .help = "shape.feedback_filter.from"},
    {"to", SHAPE_STR, offsetof(struct evidence_query, to), .max = 40, .help = "shape.feedback_filter.to"},
};
static const struct shape evidence_shape = SHAPE("PainEvidenceQuery", struct evidence_query, evidence_fields, NULL);

static err evidence(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct evidence_query *query = request->query;
    struct feedback_source_of from;
    struct feedback_chosen *chosen;
    struct shape_list items;
    struct pain pain;
    i64 before, limit = page_limit(query->limit);
    TRY(find(request, &from, &pain));
    TRY(voices_read_cursor(ctx, query->after, &before));
    struct feedback_filter filter = {.pain = pain.id, .from = query->from, .to = query->to};
    TRY(feedback_choose(ctx, &from, &filter, &chosen));
    TRY(feedback_page(ctx, chosen, before, limit, &items));
    TRY(feedback_show(ctx, request->app->people, items.items, items.count));
    const struct feedback *rows = items.items;
    str next = items.count < limit ? STR_NONE : voices_cursor(&ctx->arena, rows[items.count - 1].position);
    return reply_list(reply, &feedback_shape, items, next);
}

struct size_query {
    str from, to;
};
static const struct shape_field size_fields[] = {
    {"from", SHAPE_STR, offsetof(struct size_query, from), .max = 40, .help = "shape.feedback_filter.from"},
    {"to", SHAPE_STR, offsetof(struct size_query, to), .max = 40, .help = "shape.feedback_filter.to"},
};
static const struct shape size_shape = SHAPE("PainSizeQuery", struct size_query, size_fields, NULL);

static err read_moment(struct ctx *ctx, const struct zone *zone, const char *name, str text, i64 *out)
{
    if (text.len == 0 || iso_parse(zone, text, out)) {
        return OK;
    }
    return FAIL(ctx, ERR_INVALID, name, "error.feedback.date");
}

static err size(struct request *request, struct reply *reply)
{
    const struct size_query *query = request->query;
    struct feedback_source_of from;
    struct pain pain;
    struct pain_size out;
    i64 from_ms = INT64_MIN, to_ms = INT64_MAX;
    TRY(find(request, &from, &pain));
    TRY(read_moment(request->ctx, from.zone, "from", query->from, &from_ms));
    TRY(read_moment(request->ctx, from.zone, "to", query->to, &to_ms));
    TRY(pain_measure(request->ctx, &from, pain.id, from_ms, to_ms, &out));
    return reply_shape(reply, &pain_size_shape, &out);
}

static err proposals(struct request *request, struct reply *reply)
{
    struct feedback_source_of from;
    struct shape_list items;
    TRY(voices_source(request, &from));
    TRY(pain_proposals(request->ctx, &from, &items));
    return reply_list(reply, &pain_pair_shape, items, STR_NONE);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/pains", list, RIGHT_VOICES_READ, .out = &pain_shape, .flags = ROUTE_LIST,
     .summary = "route.pains.list"},
    {HTTP_POST, "/api/v1/pains", create, RIGHT_VOICES_WRITE, .in = &new_shape, .out = &pain_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.pains.create"},
    {HTTP_GET, "/api/v1/pains/proposals", proposals, RIGHT_VOICES_READ, .out = &pain_pair_shape, .flags = ROUTE_LIST,
     .summary = "route.pains.proposals"},
    {HTTP_GET, "/api/v1/pains/:id", show, RIGHT_VOICES_READ, .out = &pain_shape, .summary = "route.pains.show"},
    {HTTP_PATCH, "/api/v1/pains/:id", change, RIGHT_VOICES_WRITE, .in = &change_shape, .out = &pain_shape,
     .flags = ROUTE_CHANGES, .summary = "route.pains.change"},
    {HTTP_DELETE, "/api/v1/pains/:id", remove_pain, RIGHT_VOICES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.pains.remove"},
    {HTTP_GET, "/api/v1/pains/:id/evidence", evidence, RIGHT_VOICES_READ, .query = &evidence_shape,
     .out = &feedback_shape, .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.pains.evidence"},
    {HTTP_GET, "/api/v1/pains/:id/size", size, RIGHT_VOICES_READ, .query = &size_shape, .out = &pain_size_shape,
     .summary = "route.pains.size"},
    {HTTP_POST, "/api/v1/pains/:id/merge", merge, RIGHT_VOICES_WRITE, .in = &merge_shape, .out = &pain_shape,
     .flags = ROUTE_CHANGES, .summary = "route.pains.merge"},
};
const struct route_table pains_routes = ROUTES(routes);
