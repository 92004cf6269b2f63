/* The data folder: who may use it, and its key. */
#pragma once

#include "base/ctx.h"
#include "base/hash.h"

struct folder {
    str path;
    int lock; /* the open lock file; -1: not held */
    u8 key[HASH_KEY_LEN];
};

/* Creates the folder (0700) where it is missing, locks it for this process (ERR_CONFLICT, error.folder_in_use, when
 * another has it, with nothing touched), and reads its key or creates one. */
err folder_open(struct ctx *ctx, str path, struct folder *out);
void folder_close(struct folder *folder);

/* Only the key: for reading a folder that a restore has just filled, and for tests. */
err folder_key(struct ctx *ctx, str path, u8 key[HASH_KEY_LEN]);

/* Gives a folder the key of the installation whose events it is to hold. */
err folder_key_set(struct ctx *ctx, str path, const u8 key[HASH_KEY_LEN]);

/* Makes the names in a folder durable. */
err folder_sync(struct ctx *ctx, str path);
