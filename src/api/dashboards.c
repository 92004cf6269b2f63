/* Dashboards: /api/v1/dashboards. Several saved questions on one page, in an order. */
#include "api/app.h"
#include "api/routes.h"
#include "journey/saved.h"

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct dashboard, name), .min = 1, .max = SAVED_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct dashboard, description), .max = SAVED_TEXT_MAX},
    {"tiles", SHAPE_LIST, offsetof(struct dashboard, tiles), .of = &tile_shape, .max = TILES_MAX,
     .help = "shape.dashboard.tiles"},
};
static const struct shape new_shape = SHAPE("DashboardNew", struct dashboard, new_fields, "shape.dashboard_new");

static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, offsetof(struct dashboard, name), .min = 1, .max = SAVED_NAME_MAX},
    {"description", SHAPE_STR, offsetof(struct dashboard, description), .max = SAVED_TEXT_MAX},
    {"tiles", SHAPE_LIST, offsetof(struct dashboard, tiles), .of = &tile_shape, .max = TILES_MAX,
     .help = "shape.dashboard.tiles"},
};
static const struct shape change_shape = SHAPE("DashboardChange", struct dashboard, change_fields,
                                               "shape.dashboard_change");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(dashboard_list(request->ctx, request->app->store, request->who, &items));
    return reply_list(reply, &dashboard_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct dashboard dashboard = *(const struct dashboard *)request->input;
    TRY(dashboard_add(request->ctx, request->app->store, request->who, &dashboard));
    TRY(request_audit(request, "dashboard.create", dashboard.name, STR("")));
    return reply_shape(reply, &dashboard_shape, &dashboard);
}

static err show(struct request *request, struct reply *reply)
{
    struct dashboard dashboard;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(dashboard_get(request->ctx, request->app->store, request->who, id, &dashboard));
    return reply_shape(reply, &dashboard_shape, &dashboard);
}

static void apply(struct dashboard *dashboard, const struct dashboard *change, shape_seen seen)
{
    dashboard->name = shape_has(&change_shape, seen, "name") ? change->name : dashboard->name;
    dashboard->description = shape_has(&change_shape, seen, "description") ? change->description
                                                                           : dashboard->description;
    dashboard->tiles = shape_has(&change_shape, seen, "tiles") ? change->tiles : dashboard->tiles;
}

static err change(struct request *request, struct reply *reply)
{
    struct dashboard dashboard;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(dashboard_get(request->ctx, request->app->store, request->who, id, &dashboard));
    apply(&dashboard, request->input, request->seen);
    TRY(dashboard_change(request->ctx, request->app->store, request->who, &dashboard));
    TRY(request_audit(request, "dashboard.change", dashboard.name, STR("")));
    return reply_shape(reply, &dashboard_shape, &dashboard);
}

static err remove_dashboard(struct request *request, struct reply *reply)
{
    struct dashboard dashboard;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(dashboard_remove(request->ctx, request->app->store, request->who, id, &dashboard));
    TRY(request_audit(request, "dashboard.remove", dashboard.name, STR("")));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/dashboards", list, RIGHT_ASK, .out = &dashboard_shape, .flags = ROUTE_LIST,
     .summary = "route.dashboards.list"},
    {HTTP_POST, "/api/v1/dashboards", create, RIGHT_EXPLORE_WRITE, .in = &new_shape, .out = &dashboard_shape,
     .status = 201, .flags = ROUTE_CHANGES, .summary = "route.dashboards.create"},
    {HTTP_GET, "/api/v1/dashboards/:id", show, RIGHT_ASK, .out = &dashboard_shape, .summary = "route.dashboards.show"},
    {HTTP_PATCH, "/api/v1/dashboards/:id", change, RIGHT_EXPLORE_WRITE, .in = &change_shape, .out = &dashboard_shape,
     .flags = ROUTE_CHANGES, .summary = "route.dashboards.change"},
    {HTTP_DELETE, "/api/v1/dashboards/:id", remove_dashboard, RIGHT_EXPLORE_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.dashboards.remove"},
};
const struct route_table dashboards_routes = ROUTES(routes);
