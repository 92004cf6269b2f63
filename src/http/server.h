/* The inside of the HTTP server: what its files share. Nobody outside http/ includes this. */
#pragma once

#include "http/http.h"
#include "http/problem.h"

#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>
#include <netinet/in.h>

/* What a socket is doing, and since when; the watcher closes those that take too long. */
enum conn_state {
    CONN_NONE,    /* the slot is free */
    CONN_FRESH,   /* accepted, no byte yet; still with the acceptor */
    CONN_IDLE,    /* between requests, or a request line is arriving */
    CONN_READING, /* headers or body are arriving */
    CONN_WORKING, /* the handler has it: no deadline of ours */
    CONN_SENDING,
    CONN_STREAM, /* server-sent events: bounded by its queue instead */
    CONN_STATE_COUNT_,
};

struct conn {
    _Atomic i32 state;
    _Atomic i64 since_ns;
    _Atomic i32 limit_s; /* of the present state */
    bool local;          /* came over the unix socket from this account */
    char address[INET6_ADDRSTRLEN];
};

/* All sockets, by descriptor. `lock` is held while a slot is taken or given back and while the watcher shuts one, so that
 * it never shuts a descriptor that was closed and opened again. */
struct conns {
    pthread_mutex_t lock;
    struct conn *slots;
    i32 slot_count;
    i32 max; /* open at the same time */
    _Atomic i32 count;
};

struct network {
    u8 bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
    i32 bits;
};

enum { STATUS_SLOTS = 26, DURATION_BUCKETS = 13 };

/* What one route counted; the rows behind the routes are "(page)" and "(none)". */
struct route_count {
    _Atomic u64 by_status[STATUS_SLOTS];
    _Atomic u64 duration[DURATION_BUCKETS];
    _Atomic u64 duration_us;
};

enum { SEGMENTS_MAX = LIMIT_SEGMENTS };

/* A route split at its slashes. */
struct routing {
    const struct route *route;
    i32 segment_count;
    i32 param_count;
    str segments[SEGMENTS_MAX];
};

struct exchange;

/* Requests that wait for one of some threads: a ring. */
struct work_queue {
    err (*run)(struct exchange *exchange);
    pthread_mutex_t lock;
    pthread_cond_t ready;
    struct exchange *items[LIMIT_WAITING];
    i32 first, count, thread_count;
    bool stop;
    pthread_t threads[LIMIT_WORKERS];
};

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    struct conns conns;

    struct routing *routings;
    i64 routing_count;
    struct route_count *counts;

    struct network *trusted;
    i64 trusted_count;
    char public_url[256], own_url[256];
    _Atomic i32 language;
    pthread_rwlock_t public_lock;

    int listeners[16];
    bool listener_local[16];
    i32 listener_count;
    char addresses[16][80];
    str address_texts[16];
    int acceptor_epoll, acceptor_wake;
    pthread_t acceptor;

    struct work_queue work; /* for their handlers */
    struct work_queue asks; /* for who asks */

    /* Exchanges kept warm for the next request. */
    pthread_mutex_t spare_lock;
    struct exchange *spare;
    i32 spare_count;

    _Atomic bool stopping, ready;
    bool cancel;        /* the time to finish is nearly over: long work ends (read by ctx_stopped) */
    _Atomic i32 active; /* requests between their first byte and their last */
    _Atomic i64 body_bytes;
    pthread_mutex_t stream_lock;
    struct sse_reader *readers; /* of all streams */
    _Atomic i32 streams;
    _Atomic u64 accepted, evicted, timed_out, refused, bytes_in, bytes_out;
};

struct header {
    const char *name;
    str value;
};

enum { REPLY_HEADERS_MAX = 12 };

struct reply {
    struct exchange *exchange;
    i32 status;
    const char *type; /* NULL: no body */
    str body;
    bool set; /* the handler said something */
    int file; /* -1: none */
    i64 file_size;
    struct sse *stream;
    str stream_first;
    const struct embedded_file *asset;
    struct header headers[REPLY_HEADERS_MAX];
    i32 header_count;
    bool close; /* this connection ends with the reply */
};

enum phase { PHASE_HEAD, PHASE_ASKER, PHASE_BODY, PHASE_DISCARD, PHASE_WAIT, PHASE_SENT };

/* One request and its reply. `request` stands first, so that the one is the other's address. */
struct exchange {
    struct request request;
    struct reply reply;
    struct ctx ctx;
    struct principal who;
    struct http *http;
    struct MHD_Connection *connection;
    struct conn *conn;
    struct exchange *next; /* in the spare list */

    enum phase phase;
    bool tracking;                           /* a tracking route, or one of its methods: every answer carries CORS */
    bool head;                               /* HEAD: like GET without the body */
    bool by_cookie;                          /* the session cookie says who asks */
    bool later;                              /* the handler called http_suspend */
    bool counted;                            /* in http->active */
    bool suspended;                          /* MHD waits for us */
    _Atomic i32 parties;                     /* who still has to finish before the reply is sent */
    err code;                                /* of http_resume */
    const struct problem_progress *progress; /* of the start, when that is why; NULL otherwise */
    i64 began_ns;
    i64 route_index; /* in http->counts */
    enum http_method method;
    str target; /* the request target as sent */

    char *body; /* of body_capacity bytes */
    i64 body_len, body_capacity, body_limit;
    i64 discarded; /* bytes of a refused body that were dropped */
    int body_fd;
    char *body_path;
};

static inline struct exchange *exchange_of(const struct request *request)
{
    return (struct exchange *)(uintptr_t)request;
}

/* conns.c */
err conns_open(struct ctx *ctx, struct conns *conns);
void conns_close(struct conns *conns);
struct conn *conns_take(struct conns *conns, int fd); /* NULL: no slot left */
void conns_give(struct conns *conns, int fd);
void conn_enter(struct conn *conn, enum conn_state state, i32 limit_s);
bool conns_evict(struct conns *conns);                         /* shuts the oldest idle one; false when none is idle */
i64 conns_watch(struct conns *conns);                          /* shuts those over their time; how many */
void conns_shut(struct conns *conns, const struct conn *conn); /* a stream whose reader is too slow */

/* listen.c */
err listen_open(struct ctx *ctx, struct http *http);
err acceptor_start(struct ctx *ctx, struct http *http);
void acceptor_stop(struct http *http);

/* router.c */
err router_open(struct ctx *ctx, struct http *http);
struct route_match {
    const struct routing *routing; /* NULL: no route */
    bool path_known;               /* some route has this path with another method */
    bool tracking;                 /* and one of them is a tracking route */
    u32 methods;                   /* bit per method that the path has */
    struct param params[LIMIT_PARAMS];
    i32 param_count;
};
void router_match(const struct http *http, enum http_method method, str path, struct route_match *out);
str router_allow(struct arena *arena, const struct route_match *match);

/* query.c */
bool percent_decode(struct arena *arena, str text, bool plus, str *out);
str query_get(struct arena *arena, str query, str name);
err query_read(struct ctx *ctx, const struct shape *shape, str query, void *out);
bool query_carries_secret(str query);

/* strict.c: the message as it arrived, before routing. */
struct head {
    str method, target, version;
    const struct param *headers;
    i64 header_count;
};
struct refusal {
    i32 status; /* 0: none */
    const char *key;
};
struct refusal strict_check(const struct head *head);

/* address.c */
bool network_parse(str text, struct network *out);
bool network_has(const struct network *networks, i64 count, str address);
str address_forwarded(struct arena *arena, const struct network *trusted, i64 count, str peer, str forwarded);
void address_text(const struct sockaddr *address, char out[INET6_ADDRSTRLEN]);

/* origin.c: requests that a foreign page makes a browser send. */
bool origin_same(str origin, str host, str public_url);

/* exchange.c */
struct exchange *exchange_new(struct http *http, struct MHD_Connection *connection, str target);
void exchange_free(struct exchange *exchange);
void exchange_fail(struct exchange *exchange, err code, i32 status); /* makes the reply a problem */

/* body.c */
err body_begin(struct exchange *exchange);
err body_add(struct exchange *exchange, const char *data, i64 len);
err body_end(struct exchange *exchange);
void body_free(struct exchange *exchange);

/* serve.c: MHD's callbacks. */
enum MHD_Result serve_call(void *self, struct MHD_Connection *connection, const char *url, const char *method,
                           const char *version, const char *upload, size_t *upload_size, void **state);
void *serve_line(void *self, const char *target, struct MHD_Connection *connection);
void serve_done(void *self, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code);
void serve_connection(void *self, struct MHD_Connection *connection, void **state,
                      enum MHD_ConnectionNotificationCode code);

/* enter.c: from a complete head to the handler. */
err enter_head(struct exchange *exchange, const char *method, const char *version);
bool enter_waits(const struct exchange *exchange); /* is who asks looked up on another machine? */
err enter_asker(struct exchange *exchange);        /* then this is called where it may wait, behind enter_head */
err enter_handler(struct exchange *exchange);

/* work.c */
err work_start(struct ctx *ctx, struct http *http);
void work_stop(struct http *http);
bool work_add(struct work_queue *queue, struct exchange *exchange);
void exchange_finish(struct exchange *exchange); /* one party is done; the last one sends */

/* send.c */
enum MHD_Result send_reply(struct exchange *exchange);

/* Is it the address of a page for people outside (/s/TOKEN, /o/TOKEN)? Such a page is shown although a route takes POST there. */
bool assets_outside(str path);

/* assets.c */
bool assets_find(str path, str accept_encoding, str if_none_match, struct reply *reply);

/* sse.c */
struct MHD_Response *sse_response(struct sse *sse, struct http *http, struct exchange *exchange, str first);
void streams_alive(struct http *http); /* a comment to every reader */
void streams_end(struct http *http);

/* counts.c */
void counts_add(struct http *http, i64 route_index, i32 status, i64 took_ns);
