#include "http/server.h"

/* Handlers that may wait run here, so that a slow disk or a heavy question never stops the network threads. */

static struct exchange *take(struct http *http)
{
    pthread_mutex_lock(&http->work_lock);
    while (http->work_count == 0 && !http->work_stop) {
        pthread_cond_wait(&http->work_ready, &http->work_lock);
    }
    struct exchange *exchange = NULL;
    if (http->work_count > 0) {
        exchange = http->work[http->work_first];
        http->work_first = (http->work_first + 1) % LIMIT_WAITING;
        http->work_count--;
    }
    pthread_mutex_unlock(&http->work_lock);
    return exchange;
}

static void *work_loop(void *self)
{
    struct http *http = self;
    for (struct exchange *exchange = take(http); exchange != NULL; exchange = take(http)) {
        err code = enter_handler(exchange);
        if (!exchange->later) {
            exchange->code = code;
        }
        exchange_finish(exchange);
    }
    return NULL;
}

bool work_add(struct http *http, struct exchange *exchange)
{
    pthread_mutex_lock(&http->work_lock);
    bool fits = http->work_count < LIMIT_WAITING;
    if (fits) {
        http->work[(http->work_first + http->work_count) % LIMIT_WAITING] = exchange;
        http->work_count++;
        pthread_cond_signal(&http->work_ready);
    }
    pthread_mutex_unlock(&http->work_lock);
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

err work_start(struct ctx *ctx, struct http *http)
{
    for (i32 i = 0; i < LIMIT_WORKERS; i++) {
        if (pthread_create(&http->workers[i], NULL, work_loop, http) != 0) {
            return FAIL(ctx, ERR_IO, NULL, "error.system");
        }
    }
    return OK;
}

void work_stop(struct http *http)
{
    pthread_mutex_lock(&http->work_lock);
    http->work_stop = true;
    pthread_cond_broadcast(&http->work_ready);
    pthread_mutex_unlock(&http->work_lock);
    for (i32 i = 0; i < LIMIT_WORKERS; i++) {
        pthread_join(http->workers[i], NULL);
    }
}
