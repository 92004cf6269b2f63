#include "store/pq_listen.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/random.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Between two attempts to connect, and between two questions whether the server is still there: what another process tells
 * (a key that was removed) must not be missed for long. */
enum { AGAIN_MS = 500, ALIVE_MS = 3000, PATIENCE_MS = 6000 };

struct heard {
    str channel;
    void (*heard)(void *self, str text);
    void *self;
};

struct pq_listener {
    struct pq_pool *pool;
    char who[16];
    pthread_t thread;
    int wake;                /* an eventfd: the thread is to end */
    bool missed;             /* the connection was lost since the listeners heard last */
    bool away;               /* and the log says so */
    pthread_mutex_t telling; /* while somebody is told */
    pthread_mutex_t lock;    /* of what follows */
    struct heard items[LISTENERS_MAX];
    i64 count;
};

/* True when the thread is to end. */
static bool pause_for(struct pq_listener *listener, i64 ms)
{
    struct pollfd at = {.fd = listener->wake, .events = POLLIN};
    return poll(&at, 1, (int)ms) > 0;
}

static i64 copy_all(struct pq_listener *listener, struct heard out[LISTENERS_MAX])
{
    pthread_mutex_lock(&listener->lock);
    i64 count = listener->count;
    memcpy(out, listener->items, sizeof listener->items);
    pthread_mutex_unlock(&listener->lock);
    return count;
}

static void tell_missed(struct pq_listener *listener)
{
    struct heard items[LISTENERS_MAX];
    pthread_mutex_lock(&listener->telling);
    i64 count = copy_all(listener, items);
    for (i64 i = 0; i < count; i++) {
        items[i].heard(items[i].self, STR_NONE);
    }
    pthread_mutex_unlock(&listener->telling);
}

static void hear(struct pq_listener *listener, str words)
{
    str who = str_cut(&words, ' '), channel = str_cut(&words, ' ');
    if (str_eq(who, (str){listener->who, sizeof listener->who})) {
        return;
    }
    struct heard items[LISTENERS_MAX];
    pthread_mutex_lock(&listener->telling);
    i64 count = copy_all(listener, items);
    for (i64 i = 0; i < count; i++) {
        if (str_eq(channel, items[i].channel)) {
            items[i].heard(items[i].self, str_is(words) ? words : STR(""));
        }
    }
    pthread_mutex_unlock(&listener->telling);
}

static void hear_all(struct pq_listener *listener, struct pq *pq)
{
    for (PGnotify *notify; (notify = PQnotifies(pq->link)) != NULL;) {
        hear(listener, str_from(notify->extra));
        PQfreemem(notify);
    }
}

/* Hears until the connection is lost; true when the thread is to end. */
static bool hear_on(struct ctx *ctx, struct pq_listener *listener, struct pq *pq)
{
    for (;;) {
        hear_all(listener, pq);
        struct pollfd at[2] = {{.fd = PQsocket(pq->link), .events = POLLIN}, {.fd = listener->wake, .events = POLLIN}};
        int ready = poll(at, 2, ALIVE_MS);
        if (at[1].revents != 0) {
            return true;
        }
        i64 number;
        bool well = ready > 0    ? PQconsumeInput(pq->link) != 0
                    : ready == 0 ? pq_number(ctx, pq, SQL_POSTGRES_MIGRATION_NEWEST, &number) == OK
                                 : errno == EINTR;
        if (!well) {
            return false;
        }
    }
}

static err connect_once(struct ctx *ctx, struct pq_listener *listener, struct pq **out)
{
    str problem = STR_NONE;
    err opened = pq_open(ctx, listener->pool->url, out, &problem);
    if (opened != OK) {
        if (!listener->away) {
            log_say(LOG_WARN, "records_away", "problem", str_c(&ctx->arena, problem), NULL);
        }
        listener->away = true;
        return opened;
    }
    (*out)->patience_ms = PATIENCE_MS;
    err code = pq_run_plain(ctx, *out, SQL_POSTGRES_LISTEN);
    if (code != OK) {
        pq_close(*out);
    }
    return code;
}

static void *listen_loop(void *arg)
{
    struct pq_listener *listener = arg;
    struct ctx ctx = {0};
    for (bool ended = false; !ended;) {
        struct pq *pq = NULL;
        if (connect_once(&ctx, listener, &pq) == OK) {
            pq_pool_note(listener->pool, false);
            if (listener->away) {
                log_say(LOG_INFO, "records_back", "server", pq->place.data, NULL);
                listener->away = false;
            }
            if (listener->missed) {
                listener->missed = false;
                tell_missed(listener);
            }
            ended = hear_on(&ctx, listener, pq);
            pq_close(pq);
        }
        if (!ended) {
            listener->missed = true;
            pq_pool_note(listener->pool, true);
            ended = pause_for(listener, AGAIN_MS);
        }
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

err pq_listener_open(struct ctx *ctx, struct pq_pool *pool, struct pq_listener **out)
{
    struct pq_listener *listener = mem_new(sizeof *listener);
    u8 who[sizeof listener->who / 2];
    random_bytes(who, sizeof who);
    hex(who, sizeof who, listener->who);
    listener->pool = pool;
    listener->missed = true; // what was said before it listened was not heard
    listener->wake = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&listener->lock, NULL);
    pthread_mutex_init(&listener->telling, NULL);
    *out = listener;
    if (listener->wake < 0 || pthread_create(&listener->thread, NULL, listen_loop, listener) != 0) {
        *out = NULL;
        close(listener->wake);
        mem_free(listener);
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
    }
    return OK;
}

void pq_listener_close(struct pq_listener *listener)
{
    if (listener == NULL) {
        return;
    }
    (void)!write(listener->wake, &(u64){1}, sizeof(u64));
    pthread_join(listener->thread, NULL);
    close(listener->wake);
    pthread_mutex_destroy(&listener->lock);
    pthread_mutex_destroy(&listener->telling);
    mem_free(listener);
}

void pq_listener_add(struct pq_listener *listener, str channel, void (*heard)(void *self, str text), void *self)
{
    pthread_mutex_lock(&listener->lock);
    assert(listener->count < LISTENERS_MAX);
    listener->items[listener->count++] = (struct heard){channel, heard, self};
    pthread_mutex_unlock(&listener->lock);
}

void pq_listener_deaf(struct pq_listener *listener)
{
    pthread_mutex_lock(&listener->telling);
    pthread_mutex_lock(&listener->lock);
    listener->count = 0;
    pthread_mutex_unlock(&listener->lock);
    pthread_mutex_unlock(&listener->telling);
}

void pq_words(const struct pq_listener *listener, str channel, str text, struct buf *out)
{
    buf_add(out, (str){listener->who, sizeof listener->who});
    buf_char(out, ' ');
    buf_add(out, channel);
    buf_char(out, ' ');
    buf_add(out, text);
}
