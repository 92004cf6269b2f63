/* The inside of guard/: what its files share. */
#pragma once

#include "guard/guard.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>

enum { DIGEST_TEXT = 64, SECRET_BYTES = 32, PREFIX_LEN = 12 };

/* A key that works. */
struct live_key {
    char digest[DIGEST_TEXT];
    i64 id;
    i32 kind;
    enum trust trust;
    u32 scopes;
    char name[64];
};

/* How often somebody tried something lately. */
struct tries {
    u64 who;      /* hash of what and who; 0: free */
    i64 since_ms; /* when the window began */
    i64 count;
};

/* Enough for an attack from many addresses; the oldest makes room. Bounded, so that attempts cannot fill the memory. */
enum { TRIES_SLOTS = 8192, TRIES_NEAR = 8 };

struct guard {
    struct store *store;
    struct processes *processes;
    bool shared; /* other processes write the same records */
    i64 idle_ms, absolute_ms;
    u64 seed;             /* so that nobody can make attempts collide */
    u8 key[HASH_KEY_LEN]; /* of the installation: so that nobody finds an address in the records by trying all */

    pthread_mutex_t keys_loading;
    pthread_rwlock_t keys_lock;
    struct live_key *keys;
    i64 key_count;
    _Atomic bool keys_changed; /* in a transaction that is not committed yet */

    pthread_mutex_t tries_lock;
    struct tries *tries;
    _Atomic i64 tries_forget_ms; /* steady: when ended windows are removed from the records next */

    pthread_mutex_t hash_lock;
    pthread_cond_t hash_free;
    i32 hashes_max, hashing, waiting;
    char nobody[128]; /* what the password of somebody unknown is compared with, so that it takes as long */

    pthread_mutex_t audit_lock;
};

/* SHA-256 as hexadecimal text. */
str digest_of(struct arena *arena, str secret);

/* keys.c: the keys in memory follow the records, now or when the transaction is committed; in every process. */
err keys_follow(struct ctx *ctx, struct guard *guard);
err keys_heard(void *self, struct ctx *ctx, str text);

/* password.c: one of few at a time; ERR_BUSY when too many wait. */
err password_hash(struct ctx *ctx, struct guard *guard, str password, str *out);
err password_check(struct ctx *ctx, struct guard *guard, str hash, str password, bool *out);
err password_open(struct ctx *ctx, struct guard *guard);
err password_rules(struct ctx *ctx, const char *field, str password);

/* tries.c: counts an attempt; ERR_BUSY with the time to wait when there were `most` within the window already. */
err tries_add(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most, i64 window_ms);
/* Counts nothing; ERR_BUSY where tries_add would refuse now. */
err tries_look(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most, i64 window_ms);
void tries_clear(struct guard *guard, const char *what, str who);
err tries_heard(void *self, struct ctx *ctx, str name); /* another process cleared them */

/* sign.c */
err sign_attempt(struct ctx *ctx, struct guard *guard, str account, str address);
void sign_success(struct guard *guard, str account, str address);
