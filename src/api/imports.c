/* Imports: /api/v1/files, /api/v1/imports. */
#include "listen/import.h"

#include "api/app.h"
#include "api/routes.h"
#include "base/id.h"
#include "listen/preview.h"
#include "store/settings.h"

#include <sys/stat.h>
#include <unistd.h>

struct file_query {
    str name;
};
static const struct shape_field file_query_fields[] = {
    {"name", SHAPE_STR, offsetof(struct file_query, name), .max = 300},
};
static const struct shape file_query_shape = SHAPE("FileQuery", struct file_query, file_query_fields, NULL);

struct file {
    i64 id;
    str name;
    i64 size;
};
static const struct shape_field file_fields[] = {
    {"id", SHAPE_ID, offsetof(struct file, id)},
    {"name", SHAPE_STR, offsetof(struct file, name)},
    {"size", SHAPE_I64, offsetof(struct file, size)},
};
static const struct shape file_shape = SHAPE("File", struct file, file_fields, "import.help.file");

static err upload(struct request *request, struct reply *reply)
{
    const struct file_query *query = request->query;
    struct file file = {.name = str_is(query->name) ? query->name : STR(""), .size = request->body_size};
    struct settings settings;
    TRY(settings_read(request->ctx, request->app->store, &settings));
    if (settings.demo) { // said before somebody maps its columns
        return FAIL(request->ctx, ERR_CONFLICT, NULL, "import.demo");
    }
    TRY(import_upload(request->ctx, request->app->importer, request->body_file, &file.id));
    return reply_shape(reply, &file_shape, &file);
}

static err preview(struct request *request, struct reply *reply)
{
    struct preview answer;
    TRY(import_preview(request->ctx, request->app->importer, request->input, request->language, &answer));
    return reply_shape(reply, &preview_shape, &answer);
}

static err list(struct request *request, struct reply *reply)
{
    const struct page_query *query = request->query;
    i64 before = 0, limit = page_limit(query->limit);
    struct shape_list imports;
    char next[ID_TEXT_LEN];
    if (str_is(query->after) && !id_parse(query->after, &before)) {
        return FAIL(request->ctx, ERR_INVALID, "after", "error.cursor");
    }
    TRY(import_list(request->ctx, request->app->importer, before, limit, request->language, &imports));
    const struct import *items = imports.items;
    bool more = imports.count == limit;
    str cursor = more ? str_copy(&request->ctx->arena, id_text(items[imports.count - 1].id, next)) : STR_NONE;
    return reply_list(reply, &import_shape, imports, cursor);
}

static err create(struct request *request, struct reply *reply)
{
    struct import import;
    TRY(import_begin(request->ctx, request->app->importer, request->input, request->language, &import));
    char id[ID_TEXT_LEN];
    TRY(request_audit(request, "imports.begin", id_text(import.id, id), import.name));
    return reply_shape(reply, &import_shape, &import);
}

static err answer(struct request *request, struct reply *reply, i64 id)
{
    struct import import;
    TRY(import_find(request->ctx, request->app->importer, id, request->language, &import));
    return reply_shape(reply, &import_shape, &import);
}

static err show(struct request *request, struct reply *reply)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    return answer(request, reply, id);
}

static err act(struct request *request, struct reply *reply, const char *action,
               err (*verb)(struct ctx *ctx, struct importer *importer, i64 id))
{
    i64 id;
    char text[ID_TEXT_LEN];
    TRY(request_param_id(request, "id", &id));
    TRY(verb(request->ctx, request->app->importer, id));
    TRY(request_audit(request, action, id_text(id, text), STR("")));
    return answer(request, reply, id);
}

static err cancel(struct request *request, struct reply *reply)
{
    return act(request, reply, "imports.cancel", import_cancel);
}

static err resume(struct request *request, struct reply *reply)
{
    return act(request, reply, "imports.resume", import_resume);
}

static err undo(struct request *request, struct reply *reply)
{
    return act(request, reply, "imports.undo", import_undo);
}

static err refused(struct request *request, struct reply *reply)
{
    i64 id;
    int file;
    struct stat about;
    TRY(request_param_id(request, "id", &id));
    TRY(import_refused(request->ctx, request->app->importer, id, &file));
    if (file < 0 || fstat(file, &about) != 0) {
        if (file >= 0) {
            close(file);
        }
        return reply_text(reply, "text/csv; charset=utf-8", STR("line,reason,text\r\n"));
    }
    char text[ID_TEXT_LEN];
    str name = id_text(id, text);
    return reply_file(reply, file, about.st_size, "text/csv; charset=utf-8",
                      str_format(&request->ctx->arena, "%.*s.refused.csv", STR_ARG(name)));
}

/* The setting upload_mb of the configuration bounds it further. */
#define UPLOAD_MAX ((i64)1 << 40)

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/files", upload, RIGHT_IMPORTS_WRITE, .query = &file_query_shape, .out = &file_shape,
     .status = 201, .limit_bytes = UPLOAD_MAX, .flags = ROUTE_FILE, .summary = "api.files_post"},
    {HTTP_POST, "/api/v1/imports/preview", preview, RIGHT_IMPORTS_WRITE, .in = &preview_request_shape,
     .out = &preview_shape, .summary = "api.imports_preview"},
    {HTTP_GET, "/api/v1/imports", list, RIGHT_IMPORTS_READ, .query = &page_query_shape, .out = &import_shape,
     .flags = ROUTE_LIST, .summary = "api.imports"},
    {HTTP_POST, "/api/v1/imports", create, RIGHT_IMPORTS_WRITE, .in = &import_request_shape, .out = &import_shape,
     .status = 202, .summary = "api.imports_post"},
    {HTTP_GET, "/api/v1/imports/:id", show, RIGHT_IMPORTS_READ, .out = &import_shape, .summary = "api.imports_get"},
    {HTTP_POST, "/api/v1/imports/:id/cancel", cancel, RIGHT_IMPORTS_WRITE, .out = &import_shape,
     .summary = "api.imports_cancel"},
    {HTTP_POST, "/api/v1/imports/:id/resume", resume, RIGHT_IMPORTS_WRITE, .out = &import_shape,
     .summary = "api.imports_resume"},
    {HTTP_POST, "/api/v1/imports/:id/undo", undo, RIGHT_IMPORTS_WRITE, .out = &import_shape,
     .summary = "api.imports_undo"},
    {HTTP_GET, "/api/v1/imports/:id/refused.csv", refused, RIGHT_IMPORTS_READ, .out_type = "text/csv; charset=utf-8",
     .flags = ROUTE_PERSONAL, .summary = "api.imports_refused"},
};
const struct route_table imports_routes = ROUTES(routes);
