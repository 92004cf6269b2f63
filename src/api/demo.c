#include "prove/demo.h"
#include "api/app.h"
#include "api/routes.h"
#include "listen/demo/company.h"
#include "store/settings.h"

struct clearing {
    str confirm;
};
static const struct shape_field clearing_fields[] = {
    {"confirm", SHAPE_STR, offsetof(struct clearing, confirm), .flags = SHAPE_REQUIRED, .min = 1,
     .max = ORGANISATION_MAX, .help = "shape.demo_clear.confirm"},
};
static const struct shape clearing_shape = SHAPE("DemoClear", struct clearing, clearing_fields, "shape.demo_clear");

struct cleared {
    i64 events;
};
static const struct shape_field cleared_fields[] = {
    {"events", SHAPE_I64, offsetof(struct cleared, events), .flags = SHAPE_REQUIRED,
     .help = "shape.demo_cleared.events"},
};
static const struct shape cleared_shape = SHAPE("DemoCleared", struct cleared, cleared_fields, "shape.demo_cleared");

static err clear_proofs(struct ctx *ctx, struct store *store, [[maybe_unused]] void *arg)
{
    return prove_clear(ctx, store);
}

/* "Start empty": only with the company's name typed in, because nothing brings it back but another filling. */
static err clear(struct request *request, struct reply *reply)
{
    const struct clearing *input = request->input;
    struct app *app = request->app;
    struct settings settings;
    struct cleared cleared;
    TRY(settings_read(request->ctx, app->store, &settings));
    if (!str_eq(input->confirm, settings.organisation)) {
        return FAIL(request->ctx, ERR_INVALID, "confirm", "error.confirm", {"name", settings.organisation});
    }
    struct company_rooms rooms = {app->store, app->events, app->people, app->journeys, app->surveys};
    TRY(company_clear(request->ctx, &rooms, &cleared.events));
    TRY(store_write(request->ctx, app->store, clear_proofs, NULL));
    TRY(request_audit(request, "demo.clear", settings.organisation, STR("")));
    return reply_shape(reply, &cleared_shape, &cleared);
}

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/demo/clear", clear, .right = RIGHT_SETTINGS_WRITE, .in = &clearing_shape,
     .out = &cleared_shape, .summary = "api.demo_clear"},
};
const struct route_table demo_routes = ROUTES(routes);
