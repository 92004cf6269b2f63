#include "base/str.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

str str_from(const char *text)
{
    return text == NULL ? STR_NONE : (str){text, (i64)strlen(text)};
}

int str_cmp(str a, str b)
{
    i64 shared = lesser(a.len, b.len);
    int order = shared == 0 ? 0 : memcmp(a.data, b.data, (size_t)shared);
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(str a, str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (i64 i = 0; i < a.len; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

bool str_starts(str text, str prefix)
{
    return text.len >= prefix.len && str_eq(str_slice(text, 0, prefix.len), prefix);
}

bool str_ends(str text, str suffix)
{
    return text.len >= suffix.len && str_eq(str_slice(text, text.len - suffix.len, text.len), suffix);
}

i64 str_find(str text, str part)
{
    if (part.len == 0) {
        return 0;
    }
    if (text.len < part.len) {
        return -1;
    }
    const char *at = memmem(text.data, (size_t)text.len, part.data, (size_t)part.len);
    return at == NULL ? -1 : at - text.data;
}

i64 str_find_char(str text, char c)
{
    const char *at = text.len > 0 ? memchr(text.data, c, (size_t)text.len) : NULL;
    return at == NULL ? -1 : at - text.data;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str text)
{
    while (text.len > 0 && is_space(text.data[0])) {
        text = str_slice(text, 1, text.len);
    }
    while (text.len > 0 && is_space(text.data[text.len - 1])) {
        text.len--;
    }
    return text;
}

str str_cut(str *rest, char separator)
{
    i64 at = str_find_char(*rest, separator);
    str part = at < 0 ? *rest : str_slice(*rest, 0, at);
    *rest = at < 0 ? STR_NONE : str_slice(*rest, at + 1, rest->len);
    return part;
}

str str_copy(struct arena *arena, str text)
{
    if (text.data == NULL) {
        return STR_NONE;
    }
    char *copy = arena_alloc(arena, text.len, 1);
    if (text.len > 0) {
        memcpy(copy, text.data, (size_t)text.len);
    }
    return (str){copy, text.len};
}

const char *str_c(struct arena *arena, str text)
{
    char *copy = arena_alloc(arena, text.len + 1, 1);
    if (text.len > 0) {
        memcpy(copy, text.data, (size_t)text.len);
    }
    return copy;
}

str str_format(struct arena *arena, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    va_list again;
    va_copy(again, list);
    int len = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = arena_alloc(arena, (i64)len + 1, 1);
    (void)vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (str){text, len};
}

str str_lower_ascii(struct arena *arena, str text)
{
    char *copy = arena_alloc(arena, text.len, 1);
    for (i64 i = 0; i < text.len; i++) {
        copy[i] = lower(text.data[i]);
    }
    return (str){copy, text.len};
}

bool str_i64(str text, i64 *out)
{
    bool negative = text.len > 0 && text.data[0] == '-';
    i64 value = 0;
    i64 at = negative ? 1 : 0;
    if (at == text.len) {
        return false;
    }
    for (; at < text.len; at++) {
        char c = text.data[at];
        if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value)) {
            return false;
        }
        i64 digit = c - '0';
        if (__builtin_add_overflow(value, negative ? -digit : digit, &value)) {
            return false;
        }
    }
    *out = value;
    return true;
}

bool str_f64(str text, f64 *out)
{
    enum { LEN_MAX = 64 };
    char copy[LEN_MAX + 1];
    if (text.len == 0 || text.len > LEN_MAX) {
        return false;
    }
    for (i64 i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool allowed = (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
        if (!allowed) {
            return false;
        }
        copy[i] = c;
    }
    copy[text.len] = 0;
    char *end = NULL;
    f64 value = strtod(copy, &end);
    if (end != copy + text.len || !isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}
