#include "base/id.h"
#include "listen/import.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static const char *path_of(struct ctx *ctx, str folder, str id)
{
    return str_c(&ctx->arena, str_format(&ctx->arena, "%.*s/uploads/%.*s.upload", STR_ARG(folder), STR_ARG(id)));
}

err upload_keep(struct ctx *ctx, str folder, const char *temporary, i64 *id)
{
    char text[ID_TEXT_LEN];
    *id = id_new();
    if (rename(temporary, path_of(ctx, folder, id_text(*id, text))) != 0) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    return OK;
}

err upload_path(struct ctx *ctx, str folder, str id, const char **path)
{
    i64 number;
    char text[ID_TEXT_LEN];
    // Only a real id becomes part of a path.
    if (id_parse(id, &number)) {
        *path = path_of(ctx, folder, id_text(number, text));
        if (access(*path, R_OK) == 0) {
            return OK;
        }
    }
    return FAIL(ctx, ERR_NOT_FOUND, "file", "import.no_upload");
}
