#include "http/server.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "http/problem.h"

#include <unistd.h>

/* Exchanges kept with their first memory block: as many as usually run at once. */
enum { SPARE_MAX = 64 };

static struct exchange *take_spare(struct http *http)
{
    pthread_mutex_lock(&http->spare_lock);
    struct exchange *exchange = http->spare;
    if (exchange != NULL) {
        http->spare = exchange->next;
        http->spare_count--;
    }
    pthread_mutex_unlock(&http->spare_lock);
    return exchange != NULL ? exchange : mem_new(sizeof *exchange);
}

struct exchange *exchange_new(struct http *http, struct MHD_Connection *connection, str target)
{
    struct exchange *exchange = take_spare(http);
    const union MHD_ConnectionInfo *at = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    exchange->http = http;
    exchange->connection = connection;
    exchange->conn = &http->conns.slots[at->connect_fd];
    exchange->began_ns = clock_steady_ns();
    exchange->route_index = http->routing_count + 1;
    exchange->parties = 1;
    exchange->body_fd = -1;
    exchange->reply = (struct reply){.exchange = exchange, .file = -1};
    exchange->target = str_copy(&exchange->ctx.arena, target);

    char *id = arena_alloc(&exchange->ctx.arena, ID_TEXT_LEN, 1);
    exchange->request = (struct request){
        .ctx = &exchange->ctx,
        .app = http->options.app,
        .who = &exchange->who,
        .language = (enum language)atomic_load(&http->language),
        .id = id_text(id_new(), id),
        .path = exchange->target,
    };
    exchange->ctx.stop = &http->cancel;
    exchange->counted = true;
    atomic_fetch_add(&http->active, 1);
    conn_enter(exchange->conn, CONN_READING, LIMIT_REQUEST_S);
    return exchange;
}

void exchange_free(struct exchange *exchange)
{
    struct http *http = exchange->http;
    body_free(exchange);
    if (exchange->counted) {
        atomic_fetch_sub(&http->active, 1);
    }
    // In its place: what is given back may write to the context.
    ctx_reset(&exchange->ctx);
    struct ctx ctx = {.arena = exchange->ctx.arena};
    memset(exchange, 0, sizeof *exchange);
    exchange->ctx = ctx;

    pthread_mutex_lock(&http->spare_lock);
    bool keep = http->spare_count < SPARE_MAX;
    if (keep) {
        exchange->next = http->spare;
        http->spare = exchange;
        http->spare_count++;
    }
    pthread_mutex_unlock(&http->spare_lock);
    if (!keep) {
        ctx_end(&exchange->ctx);
        mem_free(exchange);
    }
}

void exchange_fail(struct exchange *exchange, err code, i32 status)
{
    struct reply *reply = &exchange->reply;
    if (reply->file >= 0) {
        close(reply->file);
    }
    struct fault *fault = &exchange->ctx.fault;
    struct reply kept = *reply;
    *reply = (struct reply){.exchange = exchange, .file = -1, .close = kept.close};
    // What the refusal says in its headers (Allow, Retry-After) stays; what the handler prepared does not.
    for (i32 i = 0; i < kept.header_count && !kept.set; i++) {
        reply->headers[reply->header_count++] = kept.headers[i];
    }
    reply->status = status != 0 ? status : problem_status(code);
    reply->type = "application/problem+json";
    struct problem_case what = {code, reply->status, fault, exchange->progress, exchange->request.id};
    reply->body = problem_text(&exchange->ctx.arena, exchange->request.language, &what);
    reply->set = true;
    if (fault->retry_after_s > 0) {
        reply_header(reply, "Retry-After", str_format(&exchange->ctx.arena, "%d", fault->retry_after_s));
    }
    if (reply->status == 401) {
        reply_header(reply, "WWW-Authenticate", STR("Bearer"));
    }
    if (reply->status == 500) {
        const struct route *route = exchange->request.route;
        log_fault(LOG_ERROR, "a request failed", &exchange->ctx, code);
        log_say(LOG_ERROR, "it was", "request", str_c(&exchange->ctx.arena, exchange->request.id), "route",
                route != NULL ? route->path : "(none)", NULL);
    }
}
