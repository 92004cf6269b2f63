#include "listen/refused.h"

#include "base/buf.h"
#include "base/id.h"
#include "listen/csv.h"
#include "store/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_SHOWN_MAX = 32000 }; /* what a cell of a spreadsheet holds */

static const char *path_of(struct ctx *ctx, const struct uploads *uploads, i64 import)
{
    char text[ID_TEXT_LEN];
    str folder = uploads->folder, name = id_text(import, text);
    return str_c(&ctx->arena, str_format(&ctx->arena, "%.*s/imports/%.*s.refused.csv", STR_ARG(folder), STR_ARG(name)));
}

static err no_space(struct ctx *ctx)
{
    return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
}

err refused_open(struct ctx *ctx, const struct uploads *uploads, i64 import, i64 bytes, struct refused *out)
{
    *out = (struct refused){.uploads = uploads, .import = import, .bytes = bytes};
    if (uploads->in_records) {
        return store_run(ctx, uploads->store, SQL_REFUSED_CUT, ARGS(ARG_I64("import", import), ARG_I64("start", bytes)),
                         NULL);
    }
    int file = open(path_of(ctx, uploads, import), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, bytes) != 0 || lseek(file, bytes, SEEK_SET) != bytes) {
        if (file >= 0) {
            close(file);
        }
        return no_space(ctx);
    }
    out->file = file;
    return OK;
}

void refused_close(struct refused *refused)
{
    if (refused->file > 0) {
        close(refused->file);
        refused->file = 0;
    }
}

static err write_all(struct ctx *ctx, int file, str text)
{
    while (text.len > 0) {
        ssize_t written = write(file, text.data, (size_t)text.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return no_space(ctx);
        }
        text = str_slice(text, written, text.len);
    }
    return OK;
}

// The mark tells Excel that this is UTF-8.
static const str HEAD = STR("\xEF\xBB\xBFline,reason,text\r\n");

/* One statement for what one chunk of the import brings: a piece is there or not. */
static err add_piece(struct ctx *ctx, struct refused *refused, str rows)
{
    struct ctx here = {0};
    str text = refused->bytes > 0 ? rows : str_format(&here.arena, "%.*s%.*s", STR_ARG(HEAD), STR_ARG(rows));
    err code = store_run(
        &here, refused->uploads->store, SQL_REFUSED_PIECE_ADD,
        ARGS(ARG_I64("import", refused->import), ARG_I64("start", refused->bytes), ARG_BYTES("piece", text)), NULL);
    refused->bytes += code == OK ? text.len : 0;
    if (code != OK && here.fault.key != NULL) {
        (void)ctx_fail_args(ctx, code, NULL, here.fault.key, here.fault.args, here.fault.arg_count);
    }
    ctx_end(&here);
    return code;
}

err refused_add(struct ctx *ctx, struct refused *refused, str rows)
{
    if (refused->uploads->in_records) {
        return add_piece(ctx, refused, rows);
    }
    if (refused->bytes == 0) {
        TRY(write_all(ctx, refused->file, HEAD));
        refused->bytes += HEAD.len;
    }
    TRY(write_all(ctx, refused->file, rows));
    refused->bytes += rows.len;
    return fdatasync(refused->file) == 0 ? OK : no_space(ctx);
}

/* Copies a piece and notes where it ends. */
struct copying {
    int file;
    i64 end;
    bool any;
};

static err copy_piece(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct copying *copying = self;
    str piece = row_str(row, 1);
    copying->any = true;
    copying->end = row_i64(row, 0) + piece.len;
    return write_all(ctx, copying->file, piece);
}

static err copy_pieces(struct ctx *ctx, const struct uploads *uploads, i64 import, struct copying *copying)
{
    do {
        copying->any = false;
        TRY(store_each(ctx, uploads->store, SQL_REFUSED_PIECE,
                       ARGS(ARG_I64("import", import), ARG_I64("start", copying->end)), copy_piece, copying));
    } while (copying->any);
    return OK;
}

/* A file without a name, gone when it is closed. */
static err file_from_records(struct ctx *ctx, const struct uploads *uploads, i64 import, int *file)
{
    str folder = uploads->folder;
    char *path = (char *)str_c(&ctx->arena, str_format(&ctx->arena, "%.*s/imports/copy-XXXXXX", STR_ARG(folder)));
    struct copying copying = {.file = mkstemp(path)};
    if (copying.file < 0) {
        return no_space(ctx);
    }
    unlink(path);
    err code = copy_pieces(ctx, uploads, import, &copying);
    if (code != OK || copying.end == 0) {
        close(copying.file);
        return code;
    }
    *file = copying.file;
    return OK;
}

err refused_file(struct ctx *ctx, const struct uploads *uploads, i64 import, int *file)
{
    *file = -1;
    if (uploads->in_records) {
        return file_from_records(ctx, uploads, import, file);
    }
    *file = open(path_of(ctx, uploads, import), O_RDONLY | O_CLOEXEC);
    return OK;
}

err refused_remove(struct ctx *ctx, const struct uploads *uploads, i64 import)
{
    if (uploads->in_records) {
        return store_run(ctx, uploads->store, SQL_REFUSED_CUT, ARGS(ARG_I64("import", import), ARG_I64("start", 0)),
                         NULL);
    }
    unlink(path_of(ctx, uploads, import));
    return OK;
}

/* As much of the text as ends behind a line of the list, and fits; all of it when nothing does. */
static str whole_lines(str text, i64 most)
{
    bool quoted = false;
    i64 end = 0;
    for (i64 at = 0; at < lesser(text.len, most); at++) {
        char c = text.data[at];
        quoted = c == '"' ? !quoted : quoted;
        end = c == '\n' && !quoted ? at + 1 : end;
    }
    return str_slice(text, 0, end > 0 ? end : text.len);
}

static err put_text(struct ctx *ctx, struct refused *refused, str text)
{
    enum { PIECE_MOST = 1 << 20 };
    if (!refused->uploads->in_records) {
        TRY(write_all(ctx, refused->file, text));
        return fdatasync(refused->file) == 0 ? OK : no_space(ctx);
    }
    while (text.len > 0) {
        str piece = whole_lines(text, PIECE_MOST);
        TRY(store_run(ctx, refused->uploads->store, SQL_REFUSED_PIECE_ADD,
                      ARGS(ARG_I64("import", refused->import), ARG_I64("start", refused->bytes),
                           ARG_BYTES("piece", piece)),
                      NULL));
        refused->bytes += piece.len;
        text = str_slice(text, piece.len, text.len);
    }
    return OK;
}

static err copy_list(struct ctx *ctx, const struct uploads *from, const struct uploads *to, i64 import)
{
    int file;
    struct stat about;
    struct refused refused;
    TRY(refused_remove(ctx, to, import));
    TRY(refused_file(ctx, from, import, &file));
    if (file < 0) {
        return OK;
    }
    bool any = fstat(file, &about) == 0 && about.st_size > 0;
    void *bytes = any ? mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    close(file);
    if (bytes == MAP_FAILED) {
        return any ? FAIL(ctx, ERR_IO, NULL, "import.file_unreadable") : OK;
    }
    err code = refused_open(ctx, to, import, 0, &refused);
    if (code == OK) {
        code = put_text(ctx, &refused, (str){bytes, about.st_size});
        refused_close(&refused);
    }
    (void)munmap(bytes, (size_t)about.st_size);
    return code;
}

/* The folder of the lists, where none was needed before. */
static err make_folder(struct ctx *ctx, const struct uploads *uploads)
{
    str path = str_format(&ctx->arena, "%.*s/imports", STR_ARG(uploads->folder));
    bool made = mkdir(str_c(&ctx->arena, path), 0700) == 0 || errno == EEXIST;
    return made ? OK : no_space(ctx);
}

err refused_copy(struct ctx *ctx, const struct uploads *from, const struct uploads *to)
{
    enum { PAGE = 100 };
    if (from->in_records) {
        TRY(make_folder(ctx, from)); // where pieces are put together
    }
    TRY(make_folder(ctx, to));
    for (i64 before = 0;;) {
        struct shape_list jobs;
        TRY(job_list(ctx, to->store, STR("import"), before, PAGE, &jobs));
        for (i64 i = 0; i < jobs.count; i++) {
            before = ((const struct job *)jobs.items)[i].id;
            TRY(copy_list(ctx, from, to, before));
        }
        if (jobs.count < PAGE) {
            return OK;
        }
    }
}

void refused_row(struct buf *out, i64 line, str reason, str text)
{
    buf_i64(out, line);
    buf_char(out, ',');
    csv_put(out, reason);
    buf_char(out, ',');
    csv_put(out, utf8_prefix(text, TEXT_SHOWN_MAX));
    buf_add(out, STR("\r\n"));
}
