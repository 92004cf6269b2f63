/* Signed messages between servers, as Standard Webhooks has them (standardwebhooks.com, 2023):
 *
 *     webhook-id: msg_…            the same for every attempt: the receiver's key against repeats
 *     webhook-timestamp: 1674087231     seconds
 *     webhook-signature: v1,BASE64 v1,BASE64     HMAC-SHA256 of "id.timestamp.body", one for each secret
 *
 * A secret is "whsec_" and 24 to 64 bytes in base64. While one is rotated both sign, so that receivers change
 * when they like. The same signature guards what others send to us.
 */
#pragma once

#include "http/out.h"
#include "json/shape.h"

enum { WEBHOOK_AGE_S = 300, WEBHOOK_SECRETS_MAX = 2 };

/* A new secret in the arena. */
str webhook_secret(struct arena *arena);

/* Can it be read as a secret? */
bool webhook_secret_valid(str secret);

struct webhook {
    str url;
    struct str_list secrets; /* the newest first; one or two */
    str id;                  /* of the message, the same at every attempt; a-z A-Z 0-9 _ - */
    str body;                /* JSON */
};

/* Delivers one message. OK when it was taken (2xx); `status` is what was answered, 0 without an answer. ERR_UNAVAILABLE when trying
 * again makes sense (no answer, 408, 425, 429, 5xx), with the receiver's retry_after_s; ERR_INVALID when it does not
 * (error.webhook_refused, or what out_send says): other 4xx, redirects; 410 says that nobody wants any more. */
err webhook_send(struct ctx *ctx, struct out *out, const struct webhook *webhook, i32 *status);

/* The signature header for a message. Secrets must be valid. */
str webhook_signature(struct arena *arena, const struct str_list *secrets, str id, i64 at_s, str body);

struct webhook_received {
    str id, timestamp, signature; /* the three headers */
    str body;
};

/* ERR_UNAUTHENTICATED (error.webhook_signature) unless one of the secrets signed it within the last five minutes. Whoever takes it
 * remembers the id, because a message may come twice. */
err webhook_verify(struct ctx *ctx, const struct str_list *secrets, const struct webhook_received *received);
