/* The connections of one process to PostgreSQL: taken for a piece of work, given back after it.
 *
 * While the server is away one thread at a time tries to reach it; all others
 * fail at once, so that no queue of waiting threads builds up.
 */
#pragma once

#include "store/pq.h"

enum {
    PQ_POOL_MAX = 16,   /* open at once; PostgreSQL's default is 100 for everybody */
    PQ_IDLE_MAX = 8,    /* kept open */
    PQ_TAKE_MS = 10000, /* the longest wait for one that is given back */
    PQ_AGAIN_MS = 250,  /* between two attempts to reach a server that is away */
};

struct pq_pool {
    str url; /* borrowed for the life of the pool */
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct pq *idle[PQ_IDLE_MAX];
    i64 idle_count, open_count;
    _Atomic bool away; /* the last attempt to connect failed, or it does not answer */
    bool trying;       /* somebody is at it */
    i64 tried_ms;      /* when it failed, on the steady clock */
};

void pq_pool_open(struct pq_pool *pool, str url);

/* Every connection must have been given back. */
void pq_pool_close(struct pq_pool *pool);

err pq_take(struct ctx *ctx, struct pq_pool *pool, struct pq **out);
void pq_give(struct pq_pool *pool, struct pq *pq);

/* Somebody else has noticed that the server does not answer, or does: idle connections are worth nothing then. */
void pq_pool_note(struct pq_pool *pool, bool away);

i64 pq_pool_count(struct pq_pool *pool, bool *away);
