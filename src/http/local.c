#include "http/local.h"

#include "base/buf.h"
#include "json/read.h"

#include <curl/curl.h>
#include <stdio.h>
#include <sys/stat.h>

struct transfer {
    const struct local_request *request;
    struct buf body;
};

static size_t take(char *bytes, size_t size, size_t count, void *self)
{
    struct transfer *transfer = self;
    str piece = {bytes, (i64)(size * count)};
    if (transfer->request->piece != NULL) {
        return transfer->request->piece(transfer->request->self, piece) ? size * count : 0;
    }
    buf_add(&transfer->body, piece);
    return size * count;
}

static void close_file(void *file)
{
    (void)fclose(file);
}

static void free_headers(void *headers)
{
    curl_slist_free_all(headers);
}

static err send_file(struct ctx *ctx, CURL *curl, str path)
{
    FILE *file = fopen(str_c(&ctx->arena, path), "rbe");
    struct stat stat;
    if (file == NULL || fstat(fileno(file), &stat) != 0 || !S_ISREG(stat.st_mode)) {
        if (file != NULL) {
            close_file(file);
        }
        return FAIL(ctx, ERR_NOT_FOUND, "", "error.file", {"file", path});
    }
    ctx_defer(ctx, close_file, file);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READDATA, file);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)stat.st_size);
    return OK;
}

static void send_headers(struct ctx *ctx, CURL *curl, const struct local_request *request)
{
    struct curl_slist *headers = NULL;
    const char *type = str_is(request->file) ? "Content-Type: application/octet-stream"
                                             : "Content-Type: application/json";
    headers = curl_slist_append(headers, type);
    headers = curl_slist_append(headers, "Expect:");
    if (str_is(request->language)) {
        str line = str_format(&ctx->arena, "Accept-Language: %.*s", STR_ARG(request->language));
        headers = curl_slist_append(headers, line.data);
    }
    ctx_defer(ctx, free_headers, headers);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
}

static err prepare(struct ctx *ctx, CURL *curl, const struct local_request *request)
{
    str socket = str_format(&ctx->arena, "%.*s/cham.sock", STR_ARG(request->folder));
    str url = str_format(&ctx->arena, "http://localhost%.*s", STR_ARG(request->path));
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket.data);
    curl_easy_setopt(curl, CURLOPT_URL, url.data);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    if (str_is(request->file)) {
        TRY(send_file(ctx, curl, request->file));
    } else if (str_is(request->body)) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    send_headers(ctx, curl, request);
    return OK;
}

static void close_curl(void *curl)
{
    curl_easy_cleanup(curl);
}

err local_ask(struct ctx *ctx, const struct local_request *request, struct local_answer *out)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        return FAIL(ctx, ERR_UNAVAILABLE, "", "error.local", {"folder", request->folder});
    }
    ctx_defer(ctx, close_curl, curl);
    struct transfer transfer = {.request = request, .body = buf_in(&ctx->arena)};
    TRY(prepare(ctx, curl, request));
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    CURLcode code = curl_easy_perform(curl);
    bool ended_by_us = code == CURLE_WRITE_ERROR && request->piece != NULL;
    if (code != CURLE_OK && !ended_by_us) {
        return FAIL(ctx, ERR_UNAVAILABLE, "", "error.local", {"folder", request->folder});
    }
    long status = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    *out = (struct local_answer){.status = (i32)status, .body = buf_str(&transfer.body)};
    return OK;
}

enum local_state local_state(struct ctx *ctx, str folder, f64 *share)
{
    struct local_request request = {.folder = folder, .method = "GET", .path = STR("/readyz")};
    struct local_answer answer;
    struct json root;
    enum local_state state = LOCAL_NONE;
    if (local_ask(ctx, &request, &answer) == OK && json_parse(ctx, json_reader_here(), answer.body, &root) == OK) {
        // One that stops says neither.
        struct json progress = json_get(root, STR("progress"));
        state = json_is(progress) ? LOCAL_STARTING : json_is(json_get(root, STR("ok"))) ? LOCAL_SERVES : LOCAL_NONE;
        (void)json_f64(json_get(progress, STR("share")), share);
    }
    ctx_forgive(ctx);
    return state;
}
