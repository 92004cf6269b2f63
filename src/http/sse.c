#include "http/sse.h"

#include "base/buf.h"
#include "http/server.h"

enum { STREAM_BLOCK = 4096 };

/* One open stream. It belongs to libmicrohttpd's response and is in two lists: that of its broadcaster and that of the
 * server. `sse` is NULL once the broadcaster is closed. */
struct sse_reader {
    pthread_mutex_t lock;
    struct sse *sse;
    struct http *http;
    const struct conn *conn;
    struct MHD_Connection *connection;
    char *queue;
    i64 from, to; /* what is unread */
    bool suspended, ended;
    struct sse_reader *next, *previous;           /* of the broadcaster */
    struct sse_reader *http_next, *http_previous; /* of the server */
};

struct sse {
    pthread_mutex_t lock;
    struct sse_reader *readers;
    _Atomic i64 count;
};

struct sse *sse_open(void)
{
    struct sse *sse = mem_new(sizeof *sse);
    pthread_mutex_init(&sse->lock, NULL);
    return sse;
}

i64 sse_readers(const struct sse *sse)
{
    return atomic_load(&sse->count);
}

static void wake(struct sse_reader *reader)
{
    if (reader->suspended) {
        reader->suspended = false;
        MHD_resume_connection(reader->connection);
    }
}

static void end_stream(struct sse_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    reader->ended = true;
    wake(reader);
    pthread_mutex_unlock(&reader->lock);
}

static void append(struct sse_reader *reader, str text)
{
    pthread_mutex_lock(&reader->lock);
    if (!reader->ended && reader->to - reader->from + text.len > LIMIT_STREAM_BYTES) {
        reader->ended = true;
        conns_shut(&reader->http->conns, reader->conn);
    }
    if (!reader->ended) {
        i64 unread = reader->to - reader->from;
        if (unread > 0) {
            memmove(reader->queue, reader->queue + reader->from, (size_t)unread);
        }
        reader->queue = mem_resize(reader->queue, unread + text.len);
        memcpy(reader->queue + unread, text.data, (size_t)text.len);
        reader->from = 0;
        reader->to = unread + text.len;
    }
    wake(reader);
    pthread_mutex_unlock(&reader->lock);
}

static ssize_t read_stream(void *self, uint64_t position, char *out, size_t max)
{
    (void)position;
    struct sse_reader *reader = self;
    pthread_mutex_lock(&reader->lock);
    i64 len = lesser(reader->to - reader->from, (i64)max);
    ssize_t result = (ssize_t)len;
    if (len > 0) {
        memcpy(out, reader->queue + reader->from, (size_t)len);
        reader->from += len;
    } else if (reader->ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        // Nothing to say: libmicrohttpd forgets the connection until the next event.
        reader->suspended = true;
        MHD_suspend_connection(reader->connection);
    }
    pthread_mutex_unlock(&reader->lock);
    return result;
}

static void leave_http(struct sse_reader *reader)
{
    struct http *http = reader->http;
    pthread_mutex_lock(&http->stream_lock);
    if (reader->http_previous != NULL) {
        reader->http_previous->http_next = reader->http_next;
    } else {
        http->readers = reader->http_next;
    }
    if (reader->http_next != NULL) {
        reader->http_next->http_previous = reader->http_previous;
    }
    pthread_mutex_unlock(&http->stream_lock);
    atomic_fetch_sub(&http->streams, 1);
}

static void leave_sse(struct sse_reader *reader)
{
    struct sse *sse = reader->sse;
    pthread_mutex_lock(&sse->lock);
    if (reader->previous != NULL) {
        reader->previous->next = reader->next;
    } else {
        sse->readers = reader->next;
    }
    if (reader->next != NULL) {
        reader->next->previous = reader->previous;
    }
    pthread_mutex_unlock(&sse->lock);
    atomic_fetch_sub(&sse->count, 1);
}

static void free_reader(void *self)
{
    struct sse_reader *reader = self;
    leave_http(reader);
    leave_sse(reader);
    pthread_mutex_destroy(&reader->lock);
    mem_free(reader->queue);
    mem_free(reader);
}

static void join(struct sse_reader *reader)
{
    struct http *http = reader->http;
    pthread_mutex_lock(&http->stream_lock);
    reader->http_next = http->readers;
    if (http->readers != NULL) {
        http->readers->http_previous = reader;
    }
    http->readers = reader;
    pthread_mutex_unlock(&http->stream_lock);
    atomic_fetch_add(&http->streams, 1);

    struct sse *sse = reader->sse;
    pthread_mutex_lock(&sse->lock);
    reader->next = sse->readers;
    if (sse->readers != NULL) {
        sse->readers->previous = reader;
    }
    sse->readers = reader;
    pthread_mutex_unlock(&sse->lock);
    atomic_fetch_add(&sse->count, 1);
}

struct MHD_Response *sse_response(struct sse *sse, struct http *http, struct exchange *exchange, str first)
{
    struct sse_reader *reader = mem_new(sizeof *reader);
    pthread_mutex_init(&reader->lock, NULL);
    reader->sse = sse;
    reader->http = http;
    reader->conn = exchange->conn;
    reader->connection = exchange->connection;
    // Browsers say that a stream is open when its first byte is there.
    append(reader, STR("retry: 3000\n\n"));
    if (str_is(first)) {
        append(reader, first);
    }
    join(reader);
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream,
                                                                      reader, free_reader);
    if (response == NULL) {
        free_reader(reader);
    }
    return response;
}

void sse_publish(struct sse *sse, const char *event, str json)
{
    if (sse_readers(sse) == 0) {
        return;
    }
    struct arena arena = {0};
    str text = str_format(&arena, "event: %s\ndata: %.*s\n\n", event, STR_ARG(json));
    pthread_mutex_lock(&sse->lock);
    for (struct sse_reader *reader = sse->readers; reader != NULL; reader = reader->next) {
        append(reader, text);
    }
    pthread_mutex_unlock(&sse->lock);
    arena_free(&arena);
}

/* The server has closed its connections before, so no reader is left. */
void sse_close(struct sse *sse)
{
    if (sse == NULL) {
        return;
    }
    pthread_mutex_destroy(&sse->lock);
    mem_free(sse);
}

void streams_alive(struct http *http)
{
    pthread_mutex_lock(&http->stream_lock);
    for (struct sse_reader *reader = http->readers; reader != NULL; reader = reader->http_next) {
        append(reader, STR(": alive\n\n"));
    }
    pthread_mutex_unlock(&http->stream_lock);
}

void streams_end(struct http *http)
{
    pthread_mutex_lock(&http->stream_lock);
    for (struct sse_reader *reader = http->readers; reader != NULL; reader = reader->http_next) {
        end_stream(reader);
    }
    pthread_mutex_unlock(&http->stream_lock);
}
