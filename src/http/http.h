/* The HTTP server: routes in, replies out.
 *
 * A route is a row of a table: method, path, handler, the right it needs, the
 * shapes of its input and output. The server refuses what is not well formed,
 * finds out who asks, checks the right, reads the input by its shape and calls
 * the handler, which decodes, calls one layer below and fills the reply:
 *
 *     static err list(struct request *request, struct reply *reply)
 *     {
 *         const struct page_query *query = request->query;
 *         struct shape_list keys;
 *         TRY(keys_list(request->ctx, request->app->guard, &keys));
 *         return reply_list(reply, &key_shape, keys, STR_NONE);
 *     }
 *
 * Any error that a handler returns becomes a problem (problem.h) with the
 * context's fault. All memory is the request's arena; nothing is freed.
 *
 *   network threads ──► worker threads ──► (a thread that resumes)
 *   read, refuse,       handlers that       asynchronous results:
 *   send                may wait            http_suspend, http_resume
 */
#pragma once

#include "base/ctx.h"
#include "guard/guard.h"
#include "http/limits.h"
#include "json/shape.h"
#include "text/sentence.h"

struct app; /* the open rooms: api/app.h */
struct http;
struct progress;
struct reply;
struct request;
struct sse;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHOD_COUNT_ };

enum route_flags {
    ROUTE_INLINE = 1,   /* the handler never waits (no disk, no long work): it runs on the network thread */
    ROUTE_TRACKING = 2, /* called by foreign pages: CORS for any origin without cookies; bodies are bytes whatever their
                            Content-Type says; gzip by its first bytes, unpacked within limit_bytes */
    ROUTE_RAW = 4,      /* the body is bytes in request->body, not JSON */
    ROUTE_FILE = 8,     /* the body goes to a file: request->body_file */
    ROUTE_LIST = 16,    /* the answer is {"items":[out…],"next":…} */
    ROUTE_STREAM = 32,  /* the answer is a stream of server-sent events */
    ROUTE_PERSONAL = 64, /* reads personal data: each success is written to the audit log */
    ROUTE_CHANGES =
        256, /* the whole handler is one transaction of the records: what it changes and its audit entry are kept
                            together or not at all. Not for handlers that wait for something else meanwhile */
    ROUTE_CACHED = 128, /* not personal: the handler sets Cache-Control itself; all else is no-store */
    ROUTE_EARLY = 512,  /* answers before http_ready too */
};

typedef err (*handler)(struct request *request, struct reply *reply);

struct route {
    enum http_method method;
    const char *path; /* "/api/v1/keys/:id" */
    handler handler;
    enum right right;
    const struct shape
        *query; /* parameters after "?"; others are refused with 400. NULL: none, or any with ROUTE_TRACKING */
    const struct shape *in;  /* the JSON body; NULL: there is no body, unless ROUTE_RAW, ROUTE_FILE or ROUTE_TRACKING */
    const struct shape *out; /* the JSON answer; with ROUTE_LIST one item of it */
    const struct shape *out_503; /* what the handler itself says with 503, where that is not a problem */
    const char *out_type;        /* another media type than JSON ("text/csv; charset=utf-8") */
    i32 status;                  /* of success; 0: 200, or 204 without out and out_type */
    i64 limit_bytes;             /* of the body; 0: LIMIT_BODY */
    u32 flags;
    const char *summary; /* locale key of one sentence for the API description */
};

struct route_table {
    const struct route *routes;
    i64 count;
};
#define ROUTES(array)                                                                                                  \
    {                                                                                                                  \
        (array), countof(array)                                                                                        \
    }

struct param {
    str name, value;
};

struct request {
    struct ctx *ctx;
    struct app *app;
    const struct route *route;
    const struct principal *who;
    enum language language; /* the user's, else the browser's, else the installation's */
    str path;               /* as sent, not decoded, without the query */
    str query_text;         /* behind "?" as sent; none without */
    str address;            /* of the client; behind trusted proxies the one they forward */
    str id;                 /* of this request: X-Request-Id, problems and the log carry it */
    const void *query;      /* the route's query shape, read; unless the route has none */
    const void *input;      /* the route's input shape, read; likewise */
    shape_seen seen;        /* which members the input gave */
    str body;               /* the whole body (JSON_PADDING readable bytes behind it) */
    const char
        *body_file; /* ROUTE_FILE: path of the finished temporary file; the handler renames it, else it is removed */
    i64 body_size;  /* bytes of body or body_file */
    struct param params[LIMIT_PARAMS]; /* of the path, decoded */
    i32 param_count;
};

/* A :param of the path. */
str request_param(const struct request *request, const char *name);

/* A :param that is an id; ERR_NOT_FOUND when it cannot be one. */
err request_param_id(const struct request *request, const char *name, i64 *out);

/* A header as sent ("If-Match", any case); none when absent. */
str request_header(const struct request *request, const char *name);

/* A cookie of the request; none when absent. */
str request_cookie(const struct request *request, const char *name);

/* A parameter behind "?", decoded, for routes without a query shape; none when absent. */
str request_query(const struct request *request, const char *name);

/* Writes to the audit log: who asked from where did `action` to `object`. */
err request_audit(const struct request *request, const char *action, str object, str detail);

/* `?limit=&after=` as every list has them. */
struct page_query {
    i64 limit; /* 1 … LIMIT_PAGE; 0: not given, take LIMIT_PAGE_DEFAULT */
    str after; /* the cursor of the page before; none: the first page */
};
extern const struct shape page_query_shape;
i64 page_limit(i64 given);

/* Replies. All texts are borrowed and live until the request ends. */
err reply_shape(struct reply *reply, const struct shape *shape, const void *value);
err reply_list(struct reply *reply, const struct shape *shape, struct shape_list items, str next);
err reply_json(struct reply *reply, str json);
err reply_text(struct reply *reply, const char *type, str text);
err reply_nothing(struct reply *reply); /* 204 */

/* A file of the built pages ("/client/analytics.min.js") with its coding and ETag; ERR_NOT_FOUND when the program was built
 * without it. */
err reply_asset(struct reply *reply, const struct request *request, str path);

/* A whole open file as the body; the descriptor is closed with the reply. `name` (may be none): saved under this name. */
err reply_file(struct reply *reply, int file, i64 size, const char *type, str name);

/* A stream of events that lasts; `first` (may be none) is a whole event text that only this reader gets. */
err reply_stream(struct reply *reply, struct sse *sse, str first);

void reply_status(struct reply *reply, i32 status);
void reply_header(struct reply *reply, const char *name, str value); /* at most 8; no control characters */

/* The cookie of a session, with the attributes the installation needs; empty: forget it. */
void reply_session(struct reply *reply, const struct request *request, str token);

/* A JSON writer in the request's memory, and what the asker may see of personal members. */
struct json_writer reply_writer(struct reply *reply);
enum shape_view request_view(const struct request *request);

/* Answering later. After http_suspend the handler hands the request to whoever finishes it and returns OK without
 * touching request or reply again; that thread fills `http_reply(request)` and calls http_resume once, from any thread.
 * `code` other than OK becomes a problem with the context's fault. No thread is held in between. */
void http_suspend(struct request *request);
struct reply *http_reply(struct request *request);
void http_resume(struct request *request, err code);

/* The server. */
struct http_options {
    struct str_list listen;          /* "127.0.0.1:8080", "[::1]:8080" */
    str socket;                      /* path of a unix socket for the command line of this account; none: without */
    struct str_list trusted_proxies; /* addresses or networks ("10.0.0.0/8") whose X-Forwarded-For counts */
    str public_url;         /* "https://cham.example.vn": cookies, Origin and HSTS follow it; none: from listen */
    str folder;             /* where bodies of ROUTE_FILE routes are kept while they arrive */
    i64 file_bytes_max;     /* of these bodies; 0: what the route says */
    enum language language; /* of readers who name none */
    i32 threads;            /* network threads; 0: one for each two processors, at least one */
    const struct route_table *const *tables;
    i64 table_count;
    struct app *app;
    struct guard *guard;
    const struct progress *starting; /* how far the rooms are until http_ready; NULL: they are ready */
};

/* Begins to listen. ERR_INVALID for an address that cannot be used (error.listen) or a route without a right. */
err http_open(struct ctx *ctx, const struct http_options *options, struct http **out);

/* The rooms are open: until then routes answer 503 (error.starting with how far it is), but for those that are
 * ROUTE_EARLY; pages are served. */
void http_ready(struct http *http);

/* Who may ask, where that was not known when it was opened; before http_ready. */
void http_guard(struct http *http, struct guard *guard);

/* The addresses that are listened on, with the port that was taken for ":0". */
struct str_list http_addresses(const struct http *http);

/* Stops accepting, finishes what was begun within LIMIT_DRAIN_S (new requests get 503), then closes. */
void http_close(struct http *http);

/* What changes with the settings: the public address (empty: where it listens) and the language of readers who name none. */
void http_settings(struct http *http, str public_url, enum language language);

/* How browsers reach this server, without a slash at the end. Valid until the settings change. */
str http_base(const struct http *http);
