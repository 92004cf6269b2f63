#include "http/server.h"

#include <assert.h>

static struct request *request_of(struct reply *reply)
{
    return &reply->exchange->request;
}

struct json_writer reply_writer(struct reply *reply)
{
    return json_writer_in(&reply->exchange->ctx.arena);
}

err reply_text(struct reply *reply, const char *type, str text)
{
    reply->type = type;
    reply->body = text;
    reply->set = true;
    return OK;
}

err reply_json(struct reply *reply, str json)
{
    return reply_text(reply, "application/json", json);
}

err reply_shape(struct reply *reply, const struct shape *shape, const void *value)
{
    struct json_writer writer = reply_writer(reply);
    shape_write(&writer, shape, value, request_view(request_of(reply)));
    return reply_json(reply, json_text(&writer));
}

err reply_list(struct reply *reply, const struct shape *shape, struct shape_list items, str next)
{
    struct json_writer writer = reply_writer(reply);
    json_object(&writer);
    json_key(&writer, STR("items"));
    shape_write_list(&writer, shape, items, request_view(request_of(reply)));
    json_pair_str(&writer, "next", next);
    json_object_end(&writer);
    return reply_json(reply, json_text(&writer));
}

err reply_nothing(struct reply *reply)
{
    reply->type = NULL;
    reply->set = true;
    reply->status = 204;
    return OK;
}

/* A name for Content-Disposition: ASCII in quotes for old readers, UTF-8 beside it (RFC 6266, RFC 8187). */
static str disposition(struct arena *arena, str name)
{
    struct buf plain = buf_in(arena), coded = buf_in(arena);
    for (i64 i = 0; i < name.len; i++) {
        u8 c = (u8)name.data[i];
        bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                    c == '-' || c == '_';
        buf_char(&plain, safe || c == ' ' ? (char)c : '_');
        if (safe) {
            buf_char(&coded, (char)c);
        } else {
            buf_format(&coded, "%%%02X", c);
        }
    }
    return str_format(arena, "attachment; filename=\"%.*s\"; filename*=UTF-8''%.*s", STR_ARG(buf_str(&plain)),
                      STR_ARG(buf_str(&coded)));
}

err reply_file(struct reply *reply, int file, i64 size, const char *type, str name)
{
    reply->file = file;
    reply->file_size = size;
    reply->type = type;
    reply->set = true;
    if (str_is(name)) {
        reply_header(reply, "Content-Disposition", disposition(&reply->exchange->ctx.arena, name));
    }
    return OK;
}

err reply_stream(struct reply *reply, struct sse *sse, str first)
{
    struct http *http = reply->exchange->http;
    if (atomic_load(&http->streams) >= LIMIT_STREAMS) {
        reply->exchange->ctx.fault.retry_after_s = 10;
        return FAIL(&reply->exchange->ctx, ERR_UNAVAILABLE, NULL, "error.busy");
    }
    reply->stream = sse;
    reply->stream_first = first;
    reply->type = "text/event-stream";
    reply->set = true;
    return OK;
}

void reply_status(struct reply *reply, i32 status)
{
    reply->status = status;
}

static bool is_plain(str text)
{
    for (i64 i = 0; i < text.len; i++) {
        if ((u8)text.data[i] < 0x20 || text.data[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

/* A value with a line break would be a header of somebody else's: it is left out. */
void reply_header(struct reply *reply, const char *name, str value)
{
    assert(reply->header_count < REPLY_HEADERS_MAX);
    if (is_plain(value)) {
        reply->headers[reply->header_count++] = (struct header){name, value};
    }
}

void reply_session(struct reply *reply, const struct request *request, str token)
{
    struct http *http = reply->exchange->http;
    pthread_rwlock_rdlock(&http->public_lock);
    bool secure = strncmp(http->public_url, "https://", 8) == 0;
    pthread_rwlock_unlock(&http->public_lock);
    reply_header(reply, "Set-Cookie",
                 str_format(&request->ctx->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s",
                            secure ? "__Host-cham_session" : "cham_session", STR_ARG(token), secure ? "; Secure" : "",
                            token.len > 0 ? "" : "; Max-Age=0"));
}
