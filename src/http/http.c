#include "http/http.h"

#include "http/server.h"

#include "base/clock.h"
#include "base/log.h"

#include <unistd.h>

__attribute__((format(printf, 2, 0))) static void mhd_log(void *self, const char *format, va_list arguments)
{
    (void)self;
    char line[256];
    vsnprintf(line, sizeof line, format, arguments);
    line[strcspn(line, "\r\n")] = 0;
    log_say(LOG_DEBUG, "libmicrohttpd", "says", line, NULL);
}

/* Two network threads for four processors: the handlers do the work. */
static u32 thread_count(const struct http *http)
{
    i64 processors = sysconf(_SC_NPROCESSORS_ONLN);
    i64 wanted = http->options.threads > 0 ? http->options.threads : greater(1, processors / 2);
    return (u32)lesser(wanted, 64);
}

/* We accept ourselves (listen.c) and hand connections over, so libmicrohttpd has no socket of its own to listen on. */
static err start_daemon(struct ctx *ctx, struct http *http)
{
    u32 threads = thread_count(http);
    // libmicrohttpd divides its limit between its threads; ours counts all of them.
    u32 limit = (u32)(http->conns.max + LIMIT_DESCRIPTORS_RESERVE) * threads;
    struct MHD_OptionItem pool[] = {
        {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, serve_call, http, MHD_OPTION_EXTERNAL_LOGGER, mhd_log, NULL, MHD_OPTION_URI_LOG_CALLBACK,
        serve_line, http, MHD_OPTION_NOTIFY_COMPLETED, serve_done, http, MHD_OPTION_NOTIFY_CONNECTION, serve_connection,
        http, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT, limit,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
    return http->daemon != NULL ? OK : FAIL(ctx, ERR_IO, NULL, "error.system");
}

static err read_trusted(struct ctx *ctx, struct http *http)
{
    const struct str_list *given = &http->options.trusted_proxies;
    http->trusted = mem_new((i64)sizeof(struct network) * greater(given->count, 1));
    for (i64 i = 0; i < given->count; i++) {
        if (!network_parse(given->items[i], &http->trusted[i])) {
            return FAIL(ctx, ERR_INVALID, "trusted_proxies", "error.network", {"value", given->items[i]});
        }
        http->trusted_count++;
    }
    return OK;
}

void http_settings(struct http *http, str public_url, enum language language)
{
    pthread_rwlock_wrlock(&http->public_lock);
    while (public_url.len > 0 && public_url.data[public_url.len - 1] == '/') {
        public_url.len--;
    }
    snprintf(http->public_url, sizeof http->public_url, "%.*s", STR_ARG(public_url));
    pthread_rwlock_unlock(&http->public_lock);
    atomic_store(&http->language, (i32)language);
}

str http_base(const struct http *http)
{
    return str_from(http->public_url[0] != 0 ? http->public_url : http->own_url);
}

static void note_own_url(struct http *http)
{
    snprintf(http->own_url, sizeof http->own_url, "http://%s",
             http->listener_count > 0 ? http->addresses[0] : "localhost");
}

static void init_locks(struct http *http)
{
    pthread_rwlock_init(&http->public_lock, NULL);
    pthread_mutex_init(&http->work.lock, NULL);
    pthread_mutex_init(&http->asks.lock, NULL);
    pthread_mutex_init(&http->spare_lock, NULL);
    pthread_mutex_init(&http->stream_lock, NULL);
    pthread_cond_init(&http->work.ready, NULL);
    pthread_cond_init(&http->asks.ready, NULL);
}

err http_open(struct ctx *ctx, const struct http_options *options, struct http **out)
{
    struct http *http = mem_new(sizeof *http);
    http->options = *options;
    atomic_store(&http->ready, options->starting == NULL);
    init_locks(http);
    http_settings(http, options->public_url, options->language);
    TRY(conns_open(ctx, &http->conns));
    TRY(read_trusted(ctx, http));
    TRY(router_open(ctx, http));
    TRY(listen_open(ctx, http));
    note_own_url(http);
    TRY(start_daemon(ctx, http));
    TRY(work_start(ctx, http));
    TRY(acceptor_start(ctx, http));
    *out = http;
    return OK;
}

void http_guard(struct http *http, struct guard *guard)
{
    http->options.guard = guard;
}

void http_ready(struct http *http)
{
    atomic_store(&http->ready, true);
}

struct str_list http_addresses(const struct http *http)
{
    struct str_list out = {(str *)(uintptr_t)http->address_texts, 0};
    while (out.count < 16 && str_is(http->address_texts[out.count])) {
        out.count++;
    }
    return out;
}

static void drain(struct http *http)
{
    enum { LAST_S = 2 };
    i64 until = clock_steady_ns() + (i64)LIMIT_DRAIN_S * 1000000000;
    i64 cancel_at = until - (i64)LAST_S * 1000000000;
    while (atomic_load(&http->active) > 0 && clock_steady_ns() < until) {
        __atomic_store_n(&http->cancel, clock_steady_ns() > cancel_at, __ATOMIC_RELAXED);
        usleep(5000);
    }
}

static void free_spares(struct http *http)
{
    while (http->spare != NULL) {
        struct exchange *exchange = http->spare;
        http->spare = exchange->next;
        ctx_end(&exchange->ctx);
        mem_free(exchange);
    }
}

static void free_http(struct http *http)
{
    free_spares(http);
    conns_close(&http->conns);
    mem_free(http->routings);
    mem_free(http->counts);
    mem_free(http->trusted);
    pthread_rwlock_destroy(&http->public_lock);
    pthread_mutex_destroy(&http->work.lock);
    pthread_mutex_destroy(&http->asks.lock);
    pthread_mutex_destroy(&http->spare_lock);
    pthread_mutex_destroy(&http->stream_lock);
    pthread_cond_destroy(&http->work.ready);
    pthread_cond_destroy(&http->asks.ready);
    mem_free(http);
}

void http_close(struct http *http)
{
    if (http == NULL) {
        return;
    }
    atomic_store(&http->stopping, true);
    acceptor_stop(http);
    drain(http);
    streams_end(http);
    if (atomic_load(&http->active) > 0) {
        // Somebody still holds a request; freeing it under that hand would be worse than leaving it to the system.
        log_say(LOG_WARN, "stopping with unfinished requests", NULL);
        return;
    }
    work_stop(http);
    MHD_stop_daemon(http->daemon);
    free_http(http);
}
