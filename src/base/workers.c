#include "base/workers.h"

#include "base/arena.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* Work that was brought; lives on the stack of who brought it. */
struct job {
    void (*work)(void *self, i64 worker);
    void *self;
    i64 next, most; /* the number of the next helper */
    i64 helping;    /* helpers that have not returned */
    pthread_cond_t done;
    struct job *later;
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t brought;
    struct job *first; /* jobs that want more helpers, oldest first */
    i64 helper_count;
    bool closing;
    pthread_t helpers[WORKERS_MAX];
};

static void remove_job(struct workers *workers, const struct job *job)
{
    struct job **at = &workers->first;
    while (*at != NULL && *at != job) {
        at = &(*at)->later;
    }
    if (*at != NULL) {
        *at = job->later;
    }
}

/* The lock is held before and after. */
static void help(struct workers *workers, struct job *job)
{
    i64 worker = job->next++;
    job->helping++;
    if (job->next == job->most) {
        remove_job(workers, job);
    }
    pthread_mutex_unlock(&workers->lock);
    job->work(job->self, worker);
    pthread_mutex_lock(&workers->lock);
    if (--job->helping == 0) {
        pthread_cond_signal(&job->done);
    }
}

static void *helper(void *self)
{
    struct workers *workers = self;
    pthread_mutex_lock(&workers->lock);
    while (!workers->closing) {
        if (workers->first == NULL) {
            pthread_cond_wait(&workers->brought, &workers->lock);
        } else {
            help(workers, workers->first);
        }
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

/* Signals are the main thread's affair. */
static void start_helpers(struct workers *workers, i64 count)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (workers->helper_count < count &&
           pthread_create(&workers->helpers[workers->helper_count], NULL, helper, workers) == 0) {
        workers->helper_count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct workers *workers_open(i64 threads)
{
    i64 wanted = threads > 0 ? threads : (i64)sysconf(_SC_NPROCESSORS_ONLN);
    struct workers *workers = mem_new(sizeof *workers);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->brought, NULL);
    start_helpers(workers, lesser(wanted, WORKERS_MAX) - 1);
    return workers;
}

void workers_close(struct workers *workers)
{
    if (workers == NULL) {
        return;
    }
    pthread_mutex_lock(&workers->lock);
    workers->closing = true;
    pthread_cond_broadcast(&workers->brought);
    pthread_mutex_unlock(&workers->lock);
    for (i64 i = 0; i < workers->helper_count; i++) {
        pthread_join(workers->helpers[i], NULL);
    }
    pthread_cond_destroy(&workers->brought);
    pthread_mutex_destroy(&workers->lock);
    mem_free(workers);
}

i64 workers_count(const struct workers *workers)
{
    return workers == NULL ? 1 : workers->helper_count + 1;
}

static void bring(struct workers *workers, struct job *job)
{
    pthread_mutex_lock(&workers->lock);
    struct job **at = &workers->first;
    while (*at != NULL) {
        at = &(*at)->later;
    }
    *at = job;
    for (i64 i = 1; i < job->most; i++) {
        pthread_cond_signal(&workers->brought);
    }
    pthread_mutex_unlock(&workers->lock);
}

void workers_run(struct workers *workers, i64 most, void (*work)(void *self, i64 worker), void *self)
{
    struct job job = {.work = work, .self = self, .next = 1, .most = lesser(most, workers_count(workers))};
    if (job.most <= 1) {
        work(self, 0);
        return;
    }
    pthread_cond_init(&job.done, NULL);
    bring(workers, &job);
    work(self, 0);
    pthread_mutex_lock(&workers->lock);
    remove_job(workers, &job);
    while (job.helping > 0) {
        pthread_cond_wait(&job.done, &workers->lock);
    }
    pthread_mutex_unlock(&workers->lock);
    pthread_cond_destroy(&job.done);
}
