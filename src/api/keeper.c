#include "api/keeper.h"

#include "base/log.h"
#include "events/log.h"
#include "journey/kept.h"

#include <pthread.h>
#include <time.h>

/* A file is written again when so many events, or so large a part of all, came since: a start reads half a million of them in a
 * second, and writing the file of twenty million takes as long. */
enum { FIRST_S = 5, EVERY_S = 120, EVENTS_MIN = 100000, PART = 16, AT_END = 20000 };

struct keeper {
    struct events *log;
    struct index *index;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
};

static void keep(struct keeper *keeper, i64 repeats, i64 rows)
{
    struct ctx ctx = {0};
    if (events_stats(keeper->log).readonly) {
        return; // the disk is full
    }
    err code = index_keep(&ctx, keeper->index, rows);
    if (code != OK) {
        log_fault(LOG_WARN, "index_not_kept", &ctx, code);
    }
    ctx_reset(&ctx);
    code = events_keep(&ctx, keeper->log, repeats);
    if (code != OK) {
        log_fault(LOG_WARN, "repeats_not_kept", &ctx, code);
    }
    ctx_end(&ctx);
}

static void *run(void *self)
{
    struct keeper *keeper = self;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += FIRST_S;
    pthread_mutex_lock(&keeper->lock);
    while (!keeper->stop) {
        if (pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until) == 0) {
            continue;
        }
        pthread_mutex_unlock(&keeper->lock);
        i64 repeats = events_stats(keeper->log).filter_entries / PART;
        keep(keeper, greater(EVENTS_MIN, repeats), greater(EVENTS_MIN, index_stats(keeper->index).rows / PART));
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_S;
        pthread_mutex_lock(&keeper->lock);
    }
    pthread_mutex_unlock(&keeper->lock);
    return NULL;
}

struct keeper *keeper_start(struct events *log, struct index *index)
{
    struct keeper *keeper = mem_new(sizeof *keeper);
    keeper->log = log;
    keeper->index = index;
    pthread_mutex_init(&keeper->lock, NULL);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&keeper->wake, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&keeper->thread, NULL, run, keeper) != 0) {
        pthread_mutex_destroy(&keeper->lock);
        pthread_cond_destroy(&keeper->wake);
        mem_free(keeper);
        return NULL;
    }
    return keeper;
}

void keeper_stop(struct keeper *keeper)
{
    if (keeper == NULL) {
        return;
    }
    pthread_mutex_lock(&keeper->lock);
    keeper->stop = true;
    pthread_cond_signal(&keeper->wake);
    pthread_mutex_unlock(&keeper->lock);
    pthread_join(keeper->thread, NULL);
    keep(keeper, AT_END, AT_END);
    pthread_mutex_destroy(&keeper->lock);
    pthread_cond_destroy(&keeper->wake);
    mem_free(keeper);
}
