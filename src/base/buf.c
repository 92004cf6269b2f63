#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

char *buf_room(struct buf *buf, i64 more)
{
    enum { FIRST = 256 };
    if (buf->len + more > buf->capacity) {
        i64 wish = greater(buf->capacity * 2, FIRST);
        wish = greater(wish, buf->len + more);
        buf->data = arena_grow(buf->arena, buf->data, buf->capacity, wish, 1);
        buf->capacity = wish;
    }
    return buf->data + buf->len;
}

void buf_add(struct buf *buf, str text)
{
    if (text.len > 0) {
        memcpy(buf_room(buf, text.len), text.data, (size_t)text.len);
        buf->len += text.len;
    }
}

void buf_char(struct buf *buf, char c)
{
    *buf_room(buf, 1) = c;
    buf->len++;
}

void buf_i64(struct buf *buf, i64 number)
{
    enum { DIGITS_MAX = 20 };
    char digits[DIGITS_MAX];
    i64 at = DIGITS_MAX;
    u64 rest = number < 0 ? 0 - (u64)number : (u64)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    buf_add(buf, (str){digits + at, DIGITS_MAX - at});
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    va_list again;
    va_copy(again, list);
    int len = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *room = buf_room(buf, (i64)len + 1);
    (void)vsnprintf(room, (size_t)len + 1, format, again);
    va_end(again);
    buf->len += len;
}
