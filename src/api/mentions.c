/* Mentions of us elsewhere: POST /api/v1/mentions, signed by a source of /api/v1/mention-sources. */
#include "api/asked.h"
#include "api/routes.h"
#include "listen/voices/mention.h"

enum { MESSAGES_A_MINUTE = 600, MESSAGE_BYTES_MAX = 4 << 20 };

static str header(const struct request *request, const char *name)
{
    str value = request_header(request, name);
    return str_is(value) ? value : STR("");
}

static err take(struct request *request, struct reply *reply)
{
    struct app *app = request->app;
    struct question_defaults defaults;
    struct mentions_taken taken;
    TRY(guard_rate(request->ctx, app->guard, "mentions", request->address, MESSAGES_A_MINUTE));
    TRY(asked_defaults(request->ctx, app, &defaults));
    struct mention_rooms rooms = {app->store, app->events, app->act, defaults.zone};
    struct webhook_received message = {header(request, "webhook-id"), header(request, "webhook-timestamp"),
                                       header(request, "webhook-signature"), request->body};
    TRY(mentions_take(request->ctx, &rooms, &message, &taken));
    return reply_shape(reply, &mentions_taken_shape, &taken);
}

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct mention_source, name), .min = 1, .max = 200, .flags = SHAPE_REQUIRED},
};
static const struct shape new_shape = SHAPE("MentionSourceNew", struct mention_source, new_fields,
                                            "shape.mention_source");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(mention_source_list(request->ctx, request->app->store, &items));
    return reply_list(reply, &mention_source_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct mention_source source = *(const struct mention_source *)request->input;
    source.by = request->who->name;
    TRY(mention_source_add(request->ctx, request->app->store, request->app->act, &source));
    TRY(request_audit(request, "mention_source.create", source.name, STR("")));
    return reply_shape(reply, &mention_source_shape, &source);
}

static err remove_source(struct request *request, struct reply *reply)
{
    struct mention_source source;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(mention_source_remove(request->ctx, request->app->store, id, &source));
    TRY(request_audit(request, "mention_source.remove", source.name, STR("")));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/mentions", take, RIGHT_PUBLIC, .out = &mentions_taken_shape, .limit_bytes = MESSAGE_BYTES_MAX,
     .flags = ROUTE_TRACKING | ROUTE_RAW, .summary = "route.mentions"},
    {HTTP_GET, "/api/v1/mention-sources", list, RIGHT_KEYS_MANAGE, .out = &mention_source_shape, .flags = ROUTE_LIST,
     .summary = "route.mention_sources.list"},
    {HTTP_POST, "/api/v1/mention-sources", create, RIGHT_KEYS_MANAGE, .in = &new_shape, .out = &mention_source_shape,
     .status = 201, .flags = ROUTE_CHANGES, .summary = "route.mention_sources.create"},
    {HTTP_DELETE, "/api/v1/mention-sources/:id", remove_source, RIGHT_KEYS_MANAGE, .flags = ROUTE_CHANGES,
     .summary = "route.mention_sources.remove"},
};
const struct route_table mentions_routes = ROUTES(routes);
