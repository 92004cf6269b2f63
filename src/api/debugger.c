/* The debugger: /api/v1/debugger. */
#include "listen/debugger.h"

#include "api/app.h"
#include "api/routes.h"
#include "listen/collector.h"

static err list(struct request *request, struct reply *reply)
{
    const struct page_query *query = request->query;
    struct shape_list entries;
    debugger_list(request->ctx, collector_debugger(request->app->collector), request->language,
                  page_limit(query->limit), &entries);
    return reply_list(reply, &debug_entry_shape, entries, STR_NONE);
}

static err stream(struct request *request, struct reply *reply)
{
    struct debugger *debugger = collector_debugger(request->app->collector);
    return reply_stream(reply, debugger_stream(debugger, request->language), STR_NONE);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/debugger", list, RIGHT_DEBUGGER_READ, .query = &page_query_shape, .out = &debug_entry_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "api.debugger"},
    {HTTP_GET, "/api/v1/debugger/stream", stream, RIGHT_DEBUGGER_READ, .flags = ROUTE_STREAM | ROUTE_PERSONAL,
     .summary = "api.debugger_stream"},
};
const struct route_table debugger_routes = ROUTES(routes);
