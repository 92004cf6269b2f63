#include "journey/warm.h"

#include "base/log.h"
#include "journey/findings_count.h"
#include "journey/index.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { PAUSE_MS = 1000 };

struct warm {
    struct index *index;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop; /* read by the work's context too */
};

static bool make_ready(struct warm *warm)
{
    struct ctx ctx = {.stop = &warm->stop};
    struct names props;
    err code = findings_promote(&ctx, warm->index, &props);
    if (code != OK && code != ERR_CANCELLED) {
        log_fault(LOG_WARN, "index_not_warm", &ctx, code); // the first question will try again
    }
    ctx_end(&ctx);
    return code == OK;
}

/* False when it was stopped meanwhile. */
static bool rest(struct warm *warm)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAUSE_MS / 1000;
    pthread_mutex_lock(&warm->lock);
    while (!warm->stop && pthread_cond_timedwait(&warm->wake, &warm->lock, &until) != ETIMEDOUT) {
    }
    bool on = !warm->stop;
    pthread_mutex_unlock(&warm->lock);
    return on;
}

/* Everything is made anew after an erasure. */
static bool is_surveyed(struct index *index)
{
    index_facts_lock(index);
    bool surveyed = index->surveyed;
    index_facts_unlock(index);
    return surveyed;
}

static void *run(void *self)
{
    struct warm *warm = self;
    i64 known = -1;
    do {
        i64 newest = index_last_id(warm->index);
        if ((newest != known || !is_surveyed(warm->index)) && make_ready(warm)) {
            known = newest;
        }
    } while (rest(warm));
    return NULL;
}

struct warm *warm_start(struct index *index)
{
    struct warm *warm = mem_new(sizeof *warm);
    warm->index = index;
    pthread_mutex_init(&warm->lock, NULL);
    pthread_cond_init(&warm->wake, NULL);
    if (pthread_create(&warm->thread, NULL, run, warm) != 0) {
        mem_free(warm);
        return NULL;
    }
    return warm;
}

void warm_stop(struct warm *warm)
{
    if (warm == NULL) {
        return;
    }
    pthread_mutex_lock(&warm->lock);
    __atomic_store_n(&warm->stop, true, __ATOMIC_RELAXED); // the work looks at it without the lock
    pthread_cond_signal(&warm->wake);
    pthread_mutex_unlock(&warm->lock);
    pthread_join(warm->thread, NULL);
    pthread_mutex_destroy(&warm->lock);
    pthread_cond_destroy(&warm->wake);
    mem_free(warm);
}
