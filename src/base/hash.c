#include "base/hash.h"

#include <sodium.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

u64 hash64(const void *data, i64 len)
{
    return len == 0 ? XXH3_64bits("", 0) : XXH3_64bits(data, (size_t)len);
}

struct u128 hash_keyed(const u8 key[HASH_KEY_LEN], const str *parts, i64 part_count)
{
    _Static_assert(HASH_KEY_LEN == crypto_shorthash_siphashx24_KEYBYTES, "the key of SipHash");
    enum { SMALL = 512 };
    u8 small[SMALL];
    i64 total = 0;
    for (i64 i = 0; i < part_count; i++) {
        total += (i64)sizeof(i64) + parts[i].len;
    }
    u8 *text = total <= SMALL ? small : mem_new(total);
    i64 at = 0;
    for (i64 i = 0; i < part_count; i++) {
        memcpy(text + at, &parts[i].len, sizeof(i64));
        at += (i64)sizeof(i64);
        if (parts[i].len > 0) {
            memcpy(text + at, parts[i].data, (size_t)parts[i].len);
            at += parts[i].len;
        }
    }
    u8 hash[crypto_shorthash_siphashx24_BYTES];
    (void)crypto_shorthash_siphashx24(hash, text, (unsigned long long)total, key);
    if (text != small) {
        mem_free(text);
    }
    struct u128 out;
    memcpy(&out.high, hash, 8);
    memcpy(&out.low, hash + 8, 8);
    return out;
}

struct sha256 sha256(str data)
{
    struct sha256 out;
    (void)crypto_hash_sha256(out.bytes, (const u8 *)data.data, (unsigned long long)data.len);
    return out;
}

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct sha256_parts), "libsodium's state has its place");

static crypto_hash_sha256_state *state_of(struct sha256_parts *parts)
{
    return (crypto_hash_sha256_state *)(void *)parts->state;
}

void sha256_begin(struct sha256_parts *parts)
{
    (void)crypto_hash_sha256_init(state_of(parts));
}

void sha256_add(struct sha256_parts *parts, str data)
{
    (void)crypto_hash_sha256_update(state_of(parts), (const u8 *)data.data, (unsigned long long)data.len);
}

struct sha256 sha256_end(struct sha256_parts *parts)
{
    struct sha256 out;
    (void)crypto_hash_sha256_final(state_of(parts), out.bytes);
    return out;
}

str hex(const void *data, i64 len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const u8 *bytes = data;
    for (i64 i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return (str){out, 2 * len};
}
