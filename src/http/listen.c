#include "http/server.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* One thread accepts on all addresses and keeps a connection until its first byte: a connection that says nothing costs a
 * table slot and no buffer, and what does not begin like a request (a TLS hello, the HTTP/2 preface) is closed at once. */

enum { BACKLOG = 1024, EVENTS_MAX = 64, TICK_MS = 250, KIND_LISTENER = 1, KIND_FRESH = 2, KIND_WAKE = 3 };

static err split_address(struct ctx *ctx, str text, const char **host, const char **port)
{
    i64 colon = -1;
    for (i64 i = 0; i < text.len; i++) {
        colon = text.data[i] == ':' ? i : colon;
    }
    if (colon < 0 || colon == text.len - 1) {
        return FAIL(ctx, ERR_INVALID, "listen", "error.listen", {"address", text});
    }
    str name = str_slice(text, 0, colon);
    if (name.len > 2 && name.data[0] == '[' && name.data[name.len - 1] == ']') {
        name = str_slice(name, 1, name.len - 1);
    }
    *host = name.len == 0 || str_eq(name, STR("*")) ? NULL : str_c(&ctx->arena, name);
    *port = str_c(&ctx->arena, str_slice(text, colon + 1, text.len));
    return OK;
}

static int socket_on(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
    if (fd < 0) {
        return -1;
    }
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (at->ai_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    }
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

static void note_address(struct http *http, i32 index, int fd)
{
    struct sockaddr_storage bound = {0};
    socklen_t len = sizeof bound;
    char host[INET6_ADDRSTRLEN] = "", port[8] = "";
    if (getsockname(fd, (struct sockaddr *)&bound, &len) == 0) {
        getnameinfo((struct sockaddr *)&bound, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    }
    char *text = http->addresses[index];
    size_t size = sizeof http->addresses[index];
    bool six = bound.ss_family == AF_INET6;
    snprintf(text, size, six ? "[%s]:%s" : "%s:%s", host, port);
    http->address_texts[index] = str_from(text);
}

static err listen_on(struct ctx *ctx, struct http *http, str text)
{
    const char *host = NULL, *port = NULL;
    TRY(split_address(ctx, text, &host, &port));
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        return FAIL(ctx, ERR_INVALID, "listen", "error.listen", {"address", text});
    }
    i32 before = http->listener_count;
    for (const struct addrinfo *at = found; at != NULL && http->listener_count < 16; at = at->ai_next) {
        int fd = socket_on(at);
        if (fd >= 0) {
            note_address(http, http->listener_count, fd);
            http->listeners[http->listener_count++] = fd;
        }
    }
    freeaddrinfo(found);
    if (http->listener_count == before) {
        return FAIL(ctx, ERR_INVALID, "listen", "error.listen", {"address", text});
    }
    return OK;
}

/* Whoever holds the folder's lock may replace the socket that an earlier process left behind. */
static err listen_local(struct ctx *ctx, struct http *http, str path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (path.len >= (i64)sizeof at.sun_path || http->listener_count == 16) {
        log_say(LOG_WARN, "no local socket: the folder's path is too long", NULL);
        return OK;
    }
    memcpy(at.sun_path, path.data, (size_t)path.len);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return FAIL(ctx, ERR_IO, "listen", "error.listen", {"address", path});
    }
    unlink(at.sun_path);
    mode_t before = umask(0177);
    bool bound = bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
    umask(before);
    if (!bound || listen(fd, BACKLOG) != 0) {
        close(fd);
        return FAIL(ctx, ERR_IO, "listen", "error.listen", {"address", path});
    }
    http->listener_local[http->listener_count] = true;
    http->listeners[http->listener_count++] = fd;
    return OK;
}

err listen_open(struct ctx *ctx, struct http *http)
{
    for (i64 i = 0; i < http->options.listen.count; i++) {
        TRY(listen_on(ctx, http, http->options.listen.items[i]));
    }
    if (str_is(http->options.socket)) {
        TRY(listen_local(ctx, http, http->options.socket));
    }
    return OK;
}

static void watch(struct http *http, int fd, u32 kind)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u64 = (u64)kind << 32 | (u32)fd};
    epoll_ctl(http->acceptor_epoll, EPOLL_CTL_ADD, fd, &event);
}

static void drop(struct http *http, int fd)
{
    conns_give(&http->conns, fd);
    close(fd);
}

/* Only this process's own account may speak without signing in. */
static bool same_account(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && (peer.uid == geteuid() || peer.uid == 0);
}

static void accept_one(struct http *http, int fd, bool local)
{
    struct conns *conns = &http->conns;
    if (conns->count >= conns->max) {
        // The slot of the evicted one becomes free a moment later; the few above `max` come out of the reserve.
        if (!conns_evict(conns) || conns->count >= conns->max + LIMIT_DESCRIPTORS_RESERVE / 2) {
            atomic_fetch_add(&http->refused, 1);
            close(fd);
            return;
        }
        atomic_fetch_add(&http->evicted, 1);
    }
    if (local && !same_account(fd)) {
        close(fd);
        return;
    }
    struct conn *conn = conns_take(conns, fd);
    if (conn == NULL) {
        close(fd);
        return;
    }
    conn->local = local;
    atomic_fetch_add(&http->accepted, 1);
    watch(http, fd, KIND_FRESH);
}

static void accept_all(struct http *http, int listener)
{
    bool local = false;
    for (i32 i = 0; i < http->listener_count; i++) {
        local = local || (http->listeners[i] == listener && http->listener_local[i]);
    }
    for (i32 i = 0; i < EVENTS_MAX; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
            // Nothing can be opened: make room instead of spinning on a listener that stays readable.
            conns_evict(&http->conns);
            usleep(1000);
        }
        if (fd < 0) {
            return;
        }
        accept_one(http, fd, local);
    }
}

static bool begins_like_http(const char *bytes, ssize_t len)
{
    static const char preface[] = "PRI * HTTP/2";
    bool letter = (bytes[0] >= 'A' && bytes[0] <= 'Z') || (bytes[0] >= 'a' && bytes[0] <= 'z');
    bool line = bytes[0] == '\r' || bytes[0] == '\n';
    size_t compared = lesser((size_t)len, sizeof preface - 1);
    return (letter || line) && (compared < 4 || memcmp(bytes, preface, compared) != 0);
}

/* The first bytes are there: on to libmicrohttpd, which reads them again. */
static void hand_over(struct http *http, int fd)
{
    char bytes[16];
    ssize_t len = recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT);
    if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    epoll_ctl(http->acceptor_epoll, EPOLL_CTL_DEL, fd, NULL);
    if (len <= 0 || !begins_like_http(bytes, len)) {
        drop(http, fd);
        return;
    }
    struct conn *conn = &http->conns.slots[fd];
    struct sockaddr_storage peer = {0};
    socklen_t peer_len = sizeof peer;
    getpeername(fd, (struct sockaddr *)&peer, &peer_len);
    address_text((struct sockaddr *)&peer, conn->address);
    if (conn->local) {
        // libmicrohttpd wants an internet address; nobody looks at it.
        struct sockaddr_in nowhere = {.sin_family = AF_INET};
        memcpy(&peer, &nowhere, sizeof nowhere);
        peer_len = sizeof nowhere;
    }
    conn_enter(conn, CONN_IDLE, LIMIT_REQUEST_S);
    if (MHD_add_connection(http->daemon, fd, (struct sockaddr *)&peer, peer_len) != MHD_YES) {
        conns_give(&http->conns, fd); // libmicrohttpd has closed it
    }
}

/* The whole program's epoll_wait, libmicrohttpd's too. That library asks for at most 128 events and, when it gets exactly so many,
 * asks again before it looks at them, willing to wait for ever (0.9.75, MHD_epoll): 128 clients that speak at the same
 * time would hang until a 129th does. Whoever asks again after a full answer is not kept waiting. */
int epoll_wait(int epoll, struct epoll_event *events, int most, int wait_ms)
{
    static _Thread_local bool full;
    int count = epoll_pwait(epoll, events, most, full ? 0 : wait_ms, NULL);
    full = count == most;
    return count;
}

/* What happens by the clock. */
static void tend(struct http *http, i64 *alive_ns)
{
    atomic_fetch_add(&http->timed_out, (u64)conns_watch(&http->conns));
    i64 now_ns = clock_steady_ns();
    if (now_ns - *alive_ns > (i64)LIMIT_STREAM_ALIVE_S * 1000000000) {
        *alive_ns = now_ns;
        streams_alive(http);
    }
}

static void *accept_loop(void *self)
{
    struct http *http = self;
    i64 alive_ns = clock_steady_ns();
    struct epoll_event events[EVENTS_MAX];
    while (!atomic_load(&http->stopping)) {
        int count = epoll_wait(http->acceptor_epoll, events, EVENTS_MAX, TICK_MS);
        for (int i = 0; i < count; i++) {
            int fd = (int)(u32)events[i].data.u64;
            u32 kind = (u32)(events[i].data.u64 >> 32);
            if (kind == KIND_LISTENER) {
                accept_all(http, fd);
            } else if (kind == KIND_FRESH) {
                hand_over(http, fd);
            }
        }
        tend(http, &alive_ns);
    }
    return NULL;
}

err acceptor_start(struct ctx *ctx, struct http *http)
{
    http->acceptor_epoll = epoll_create1(EPOLL_CLOEXEC);
    http->acceptor_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (http->acceptor_epoll < 0 || http->acceptor_wake < 0) {
        return FAIL(ctx, ERR_IO, NULL, "error.system");
    }
    watch(http, http->acceptor_wake, KIND_WAKE);
    for (i32 i = 0; i < http->listener_count; i++) {
        watch(http, http->listeners[i], KIND_LISTENER);
    }
    if (pthread_create(&http->acceptor, NULL, accept_loop, http) != 0) {
        return FAIL(ctx, ERR_IO, NULL, "error.system");
    }
    return OK;
}

/* The listeners close first: whoever connects now is refused by the system instead of being kept waiting. */
void acceptor_stop(struct http *http)
{
    u64 one = 1;
    if (write(http->acceptor_wake, &one, sizeof one) < 0) {
        log_say(LOG_WARN, "the acceptor stops at its next tick", NULL);
    }
    pthread_join(http->acceptor, NULL);
    for (i32 i = 0; i < http->listener_count; i++) {
        close(http->listeners[i]);
    }
    if (str_is(http->options.socket)) {
        char path[512];
        snprintf(path, sizeof path, "%.*s", STR_ARG(http->options.socket));
        unlink(path);
    }
    for (int fd = 0; fd < http->conns.slot_count; fd++) {
        if (http->conns.slots[fd].state == CONN_FRESH) {
            drop(http, fd);
        }
    }
    close(http->acceptor_epoll);
    close(http->acceptor_wake);
}
