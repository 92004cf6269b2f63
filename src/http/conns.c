#include "http/server.h"

#include "base/clock.h"

#include <sys/resource.h>
#include <sys/socket.h>

/* Standard streams, epoll sets, event descriptors and listeners. */
enum { DESCRIPTORS_OWN = 32, CONNECTIONS_MIN = 8 };

static i32 connections_allowed(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return CONNECTIONS_MIN;
    }
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            getrlimit(RLIMIT_NOFILE, &limit);
        }
    }
    i64 files = limit.rlim_cur > 1 << 20 ? 1 << 20 : (i64)limit.rlim_cur;
    // A process that may open very little keeps half of it for its files.
    i64 reserve = lesser(LIMIT_DESCRIPTORS_RESERVE + DESCRIPTORS_OWN, files / 2);
    return (i32)greater(CONNECTIONS_MIN, lesser(LIMIT_CONNECTIONS, files - reserve));
}

err conns_open(struct ctx *ctx, struct conns *conns)
{
    (void)ctx;
    conns->max = connections_allowed();
    // Descriptors are given out lowest first, so few are above this even while files are open.
    conns->slot_count = conns->max + 4096;
    conns->slots = mem_new((i64)sizeof(struct conn) * conns->slot_count);
    pthread_mutex_init(&conns->lock, NULL);
    return OK;
}

void conns_close(struct conns *conns)
{
    mem_free(conns->slots);
    pthread_mutex_destroy(&conns->lock);
}

void conn_enter(struct conn *conn, enum conn_state state, i32 limit_s)
{
    atomic_store_explicit(&conn->since_ns, clock_steady_ns(), memory_order_relaxed);
    atomic_store_explicit(&conn->limit_s, limit_s, memory_order_relaxed);
    atomic_store_explicit(&conn->state, (i32)state, memory_order_release);
}

struct conn *conns_take(struct conns *conns, int fd)
{
    if (fd < 0 || fd >= conns->slot_count) {
        return NULL;
    }
    pthread_mutex_lock(&conns->lock);
    struct conn *conn = &conns->slots[fd];
    conn->local = false;
    conn->address[0] = 0;
    conn_enter(conn, CONN_FRESH, LIMIT_REQUEST_S);
    atomic_fetch_add(&conns->count, 1);
    pthread_mutex_unlock(&conns->lock);
    return conn;
}

void conns_give(struct conns *conns, int fd)
{
    if (fd < 0 || fd >= conns->slot_count) {
        return;
    }
    pthread_mutex_lock(&conns->lock);
    struct conn *conn = &conns->slots[fd];
    if (conn->state != CONN_NONE) {
        conn->state = CONN_NONE;
        atomic_fetch_sub(&conns->count, 1);
    }
    pthread_mutex_unlock(&conns->lock);
}

/* The peer gets a reset instead of the rest of what was sent: it had its time. */
static void shut(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    shutdown(fd, SHUT_RDWR);
}

static bool waits_for_client(const struct conn *conn)
{
    i32 state = atomic_load_explicit(&conn->state, memory_order_acquire);
    return state == CONN_IDLE || state == CONN_FRESH;
}

bool conns_evict(struct conns *conns)
{
    pthread_mutex_lock(&conns->lock);
    int oldest = -1;
    i64 since = INT64_MAX;
    for (int fd = 0; fd < conns->slot_count; fd++) {
        const struct conn *conn = &conns->slots[fd];
        if (waits_for_client(conn) && conn->limit_s > 0 && conn->since_ns < since) {
            oldest = fd;
            since = conn->since_ns;
        }
    }
    if (oldest >= 0) {
        // It stays in the table until its owner has closed it; a limit of 0 says that it was shut already.
        conns->slots[oldest].limit_s = 0;
        shut(oldest);
    }
    pthread_mutex_unlock(&conns->lock);
    return oldest >= 0;
}

static bool is_late(const struct conn *conn, i64 now_ns)
{
    i32 state = atomic_load_explicit(&conn->state, memory_order_acquire);
    if (state == CONN_NONE || state == CONN_WORKING || state == CONN_STREAM) {
        return false;
    }
    return conn->limit_s > 0 && now_ns - conn->since_ns > (i64)conn->limit_s * 1000000000;
}

/* A client that closed its side together with its last request: libmicrohttpd took the one notice of both for the request
 * alone and would wait. Looked at twice, shortly after the connection became idle. */
static bool is_gone(const struct conn *conn, int fd, i64 now_ns)
{
    i64 idle_ns = now_ns - conn->since_ns;
    char byte;
    return atomic_load_explicit(&conn->state, memory_order_acquire) == CONN_IDLE && idle_ns > 200000000 &&
           idle_ns < 800000000 && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

i64 conns_watch(struct conns *conns)
{
    i64 now_ns = clock_steady_ns();
    i64 late = 0;
    pthread_mutex_lock(&conns->lock);
    for (int fd = 0; fd < conns->slot_count; fd++) {
        struct conn *conn = &conns->slots[fd];
        if (is_late(conn, now_ns)) {
            conn->limit_s = 0;
            shut(fd);
            late++;
        } else if (is_gone(conn, fd, now_ns)) {
            shutdown(fd, SHUT_RDWR); // what was answered still arrives
        }
    }
    pthread_mutex_unlock(&conns->lock);
    return late;
}

void conns_shut(struct conns *conns, const struct conn *conn)
{
    pthread_mutex_lock(&conns->lock);
    if (atomic_load(&conn->state) == CONN_STREAM) {
        shut((int)(conn - conns->slots));
    }
    pthread_mutex_unlock(&conns->lock);
}
