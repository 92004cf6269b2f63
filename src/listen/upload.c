#include "listen/upload.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DAY_S = 24 * 3600, KEPT_S = UPLOAD_KEPT_DAYS * DAY_S, SUFFIX_LEN = 7 };

static err no_space(struct ctx *ctx)
{
    return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
}

static const char *path_of(struct ctx *ctx, const struct uploads *uploads, str id)
{
    str folder = uploads->folder;
    return str_c(&ctx->arena, str_format(&ctx->arena, "%.*s/uploads/%.*s.upload", STR_ARG(folder), STR_ARG(id)));
}

/* Only a real id becomes part of a path. */
static bool own_id(struct ctx *ctx, str text, i64 *id, str *name)
{
    char *room = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
    bool real = str_is(text) && id_parse(text, id);
    *name = real ? id_text(*id, room) : STR("");
    return real;
}

/* Into the records. */

static err put_pieces(struct ctx *ctx, const struct uploads *uploads, i64 id, int file, i64 *size)
{
    struct ctx here = {0};
    char *piece = mem_new(UPLOAD_PIECE_BYTES);
    err code = OK;
    *size = 0;
    for (i64 number = 0; code == OK; number++) {
        ssize_t got = pread(file, piece, UPLOAD_PIECE_BYTES, *size);
        if (got <= 0) {
            code = got == 0 ? OK : no_space(ctx);
            break;
        }
        ctx_reset(&here);
        code = store_run(
            &here, uploads->store, SQL_UPLOAD_PIECE_ADD,
            ARGS(ARG_I64("upload", id), ARG_I64("number", number), ARG_BYTES("piece", ((str){piece, got}))), NULL);
        *size += got;
    }
    if (code != OK && here.fault.key != NULL) {
        (void)ctx_fail_args(ctx, code, NULL, here.fault.key, here.fault.args, here.fault.arg_count);
        ctx->fault.retry_after_s = here.fault.retry_after_s;
    }
    mem_free(piece);
    ctx_end(&here);
    return code;
}

/* It is whole when its own row is there; pieces without one are removed later. */
static err put_in_records(struct ctx *ctx, const struct uploads *uploads, i64 id, const char *temporary)
{
    i64 size = 0;
    int file = open(temporary, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return no_space(ctx);
    }
    err code = put_pieces(ctx, uploads, id, file, &size);
    close(file);
    TRY(code);
    return store_run(ctx, uploads->store, SQL_UPLOAD_ADD,
                     ARGS(ARG_I64("id", id), ARG_I64("size", size), ARG_I64("now_ms", clock_ms())), NULL);
}

err upload_keep(struct ctx *ctx, const struct uploads *uploads, const char *temporary, i64 *id)
{
    char text[ID_TEXT_LEN];
    *id = id_new();
    if (uploads->in_records) {
        TRY(put_in_records(ctx, uploads, *id, temporary));
    }
    bool here = rename(temporary, path_of(ctx, uploads, id_text(*id, text))) == 0;
    return here || uploads->in_records ? OK : no_space(ctx);
}

/* Out of the records. */

static err size_of(struct ctx *ctx, const struct uploads *uploads, i64 id, i64 *size)
{
    *size = -1; // an empty file is a file
    i64 more;
    TRY(store_number(ctx, uploads->store, SQL_UPLOAD_SIZE, ARGS(ARG_I64("id", id)), &more));
    *size = more - 1;
    return OK;
}

static err write_piece(void *self, struct ctx *ctx, const struct store_row *row)
{
    int file = *(int *)self;
    str rest = row_str(row, 0);
    while (rest.len > 0) {
        ssize_t written = write(file, rest.data, (size_t)rest.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return no_space(ctx);
        }
        rest = str_slice(rest, written, rest.len);
    }
    return OK;
}

static err get_pieces(struct ctx *ctx, const struct uploads *uploads, i64 id, i64 size, int file)
{
    for (i64 number = 0; number * UPLOAD_PIECE_BYTES < size; number++) {
        TRY(store_each(ctx, uploads->store, SQL_UPLOAD_PIECE, ARGS(ARG_I64("upload", id), ARG_I64("number", number)),
                       write_piece, &file));
    }
    struct stat about;
    bool whole = fstat(file, &about) == 0 && about.st_size == size;
    return whole ? OK : FAIL(ctx, ERR_NOT_FOUND, "file", "import.no_upload"); // removed meanwhile
}

/* A copy in the folder, seen under its name only when it is whole. */
static err fetch(struct ctx *ctx, const struct uploads *uploads, i64 id, i64 size, const char *path)
{
    str folder = uploads->folder;
    char *temporary = (char *)str_c(&ctx->arena,
                                    str_format(&ctx->arena, "%.*s/uploads/copy-XXXXXX.upload", STR_ARG(folder)));
    int file = mkstemps(temporary, SUFFIX_LEN);
    if (file < 0) {
        return no_space(ctx);
    }
    err code = get_pieces(ctx, uploads, id, size, file);
    close(file);
    if (code == OK && rename(temporary, path) != 0) {
        code = no_space(ctx);
    }
    if (code != OK) {
        unlink(temporary);
    }
    return code;
}

err upload_is_kept(struct ctx *ctx, const struct uploads *uploads, str text, bool *out)
{
    i64 id, size;
    str name;
    *out = false;
    if (!own_id(ctx, text, &id, &name)) {
        return OK;
    }
    if (!uploads->in_records) {
        *out = access(path_of(ctx, uploads, name), R_OK) == 0;
        return OK;
    }
    TRY(size_of(ctx, uploads, id, &size));
    *out = size >= 0;
    return OK;
}

err upload_path(struct ctx *ctx, const struct uploads *uploads, str text, const char **path)
{
    i64 id, size = -1;
    str name;
    if (!own_id(ctx, text, &id, &name)) {
        return FAIL(ctx, ERR_NOT_FOUND, "file", "import.no_upload");
    }
    *path = path_of(ctx, uploads, name);
    bool here = access(*path, R_OK) == 0;
    if (uploads->in_records) {
        TRY(size_of(ctx, uploads, id, &size));
        here = here && size >= 0;
    }
    if (!here && size >= 0) {
        return fetch(ctx, uploads, id, size, *path);
    }
    return here ? OK : FAIL(ctx, ERR_NOT_FOUND, "file", "import.no_upload");
}

err upload_remove(struct ctx *ctx, const struct uploads *uploads, str text)
{
    i64 id;
    str name;
    if (!own_id(ctx, text, &id, &name)) {
        return OK;
    }
    unlink(path_of(ctx, uploads, name));
    if (!uploads->in_records) {
        return OK;
    }
    TRY(store_run(ctx, uploads->store, SQL_UPLOAD_REMOVE, ARGS(ARG_I64("id", id)), NULL));
    TRY(store_run(ctx, uploads->store, SQL_UPLOAD_PIECES_REMOVE, ARGS(ARG_I64("upload", id)), NULL));
    return store_tell(ctx, uploads->store, STR("uploads"), name);
}

err upload_heard(const struct uploads *uploads, struct ctx *ctx, str text)
{
    i64 id;
    str name;
    if (own_id(ctx, text, &id, &name)) {
        unlink(path_of(ctx, uploads, name));
    } else {
        uploads_clean(uploads);
    }
    return OK;
}

/* Cleaning. */

/* A copy of what is gone from the records, or what a process left behind that died while it fetched. */
static bool is_left_over(const struct uploads *uploads, const char *entry, i64 age_s)
{
    struct ctx ctx = {0};
    i64 id, size = 0;
    str name, stem = str_slice(str_from(entry), 0, str_from(entry).len - SUFFIX_LEN);
    bool own = own_id(&ctx, stem, &id, &name);
    bool known = !own || size_of(&ctx, uploads, id, &size) != OK || size >= 0;
    ctx_end(&ctx);
    return own ? !known : age_s > DAY_S;
}

static void clean_folder(const struct uploads *uploads)
{
    char path[4096];
    snprintf(path, sizeof path, "%.*s/uploads", STR_ARG(uploads->folder));
    DIR *folder = opendir(path);
    struct dirent *entry;
    i64 now_s = clock_ms() / 1000;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        struct stat about;
        bool upload = str_ends(str_from(entry->d_name), STR(".upload"));
        if (!upload || fstatat(dirfd(folder), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        i64 age_s = now_s - about.st_mtime;
        if (age_s > KEPT_S || (uploads->in_records && is_left_over(uploads, entry->d_name, age_s))) {
            unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

static err clean_records(struct ctx *ctx, const struct uploads *uploads)
{
    i64 now_ms = clock_ms(), day_ms = (i64)DAY_S * 1000;
    TRY(store_run(ctx, uploads->store, SQL_UPLOADS_OLD, ARGS(ARG_I64("before_ms", now_ms - UPLOAD_KEPT_DAYS * day_ms)),
                  NULL));
    return store_run(ctx, uploads->store, SQL_UPLOAD_PIECES_LOST, ARGS(ARG_I64("before", id_from_ms(now_ms - day_ms))),
                     NULL);
}

void uploads_clean(const struct uploads *uploads)
{
    struct ctx ctx = {0};
    err code = uploads->in_records ? clean_records(&ctx, uploads) : OK;
    if (code != OK) {
        log_fault(LOG_WARN, "uploads_not_cleaned", &ctx, code);
    }
    ctx_end(&ctx);
    clean_folder(uploads);
}
