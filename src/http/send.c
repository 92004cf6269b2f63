#include "http/server.h"

#include "http/embedded.h"

/* What every answer says, whatever it is: pages run only what this server sent them, nothing is guessed from its bytes, no
 * other site frames it or learns addresses from it. */
static const struct header on_everything[] = {
    {"Content-Security-Policy",
     STR("default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
         "frame-ancestors 'none'")},
    {"X-Content-Type-Options", STR("nosniff")},
    {"Referrer-Policy", STR("same-origin")},
    {"X-Frame-Options", STR("DENY")},
};

static void add(struct MHD_Response *response, struct arena *arena, const char *name, str value)
{
    MHD_add_response_header(response, name, str_c(arena, value));
}

/* Has the reply its own word for this header? */
static bool says(const struct reply *reply, const char *name)
{
    for (i32 i = 0; i < reply->header_count; i++) {
        if (str_eq(str_from(reply->headers[i].name), str_from(name))) {
            return true;
        }
    }
    return false;
}

static void add_security(struct exchange *exchange, struct MHD_Response *response)
{
    for (i64 i = 0; i < countof(on_everything); i++) {
        if (!says(&exchange->reply, on_everything[i].name)) {
            MHD_add_response_header(response, on_everything[i].name, on_everything[i].value.data);
        }
    }
    struct http *http = exchange->http;
    pthread_rwlock_rdlock(&http->public_lock);
    bool secure = strncmp(http->public_url, "https://", 8) == 0;
    pthread_rwlock_unlock(&http->public_lock);
    if (secure) {
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
    // Tracking is called by the pages of others; everything else belongs to our own.
    if (!says(&exchange->reply, "Cross-Origin-Resource-Policy")) {
        MHD_add_response_header(response, "Cross-Origin-Resource-Policy",
                                exchange->tracking ? "cross-origin" : "same-origin");
    }
    if (exchange->tracking) {
        MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
        MHD_add_response_header(response, "Access-Control-Expose-Headers", "Retry-After, X-RateLimit-Reset");
    }
}

static void add_headers(struct exchange *exchange, struct MHD_Response *response)
{
    struct reply *reply = &exchange->reply;
    struct arena *arena = &exchange->ctx.arena;
    add_security(exchange, response);
    add(response, arena, "X-Request-Id", exchange->request.id);
    if (reply->type != NULL) {
        MHD_add_response_header(response, "Content-Type", reply->type);
    }
    for (i32 i = 0; i < reply->header_count; i++) {
        add(response, arena, reply->headers[i].name, reply->headers[i].value);
    }
    if (!says(reply, "Cache-Control")) {
        MHD_add_response_header(response, "Cache-Control", "no-store");
    }
    if (reply->close) {
        MHD_add_response_header(response, "Connection", "close");
    }
}

static struct MHD_Response *make(struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    if (reply->stream != NULL) {
        return sse_response(reply->stream, exchange->http, exchange, reply->stream_first);
    }
    if (reply->file >= 0) {
        struct MHD_Response *response = MHD_create_response_from_fd64((u64)reply->file_size, reply->file);
        reply->file = -1; // libmicrohttpd closes it
        return response;
    }
    return MHD_create_response_from_buffer((size_t)reply->body.len, (void *)(uintptr_t)reply->body.data,
                                           MHD_RESPMEM_PERSISTENT);
}

static i32 status_of(const struct exchange *exchange)
{
    const struct reply *reply = &exchange->reply;
    if (reply->status != 0) {
        return reply->status;
    }
    const struct route *route = exchange->request.route;
    if (route != NULL && route->status != 0) {
        return route->status;
    }
    return reply->type == NULL ? 204 : 200;
}

enum MHD_Result send_reply(struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    reply->status = status_of(exchange);
    bool stream = reply->stream != NULL, file = reply->file >= 0;
    conn_enter(exchange->conn, stream ? CONN_STREAM : CONN_SENDING, file ? LIMIT_REQUEST_FILE_S : LIMIT_REQUEST_S);
    struct MHD_Response *response = make(exchange);
    if (response == NULL) {
        return MHD_NO;
    }
    add_headers(exchange, response);
    enum MHD_Result queued = MHD_queue_response(exchange->connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    if (stream && exchange->counted) {
        // A stream lasts: a stopping server does not wait for it.
        exchange->counted = false;
        atomic_fetch_sub(&exchange->http->active, 1);
    }
    atomic_fetch_add_explicit(&exchange->http->bytes_out, (u64)reply->body.len, memory_order_relaxed);
    return queued;
}
