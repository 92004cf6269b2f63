/* What all processes of an installation agree on: the first to say it is believed. */
#pragma once

#include "base/hash.h"
#include "store/store.h"

/* The key of the hash of message ids; `own` where nobody has said one yet. */
err installation_key(struct ctx *ctx, struct store *store, const u8 own[HASH_KEY_LEN], u8 out[HASH_KEY_LEN]);

/* Says the key of an installation whose events were stored under it elsewhere, before the first process does. ERR_CONFLICT when
 * there is another one. */
err installation_key_set(struct ctx *ctx, struct store *store, const u8 key[HASH_KEY_LEN]);

/* Words by name that are kept with the database: how far it was copied, for one. None where there is none. */
err installation_read(struct ctx *ctx, struct store *store, str name, str *out);
err installation_note(struct ctx *ctx, struct store *store, str name, str value);
