#include "guard/guard.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "guard/inside.h"
#include "guard/keys.h"
#include "store/processes.h"

const char *const trust_words[TRUST_COUNT_ + 1] = {"browser", "server", NULL};

str digest_of(struct arena *arena, str secret)
{
    struct sha256 digest = sha256(secret);
    char *text = arena_alloc(arena, DIGEST_TEXT, 1);
    return hex(digest.bytes, sizeof digest.bytes, text);
}

static err forget_old(struct ctx *ctx, struct guard *guard)
{
    i64 now_ms = clock_ms();
    TRY(store_run(ctx, guard->store, SQL_SESSION_END_OLD,
                  ARGS(ARG_I64("idle_since_ms", now_ms - guard->idle_ms),
                       ARG_I64("created_since_ms", now_ms - guard->absolute_ms)),
                  NULL));
    return store_run(ctx, guard->store, SQL_LINK_END_OLD, ARGS(ARG_I64("now_ms", now_ms)), NULL);
}

err guard_open(struct ctx *ctx, const struct guard_options *options, struct guard **out)
{
    struct guard *guard = mem_new(sizeof *guard);
    guard->store = options->store;
    guard->processes = options->processes;
    guard->shared = store_shared(options->store);
    guard->idle_ms = options->idle_ms;
    guard->absolute_ms = options->absolute_ms;
    guard->hashes_max = options->hashes_max > 0 ? options->hashes_max : 2;
    guard->tries = mem_new((i64)sizeof(struct tries) * TRIES_SLOTS);
    random_bytes(&guard->seed, sizeof guard->seed);
    memcpy(guard->key, options->key, sizeof guard->key);
    pthread_mutex_init(&guard->keys_loading, NULL);
    pthread_rwlock_init(&guard->keys_lock, NULL);
    pthread_mutex_init(&guard->tries_lock, NULL);
    pthread_mutex_init(&guard->audit_lock, NULL);
    *out = guard;
    TRY(password_open(ctx, guard));
    TRY(forget_old(ctx, guard));
    processes_hear(guard->processes, "keys", keys_heard, guard);
    processes_hear(guard->processes, "tries", tries_heard, guard);
    return keys_load(ctx, guard);
}

void guard_key(const struct guard *guard, u8 out[HASH_KEY_LEN])
{
    memcpy(out, guard->key, HASH_KEY_LEN);
}

void guard_close(struct guard *guard)
{
    if (guard == NULL) {
        return;
    }
    pthread_mutex_destroy(&guard->keys_loading);
    pthread_rwlock_destroy(&guard->keys_lock);
    pthread_mutex_destroy(&guard->tries_lock);
    pthread_mutex_destroy(&guard->audit_lock);
    pthread_mutex_destroy(&guard->hash_lock);
    pthread_cond_destroy(&guard->hash_free);
    mem_free(guard->keys);
    mem_free(guard->tries);
    mem_free(guard);
}

err guard_transaction(struct ctx *ctx, struct guard *guard, err (*work)(struct ctx *, struct store *, void *),
                      void *arg)
{
    err code = store_write(ctx, guard->store, work, arg);
    if (atomic_exchange(&guard->keys_changed, false)) {
        struct fault fault = ctx->fault;
        err loaded = keys_load(ctx, guard);
        if (code == OK) {
            return loaded;
        }
        ctx->fault = fault;
    }
    return code;
}

bool guard_waits(const struct guard *guard)
{
    return guard != NULL && guard->shared;
}

struct principal guard_local(void)
{
    return (struct principal){
        .asker = ASKER_LOCAL,
        .rights = rights_of_role(ROLE_OWNER),
        .name = STR("local"),
        .user_name = STR("local"),
        .role = ROLE_OWNER,
    };
}

err guard_check(struct ctx *ctx, const struct principal *who, enum right right)
{
    if (right == RIGHT_PUBLIC || right == RIGHT_COLLECT || principal_may(who, right)) {
        return OK;
    }
    if (who->asker == ASKER_NOBODY) {
        return FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "error.signed_out");
    }
    return FAIL(ctx, ERR_FORBIDDEN, NULL, "error.right", {"right", str_from(right_words[right])});
}
