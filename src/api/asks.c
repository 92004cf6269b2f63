/* Questions that are being answered: GET /api/v1/asks, DELETE /api/v1/asks/:run. They answer while every thread that
 * answers questions is busy. */
#include "api/asked.h"
#include "api/routes.h"
#include "journey/running.h"

/* Whose questions the asker may see and stop: NULL is everybody's. */
static const struct asker_id *whose(const struct request *request, struct asker_id *self)
{
    *self = asked_by(request->who);
    return principal_may(request->who, RIGHT_USERS_MANAGE) ? NULL : self;
}

static err list(struct request *request, struct reply *reply)
{
    struct asker_id self;
    struct shape_list items;
    TRY(running_list(request->ctx, request->app->running, whose(request, &self), &items));
    return reply_list(reply, &run_shape, items, STR_NONE);
}

static err cancel(struct request *request, struct reply *reply)
{
    struct asker_id self;
    str run = request_param(request, "run");
    if (!running_cancel(request->app->running, whose(request, &self), run)) {
        return FAIL(request->ctx, ERR_NOT_FOUND, NULL, "error.ask.no_run");
    }
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/asks", list, RIGHT_ASK, .out = &run_shape, .flags = ROUTE_LIST | ROUTE_INLINE,
     .summary = "route.asks.list"},
    {HTTP_DELETE, "/api/v1/asks/:run", cancel, RIGHT_ASK, .flags = ROUTE_INLINE, .summary = "route.asks.cancel"},
};
const struct route_table asks_routes = ROUTES(routes);
