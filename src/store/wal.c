#include "store/wal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { STEP_BYTES = 1 << 20, RETRY_S = 30 };

static bool rewrite(int fd, char *bytes)
{
    for (i64 at = 0;;) {
        ssize_t got = pread(fd, bytes, STEP_BYTES, at);
        if (got <= 0) {
            return got == 0 && fsync(fd) == 0;
        }
        if (pwrite(fd, bytes, (size_t)got, at) != got) {
            return false;
        }
        at += got;
    }
}

err wal_secure(struct ctx *ctx, str database)
{
    str file = str_format(&ctx->arena, "%.*s-wal", STR_ARG(database));
    int fd = open(file.data, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        return OK;
    }
    bool done = false;
    if (fd >= 0) {
        char *bytes = mem_new(STEP_BYTES);
        done = rewrite(fd, bytes);
        mem_free(bytes);
        close(fd);
    }
    if (!done) {
        err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
        ctx->fault.retry_after_s = RETRY_S;
        return code;
    }
    return OK;
}
