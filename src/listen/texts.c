#include "listen/texts.h"

#include "json/read.h"
#include "listen/limits.h"

enum { CHUNK = SAMPLE_BYTES, GROWTH = 3 }; /* windows-1258 grows to at most 3 bytes a character */

/* Room for one more decoded chunk behind what is not used yet. */
static void make_room(struct texts *texts)
{
    i64 kept = texts->to - texts->from, wanted = kept + (CHUNK + 8) * GROWTH;
    if (texts->capacity - texts->to >= (CHUNK + 8) * GROWTH) {
        return;
    }
    memmove(texts->data, texts->data + texts->from, (size_t)kept);
    texts->from = 0;
    texts->to = kept;
    if (wanted > texts->capacity) {
        texts->capacity = wanted * 2;
        texts->data = mem_resize(texts->data, texts->capacity + JSON_PADDING);
    }
}

static void take(struct texts *texts, str chunk, bool last)
{
    make_room(texts);
    texts->to += decode(&texts->decoder, chunk, last, texts->data + texts->to);
}

err texts_more(struct ctx *ctx, struct texts *texts, bool *more)
{
    *more = false;
    if (texts->ended) {
        return OK;
    }
    i64 got = 0;
    TRY(bytes_read(ctx, texts->bytes, texts->packed, CHUNK, &got));
    texts->ended = got == 0;
    take(texts, (str){texts->packed, got}, texts->ended);
    *more = true;
    return OK;
}

/* The first bytes decide the encoding, then become the first text. */
static err begin(struct ctx *ctx, struct texts *texts, enum encoding encoding)
{
    i64 len = 0, got = 1;
    while (len < SAMPLE_BYTES && got > 0) {
        TRY(bytes_read(ctx, texts->bytes, texts->packed + len, SAMPLE_BYTES - len, &got));
        len += got;
    }
    str sample = {texts->packed, len};
    texts->decoder.encoding = encoding == ENCODING_GUESS ? encoding_guess(sample) : encoding;
    texts->ended = len < SAMPLE_BYTES;
    take(texts, sample, texts->ended);
    return OK;
}

err texts_open(struct ctx *ctx, const char *path, enum encoding encoding, struct texts **out)
{
    struct bytes *bytes;
    TRY(bytes_open(ctx, path, &bytes));
    struct texts *texts = mem_new(sizeof *texts);
    texts->bytes = bytes;
    texts->capacity = CHUNK * 4;
    texts->data = mem_new(texts->capacity + JSON_PADDING);
    texts->packed = mem_new(SAMPLE_BYTES);
    err failed = begin(ctx, texts, encoding);
    if (failed != OK) {
        texts_close(texts);
        return failed;
    }
    *out = texts;
    return OK;
}

void texts_close(struct texts *texts)
{
    if (texts != NULL) {
        bytes_close(texts->bytes);
        mem_free(texts->data);
        mem_free(texts->packed);
        mem_free(texts);
    }
}

/* Throws away what is left of a line that is too long. */
static err skip_line(struct ctx *ctx, struct texts *texts)
{
    for (bool more = true; more;) {
        str window = texts_window(texts);
        const char *end = window.len > 0 ? memchr(window.data, '\n', (size_t)window.len) : NULL;
        if (end != NULL) {
            texts->from += end - window.data + 1;
            return OK;
        }
        texts->from = texts->to;
        TRY(texts_more(ctx, texts, &more));
    }
    return OK;
}

err texts_line(struct ctx *ctx, struct texts *texts, str *line, bool *whole)
{
    i64 searched = 0;
    for (;;) {
        str window = texts_window(texts);
        const char *end = window.len > searched ? memchr(window.data + searched, '\n', (size_t)(window.len - searched))
                                                : NULL;
        i64 len = end ? end - window.data : window.len;
        if (end != NULL || (texts->ended && window.len > 0)) {
            *line = str_slice(window, 0, len > 0 && window.data[len - 1] == '\r' ? len - 1 : len);
            *whole = true;
            texts->from += end ? len + 1 : len;
            return OK;
        }
        if (window.len > LINE_MAX_BYTES) {
            *whole = false;
            *line = STR("");
            return skip_line(ctx, texts);
        }
        searched = window.len;
        bool more;
        TRY(texts_more(ctx, texts, &more));
        if (!more && texts->to == texts->from) {
            return ERR_EMPTY;
        }
    }
}
