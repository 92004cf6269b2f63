/* A growing run of bytes in an arena: what replies, rows and messages are built in. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct buf {
    struct arena *arena;
    char *data;
    i64 len, capacity;
};

static inline struct buf buf_in(struct arena *arena)
{
    return (struct buf){arena, NULL, 0, 0};
}

static inline str buf_str(const struct buf *buf)
{
    return (str){buf->data ? buf->data : "", buf->len};
}

/* Room for `more` bytes behind `len`; the caller writes there and adds to `len`. */
char *buf_room(struct buf *buf, i64 more);

void buf_add(struct buf *buf, str text);
void buf_char(struct buf *buf, char c);
void buf_i64(struct buf *buf, i64 number);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
