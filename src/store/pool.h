/* The connections that read one file: taken for a piece of work, given back after it. */
#pragma once

#include "store/connection.h"

#include <pthread.h>

enum { POOL_IDLE_MAX = 64 }; /* more threads than this never read at once for long */

struct pool {
    str file; /* borrowed for the life of the pool */
    pthread_mutex_t lock;
    struct connection *idle[POOL_IDLE_MAX];
    i64 idle_count, open_count;
    u64 age; /* connections taken before the last pool_renew are not kept */
};

void pool_open(struct pool *pool, str file);

/* Every connection must have been given back. */
void pool_close(struct pool *pool);

err pool_take(struct ctx *ctx, struct pool *pool, struct connection **out);
void pool_give(struct pool *pool, struct connection *connection);

/* Closes the idle ones: after a disk error nothing goes on over an old handle. */
void pool_renew(struct pool *pool);

i64 pool_count(struct pool *pool);
