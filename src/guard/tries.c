#include "guard/inside.h"

#include "base/clock.h"
#include "base/hash.h"

static u64 name_of(const struct guard *guard, const char *what, str who)
{
    u64 parts[3] = {guard->seed, hash_str(str_from(what)), hash_str(who)};
    u64 hash = hash64(parts, sizeof parts);
    return hash != 0 ? hash : 1;
}

/* The slot of a name, or the oldest of its neighbourhood. */
static struct tries *find(struct guard *guard, u64 who)
{
    struct tries *oldest = NULL;
    for (u64 i = 0; i < TRIES_NEAR; i++) {
        struct tries *slot = &guard->tries[(who + i) % TRIES_SLOTS];
        if (slot->who == who) {
            return slot;
        }
        if (oldest == NULL || slot->since_ms < oldest->since_ms) {
            oldest = slot;
        }
    }
    *oldest = (struct tries){.who = who};
    return oldest;
}

err tries_add(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most, i64 window_ms)
{
    i64 now_ms = clock_steady_ns() / 1000000; // a clock that is set must not free or lock anybody
    pthread_mutex_lock(&guard->tries_lock);
    struct tries *slot = find(guard, name_of(guard, what, who));
    if (slot->since_ms == 0 || now_ms - slot->since_ms >= window_ms) {
        slot->since_ms = now_ms;
        slot->count = 0;
    }
    bool allowed = slot->count < most;
    slot->count += allowed ? 1 : 0;
    i64 wait_ms = slot->since_ms + window_ms - now_ms;
    pthread_mutex_unlock(&guard->tries_lock);
    if (allowed) {
        return OK;
    }
    err code = FAIL(ctx, ERR_BUSY, NULL, "error.too_many_tries");
    ctx->fault.retry_after_s = (i32)(wait_ms / 1000 + 1);
    return code;
}

void tries_clear(struct guard *guard, const char *what, str who)
{
    pthread_mutex_lock(&guard->tries_lock);
    find(guard, name_of(guard, what, who))->count = 0;
    pthread_mutex_unlock(&guard->tries_lock);
}

err guard_rate(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most)
{
    return tries_add(ctx, guard, what, who, most, 60000);
}
