#include "listen/refused.h"

#include "base/buf.h"
#include "listen/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { TEXT_SHOWN_MAX = 32000 }; /* what a cell of a spreadsheet holds */

err refused_open(struct ctx *ctx, const char *path, i64 bytes, struct refused *out)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, bytes) != 0 || lseek(file, bytes, SEEK_SET) != bytes) {
        if (file >= 0) {
            close(file);
        }
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    *out = (struct refused){.file = file, .bytes = bytes};
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
            return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
        }
        text = str_slice(text, written, text.len);
    }
    return OK;
}

err refused_add(struct ctx *ctx, struct refused *refused, str rows)
{
    // The mark tells Excel that this is UTF-8.
    str head = STR("\xEF\xBB\xBFline,reason,text\r\n");
    if (refused->bytes == 0) {
        TRY(write_all(ctx, refused->file, head));
        refused->bytes += head.len;
    }
    TRY(write_all(ctx, refused->file, rows));
    refused->bytes += rows.len;
    return fdatasync(refused->file) == 0 ? OK : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
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
