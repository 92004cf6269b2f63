/* Proposals: /api/v1/proposals. Who reads voices reads them; who works with voices writes them; who directs decides. */
#include "api/app.h"
#include "api/routes.h"
#include "api/voices.h"
#include "prove/awareness.h"
#include "prove/told.h"
#include "store/settings.h"

struct list_query {
    str state;
    i64 pain;
};

static const struct shape_field query_fields[] = {
    {"state", SHAPE_STR, offsetof(struct list_query, state), .max = 20, .help = "shape.proposal.state"},
    {"pain", SHAPE_ID, offsetof(struct list_query, pain), .help = "shape.proposal.pain"},
};
static const struct shape query_shape = SHAPE("ProposalQuery", struct list_query, query_fields, "shape.proposal_query");

static err read_state(struct request *request, str word, i32 *out)
{
    *out = -1;
    for (i32 i = 0; proposal_states[i] != NULL; i++) {
        if (str_eq(word, str_from(proposal_states[i]))) {
            *out = i;
        }
    }
    return *out >= 0 || word.len == 0 ? OK
                                      : FAIL(request->ctx, ERR_INVALID, "state", "error.word",
                                             {"allowed", STR("draft, asked, approved, declined, done")});
}

static err list(struct request *request, struct reply *reply)
{
    const struct list_query *query = request->query;
    struct proposal_filter filter = {.pain = query->pain};
    struct shape_list items;
    TRY(read_state(request, query->state, &filter.state));
    TRY(proposal_list(request->ctx, request->app->store, &filter, &items));
    return reply_list(reply, &proposal_shape, items, STR_NONE);
}

static err find(struct request *request, struct proposal *out)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    return proposal_get(request->ctx, request->app->store, id, out);
}

static err show(struct request *request, struct reply *reply)
{
    struct proposal proposal;
    TRY(find(request, &proposal));
    return reply_shape(reply, &proposal_shape, &proposal);
}

static err may_decide(struct request *request, i32 before, i32 after)
{
    bool decides = before != after && (proposal_decided(before) || proposal_decided(after));
    return !decides || principal_may(request->who, RIGHT_JOURNEYS_WRITE)
               ? OK
               : FAIL(request->ctx, ERR_FORBIDDEN, "state", "error.proposal.decide");
}

static err create(struct request *request, struct reply *reply)
{
    struct proposal proposal = *(const struct proposal *)request->input;
    TRY(may_decide(request, PROPOSAL_DRAFT, proposal.state));
    TRY(proposal_add(request->ctx, request->app->store, request->who, &proposal));
    TRY(request_audit(request, "proposal.create", proposal.title, STR("")));
    return reply_shape(reply, &proposal_shape, &proposal);
}

static err replace(struct request *request, struct reply *reply)
{
    struct proposal before, proposal = *(const struct proposal *)request->input;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(proposal_get(request->ctx, request->app->store, id, &before));
    TRY(may_decide(request, before.state, proposal.state));
    TRY(proposal_change(request->ctx, request->app->store, request->who, &before, &proposal));
    TRY(request_audit(request, "proposal.change", proposal.title, str_from(proposal_states[proposal.state])));
    return reply_shape(reply, &proposal_shape, &proposal);
}

static err remove_proposal(struct request *request, struct reply *reply)
{
    struct proposal proposal;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(proposal_get(request->ctx, request->app->store, id, &proposal));
    TRY(may_decide(request, proposal.state, PROPOSAL_DRAFT));
    TRY(proposal_remove(request->ctx, request->app->store, id, &proposal));
    TRY(request_audit(request, "proposal.remove", proposal.title, STR("")));
    return reply_nothing(reply);
}

static err show_awareness(struct request *request, struct reply *reply)
{
    struct proposal proposal;
    struct settings settings;
    struct awareness awareness;
    struct results_filter filter = {0};
    TRY(find(request, &proposal));
    TRY(voices_survey_sight(request, &filter.sight));
    TRY(settings_read(request->ctx, request->app->store, &settings));
    TRY(awareness_read(request->ctx, request->app->surveys, &proposal, filter, settings.minimum_n, &awareness));
    return reply_shape(reply, &awareness_shape, &awareness);
}

/* Telling people. */

static err rooms_of(struct request *request, struct told_rooms *rooms)
{
    *rooms = (struct told_rooms){.act = request->app->act, .people = request->app->people};
    return voices_source(request, &rooms->feedback);
}

static err count_people(struct request *request, struct reply *reply)
{
    struct proposal proposal;
    struct told_rooms rooms;
    struct told_people people;
    TRY(find(request, &proposal));
    TRY(rooms_of(request, &rooms));
    TRY(told_count(request->ctx, &rooms, &proposal, &people));
    return reply_shape(reply, &told_people_shape, &people);
}

struct queued {
    i64 queued;
};
static const struct shape_field queued_fields[] = {
    {"queued", SHAPE_I64, offsetof(struct queued, queued), .flags = SHAPE_REQUIRED, .help = "shape.told.queued"},
};
static const struct shape queued_shape = SHAPE("ToldQueued", struct queued, queued_fields, "shape.told_queued");

static err tell(struct request *request, struct reply *reply)
{
    struct proposal proposal;
    struct told_rooms rooms;
    struct queued queued;
    TRY(find(request, &proposal));
    TRY(rooms_of(request, &rooms));
    TRY(told_send(request->ctx, &rooms, &proposal, request->input, request->who->name, &queued.queued));
    TRY(request_audit(request, "proposal.tell", proposal.title,
                      str_format(&request->ctx->arena, "%lld", (long long)queued.queued)));
    return reply_shape(reply, &queued_shape, &queued);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/proposals", list, RIGHT_VOICES_READ, .query = &query_shape, .out = &proposal_shape,
     .flags = ROUTE_LIST, .summary = "route.proposals.list"},
    {HTTP_POST, "/api/v1/proposals", create, RIGHT_VOICES_WRITE, .in = &proposal_shape, .out = &proposal_shape,
     .status = 201, .flags = ROUTE_CHANGES, .summary = "route.proposals.create"},
    {HTTP_GET, "/api/v1/proposals/:id", show, RIGHT_VOICES_READ, .out = &proposal_shape,
     .summary = "route.proposals.show"},
    {HTTP_PUT, "/api/v1/proposals/:id", replace, RIGHT_VOICES_WRITE, .in = &proposal_shape, .out = &proposal_shape,
     .flags = ROUTE_CHANGES, .summary = "route.proposals.replace"},
    {HTTP_DELETE, "/api/v1/proposals/:id", remove_proposal, RIGHT_VOICES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.proposals.remove"},
    {HTTP_GET, "/api/v1/proposals/:id/awareness", show_awareness, RIGHT_SURVEYS_READ, .out = &awareness_shape,
     .summary = "route.proposals.awareness"},
    {HTTP_GET, "/api/v1/proposals/:id/people", count_people, RIGHT_VOICES_READ, .out = &told_people_shape,
     .summary = "route.proposals.people"},
    {HTTP_POST, "/api/v1/proposals/:id/tell", tell, RIGHT_RULES_WRITE, .in = &told_shape, .out = &queued_shape,
     .summary = "route.proposals.tell"},
};
const struct route_table proposals_routes = ROUTES(routes);
