#include "store/pq_pool.h"

#include "base/clock.h"

#include <assert.h>

static i64 now_ms(void)
{
    return clock_steady_ns() / 1000000;
}

void pq_pool_open(struct pq_pool *pool, str url)
{
    *pool = (struct pq_pool){.url = url};
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->given, &steady);
    pthread_condattr_destroy(&steady);
}

static void close_idle(struct pq_pool *pool)
{
    while (pool->idle_count > 0) {
        pq_close(pool->idle[--pool->idle_count]);
        pool->open_count--;
    }
}

void pq_pool_close(struct pq_pool *pool)
{
    close_idle(pool);
    assert(pool->open_count == 0);
    pthread_cond_destroy(&pool->given);
    pthread_mutex_destroy(&pool->lock);
}

static err away(struct ctx *ctx)
{
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.records_away");
    ctx->fault.retry_after_s = PQ_RETRY_S;
    return code;
}

/* With the lock held: an idle connection that still answers, or NULL. */
static struct pq *take_idle(struct pq_pool *pool)
{
    while (pool->idle_count > 0) {
        struct pq *pq = pool->idle[--pool->idle_count];
        if (!pq_lost(pq)) {
            return pq;
        }
        pq_close(pq);
        pool->open_count--;
    }
    return NULL;
}

/* With the lock held, which is let go meanwhile. */
static err take_new(struct ctx *ctx, struct pq_pool *pool, struct pq **out)
{
    if (pool->away && (pool->trying || now_ms() - pool->tried_ms < PQ_AGAIN_MS)) {
        return away(ctx);
    }
    bool was_away = pool->away;
    pool->trying |= was_away;
    pool->open_count++;
    pthread_mutex_unlock(&pool->lock);
    err code = pq_open(ctx, pool->url, out, NULL);
    pthread_mutex_lock(&pool->lock);
    pool->trying &= !was_away;
    if (code != OK) {
        pool->open_count--;
    }
    // Others are open: then it is the server that has enough of us, and not gone.
    pool->away = code == ERR_UNAVAILABLE && (was_away || pool->open_count == 0);
    pool->tried_ms = now_ms();
    if (code == OK) {
        (*out)->away = &pool->away;
    }
    return code;
}

/* With the lock held: false when the time is over. */
static bool wait_for_one(struct pq_pool *pool, i64 until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    return pthread_cond_timedwait(&pool->given, &pool->lock, &until) == 0 || now_ms() < until_ms;
}

static err take_locked(struct ctx *ctx, struct pq_pool *pool, struct pq **out)
{
    bool enough = false;
    if (pool->away) {
        return take_new(ctx, pool, out); // one tries, the others are told at once
    }
    for (i64 until_ms = now_ms() + PQ_TAKE_MS;;) {
        *out = take_idle(pool);
        if (*out != NULL) {
            return OK;
        }
        if (!enough && pool->open_count < PQ_POOL_MAX) {
            err code = take_new(ctx, pool, out);
            if (code != ERR_UNAVAILABLE || pool->open_count == 0) {
                return code;
            }
            ctx_forgive(ctx);
            enough = true;
        } else if (pool->away || pool->open_count == 0 || !wait_for_one(pool, until_ms)) {
            return away(ctx);
        }
    }
}

err pq_take(struct ctx *ctx, struct pq_pool *pool, struct pq **out)
{
    pthread_mutex_lock(&pool->lock);
    err code = take_locked(ctx, pool, out);
    pthread_mutex_unlock(&pool->lock);
    return code;
}

void pq_give(struct pq_pool *pool, struct pq *pq)
{
    pthread_mutex_lock(&pool->lock);
    if (!pq->broken && pool->idle_count < PQ_IDLE_MAX) {
        pool->idle[pool->idle_count++] = pq;
        pq = NULL;
    } else {
        pool->open_count--;
    }
    pthread_cond_signal(&pool->given);
    pthread_mutex_unlock(&pool->lock);
    pq_close(pq);
}

void pq_pool_note(struct pq_pool *pool, bool away)
{
    pthread_mutex_lock(&pool->lock);
    if (away) {
        close_idle(pool);
    }
    pool->away = away;
    pool->tried_ms = now_ms();
    pthread_cond_broadcast(&pool->given);
    pthread_mutex_unlock(&pool->lock);
}

i64 pq_pool_count(struct pq_pool *pool, bool *away)
{
    pthread_mutex_lock(&pool->lock);
    i64 count = pool->open_count;
    *away = pool->away;
    pthread_mutex_unlock(&pool->lock);
    return count;
}
