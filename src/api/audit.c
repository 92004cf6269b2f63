#include "guard/audit.h"
#include "api/app.h"
#include "api/routes.h"

static err list(struct request *request, struct reply *reply)
{
    const struct page_query *query = request->query;
    i64 before = 0, limit = page_limit(query->limit);
    if (str_is(query->after) && (!str_i64(query->after, &before) || before < 1)) {
        return FAIL(request->ctx, ERR_MALFORMED, "after", "error.cursor");
    }
    struct shape_list entries;
    TRY(audit_list(request->ctx, request->app->guard, before, limit, &entries));
    const struct audit_entry *last = (const struct audit_entry *)entries.items + entries.count - 1;
    bool more = entries.count == limit && last->id > 1;
    return reply_list(reply, &audit_entry_shape, entries,
                      more ? str_format(&request->ctx->arena, "%ld", (long)last->id) : STR_NONE);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/audit", list, RIGHT_AUDIT_READ, .query = &page_query_shape, .out = &audit_entry_shape,
     .flags = ROUTE_LIST, .summary = "route.audit.list"},
};
const struct route_table audit_routes = ROUTES(routes);
