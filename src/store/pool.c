#include "store/pool.h"

#include <assert.h>

void pool_open(struct pool *pool, str file)
{
    *pool = (struct pool){.file = file};
    pthread_mutex_init(&pool->lock, NULL);
}

void pool_close(struct pool *pool)
{
    pool_renew(pool);
    assert(pool->open_count == 0);
    pthread_mutex_destroy(&pool->lock);
}

err pool_take(struct ctx *ctx, struct pool *pool, struct connection **out)
{
    struct connection *connection = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->idle_count > 0) {
        connection = pool->idle[--pool->idle_count];
    }
    u64 age = pool->age;
    pthread_mutex_unlock(&pool->lock);
    if (connection == NULL) {
        TRY(connection_open(ctx, &(struct connection_options){.file = pool->file}, &connection));
        connection->age = age;
        pthread_mutex_lock(&pool->lock);
        pool->open_count++;
        pthread_mutex_unlock(&pool->lock);
    }
    *out = connection;
    return OK;
}

void pool_give(struct pool *pool, struct connection *connection)
{
    pthread_mutex_lock(&pool->lock);
    if (!connection->broken && connection->age == pool->age && pool->idle_count < POOL_IDLE_MAX) {
        pool->idle[pool->idle_count++] = connection;
        connection = NULL;
    } else {
        pool->open_count--;
    }
    pthread_mutex_unlock(&pool->lock);
    connection_close(connection);
}

void pool_renew(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->age++;
    while (pool->idle_count > 0) {
        connection_close(pool->idle[--pool->idle_count]);
        pool->open_count--;
    }
    pthread_mutex_unlock(&pool->lock);
}

i64 pool_count(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    i64 count = pool->open_count;
    pthread_mutex_unlock(&pool->lock);
    return count;
}
