/* What is sent and how much: /api/v1/sends, /api/v1/sending, /api/v1/notices. */
#include "act/limits.h"
#include "act/notices.h"
#include "act/runs.h"
#include "api/acting.h"
#include "api/people.h"
#include "api/routes.h"
#include "base/id.h"

struct list_query {
    i64 rule, survey, limit;
    str state, reason, person, after;
};
static const struct shape_field query_fields[] = {
    {"rule", SHAPE_ID, offsetof(struct list_query, rule)},
    {"survey", SHAPE_ID, offsetof(struct list_query, survey)},
    {"person", SHAPE_STR, offsetof(struct list_query, person), .max = 400, .help = "shape.sends_query.person"},
    {"state", SHAPE_STR, offsetof(struct list_query, state), .max = 20},
    {"reason", SHAPE_STR, offsetof(struct list_query, reason), .max = 40},
    {"limit", SHAPE_I64, offsetof(struct list_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct list_query, after), .max = 40},
};
static const struct shape query_shape = SHAPE("SendsQuery", struct list_query, query_fields, NULL);

static err aliases_of(struct request *request, str person, struct str_list *out)
{
    i64 id;
    TRY(people_resolve(request->ctx, request->app->people, person, &id));
    TRY(people_in_sight(request, id));
    return people_aliases(request->ctx, request->app->people, id, out);
}

err sends_reply(struct request *request, struct sends_wanted *query, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    char *text = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
    struct shape_list items;
    bool more;
    do {
        TRY(sends_list(ctx, request->app->act, query, &items));
        more = items.count == query->limit;
        query->before = more ? ((const struct send_shown *)items.items)[items.count - 1].send.id : 0;
        TRY(KEEP_SEEN(request, &items, struct send_shown, person));
    } while (items.count == 0 && more && !ctx_stopped(ctx));
    return reply_list(reply, &send_shown_shape, items, more ? id_text(query->before, text) : STR_NONE);
}

static err list(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct list_query *given = request->query;
    struct sends_wanted query = {.rule = given->rule,
                                 .object = given->survey,
                                 .state = given->state,
                                 .reason = given->reason,
                                 .limit = page_limit(given->limit)};
    struct str_list aliases;
    if (str_is(given->person)) {
        TRY(aliases_of(request, given->person, &aliases));
        query.aliases = &aliases;
    }
    if (str_is(given->after) && !id_parse(given->after, &query.before)) {
        return FAIL(ctx, ERR_INVALID, "after", "error.cursor");
    }
    return sends_reply(request, &query, reply);
}

/* The send of the path, about somebody whom the asker may see. */
static err find(struct request *request, i64 *id)
{
    struct send_shown shown;
    TRY(request_param_id(request, "id", id));
    TRY(send_show(request->ctx, request->app->act, *id, &shown));
    struct shape_list one = {&shown, 1};
    TRY(KEEP_SEEN(request, &one, struct send_shown, person));
    return one.count > 0 ? OK : ERR_NOT_FOUND;
}

static err cancel(struct request *request, struct reply *reply)
{
    i64 id;
    TRY(find(request, &id));
    TRY(send_cancel(request->ctx, request->app->act, id));
    TRY(request_audit(request, "send.cancel", request_param(request, "id"), STR("")));
    return reply_nothing(reply);
}

static err retry(struct request *request, struct reply *reply)
{
    i64 id;
    TRY(find(request, &id));
    TRY(send_retry(request->ctx, request->app->act, id));
    TRY(request_audit(request, "send.retry", request_param(request, "id"), STR("")));
    return reply_nothing(reply);
}

static err show_sending(struct request *request, struct reply *reply)
{
    struct sending sending;
    TRY(sending_read(request->ctx, request->app->store, &sending));
    return reply_shape(reply, &sending_shape, &sending);
}

static err put_sending(struct request *request, struct reply *reply)
{
    TRY(sending_write(request->ctx, request->app->store, request->input));
    TRY(request_audit(request, "sending.change", STR(""), STR("")));
    return show_sending(request, reply);
}

struct notices_query {
    bool open;
    i64 limit;
    str after;
};
static const struct shape_field notices_fields[] = {
    {"open", SHAPE_BOOL, offsetof(struct notices_query, open), .help = "shape.notices_query.open"},
    {"limit", SHAPE_I64, offsetof(struct notices_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct notices_query, after), .max = 40},
};
static const struct shape notices_shape = SHAPE("NoticesQuery", struct notices_query, notices_fields, NULL);

/* What the asker's role should read; who writes rules reads all. */
static err list_notices(struct request *request, struct reply *reply)
{
    const struct notices_query *given = request->query;
    const struct principal *who = request->who;
    bool all = principal_may(who, RIGHT_RULES_WRITE);
    struct notice_query query = {.role = all ? STR("") : str_from(role_words[who->role]),
                                 .open = given->open,
                                 .limit = page_limit(given->limit)};
    struct shape_list items;
    if (str_is(given->after) && !id_parse(given->after, &query.before)) {
        return FAIL(request->ctx, ERR_INVALID, "after", "error.cursor");
    }
    TRY(notices_list(request->ctx, request->app->store, &query, &items));
    str next = STR_NONE;
    if (items.count == query.limit) {
        char *text = arena_alloc(&request->ctx->arena, ID_TEXT_LEN, 1);
        next = id_text(((const struct notice *)items.items)[items.count - 1].id, text);
    }
    return reply_list(reply, &notice_shape, items, next);
}

static err end_notice(struct request *request, struct reply *reply)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    bool all = principal_may(request->who, RIGHT_RULES_WRITE);
    str role = all ? STR("") : str_from(role_words[request->who->role]);
    TRY(notice_end(request->ctx, request->app->store, id, role, request->who->name));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/sends", list, RIGHT_CONSENTS_READ, .query = &query_shape, .out = &send_shown_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.sends.list"},
    {HTTP_POST, "/api/v1/sends/:id/cancel", cancel, RIGHT_RULES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.sends.cancel"},
    {HTTP_POST, "/api/v1/sends/:id/retry", retry, RIGHT_RULES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.sends.retry"},
    {HTTP_GET, "/api/v1/sending", show_sending, RIGHT_RULES_READ, .out = &sending_shape,
     .summary = "route.sending.show"},
    {HTTP_PUT, "/api/v1/sending", put_sending, RIGHT_RULES_WRITE, .in = &sending_shape, .out = &sending_shape,
     .flags = ROUTE_CHANGES, .summary = "route.sending.change"},
    {HTTP_GET, "/api/v1/notices", list_notices, RIGHT_SIGNED_IN, .query = &notices_shape, .out = &notice_shape,
     .flags = ROUTE_LIST, .summary = "route.notices.list"},
    {HTTP_POST, "/api/v1/notices/:id/done", end_notice, RIGHT_SIGNED_IN, .summary = "route.notices.done"},
};
const struct route_table sends_routes = ROUTES(routes);
