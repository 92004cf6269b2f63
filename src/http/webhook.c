#include "http/webhook.h"

#include "base/buf.h"
#include "base/random.h"

#include <sodium.h>

enum { SECRET_BYTES = 32, SECRET_BYTES_MAX = 64, SECRET_BYTES_MIN = 24 };

#define SECRET_PREFIX "whsec_"

static str base64(struct arena *arena, const u8 *bytes, size_t count)
{
    size_t size = sodium_base64_ENCODED_LEN(count, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, (i64)size, 1);
    sodium_bin2base64(text, size, bytes, count, sodium_base64_VARIANT_ORIGINAL);
    return str_from(text);
}

str webhook_secret(struct arena *arena)
{
    u8 bytes[SECRET_BYTES];
    random_bytes(bytes, SECRET_BYTES);
    str secret = str_format(arena, SECRET_PREFIX "%.*s", STR_ARG(base64(arena, bytes, sizeof bytes)));
    sodium_memzero(bytes, sizeof bytes);
    return secret;
}

/* The bytes of a secret; 0 when it is none. */
static size_t read_secret(str secret, u8 bytes[SECRET_BYTES_MAX])
{
    size_t count = 0;
    const char *end = NULL;
    str text = str_starts(secret, STR(SECRET_PREFIX)) ? str_slice(secret, sizeof SECRET_PREFIX - 1, secret.len)
                                                      : STR_NONE;
    if (text.len == 0 || sodium_base642bin(bytes, SECRET_BYTES_MAX, text.data, (size_t)text.len, NULL, &count, &end,
                                           sodium_base64_VARIANT_ORIGINAL) != 0) {
        return 0;
    }
    return end == text.data + text.len && count >= SECRET_BYTES_MIN ? count : 0;
}

bool webhook_secret_valid(str secret)
{
    u8 bytes[SECRET_BYTES_MAX];
    bool valid = read_secret(secret, bytes) > 0;
    sodium_memzero(bytes, sizeof bytes);
    return valid;
}

static void sign(const u8 *secret, size_t len, str id, str timestamp, str body, u8 out[crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, secret, len);
    crypto_auth_hmacsha256_update(&state, (const u8 *)id.data, (u64)id.len);
    crypto_auth_hmacsha256_update(&state, (const u8 *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const u8 *)timestamp.data, (u64)timestamp.len);
    crypto_auth_hmacsha256_update(&state, (const u8 *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const u8 *)body.data, (u64)body.len);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

static str signature_of(struct arena *arena, str secret, str id, str timestamp, str body)
{
    u8 key[SECRET_BYTES_MAX], mac[crypto_auth_hmacsha256_BYTES];
    size_t len = read_secret(secret, key);
    sign(key, len, id, timestamp, body, mac);
    sodium_memzero(key, sizeof key);
    return len == 0 ? STR_NONE : base64(arena, mac, sizeof mac);
}

str webhook_signature(struct arena *arena, const struct str_list *secrets, str id, i64 at_s, str body)
{
    struct buf out = buf_in(arena);
    str timestamp = str_format(arena, "%lld", (long long)at_s);
    for (i64 i = 0; i < secrets->count; i++) {
        str one = signature_of(arena, secrets->items[i], id, timestamp, body);
        buf_format(&out, "%sv1,%.*s", i == 0 ? "" : " ", STR_ARG(one));
    }
    return buf_str(&out);
}

static bool try_again(i32 status)
{
    return status == 408 || status == 425 || status == 429 || status >= 500;
}

err webhook_send(struct ctx *ctx, struct out *out, const struct webhook *webhook, i32 *status)
{
    struct out_reply reply = {0};
    i64 at_s = ctx_now_ms(ctx) / 1000;
    *status = 0;
    struct out_header headers[] = {
        {"Content-Type", STR("application/json")},
        {"webhook-id", webhook->id},
        {"webhook-timestamp", str_format(&ctx->arena, "%lld", (long long)at_s)},
        {"webhook-signature", webhook_signature(&ctx->arena, &webhook->secrets, webhook->id, at_s, webhook->body)},
    };
    struct out_request request = {
        .url = webhook->url, .headers = headers, .header_count = countof(headers), .body = webhook->body};
    TRY(out_send(ctx, out, &request, &reply));
    *status = reply.status;
    if (reply.status >= 200 && reply.status < 300) {
        return OK;
    }
    str shown = str_format(&ctx->arena, "%d", (int)reply.status);
    if (try_again(reply.status)) {
        err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.webhook_refused", {"status", shown});
        ctx->fault.retry_after_s = reply.retry_after_s;
        return code;
    }
    return FAIL(ctx, ERR_INVALID, NULL, "error.webhook_refused", {"status", shown});
}

/* Is one of the signatures in the header ours? Every one is compared, in constant time. */
static bool holds(str header, str mine)
{
    bool found = false;
    while (str_is(header) && header.len > 0) {
        str one = str_trim(str_cut(&header, ' '));
        str version = str_cut(&one, ',');
        found |= str_eq(version, STR("v1")) && one.len == mine.len &&
                 sodium_memcmp(one.data, mine.data, (size_t)mine.len) == 0;
    }
    return found;
}

err webhook_verify(struct ctx *ctx, const struct str_list *secrets, const struct webhook_received *received)
{
    i64 at_s = 0;
    i64 now_s = ctx_now_ms(ctx) / 1000;
    bool known = false;
    bool timely = received->id.len > 0 && received->signature.len > 0 && str_i64(received->timestamp, &at_s) &&
                  at_s >= now_s - WEBHOOK_AGE_S && at_s <= now_s + WEBHOOK_AGE_S;
    for (i64 i = 0; timely && i < secrets->count; i++) {
        str mine = signature_of(&ctx->arena, secrets->items[i], received->id, received->timestamp, received->body);
        known |= str_is(mine) && holds(received->signature, mine);
    }
    return known ? OK : FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "error.webhook_signature");
}
