/* A file as a sliding window of UTF-8 text. */
#pragma once

#include "listen/bytes.h"
#include "listen/encoding.h"

struct texts {
    struct bytes *bytes;
    struct decoder decoder;
    char *data;   /* the window; JSON_PADDING bytes behind it are readable */
    i64 from, to; /* what is not used yet */
    i64 capacity;
    bool ended;   /* nothing follows the window */
    char *packed; /* a chunk before decoding */
};

/* Opens the file and finds its encoding when it is to be guessed; the window then holds a first sample. */
err texts_open(struct ctx *ctx, const char *path, enum encoding encoding, struct texts **out);
void texts_close(struct texts *texts);

/* Adds text to the window. False in `*more` when there is none left. The window moves: earlier slices are invalid. */
err texts_more(struct ctx *ctx, struct texts *texts, bool *more);

static inline str texts_window(const struct texts *texts)
{
    return (str){texts->data + texts->from, texts->to - texts->from};
}

/* Reads until the window holds a whole line and gives it without its end; ERR_EMPTY at the end. `*whole` is false for
 * a line beyond LINE_MAX_BYTES, of which only the first bytes are given. */
err texts_line(struct ctx *ctx, struct texts *texts, str *line, bool *whole);
