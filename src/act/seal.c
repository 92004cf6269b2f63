#include "act/seal.h"

#include "act/state.h"
#include "base/hash.h"
#include "base/random.h"

#include <assert.h>
#include <sodium.h>

enum { SEALED_MAX = 512 };

static void key_of(const struct act *act, u8 out[crypto_secretbox_KEYBYTES])
{
    static_assert(crypto_secretbox_KEYBYTES == 32);
    u8 text[16 + HASH_KEY_LEN] = "cham act secret ";
    memcpy(text + 16, act->options.key, HASH_KEY_LEN);
    struct sha256 digest = sha256((str){(const char *)text, sizeof text});
    memcpy(out, digest.bytes, sizeof digest.bytes);
}

str seal(struct ctx *ctx, const struct act *act, str secret)
{
    u8 key[crypto_secretbox_KEYBYTES], box[SEALED_MAX];
    i64 len = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + secret.len;
    assert(len <= SEALED_MAX);
    key_of(act, key);
    random_bytes(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const u8 *)secret.data, (u64)secret.len, box, key);
    sodium_memzero(key, sizeof key);
    char *text = arena_alloc(&ctx->arena, 2 * len, 1);
    return hex(box, len, text);
}

err unseal(struct ctx *ctx, const struct act *act, str sealed, str *out)
{
    u8 key[crypto_secretbox_KEYBYTES], box[SEALED_MAX];
    size_t len = 0;
    int read = sodium_hex2bin(box, sizeof box, sealed.data, (size_t)sealed.len, NULL, &len, NULL);
    i64 plain = (i64)len - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES;
    if (read != 0 || plain <= 0) {
        return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt");
    }
    u8 *text = arena_alloc(&ctx->arena, plain, 1);
    key_of(act, key);
    int opened = crypto_secretbox_open_easy(text, box + crypto_secretbox_NONCEBYTES, len - crypto_secretbox_NONCEBYTES,
                                            box, key);
    sodium_memzero(key, sizeof key);
    *out = (str){(const char *)text, plain};
    return opened == 0 ? OK : FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt");
}
