/* Strings: a pointer and a length, never owned, never needing a final zero.
 *
 * `data == NULL` means "no value" where that matters (a missing JSON member, a
 * NULL column); an empty string has a pointer and the length 0. Text is UTF-8.
 */
#pragma once

#include "base/arena.h"
#include "base/types.h"

#include <string.h>

typedef struct str {
    const char *data;
    i64 len;
} str;

#define STR(literal) ((str){(literal), (i64)sizeof(literal) - 1})
#define STR_NONE ((str){NULL, 0})

/* For printf("%.*s", STR_ARG(text)). */
#define STR_ARG(text) (int)(text).len, (text).data ? (text).data : ""

static inline bool str_is(str text)
{
    return text.data != NULL;
}

static inline bool str_eq(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, (size_t)a.len) == 0);
}

static inline str str_slice(str text, i64 from, i64 to)
{
    return (str){text.data + from, to - from};
}

/* Borrows a C string; NULL gives STR_NONE. */
str str_from(const char *text);

/* Order by bytes, shorter first. */
int str_cmp(str a, str b);

/* ASCII only: what protocols need. */
bool str_eq_nocase(str a, str b);
bool str_starts(str text, str prefix);
bool str_ends(str text, str suffix);

/* Index of the first occurrence, or -1. */
i64 str_find(str text, str part);
i64 str_find_char(str text, char c);

/* Without ASCII white space at both ends. */
str str_trim(str text);

/* Cuts `*rest` at the first `separator`: returns the part before it, leaves the part after it; at the end
 * `*rest` becomes STR_NONE. */
str str_cut(str *rest, char separator);

str str_copy(struct arena *arena, str text);

/* A copy with a final zero, for the libraries that need one. Bytes after an embedded zero are lost to them. */
const char *str_c(struct arena *arena, str text);

/* printf into the arena. */
str str_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

str str_lower_ascii(struct arena *arena, str text);

/* Whole text as a decimal number: optional '-', digits, nothing else. False when it is not one or does not fit. */
bool str_i64(str text, i64 *out);

/* Whole text as a decimal floating point number ('.' before the fraction). No inf, nan or hexadecimal. */
bool str_f64(str text, f64 *out);

/* True for well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). */
bool utf8_valid(str text);

/* The longest prefix of at most `bytes_max` bytes that does not cut a character. */
str utf8_prefix(str text, i64 bytes_max);

/* Reads one code point at `*at` and moves past it; U+FFFD for a bad byte. */
u32 utf8_next(str text, i64 *at);

/* Writes a code point; returns its length (1 to 4). */
i64 utf8_put(char out[4], u32 code);
