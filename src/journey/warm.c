#include "journey/warm.h"

#include "base/log.h"
#include "journey/findings_count.h"

struct warm {
    struct index *index;
    pthread_t thread;
    bool stop; /* read by the work's context, written once */
};

static void *run(void *self)
{
    struct warm *warm = self;
    struct ctx ctx = {.stop = &warm->stop};
    struct names props;
    err code = findings_promote(&ctx, warm->index, &props);
    if (code != OK && code != ERR_CANCELLED) {
        log_fault(LOG_WARN, "index_not_warm", &ctx, code); // the first question will try again
    }
    ctx_end(&ctx);
    return NULL;
}

struct warm *warm_start(struct index *index)
{
    struct warm *warm = mem_new(sizeof *warm);
    warm->index = index;
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
    __atomic_store_n(&warm->stop, true, __ATOMIC_RELAXED);
    pthread_join(warm->thread, NULL);
    mem_free(warm);
}
