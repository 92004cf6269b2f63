/* Text out of bytes: UTF-8, UTF-16 in both orders, and windows-1258, which Vietnamese Excel still writes.
 *
 * What cannot be decoded becomes the byte FF, which no UTF-8 has: the reader above sees which line is damaged.
 */
#pragma once

#include "base/ctx.h"

enum encoding { ENCODING_GUESS, ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE, ENCODING_WINDOWS1258 };

extern const char *const encoding_words[]; /* "guess", "utf-8", … NULL */

/* "UTF-8", "utf16le", "cp1258" … in any case; false for an unknown word. */
bool encoding_parse(str word, enum encoding *out);

/* From a file's first bytes: byte order mark, zero bytes of UTF-16, else UTF-8 where it is well-formed, else windows-1258. */
enum encoding encoding_guess(str first);

/* A decoder remembers what a chunk cut in two. */
struct decoder {
    enum encoding encoding;
    bool begun; /* the byte order mark is behind us */
    u8 rest[4]; /* bytes of an unfinished character */
    i64 rest_len;
};

/* Decodes a chunk to UTF-8; `out` has room for 3 bytes for each of in.len + 4. Returns the length. */
i64 decode(struct decoder *decoder, str in, bool last, char *out);
