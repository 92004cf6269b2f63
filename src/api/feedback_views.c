/* Saved views of the inbox: /api/v1/feedback/views. */
#include "api/app.h"
#include "api/routes.h"
#include "listen/voices/view.h"

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct view_saved, name), .min = 1, .max = VIEW_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"filter", SHAPE_JSON, offsetof(struct view_saved, filter), .max = 64 * 1024, .flags = SHAPE_REQUIRED,
     .help = "shape.feedback_filter"},
    {"shared", SHAPE_BOOL, offsetof(struct view_saved, shared), .help = "shape.view.shared"},
};
static const struct shape new_shape = SHAPE("FeedbackViewNew", struct view_saved, new_fields, "shape.view");

static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, offsetof(struct view_saved, name), .min = 1, .max = VIEW_NAME_MAX},
    {"filter", SHAPE_JSON, offsetof(struct view_saved, filter), .max = 64 * 1024, .help = "shape.feedback_filter"},
    {"shared", SHAPE_BOOL, offsetof(struct view_saved, shared), .help = "shape.view.shared"},
};
static const struct shape change_shape = SHAPE("FeedbackViewChange", struct view_saved, change_fields, "shape.view");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(view_list(request->ctx, request->app->store, request->who, &items));
    return reply_list(reply, &view_saved_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct view_saved view = *(const struct view_saved *)request->input;
    TRY(view_add(request->ctx, request->app->store, request->who, &view));
    TRY(request_audit(request, "feedback_view.create", view.name, STR("")));
    return reply_shape(reply, &view_saved_shape, &view);
}

static err change(struct request *request, struct reply *reply)
{
    const struct view_saved *given = request->input;
    struct view_saved view;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(view_get(request->ctx, request->app->store, request->who, id, &view));
    view.name = shape_has(&change_shape, request->seen, "name") ? given->name : view.name;
    view.filter = shape_has(&change_shape, request->seen, "filter") ? given->filter : view.filter;
    view.shared = shape_has(&change_shape, request->seen, "shared") ? given->shared : view.shared;
    TRY(view_change(request->ctx, request->app->store, request->who, &view));
    TRY(request_audit(request, "feedback_view.change", view.name, STR("")));
    return reply_shape(reply, &view_saved_shape, &view);
}

static err remove_view(struct request *request, struct reply *reply)
{
    struct view_saved view;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(view_remove(request->ctx, request->app->store, request->who, id, &view));
    TRY(request_audit(request, "feedback_view.remove", view.name, STR("")));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/feedback/views", list, RIGHT_VOICES_READ, .out = &view_saved_shape, .flags = ROUTE_LIST,
     .summary = "route.feedback_views.list"},
    {HTTP_POST, "/api/v1/feedback/views", create, RIGHT_VOICES_WRITE, .in = &new_shape, .out = &view_saved_shape,
     .status = 201, .flags = ROUTE_CHANGES, .summary = "route.feedback_views.create"},
    {HTTP_PATCH, "/api/v1/feedback/views/:id", change, RIGHT_VOICES_WRITE, .in = &change_shape,
     .out = &view_saved_shape, .flags = ROUTE_CHANGES, .summary = "route.feedback_views.change"},
    {HTTP_DELETE, "/api/v1/feedback/views/:id", remove_view, RIGHT_VOICES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.feedback_views.remove"},
};
const struct route_table feedback_views_routes = ROUTES(routes);
