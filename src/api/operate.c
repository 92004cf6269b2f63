/* What the operator does from the command line of the same machine. */
#include "api/app.h"
#include "api/routes.h"
#include "events/backup.h"

struct backup_order {
    str to;
};

static const struct shape_field backup_fields[] = {
    {"to", SHAPE_STR, offsetof(struct backup_order, to), .flags = SHAPE_REQUIRED, .min = 1, .max = 4000,
     .help = "shape.backup.to"},
};
static const struct shape backup_shape = SHAPE("Backup", struct backup_order, backup_fields, "shape.backup");

/* Paths of this machine's disk are nobody's business but its operator's. */
static err only_here(const struct request *request)
{
    if (request->who->asker != ASKER_LOCAL) {
        return FAIL(request->ctx, ERR_FORBIDDEN, "", "error.only_local");
    }
    return OK;
}

static err backup(struct request *request, struct reply *reply)
{
    const struct backup_order *order = request->input;
    struct app *app = request->app;
    TRY(only_here(request));
    TRY(backup_write(request->ctx, app->store, app->events, app->folder, order->to));
    TRY(request_audit(request, "backup.write", order->to, STR("")));
    return reply_shape(reply, &backup_shape, order);
}

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/backup", backup, .right = RIGHT_SETTINGS_WRITE, .in = &backup_shape, .out = &backup_shape,
     .summary = "api.backup"},
};
const struct route_table operate_routes = ROUTES(routes);
