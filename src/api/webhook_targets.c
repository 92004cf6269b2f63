/* Webhook targets: /api/v1/webhook-targets. A secret is shown when it is made, and never again. */
#include "act/target.h"
#include "api/app.h"
#include "api/routes.h"
#include "base/id.h"
#include "http/out.h"

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct target, name), .min = 1, .max = TARGET_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"url", SHAPE_STR, offsetof(struct target, url), .min = 1, .max = OUT_URL_MAX, .flags = SHAPE_REQUIRED,
     .help = "shape.target.url"},
};
static const struct shape new_shape = SHAPE("WebhookTargetNew", struct target, new_fields, "shape.target_new");

static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, offsetof(struct target, name), .min = 1, .max = TARGET_NAME_MAX},
    {"url", SHAPE_STR, offsetof(struct target, url), .min = 1, .max = OUT_URL_MAX, .help = "shape.target.url"},
    {"on", SHAPE_BOOL, offsetof(struct target, enabled)},
};
static const struct shape change_shape = SHAPE("WebhookTargetChange", struct target, change_fields,
                                               "shape.target_change");

struct tried {
    i64 class;
};
static const struct shape_field tried_fields[] = {
    {"class", SHAPE_I64, offsetof(struct tried, class), .flags = SHAPE_REQUIRED, .help = "shape.target.last_class"},
};
static const struct shape tried_shape = SHAPE("WebhookTried", struct tried, tried_fields, "shape.target_tried");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(target_list(request->ctx, request->app->act, &items));
    return reply_list(reply, &target_shape, items, STR_NONE);
}

/* A change with its entry in the audit log. The name server is asked before, outside the transaction. */
struct change {
    struct request *request;
    struct target *target;
    const char *action;
    err (*work)(struct ctx *ctx, struct act *act, struct target *target);
};

static err carry_out(struct ctx *ctx, struct store *store, void *arg)
{
    const struct change *change = arg;
    (void)store;
    TRY(change->work(ctx, change->request->app->act, change->target));
    return request_audit(change->request, change->action, change->target->name, STR(""));
}

static err changed(struct request *request, struct target *target, const char *action,
                   err (*work)(struct ctx *ctx, struct act *act, struct target *target))
{
    struct change change = {request, target, action, work};
    return guard_transaction(request->ctx, request->app->guard, carry_out, &change);
}

static err create(struct request *request, struct reply *reply)
{
    struct target target = *(const struct target *)request->input;
    target.by = request->who->name;
    TRY(target_check(request->ctx, request->app->act, target.url));
    TRY(changed(request, &target, "webhook.create", target_add));
    return reply_shape(reply, &target_shape, &target);
}

static err find(struct request *request, struct target *out)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    return target_get(request->ctx, request->app->act, id, out);
}

static err show(struct request *request, struct reply *reply)
{
    struct target target;
    TRY(find(request, &target));
    return reply_shape(reply, &target_shape, &target);
}

static err keep(struct ctx *ctx, struct act *act, struct target *target)
{
    return target_change(ctx, act, target);
}

static err change(struct request *request, struct reply *reply)
{
    struct target target;
    const struct target *given = request->input;
    TRY(find(request, &target));
    if (shape_has(&change_shape, request->seen, "url")) {
        TRY(target_check(request->ctx, request->app->act, given->url));
        target.url = given->url;
    }
    target.name = shape_has(&change_shape, request->seen, "name") ? given->name : target.name;
    target.enabled = shape_has(&change_shape, request->seen, "on") ? given->enabled : target.enabled;
    TRY(changed(request, &target, "webhook.change", keep));
    return reply_shape(reply, &target_shape, &target);
}

static err remove_one(struct ctx *ctx, struct act *act, struct target *target)
{
    return target_remove(ctx, act, target->id);
}

static err remove_target(struct request *request, struct reply *reply)
{
    struct target target;
    TRY(find(request, &target));
    TRY(changed(request, &target, "webhook.remove", remove_one));
    return reply_nothing(reply);
}

static err rotate_one(struct ctx *ctx, struct act *act, struct target *target)
{
    return target_rotate(ctx, act, target->id, target);
}

static err rotate(struct request *request, struct reply *reply)
{
    struct target target;
    TRY(find(request, &target));
    TRY(changed(request, &target, "webhook.rotate", rotate_one));
    return reply_shape(reply, &target_shape, &target);
}

/* Calls it once with nothing in it. Only the class of the status is told: what a receiver answers is not for readers. */
static err try_target(struct request *request, struct reply *reply)
{
    enum { TRIES_A_MINUTE = 10 };
    struct ctx *ctx = request->ctx;
    struct target target;
    char id[ID_TEXT_LEN];
    i32 status = 0;
    TRY(find(request, &target));
    TRY(guard_rate(ctx, request->app->guard, "webhook_test", request->who->name, TRIES_A_MINUTE));
    struct target_call call = {
        .id = target.id,
        .message = str_format(&ctx->arena, "msg_%.*s", STR_ARG(id_text(id_new(), id))),
        .body = STR("{\"type\":\"test\"}"),
    };
    err code = target_call(ctx, request->app->act, &call, &status);
    if (code == ERR_CONFLICT || (code == ERR_UNAVAILABLE && status == 0 && ctx->fault.key == NULL)) {
        return code;
    }
    ctx_forgive(ctx);
    TRY(request_audit(request, "webhook.test", target.name, STR("")));
    struct tried tried = {status / 100};
    return reply_shape(reply, &tried_shape, &tried);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/webhook-targets", list, RIGHT_RULES_READ, .out = &target_shape, .flags = ROUTE_LIST,
     .summary = "route.targets.list"},
    {HTTP_POST, "/api/v1/webhook-targets", create, RIGHT_RULES_WRITE, .in = &new_shape, .out = &target_shape,
     .status = 201, .summary = "route.targets.create"},
    {HTTP_GET, "/api/v1/webhook-targets/:id", show, RIGHT_RULES_READ, .out = &target_shape,
     .summary = "route.targets.show"},
    {HTTP_PATCH, "/api/v1/webhook-targets/:id", change, RIGHT_RULES_WRITE, .in = &change_shape, .out = &target_shape,
     .summary = "route.targets.change"},
    {HTTP_DELETE, "/api/v1/webhook-targets/:id", remove_target, RIGHT_RULES_WRITE, .summary = "route.targets.remove"},
    {HTTP_POST, "/api/v1/webhook-targets/:id/rotate", rotate, RIGHT_RULES_WRITE, .out = &target_shape,
     .summary = "route.targets.rotate"},
    {HTTP_POST, "/api/v1/webhook-targets/:id/test", try_target, RIGHT_RULES_WRITE, .out = &tried_shape,
     .summary = "route.targets.test"},
};
const struct route_table webhook_targets_routes = ROUTES(routes);
