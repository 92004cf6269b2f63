#include "http/server.h"

/* Handlers that may wait run here, so that a slow disk or a heavy question never stops the network threads. Where the
 * records are on another machine, looking up who asks may wait too; threads of their own do that, because a question that
 * is to be stopped may occupy all others. */

static struct exchange *take(struct work_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0 && !queue->stop) {
        pthread_cond_wait(&queue->ready, &queue->lock);
    }
    struct exchange *exchange = NULL;
    if (queue->count > 0) {
        exchange = queue->items[queue->first];
        queue->first = (queue->first + 1) % LIMIT_WAITING;
        queue->count--;
    }
    pthread_mutex_unlock(&queue->lock);
    return exchange;
}

static void *work_loop(void *self)
{
    struct work_queue *queue = self;
    for (struct exchange *exchange = take(queue); exchange != NULL; exchange = take(queue)) {
        err code = queue->run(exchange);
        if (!exchange->later) {
            exchange->code = code;
        }
        exchange_finish(exchange);
    }
    return NULL;
}

bool work_add(struct work_queue *queue, struct exchange *exchange)
{
    pthread_mutex_lock(&queue->lock);
    bool fits = queue->count < LIMIT_WAITING;
    if (fits) {
        queue->items[(queue->first + queue->count) % LIMIT_WAITING] = exchange;
        queue->count++;
        pthread_cond_signal(&queue->ready);
    }
    pthread_mutex_unlock(&queue->lock);
    return fits;
}

void exchange_finish(struct exchange *exchange)
{
    // Once the last party is gone the network thread may free the exchange: look at it before.
    struct MHD_Connection *connection = exchange->connection;
    bool suspended = exchange->suspended;
    if (atomic_fetch_sub(&exchange->parties, 1) == 1 && suspended) {
        MHD_resume_connection(connection);
    }
}

static err start(struct ctx *ctx, struct work_queue *queue, i32 threads, err (*run)(struct exchange *exchange))
{
    queue->run = run;
    for (; queue->thread_count < threads; queue->thread_count++) {
        if (pthread_create(&queue->threads[queue->thread_count], NULL, work_loop, queue) != 0) {
            return FAIL(ctx, ERR_IO, NULL, "error.system");
        }
    }
    return OK;
}

err work_start(struct ctx *ctx, struct http *http)
{
    TRY(start(ctx, &http->work, LIMIT_WORKERS, enter_handler));
    return start(ctx, &http->asks, LIMIT_ASKERS, enter_asker);
}

static void stop(struct work_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->stop = true;
    pthread_cond_broadcast(&queue->ready);
    pthread_mutex_unlock(&queue->lock);
    for (i32 i = 0; i < queue->thread_count; i++) {
        pthread_join(queue->threads[i], NULL);
    }
}

void work_stop(struct http *http)
{
    stop(&http->asks);
    stop(&http->work);
}
