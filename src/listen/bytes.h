/* The bytes of a file, unpacked on the way when it is gzip. Streams: memory does not depend on the file's size. */
#pragma once

#include "base/ctx.h"

struct bytes;

/* ERR_NOT_FOUND without the file. Closed by bytes_close. */
err bytes_open(struct ctx *ctx, const char *path, struct bytes **out);
void bytes_close(struct bytes *bytes);

/* Up to `room` bytes; `*got` is 0 only at the end. ERR_MALFORMED for damaged gzip, ERR_TOO_LARGE for a bomb. */
err bytes_read(struct ctx *ctx, struct bytes *bytes, char *out, i64 room, i64 *got);

/* The share of the file that was read, 0 to 1. */
f64 bytes_done(const struct bytes *bytes);
