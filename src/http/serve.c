#include "http/server.h"

#include "base/clock.h"

/* A refused body of at most this size is read and dropped, so that the client reads our answer instead of a reset. */
enum { DISCARD_MAX = 256 * 1024, DISCARD_BIG = 4 * 1024 * 1024 };

/* The request line is there: libmicrohttpd calls this before it reads the headers. */
void *serve_line(void *self, const char *target, struct MHD_Connection *connection)
{
    return exchange_new(self, connection, str_from(target));
}

static bool body_is_short(const struct exchange *exchange)
{
    str length = request_header(&exchange->request, "Content-Length");
    i64 announced = 0;
    if (str_is(request_header(&exchange->request, "Transfer-Encoding"))) {
        return false;
    }
    return !str_is(length) || (str_i64(length, &announced) && announced <= DISCARD_MAX);
}

static enum MHD_Result send_now(struct exchange *exchange)
{
    exchange->phase = PHASE_SENT;
    return send_reply(exchange);
}

static void fail(struct exchange *exchange, err code)
{
    // A refusal that has its own status is a reply already.
    if (!exchange->reply.set) {
        exchange_fail(exchange, code, 0);
    }
}

/* The head is read and who asks is known, or it failed. */
static enum MHD_Result after_head(struct exchange *exchange, err code)
{
    if (code == OK && !exchange->reply.set) {
        code = body_begin(exchange);
    }
    if (code == OK && !exchange->reply.set) {
        exchange->phase = PHASE_BODY;
        return MHD_YES;
    }
    if (code != OK) {
        fail(exchange, code);
    }
    if (exchange->reply.close || !body_is_short(exchange)) {
        exchange->reply.close = true;
        return send_now(exchange);
    }
    exchange->phase = PHASE_DISCARD;
    return MHD_YES;
}

/* Who asks is looked up by another thread; libmicrohttpd calls again when it is known. */
static enum MHD_Result to_asker(struct exchange *exchange)
{
    exchange->phase = PHASE_ASKER;
    exchange->suspended = true;
    conn_enter(exchange->conn, CONN_WORKING, 0);
    MHD_suspend_connection(exchange->connection);
    if (!work_add(&exchange->http->asks, exchange)) {
        exchange->ctx.fault.retry_after_s = 1;
        exchange->code = FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.busy");
        exchange_finish(exchange);
    }
    return MHD_YES;
}

static enum MHD_Result on_asker(struct exchange *exchange)
{
    err code = exchange->code;
    exchange->code = OK;
    exchange->suspended = false;
    atomic_store(&exchange->parties, 1);
    bool file = (exchange->request.route->flags & ROUTE_FILE) != 0;
    conn_enter(exchange->conn, CONN_READING, file ? LIMIT_REQUEST_FILE_S : LIMIT_REQUEST_S);
    return after_head(exchange, code);
}

static enum MHD_Result on_head(struct exchange *exchange, const char *method, const char *version)
{
    err code = enter_head(exchange, method, version);
    bool waits = code == OK && !exchange->reply.set && enter_waits(exchange);
    return waits ? to_asker(exchange) : after_head(exchange, code);
}

/* libmicrohttpd takes no reply while a body arrives, so the rest of a refused one is read and dropped. A client that sends
 * much more than it may is cut off instead. */
static enum MHD_Result on_part(struct exchange *exchange, const char *upload, size_t *upload_size)
{
    if (exchange->phase == PHASE_BODY) {
        err code = body_add(exchange, upload, (i64)*upload_size);
        if (code != OK) {
            fail(exchange, code);
            exchange->reply.close = true;
            exchange->phase = PHASE_DISCARD;
        }
    } else {
        exchange->discarded += (i64)*upload_size;
    }
    *upload_size = 0;
    return exchange->discarded <= DISCARD_BIG ? MHD_YES : MHD_NO;
}

/* Hands the request to a worker; MHD forgets the connection until exchange_finish. */
static enum MHD_Result to_worker(struct exchange *exchange)
{
    exchange->phase = PHASE_WAIT;
    exchange->suspended = true;
    conn_enter(exchange->conn, CONN_WORKING, 0);
    MHD_suspend_connection(exchange->connection);
    if (!work_add(&exchange->http->work, exchange)) {
        exchange->ctx.fault.retry_after_s = 1;
        exchange->code = FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.busy");
        exchange_finish(exchange);
    }
    return MHD_YES;
}

/* What the handler said, unless it failed after saying it. */
static enum MHD_Result send_result(struct exchange *exchange)
{
    if (exchange->code != OK) {
        exchange_fail(exchange, exchange->code, 0);
    }
    return send_now(exchange);
}

static enum MHD_Result run_here(struct exchange *exchange)
{
    exchange->phase = PHASE_WAIT;
    conn_enter(exchange->conn, CONN_WORKING, 0);
    err code = enter_handler(exchange);
    if (exchange->later) {
        exchange_finish(exchange);
        return MHD_YES;
    }
    exchange->code = code;
    return send_result(exchange);
}

static enum MHD_Result on_end(struct exchange *exchange)
{
    if (exchange->phase == PHASE_DISCARD) {
        return send_now(exchange);
    }
    if (exchange->phase == PHASE_WAIT) {
        return send_result(exchange);
    }
    err code = body_end(exchange);
    if (code != OK) {
        fail(exchange, code);
        return send_now(exchange);
    }
    return (exchange->request.route->flags & ROUTE_INLINE) != 0 ? run_here(exchange) : to_worker(exchange);
}

enum MHD_Result serve_call(void *self, struct MHD_Connection *connection, const char *url, const char *method,
                           const char *version, const char *upload, size_t *upload_size, void **state)
{
    (void)self;
    (void)connection;
    (void)url;
    struct exchange *exchange = *state;
    if (exchange->phase == PHASE_SENT) {
        return MHD_NO; // libmicrohttpd is stopping and has not taken the reply: the connection ends without a byte of it
    }
    if (exchange->phase == PHASE_HEAD) {
        return on_head(exchange, method, version);
    }
    if (exchange->phase == PHASE_ASKER) {
        return on_asker(exchange);
    }
    return *upload_size > 0 ? on_part(exchange, upload, upload_size) : on_end(exchange);
}

void serve_done(void *self, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct http *http = self;
    struct exchange *exchange = *state;
    *state = NULL;
    if (exchange == NULL) {
        return;
    }
    conn_enter(exchange->conn, CONN_IDLE, LIMIT_REQUEST_S);
    if (exchange->reply.set || exchange->reply.status != 0) {
        counts_add(http, exchange->route_index, exchange->reply.status, clock_steady_ns() - exchange->began_ns);
    }
    exchange_free(exchange);
}

void serve_connection(void *self, struct MHD_Connection *connection, void **state,
                      enum MHD_ConnectionNotificationCode code)
{
    (void)state;
    struct http *http = self;
    const union MHD_ConnectionInfo *at = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (code == MHD_CONNECTION_NOTIFY_CLOSED && at != NULL) {
        conns_give(&http->conns, at->connect_fd);
    }
}

void http_suspend(struct request *request)
{
    struct exchange *exchange = exchange_of(request);
    exchange->later = true;
    atomic_fetch_add(&exchange->parties, 1);
    if (!exchange->suspended) {
        exchange->suspended = true;
        MHD_suspend_connection(exchange->connection);
    }
}

struct reply *http_reply(struct request *request)
{
    return &exchange_of(request)->reply;
}

void http_resume(struct request *request, err code)
{
    struct exchange *exchange = exchange_of(request);
    exchange->code = code;
    exchange_finish(exchange);
}
