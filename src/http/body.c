#include "http/server.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <unistd.h>

static err too_large(struct exchange *exchange)
{
    return FAIL(&exchange->ctx, ERR_TOO_LARGE, NULL, "error.body_large",
                {"limit", str_format(&exchange->ctx.arena, "%ld", (long)exchange->body_limit)});
}

/* Memory for `capacity` bytes and the padding that the JSON reader may read behind them. */
static err body_reserve(struct exchange *exchange, i64 capacity)
{
    struct http *http = exchange->http;
    i64 more = capacity - exchange->body_capacity;
    if (atomic_fetch_add(&http->body_bytes, more) + more > LIMIT_BODIES) {
        atomic_fetch_sub(&http->body_bytes, more);
        exchange->ctx.fault.retry_after_s = 1;
        return FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.busy");
    }
    exchange->body = mem_resize(exchange->body, capacity + JSON_PADDING);
    exchange->body_capacity = capacity;
    return OK;
}

static err open_file(struct exchange *exchange)
{
    struct arena *arena = &exchange->ctx.arena;
    str path = str_format(arena, "%.*s/arriving-%.*s", STR_ARG(exchange->http->options.folder),
                          STR_ARG(exchange->request.id));
    exchange->body_path = (char *)(uintptr_t)str_c(arena, path);
    exchange->body_fd = open(exchange->body_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (exchange->body_fd < 0) {
        log_say(LOG_ERROR, "an upload cannot be kept", NULL);
        return FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    return OK;
}

static str header_of(struct exchange *exchange, const char *name)
{
    return request_header(&exchange->request, name);
}

err body_begin(struct exchange *exchange)
{
    str length = header_of(exchange, "Content-Length");
    i64 announced = -1;
    if (str_is(length) && !str_i64(str_trim(length), &announced)) {
        return FAIL(&exchange->ctx, ERR_MALFORMED, NULL, "error.http_framing");
    }
    if (announced > exchange->body_limit) {
        return too_large(exchange);
    }
    const struct route *route = exchange->request.route;
    if (route != NULL && (route->flags & ROUTE_FILE) != 0) {
        return open_file(exchange);
    }
    bool chunked = str_is(header_of(exchange, "Transfer-Encoding"));
    if (announced > 0) {
        return body_reserve(exchange, announced);
    }
    return chunked ? body_reserve(exchange, lesser(LIMIT_BODY_FIRST, exchange->body_limit)) : OK;
}

static err write_whole(struct exchange *exchange, const char *data, i64 len)
{
    while (len > 0) {
        ssize_t wrote = write(exchange->body_fd, data, (size_t)len);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return FAIL(&exchange->ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
        }
        data += wrote;
        len -= wrote;
    }
    return OK;
}

err body_add(struct exchange *exchange, const char *data, i64 len)
{
    if (len > exchange->body_limit - exchange->body_len) {
        return too_large(exchange);
    }
    atomic_fetch_add_explicit(&exchange->http->bytes_in, (u64)len, memory_order_relaxed);
    if (exchange->body_fd >= 0) {
        TRY(write_whole(exchange, data, len));
        exchange->body_len += len;
        return OK;
    }
    i64 needed = exchange->body_len + len;
    if (needed > exchange->body_capacity) {
        i64 doubled = greater(exchange->body_capacity * 2, LIMIT_BODY_FIRST);
        TRY(body_reserve(exchange, lesser(greater(doubled, needed), exchange->body_limit)));
    }
    memcpy(exchange->body + exchange->body_len, data, (size_t)len);
    exchange->body_len = needed;
    return OK;
}

static pthread_key_t inflater_key;
static pthread_once_t inflater_once = PTHREAD_ONCE_INIT;

static void inflater_close(void *inflater)
{
    libdeflate_free_decompressor(inflater);
}

static void inflater_init(void)
{
    pthread_key_create(&inflater_key, inflater_close);
}

static struct libdeflate_decompressor *inflater_here(void)
{
    pthread_once(&inflater_once, inflater_init);
    struct libdeflate_decompressor *inflater = pthread_getspecific(inflater_key);
    if (inflater == NULL) {
        inflater = libdeflate_alloc_decompressor();
        pthread_setspecific(inflater_key, inflater);
    }
    return inflater;
}

/* The size that a gzip member says it has, modulo 2^32: a hint that is believed up to the limit. */
static i64 announced_size(const char *packed, i64 len)
{
    const u8 *tail = (const u8 *)packed + len - 4;
    return (i64)((u32)tail[0] | (u32)tail[1] << 8 | (u32)tail[2] << 16 | (u32)tail[3] << 24);
}

static err unpack_into(struct exchange *exchange, str packed)
{
    for (;;) {
        size_t len = 0;
        enum libdeflate_result result = libdeflate_gzip_decompress(inflater_here(), packed.data, (size_t)packed.len,
                                                                   exchange->body, (size_t)exchange->body_capacity,
                                                                   &len);
        if (result == LIBDEFLATE_SUCCESS) {
            exchange->body_len = (i64)len;
            return OK;
        }
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
            return FAIL(&exchange->ctx, ERR_MALFORMED, NULL, "error.gzip");
        }
        if (exchange->body_capacity >= exchange->body_limit) {
            return too_large(exchange);
        }
        TRY(body_reserve(exchange, lesser(exchange->body_capacity * 2, exchange->body_limit)));
    }
}

/* Replaces a gzip body by what it holds, never more than the route's limit. */
static err unpack(struct exchange *exchange)
{
    str packed = {exchange->body, exchange->body_len};
    i64 packed_capacity = exchange->body_capacity;
    i64 size = announced_size(packed.data, packed.len);
    if (size > exchange->body_limit) {
        return too_large(exchange);
    }
    exchange->body = NULL;
    exchange->body_capacity = 0;
    exchange->body_len = 0;
    err code = body_reserve(exchange, greater(size, 1024));
    if (code == OK) {
        code = unpack_into(exchange, packed);
    }
    mem_free((void *)(uintptr_t)packed.data);
    atomic_fetch_sub(&exchange->http->body_bytes, packed_capacity);
    return code;
}

static bool is_gzip(const struct exchange *exchange)
{
    const u8 *bytes = (const u8 *)exchange->body;
    return exchange->body_len >= 18 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

err body_end(struct exchange *exchange)
{
    const struct route *route = exchange->request.route;
    struct request *request = &exchange->request;
    if (exchange->body_fd >= 0) {
        close(exchange->body_fd);
        exchange->body_fd = -1;
        request->body_file = exchange->body_path;
        request->body_size = exchange->body_len;
        return OK;
    }
    if (route != NULL && (route->flags & ROUTE_TRACKING) != 0 && is_gzip(exchange)) {
        TRY(unpack(exchange));
    }
    if (exchange->body == NULL) {
        exchange->body = mem_new(JSON_PADDING);
    }
    memset(exchange->body + exchange->body_len, 0, JSON_PADDING);
    request->body = (str){exchange->body, exchange->body_len};
    request->body_size = exchange->body_len;
    return OK;
}

void body_free(struct exchange *exchange)
{
    if (exchange->body_fd >= 0) {
        close(exchange->body_fd);
    }
    if (exchange->body_path != NULL) {
        unlink(exchange->body_path); // a handler that wanted the file has renamed it
    }
    mem_free(exchange->body);
    atomic_fetch_sub(&exchange->http->body_bytes, exchange->body_capacity);
}
