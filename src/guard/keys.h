/* Keys for programs. A write key can only collect; an API key reads or administers, by its scopes. The secret is shown once. */
#pragma once

#include "guard/guard.h"

enum key_kind { KEY_WRITE, KEY_API, KEY_KIND_COUNT_ };
extern const char *const key_words[KEY_KIND_COUNT_ + 1];

struct key {
    i64 id;
    str name;
    i32 kind;               /* enum key_kind */
    str trust;              /* of a write key: "browser" or "server" */
    struct str_list scopes; /* of an API key: "read", "personal", "admin" */
    str prefix;             /* how its secret begins */
    i64 created_ms;
};
extern const struct shape key_shape;

/* Is it the source of what we store ourselves (answers to surveys, notes of staff, mentions, the demo company)? A key of that name
 * would send under the message ids of these. */
bool key_name_ours(str name);

/* Fills in id, prefix and created_ms. ERR_INVALID for a kind without its trust or scopes, and for a write key with a name that is
 * ours (error.key.ours). */
err key_create(struct ctx *ctx, struct guard *guard, const struct principal *who, struct key *key, str *secret);
err key_list(struct ctx *ctx, struct guard *guard, struct shape_list *out);

/* From the next request on it does not work. */
err key_remove(struct ctx *ctx, struct guard *guard, i64 id, struct key *removed);

/* Reads the keys that work into memory again. */
err keys_load(struct ctx *ctx, struct guard *guard);
