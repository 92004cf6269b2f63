#include "base/str.h"

enum { REPLACEMENT = 0xFFFD };

/* Length of the well-formed sequence at `at`, or 0. `*code` is its code point. */
static i64 sequence(str text, i64 at, u32 *code)
{
    const u8 *bytes = (const u8 *)text.data + at;
    i64 left = text.len - at;
    u8 first = bytes[0];
    if (first < 0x80) {
        *code = first;
        return 1;
    }
    i64 len = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || left < len) {
        return 0;
    }
    u32 value = first & (0x7Fu >> len);
    for (i64 i = 1; i < len; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | (bytes[i] & 0x3Fu);
    }
    static const u32 least[5] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < least[len] || surrogate || value > 0x10FFFF) {
        return 0;
    }
    *code = value;
    return len;
}

/* Eight ASCII bytes at a time: most text is mostly ASCII. */
static i64 skip_ascii(str text, i64 at)
{
    while (at + 8 <= text.len) {
        u64 word;
        memcpy(&word, text.data + at, sizeof(word));
        if (word & 0x8080808080808080u) {
            break;
        }
        at += 8;
    }
    return at;
}

/* The length of a character of two or three bytes whose first byte alone rules out overlong forms and surrogates; 0 says
 * nothing. Vietnamese is made of these. */
static i64 common(const u8 *bytes, i64 left)
{
    u8 first = bytes[0];
    if (first >= 0xC2 && first < 0xE0) {
        return left >= 2 && (bytes[1] & 0xC0) == 0x80 ? 2 : 0;
    }
    bool three = first > 0xE0 && first < 0xF0 && first != 0xED && left >= 3;
    return three && (bytes[1] & 0xC0) == 0x80 && (bytes[2] & 0xC0) == 0x80 ? 3 : 0;
}

bool utf8_valid(str text)
{
    i64 at = 0;
    while ((at = skip_ascii(text, at)) < text.len) {
        const u8 *bytes = (const u8 *)text.data + at;
        i64 known = bytes[0] < 0x80 ? 1 : common(bytes, text.len - at);
        if (known > 0) {
            at += known;
            continue;
        }
        u32 code;
        i64 len = sequence(text, at, &code);
        if (len == 0) {
            return false;
        }
        at += len;
    }
    return true;
}

str utf8_prefix(str text, i64 bytes_max)
{
    if (text.len <= bytes_max) {
        return text;
    }
    i64 end = bytes_max;
    while (end > 0 && ((u8)text.data[end] & 0xC0) == 0x80) {
        end--;
    }
    return str_slice(text, 0, end);
}

u32 utf8_next(str text, i64 *at)
{
    u32 code = REPLACEMENT;
    i64 len = sequence(text, *at, &code);
    *at += len == 0 ? 1 : len;
    return code;
}

i64 utf8_put(char out[4], u32 code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}
