#include "guard/inside.h"
#include "guard/users.h"

#include <sodium.h>

/* A hash takes 32 MB and a processor for a while: few at a time bound both, one more may wait. */
enum { WAITING_MAX = 1 };

static err enter(struct ctx *ctx, struct guard *guard)
{
    pthread_mutex_lock(&guard->hash_lock);
    bool crowded = guard->hashing >= guard->hashes_max && guard->waiting >= WAITING_MAX;
    if (!crowded) {
        guard->waiting++;
        while (guard->hashing >= guard->hashes_max) {
            pthread_cond_wait(&guard->hash_free, &guard->hash_lock);
        }
        guard->waiting--;
        guard->hashing++;
    }
    pthread_mutex_unlock(&guard->hash_lock);
    if (crowded) {
        ctx->fault.retry_after_s = 1;
        return FAIL(ctx, ERR_BUSY, NULL, "error.busy");
    }
    return OK;
}

static void leave(struct guard *guard)
{
    pthread_mutex_lock(&guard->hash_lock);
    guard->hashing--;
    pthread_cond_signal(&guard->hash_free);
    pthread_mutex_unlock(&guard->hash_lock);
}

err password_hash(struct ctx *ctx, struct guard *guard, str password, str *out)
{
    char *text = arena_alloc(&ctx->arena, crypto_pwhash_STRBYTES, 1);
    TRY(enter(ctx, guard));
    int failed = crypto_pwhash_str_alg(text, password.data, (unsigned long long)password.len, GUARD_HASH_PASSES,
                                       GUARD_HASH_BYTES, crypto_pwhash_ALG_ARGON2ID13);
    leave(guard);
    *out = str_from(text);
    return failed ? FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.busy") : OK;
}

err password_check(struct ctx *ctx, struct guard *guard, str hash, str password, bool *out)
{
    const char *text = str_is(hash) && hash.len > 0 ? str_c(&ctx->arena, hash) : guard->nobody;
    TRY(enter(ctx, guard));
    int wrong = crypto_pwhash_str_verify(text, password.data ? password.data : "", (unsigned long long)password.len);
    leave(guard);
    *out = wrong == 0 && text != guard->nobody;
    return OK;
}

err password_open(struct ctx *ctx, struct guard *guard)
{
    if (sodium_init() < 0) {
        return FAIL(ctx, ERR_IO, NULL, "error.system");
    }
    pthread_mutex_init(&guard->hash_lock, NULL);
    pthread_cond_init(&guard->hash_free, NULL);
    // A hash of the same cost that no password fits.
    u8 salt[crypto_pwhash_SALTBYTES];
    randombytes_buf(salt, sizeof salt);
    char salt_text[32], hash_text[64];
    sodium_bin2base64(salt_text, sizeof salt_text, salt, sizeof salt, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    u8 noise[32];
    randombytes_buf(noise, sizeof noise);
    sodium_bin2base64(hash_text, sizeof hash_text, noise, sizeof noise, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    snprintf(guard->nobody, sizeof guard->nobody, "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", GUARD_HASH_BYTES / 1024,
             GUARD_HASH_PASSES, salt_text, hash_text);
    return OK;
}

err password_rules(struct ctx *ctx, const char *field, str password)
{
    if (password.len < PASSWORD_MIN || password.len > PASSWORD_MAX) {
        return FAIL(ctx, ERR_INVALID, field, "error.password_length",
                    {"least", str_format(&ctx->arena, "%d", PASSWORD_MIN)},
                    {"most", str_format(&ctx->arena, "%d", PASSWORD_MAX)});
    }
    // One character repeated is no secret, whatever its length.
    bool same = true;
    for (i64 i = 1; i < password.len; i++) {
        same = same && password.data[i] == password.data[0];
    }
    return same ? FAIL(ctx, ERR_INVALID, field, "error.password_simple") : OK;
}
