/* Hashes: a fast one for tables, keyed ones for what outsiders choose, a digest for files. */
#pragma once

#include "base/str.h"

/* XXH3, 64 bits: for tables in memory. */
u64 hash64(const void *data, i64 len);

static inline u64 hash_str(str text)
{
    return hash64(text.data, text.len);
}

enum { HASH_KEY_LEN = 16 };

/* SipHash-2-4 with a 128-bit result (Aumasson and Bernstein 2012): outsiders cannot construct collisions
 * without the key. Each part is hashed with its length, so ("ab","c") differs from ("a","bc"). */
struct u128 hash_keyed(const u8 key[HASH_KEY_LEN], const str *parts, i64 part_count);

struct sha256 {
    u8 bytes[32];
};
struct sha256 sha256(str data);

/* The same, of what comes in parts. */
struct sha256_parts {
    _Alignas(8) u8 state[112]; /* libsodium's */
};
void sha256_begin(struct sha256_parts *parts);
void sha256_add(struct sha256_parts *parts, str data);
struct sha256 sha256_end(struct sha256_parts *parts);

/* Lower-case hexadecimal; `out` needs two characters a byte. */
str hex(const void *data, i64 len, char *out);
