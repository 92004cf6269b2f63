#include "http/server.h"

#include "base/log.h"
#include "guard/audit.h"

/* From a complete head to the handler: refuse, route, find out who asks, check the right, read the input. */

enum { HEADERS_SEEN_MAX = LIMIT_HEADERS + 1, EMPTY_BODY_MAX = 1024 };

struct header_walk {
    struct param *items;
    i64 count;
};

static enum MHD_Result note_header(void *self, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                   const char *value, size_t value_len)
{
    (void)kind;
    struct header_walk *walk = self;
    if (walk->count < HEADERS_SEEN_MAX) {
        walk->items[walk->count++] = (struct param){{name, (i64)name_len}, {value ? value : "", (i64)value_len}};
    }
    return MHD_YES;
}

/* A reply that is a refusal with its own status and sentence. */
static err refuse(struct exchange *exchange, i32 status, const char *key)
{
    exchange->ctx.fault = (struct fault){.code = ERR_MALFORMED, .key = key};
    exchange_fail(exchange, ERR_MALFORMED, status);
    return OK;
}

static err check_message(struct exchange *exchange, const char *method, const char *version)
{
    struct param headers[HEADERS_SEEN_MAX];
    struct header_walk walk = {headers, 0};
    MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, note_header, &walk);
    struct head head = {str_from(method), exchange->target, str_from(version), walk.items, walk.count};
    struct refusal refusal = strict_check(&head);
    if (refusal.status == 0) {
        return OK;
    }
    // Nobody knows where the next request of such a connection would begin.
    exchange->reply.close = true;
    return refuse(exchange, refusal.status, refusal.key);
}

static const char *const method_names[HTTP_METHOD_COUNT_] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

static void note_method(struct exchange *exchange, const char *method)
{
    exchange->head = str_eq(str_from(method), STR("HEAD"));
    for (i32 i = 0; i < HTTP_METHOD_COUNT_; i++) {
        if (str_eq(str_from(method), str_from(method_names[i]))) {
            exchange->method = (enum http_method)i;
        }
    }
}

static err not_allowed(struct exchange *exchange, str allow)
{
    reply_header(&exchange->reply, "Allow", allow);
    exchange->ctx.fault = (struct fault){.code = ERR_METHOD};
    exchange_fail(exchange, ERR_METHOD, 0);
    return OK;
}

static err preflight(struct exchange *exchange, const struct route_match *match)
{
    if (!match->tracking) {
        return match->path_known ? not_allowed(exchange, router_allow(&exchange->ctx.arena, match))
                                 : FAIL(&exchange->ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    struct reply *reply = &exchange->reply;
    reply_header(reply, "Access-Control-Allow-Methods", router_allow(&exchange->ctx.arena, match));
    reply_header(
        reply, "Access-Control-Allow-Headers",
        STR("authorization,content-type,content-encoding,x-retry-count,anonymousid,sentat,x-edit,x-pin,x-response,"
            "rsa-recovered,"
            "rsa-retry-attempt,rsa-retry-reason,rsa-since-first-attempt,rsa-since-last-attempt"));
    reply_header(reply, "Access-Control-Max-Age", STR("7200"));
    return reply_nothing(reply);
}

/* Somebody typed an address that means nothing: the pages say so in the reader's language. Programs get a problem. */
static bool is_typed(const struct request *request)
{
    return str_eq(request_header(request, "Sec-Fetch-Mode"), STR("navigate")) &&
           str_find_char(request->path, '.') < 0 && str_find_char(request->path, '%') < 0 &&
           !str_starts(request->path, STR("/api/")) && !str_starts(request->path, STR("/v1/"));
}

static err page(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    str accept = request_header(request, "Accept-Encoding");
    str known = request_header(request, "If-None-Match");
    exchange->route_index = exchange->http->routing_count;
    if (!assets_find(request->path, accept, known, &exchange->reply)) {
        exchange->route_index++;
        if (exchange->method == HTTP_GET && is_typed(request) &&
            assets_find(STR("/index.html"), accept, STR_NONE, &exchange->reply)) {
            reply_status(&exchange->reply, 404);
            return OK;
        }
        return FAIL(&exchange->ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    if (exchange->method != HTTP_GET) {
        exchange->reply = (struct reply){.exchange = exchange, .file = -1};
        return not_allowed(exchange, STR("GET, HEAD"));
    }
    return OK;
}

static err decode_params(struct exchange *exchange, const struct route_match *match)
{
    struct request *request = &exchange->request;
    for (i32 i = 0; i < match->param_count; i++) {
        struct param *param = &request->params[i];
        param->name = match->params[i].name;
        if (!percent_decode(&exchange->ctx.arena, match->params[i].value, false, &param->value)) {
            return FAIL(&exchange->ctx, ERR_MALFORMED, NULL, "error.http_target");
        }
    }
    request->param_count = match->param_count;
    return OK;
}

/* OK with a reply when no handler is needed. */
static err find_route(struct exchange *exchange, const char *method)
{
    struct http *http = exchange->http;
    struct request *request = &exchange->request;
    struct route_match match;
    router_match(http, exchange->method, request->path, &match);
    if (str_eq(str_from(method), STR("OPTIONS"))) {
        request->route = match.routing != NULL ? match.routing->route : NULL;
        exchange->tracking = match.tracking;
        return preflight(exchange, &match);
    }
    if (match.routing == NULL) {
        exchange->tracking = match.tracking;
        bool shown = exchange->method == HTTP_GET && assets_outside(request->path);
        return match.path_known && !shown ? not_allowed(exchange, router_allow(&exchange->ctx.arena, &match))
                                          : page(exchange);
    }
    request->route = match.routing->route;
    exchange->tracking = (request->route->flags & ROUTE_TRACKING) != 0;
    exchange->route_index = match.routing - http->routings;
    return decode_params(exchange, &match);
}

static const char *session_cookie(const struct exchange *exchange)
{
    struct http *http = exchange->http;
    pthread_rwlock_rdlock(&http->public_lock);
    bool secure = strncmp(http->public_url, "https://", 8) == 0;
    pthread_rwlock_unlock(&http->public_lock);
    return secure ? "__Host-cham_session" : "cham_session";
}

/* Who asks: the command line by its socket, a program by its key, a person by the session cookie. */
static err authenticate(struct exchange *exchange)
{
    struct http *http = exchange->http;
    struct request *request = &exchange->request;
    if (exchange->conn->local) {
        exchange->who = guard_local();
        return OK;
    }
    str authorization = request_header(request, "Authorization");
    if (str_is(authorization)) {
        str secret = authorization;
        str scheme = str_cut(&secret, ' ');
        if (!str_eq_nocase(scheme, STR("Bearer")) || !str_is(secret)) {
            return FAIL(&exchange->ctx, ERR_UNAUTHENTICATED, NULL, "error.key_unknown");
        }
        return guard_api_key(&exchange->ctx, http->options.guard, str_trim(secret), &exchange->who);
    }
    str token = request_cookie(request, session_cookie(exchange));
    if (!str_is(token)) {
        return OK;
    }
    err code = guard_session(&exchange->ctx, http->options.guard, token, &exchange->who);
    exchange->by_cookie = code == OK;
    if (code == ERR_UNAUTHENTICATED) {
        // An old cookie asks like nobody: public routes answer, all others say 401.
        ctx_forgive(&exchange->ctx);
        return OK;
    }
    return code;
}

/* A browser sends cookies with whatever any page makes it send: a change must come from a page of ours (Origin) and in a
 * form that a foreign page cannot send without asking (our media type). */
static err check_origin(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    str origin = request_header(request, "Origin");
    bool changes = exchange->method != HTTP_GET;
    if (!changes || exchange->conn->local || (!exchange->by_cookie && !str_is(origin))) {
        return OK;
    }
    if (exchange->who.asker == ASKER_KEY) {
        return OK;
    }
    struct http *http = exchange->http;
    pthread_rwlock_rdlock(&http->public_lock);
    bool same = str_is(origin) && origin_same(origin, request_header(request, "Host"), str_from(http->public_url));
    pthread_rwlock_unlock(&http->public_lock);
    return same ? OK : FAIL(&exchange->ctx, ERR_FORBIDDEN, NULL, "error.origin");
}

static bool is_json_type(str type)
{
    str media = str_trim(str_cut(&type, ';'));
    return str_eq_nocase(media, STR("application/json"));
}

static err check_type(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    if (request->route->in == NULL) {
        return OK;
    }
    if (str_is(request_header(request, "Content-Encoding"))) {
        return refuse(exchange, 415, "error.content_coding");
    }
    if (!is_json_type(request_header(request, "Content-Type"))) {
        return exchange->by_cookie ? FAIL(&exchange->ctx, ERR_FORBIDDEN, NULL, "error.content_type")
                                   : refuse(exchange, 415, "error.content_type");
    }
    return OK;
}

static void set_limits(struct exchange *exchange)
{
    const struct route *route = exchange->request.route;
    bool takes_body = route->in != NULL || (route->flags & (ROUTE_RAW | ROUTE_FILE | ROUTE_TRACKING)) != 0;
    exchange->body_limit = !takes_body ? EMPTY_BODY_MAX : route->limit_bytes > 0 ? route->limit_bytes : LIMIT_BODY;
    i64 file_max = exchange->http->options.file_bytes_max;
    if ((route->flags & ROUTE_FILE) != 0 && file_max > 0) {
        exchange->body_limit = lesser(exchange->body_limit, file_max);
    }
    if ((route->flags & ROUTE_FILE) != 0) {
        conn_enter(exchange->conn, CONN_READING, LIMIT_REQUEST_FILE_S);
    }
}

static err read_query(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    const struct route *route = request->route;
    if (exchange->tracking) {
        return OK;
    }
    if (query_carries_secret(request->query_text)) {
        return FAIL(&exchange->ctx, ERR_MALFORMED, NULL, "error.query_secret");
    }
    static const struct shape nothing = {.name = "Nothing", .size = 1};
    const struct shape *shape = route->query != NULL ? route->query : &nothing;
    void *query = arena_alloc(&exchange->ctx.arena, (i64)greater(shape->size, (size_t)1), _Alignof(max_align_t));
    request->query = query;
    return str_is(request->query_text) && request->query_text.len > 0
               ? query_read(&exchange->ctx, shape, request->query_text, query)
               : OK;
}

static void note_asker(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    struct http *http = exchange->http;
    str peer = str_from(exchange->conn->address);
    str forwarded = http->trusted_count > 0 ? request_header(request, "X-Forwarded-For") : STR_NONE;
    request->address = str_is(forwarded) ? address_forwarded(&exchange->ctx.arena, http->trusted, http->trusted_count,
                                                             peer, forwarded)
                                         : peer;
    str accepted = request_header(request, "Accept-Language");
    request->language = language_accepted(accepted, (enum language)atomic_load(&http->language));
}

/* The rooms are still opening: how far they are, as a problem. Whoever asks is not known yet and need not be. */
static err check_ready(struct exchange *exchange)
{
    struct http *http = exchange->http;
    if (atomic_load(&http->ready) || (exchange->request.route->flags & ROUTE_EARLY) != 0) {
        return OK;
    }
    enum { AGAIN_S = 2 };
    struct problem_progress *progress = arena_new(&exchange->ctx.arena, struct problem_progress, 1);
    *progress = problem_progress(http->options.starting);
    exchange->progress = progress;
    exchange->ctx.fault.retry_after_s = AGAIN_S;
    if (str_eq(progress->doing, STR("records_away"))) {
        return FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.records_away");
    }
    if (str_eq(progress->doing, STR("events_away"))) {
        return FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.events_away");
    }
    str percent = str_format(&exchange->ctx.arena, "%d", (i32)(progress->share * 100));
    return FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.starting", {"percent", percent});
}

/* Called by foreign pages: whoever is signed in here does not matter there, and no cookie is looked at. */
static bool is_foreign(const struct route *route)
{
    return route->right == RIGHT_COLLECT || (route->right == RIGHT_PUBLIC && (route->flags & ROUTE_TRACKING) != 0);
}

err enter_head(struct exchange *exchange, const char *method, const char *version)
{
    struct request *request = &exchange->request;
    note_asker(exchange);
    TRY(check_message(exchange, method, version));
    if (exchange->reply.set) {
        return OK;
    }
    note_method(exchange, method);
    request->query_text = exchange->target;
    request->path = str_cut(&request->query_text, '?');
    if (atomic_load(&exchange->http->stopping)) {
        exchange->reply.close = true;
        exchange->ctx.fault.retry_after_s = 5;
        return FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.stopping");
    }
    TRY(find_route(exchange, method));
    if (exchange->reply.set) {
        return OK;
    }
    TRY(check_ready(exchange));
    set_limits(exchange);
    return is_foreign(request->route) || enter_waits(exchange) ? OK : enter_asker(exchange);
}

bool enter_waits(const struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    return !is_foreign(request->route) && !exchange->conn->local && guard_waits(exchange->http->options.guard) &&
           !str_is(request_header(request, "Authorization")) &&
           str_is(request_cookie(request, session_cookie(exchange)));
}

err enter_asker(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    TRY(authenticate(exchange));
    if (exchange->who.has_language) {
        request->language = exchange->who.language;
    }
    TRY(guard_check(&exchange->ctx, &exchange->who, request->route->right));
    TRY(check_origin(exchange));
    TRY(read_query(exchange));
    return check_type(exchange);
}

/* A route without a body still takes an empty object, which some clients always send. */
static err check_empty(struct exchange *exchange)
{
    str body = str_trim(exchange->request.body);
    if (body.len > 0 && !str_eq(body, STR("{}"))) {
        return FAIL(&exchange->ctx, ERR_MALFORMED, NULL, "error.body_unexpected");
    }
    return OK;
}

static err read_input(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    const struct route *route = request->route;
    if (route->in != NULL) {
        void *input = arena_alloc(&exchange->ctx.arena, (i64)route->in->size, _Alignof(max_align_t));
        request->input = input;
        return shape_parse(&exchange->ctx, route->in, request->body, input, &request->seen);
    }
    bool bytes = (route->flags & (ROUTE_RAW | ROUTE_FILE | ROUTE_TRACKING)) != 0;
    return bytes ? OK : check_empty(exchange);
}

static err call_handler(struct ctx *ctx, struct store *store, void *arg)
{
    (void)ctx;
    (void)store;
    struct exchange *exchange = arg;
    return exchange->request.route->handler(&exchange->request, &exchange->reply);
}

err enter_handler(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    const struct route *route = request->route;
    TRY(read_input(exchange));
    if ((route->flags & ROUTE_INLINE) == 0 &&
        guard_touch(request->ctx, exchange->http->options.guard, request->who) != OK) {
        ctx_forgive(request->ctx); // a full disk must not keep people from reading
    }
    if ((route->flags & ROUTE_CHANGES) != 0) {
        TRY(guard_transaction(request->ctx, exchange->http->options.guard, call_handler, exchange));
    } else {
        TRY(route->handler(request, &exchange->reply));
    }
    if ((route->flags & ROUTE_PERSONAL) != 0 && !exchange->later) {
        str object = request->param_count > 0 ? request->params[0].value : STR("");
        const char *action = right_words[route->right];
        if (request_audit(request, action, object, str_from(route->path)) != OK) {
            log_say(LOG_WARN, "a read could not be written to the audit log", "route", route->path, NULL);
            ctx_forgive(request->ctx);
        }
    }
    return OK;
}
