#include "listen/bytes.h"

#include "listen/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PACKED_CHUNK = 64 << 10, GZIP_WINDOW = 15 + 16 };

struct bytes {
    int file;
    i64 size, consumed, produced; /* of the file; taken from it; given out */
    bool packed, ended;
    bool between; /* a gzip member has ended, the next has not begun */
    z_stream stream;
    u8 chunk[PACKED_CHUNK];
};

static err read_file(struct ctx *ctx, struct bytes *bytes, void *out, i64 room, i64 *got)
{
    ssize_t count;
    do {
        count = read(bytes->file, out, (size_t)room);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        return FAIL(ctx, ERR_IO, NULL, "import.file_unreadable");
    }
    *got = count;
    bytes->consumed += count;
    return OK;
}

static err begin_unpacking(struct ctx *ctx, struct bytes *bytes)
{
    u8 magic[2];
    bytes->packed = pread(bytes->file, magic, 2, 0) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
    if (bytes->packed && inflateInit2(&bytes->stream, GZIP_WINDOW) != Z_OK) {
        bytes->packed = false;
        return FAIL(ctx, ERR_IO, NULL, "import.file_unreadable");
    }
    return OK;
}

err bytes_open(struct ctx *ctx, const char *path, struct bytes **out)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (file < 0) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "import.file_missing", {"file", str_from(path)});
    }
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(file);
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "import.file_missing", {"file", str_from(path)});
    }
    struct bytes *bytes = mem_new(sizeof *bytes);
    bytes->file = file;
    bytes->size = about.st_size;
    err failed = begin_unpacking(ctx, bytes);
    if (failed != OK) {
        bytes_close(bytes);
        return failed;
    }
    *out = bytes;
    return OK;
}

void bytes_close(struct bytes *bytes)
{
    if (bytes == NULL) {
        return;
    }
    if (bytes->packed) {
        inflateEnd(&bytes->stream);
    }
    close(bytes->file);
    mem_free(bytes);
}

/* More packed bytes; at the end of the file inside a member the file is cut. */
static err refill(struct ctx *ctx, struct bytes *bytes)
{
    i64 got = 0;
    TRY(read_file(ctx, bytes, bytes->chunk, PACKED_CHUNK, &got));
    bytes->stream.next_in = bytes->chunk;
    bytes->stream.avail_in = (uInt)got;
    if (got == 0) {
        bytes->ended = true;
        return bytes->between ? OK : FAIL(ctx, ERR_MALFORMED, NULL, "import.gzip_cut");
    }
    return OK;
}

static err unpack(struct ctx *ctx, struct bytes *bytes)
{
    if (bytes->between) {
        // Padding behind the last member is allowed, another member too (RFC 1952 2.2).
        if (bytes->stream.next_in[0] != 0x1F) {
            bytes->ended = true;
            return OK;
        }
        inflateReset(&bytes->stream);
        bytes->between = false;
    }
    int state = inflate(&bytes->stream, Z_NO_FLUSH);
    if (state == Z_STREAM_END) {
        bytes->between = true;
        return OK;
    }
    bool fine = state == Z_OK || state == Z_BUF_ERROR;
    return fine ? OK : FAIL(ctx, ERR_MALFORMED, NULL, "import.gzip_damaged");
}

static err read_packed(struct ctx *ctx, struct bytes *bytes, char *out, i64 room, i64 *got)
{
    bytes->stream.next_out = (Bytef *)out;
    bytes->stream.avail_out = (uInt)lesser(room, 1 << 30);
    uInt wanted = bytes->stream.avail_out;
    while (!bytes->ended && bytes->stream.avail_out == wanted) {
        if (bytes->stream.avail_in == 0) {
            TRY(refill(ctx, bytes));
        } else {
            TRY(unpack(ctx, bytes));
        }
    }
    *got = (i64)(wanted - bytes->stream.avail_out);
    return OK;
}

err bytes_read(struct ctx *ctx, struct bytes *bytes, char *out, i64 room, i64 *got)
{
    if (!bytes->packed) {
        return read_file(ctx, bytes, out, room, got);
    }
    TRY(read_packed(ctx, bytes, out, room, got));
    bytes->produced += *got;
    if (bytes->produced > UNZIPPED_FREE && bytes->produced / UNZIPPED_RATIO_MAX > bytes->consumed) {
        return FAIL(ctx, ERR_TOO_LARGE, NULL, "import.bomb");
    }
    return OK;
}

f64 bytes_done(const struct bytes *bytes)
{
    return bytes->size > 0 ? (f64)lesser(bytes->consumed, bytes->size) / (f64)bytes->size : 1.0;
}
