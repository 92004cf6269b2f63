#include "listen/encoding.h"

#include "base/types.h"

enum { BAD_BYTE = 0xFF };

const char *const encoding_words[] = {"guess", "utf-8", "utf-16le", "utf-16be", "windows-1258", NULL};

/* The upper half of windows-1258; 0 is not a character. Tones are combining marks: text is composed later. */
static const u16 windows1258[128] = {
    0x20AC, 0x0000, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0000, 0x2039, 0x0152,
    0x0000, 0x0000, 0x0000, 0x0000, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
    0x0000, 0x203A, 0x0153, 0x0000, 0x0000, 0x0178, 0x00A0, 0x00A1, 0x00A2, 0x00A3, 0x00A4, 0x00A5, 0x00A6,
    0x00A7, 0x00A8, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF, 0x00B0, 0x00B1, 0x00B2, 0x00B3,
    0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x00B9, 0x00BA, 0x00BB, 0x00BC, 0x00BD, 0x00BE, 0x00BF, 0x00C0,
    0x00C1, 0x00C2, 0x0102, 0x00C4, 0x00C5, 0x00C6, 0x00C7, 0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x0300, 0x00CD,
    0x00CE, 0x00CF, 0x0110, 0x00D1, 0x0309, 0x00D3, 0x00D4, 0x01A0, 0x00D6, 0x00D7, 0x00D8, 0x00D9, 0x00DA,
    0x00DB, 0x00DC, 0x01AF, 0x0303, 0x00DF, 0x00E0, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x00E5, 0x00E6, 0x00E7,
    0x00E8, 0x00E9, 0x00EA, 0x00EB, 0x0301, 0x00ED, 0x00EE, 0x00EF, 0x0111, 0x00F1, 0x0323, 0x00F3, 0x00F4,
    0x01A1, 0x00F6, 0x00F7, 0x00F8, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x01B0, 0x20AB, 0x00FF,
};

bool encoding_parse(str word, enum encoding *out)
{
    static const struct {
        str word;
        enum encoding encoding;
    } names[] = {
        {STR("guess"), ENCODING_GUESS},        {STR("utf-8"), ENCODING_UTF8},
        {STR("utf8"), ENCODING_UTF8},          {STR("utf-16le"), ENCODING_UTF16LE},
        {STR("utf16le"), ENCODING_UTF16LE},    {STR("utf-16be"), ENCODING_UTF16BE},
        {STR("utf16be"), ENCODING_UTF16BE},    {STR("windows-1258"), ENCODING_WINDOWS1258},
        {STR("cp1258"), ENCODING_WINDOWS1258},
    };
    for (i64 i = 0; i < countof(names); i++) {
        if (str_eq_nocase(word, names[i].word)) {
            *out = names[i].encoding;
            return true;
        }
    }
    return false;
}

/* Well-formed but for a character that the end of the sample cuts. */
static bool is_utf8(str first)
{
    str whole = utf8_prefix(first, first.len);
    for (i64 cut = 0; cut <= 3 && cut <= whole.len; cut++) {
        if (utf8_valid(str_slice(first, 0, first.len - cut))) {
            return true;
        }
    }
    return false;
}

enum encoding encoding_guess(str first)
{
    const u8 *at = (const u8 *)first.data;
    if (first.len >= 2 && at[0] == 0xFF && at[1] == 0xFE) {
        return ENCODING_UTF16LE;
    }
    if (first.len >= 2 && at[0] == 0xFE && at[1] == 0xFF) {
        return ENCODING_UTF16BE;
    }
    // Headings are mostly ASCII, so without a mark UTF-16 shows as zeros on one side.
    i64 zeros[2] = {0, 0}, pairs = lesser(first.len, 4096) / 2;
    for (i64 i = 0; i < pairs * 2; i++) {
        zeros[i % 2] += at[i] == 0;
    }
    if (pairs > 1 && zeros[1] > pairs / 2 && zeros[0] == 0) {
        return ENCODING_UTF16LE;
    }
    if (pairs > 1 && zeros[0] > pairs / 2 && zeros[1] == 0) {
        return ENCODING_UTF16BE;
    }
    return is_utf8(first) ? ENCODING_UTF8 : ENCODING_WINDOWS1258;
}

static i64 decode_windows1258(str in, char *out)
{
    i64 len = 0;
    for (i64 i = 0; i < in.len; i++) {
        u8 byte = (u8)in.data[i];
        u32 code = byte < 0x80 ? byte : windows1258[byte - 0x80];
        if (code == 0 && byte != 0) {
            out[len++] = (char)BAD_BYTE;
        } else {
            len += utf8_put(out + len, code);
        }
    }
    return len;
}

static u32 unit_at(const u8 *at, bool big)
{
    return big ? (u32)at[0] << 8 | at[1] : (u32)at[1] << 8 | at[0];
}

static bool is_high(u32 unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(u32 unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/* Decodes whole characters of `in`; returns the bytes used. An unfinished one is left for the next chunk. */
static i64 decode_utf16(const u8 *in, i64 count, bool big, char *out, i64 *len)
{
    i64 at = 0;
    while (at + 2 <= count) {
        u32 unit = unit_at(in + at, big);
        if (!is_high(unit)) {
            if (is_low(unit)) {
                out[(*len)++] = (char)BAD_BYTE;
            } else {
                *len += utf8_put(out + *len, unit);
            }
            at += 2;
            continue;
        }
        if (at + 4 > count) {
            break;
        }
        u32 low = unit_at(in + at + 2, big);
        if (!is_low(low)) {
            out[(*len)++] = (char)BAD_BYTE;
            at += 2;
            continue;
        }
        *len += utf8_put(out + *len, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        at += 4;
    }
    return at;
}

static i64 decode_wide(struct decoder *decoder, str in, bool last, char *out)
{
    bool big = decoder->encoding == ENCODING_UTF16BE;
    i64 len = 0, used = 0;
    while (decoder->rest_len > 0 && used < in.len) {
        decoder->rest[decoder->rest_len++] = (u8)in.data[used++];
        i64 taken = decode_utf16(decoder->rest, decoder->rest_len, big, out, &len);
        memmove(decoder->rest, decoder->rest + taken, (size_t)(decoder->rest_len - taken));
        decoder->rest_len -= taken;
    }
    if (decoder->rest_len == 0) {
        used += decode_utf16((const u8 *)in.data + used, in.len - used, big, out, &len);
        while (used < in.len) {
            decoder->rest[decoder->rest_len++] = (u8)in.data[used++];
        }
    }
    if (last && decoder->rest_len > 0) {
        out[len++] = (char)BAD_BYTE;
        decoder->rest_len = 0;
    }
    return len;
}

/* Takes the byte order mark off the text's beginning. */
static i64 without_mark(struct decoder *decoder, char *out, i64 len)
{
    if (decoder->begun || len == 0) {
        return len;
    }
    decoder->begun = true;
    if (len < 3 || memcmp(out, "\xEF\xBB\xBF", 3) != 0) {
        return len;
    }
    memmove(out, out + 3, (size_t)(len - 3));
    return len - 3;
}

i64 decode(struct decoder *decoder, str in, bool last, char *out)
{
    i64 len;
    if (decoder->encoding == ENCODING_WINDOWS1258) {
        return decode_windows1258(in, out);
    }
    if (decoder->encoding == ENCODING_UTF8) {
        memcpy(out, in.data, (size_t)in.len);
        len = in.len;
    } else {
        len = decode_wide(decoder, in, last, out);
    }
    return without_mark(decoder, out, len);
}
