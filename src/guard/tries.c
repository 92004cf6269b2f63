/* Attempts are counted in memory; where other processes count too, in the records, one statement for each attempt that may be
 * allowed. What the records refuse is remembered, so that a flood of refused attempts costs them nothing. */
#include "guard/inside.h"

#include "base/clock.h"
#include "base/hash.h"
#include "store/processes.h"

static u64 name_in_memory(const struct guard *guard, str name)
{
    u64 parts[2] = {guard->seed, hash_str(name)};
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

static err too_many(struct ctx *ctx, i64 wait_ms)
{
    err code = FAIL(ctx, ERR_BUSY, NULL, "error.too_many_tries");
    ctx->fault.retry_after_s = (i32)(greater(wait_ms, 0) / 1000 + 1);
    return code;
}

/* The same name in every process of the installation. There are few addresses: whoever sees the table and not the key
 * finds out nobody's by trying them all. */
static str shared_name(const struct guard *guard, struct arena *arena, const char *what, str who)
{
    const str parts[] = {str_from(what), who};
    struct u128 name = hash_keyed(guard->key, parts, countof(parts));
    return hex(&name, sizeof name, arena_alloc(arena, 2 * (i64)sizeof name, 1));
}

static u64 name_of(const struct guard *guard, const char *what, str who)
{
    struct arena arena = {0};
    u64 name = name_in_memory(guard, shared_name(guard, &arena, what, who));
    arena_free(&arena);
    return name;
}

struct counted {
    i64 count, left_ms;
};
static const struct shape_field counted_fields[] = {
    {"count", SHAPE_I64, offsetof(struct counted, count)},
    {"left_ms", SHAPE_I64, offsetof(struct counted, left_ms)},
};
static const struct shape counted_shape = SHAPE("Tries", struct counted, counted_fields, NULL);

static err forget_ended(struct ctx *ctx, struct guard *guard, i64 now_ms)
{
    enum { EVERY_MS = 600000 };
    i64 due_ms = guard->tries_forget_ms;
    bool mine = now_ms >= due_ms && atomic_compare_exchange_strong(&guard->tries_forget_ms, &due_ms, now_ms + EVERY_MS);
    return mine ? store_run(ctx, guard->store, SQL_TRIES_FORGET, ARGS_NONE, NULL) : OK;
}

static err add_shared(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most, i64 window_ms)
{
    struct counted counted = {0};
    i64 now_ms = clock_steady_ns() / 1000000;
    TRY(forget_ended(ctx, guard, now_ms));
    str name = shared_name(guard, &ctx->arena, what, who);
    TRY(store_one(ctx, guard->store, SQL_TRIES_ADD,
                  ARGS(ARG_STR("who", name), ARG_I64("most", most), ARG_I64("window_ms", window_ms)), &counted_shape,
                  &counted));
    if (counted.count <= most) {
        return OK;
    }
    pthread_mutex_lock(&guard->tries_lock);
    *find(guard, name_in_memory(guard, name)) = (struct tries){.who = name_in_memory(guard, name),
                                                               .since_ms = now_ms + counted.left_ms - window_ms,
                                                               .count = most};
    pthread_mutex_unlock(&guard->tries_lock);
    return too_many(ctx, counted.left_ms);
}

err tries_add(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most, i64 window_ms)
{
    i64 now_ms = clock_steady_ns() / 1000000; // a clock that is set must not free or lock anybody
    u64 name = name_of(guard, what, who);
    pthread_mutex_lock(&guard->tries_lock);
    struct tries *slot = find(guard, name);
    if (slot->since_ms == 0 || now_ms - slot->since_ms >= window_ms) {
        slot->since_ms = now_ms;
        slot->count = 0;
    }
    bool allowed = slot->count < most;
    slot->count += allowed ? 1 : 0;
    i64 wait_ms = slot->since_ms + window_ms - now_ms;
    pthread_mutex_unlock(&guard->tries_lock);
    if (!allowed) {
        return too_many(ctx, wait_ms);
    }
    return guard->shared ? add_shared(ctx, guard, what, who, most, window_ms) : OK;
}

static err look_shared(struct ctx *ctx, struct guard *guard, str name, i64 most)
{
    struct counted counted = {0};
    err code = store_one(ctx, guard->store, SQL_TRIES_COUNT, ARGS(ARG_STR("who", name)), &counted_shape, &counted);
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return OK;
    }
    TRY(code);
    return counted.count < most ? OK : too_many(ctx, counted.left_ms);
}

err tries_look(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most, i64 window_ms)
{
    i64 now_ms = clock_steady_ns() / 1000000, wait_ms = 0;
    str shared = shared_name(guard, &ctx->arena, what, who);
    u64 name = name_in_memory(guard, shared);
    pthread_mutex_lock(&guard->tries_lock);
    for (u64 i = 0; i < TRIES_NEAR; i++) { // nobody else's slot is taken for a look
        const struct tries *slot = &guard->tries[(name + i) % TRIES_SLOTS];
        if (slot->who == name && slot->count >= most) {
            wait_ms = slot->since_ms + window_ms - now_ms;
        }
    }
    pthread_mutex_unlock(&guard->tries_lock);
    if (wait_ms > 0) {
        return too_many(ctx, wait_ms);
    }
    return guard->shared ? look_shared(ctx, guard, shared, most) : OK;
}

static void forget(struct guard *guard, u64 name)
{
    pthread_mutex_lock(&guard->tries_lock);
    find(guard, name)->count = 0;
    pthread_mutex_unlock(&guard->tries_lock);
}

void tries_clear(struct guard *guard, const char *what, str who)
{
    struct ctx ctx = {0};
    str name = shared_name(guard, &ctx.arena, what, who);
    forget(guard, name_in_memory(guard, name));
    if (guard->shared) {
        processes_tell(guard->processes, "tries", name);
        if (store_run(&ctx, guard->store, SQL_TRIES_CLEAR, ARGS(ARG_STR("who", name)), NULL) != OK) {
            ctx_forgive(&ctx); // then the window ends by itself
        }
    }
    ctx_end(&ctx);
}

err tries_heard(void *self, struct ctx *ctx, str name)
{
    (void)ctx;
    if (str_is(name)) {
        forget(self, name_in_memory(self, name));
    }
    return OK;
}

err guard_rate(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most)
{
    return tries_add(ctx, guard, what, who, most, 60000);
}

err guard_rate_look(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most)
{
    return tries_look(ctx, guard, what, who, most, 60000);
}
