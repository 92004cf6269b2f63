/* What processes tell each other. */
#include "base/log.h"
#include "store/processes_state.h"

#include <assert.h>

/* The lock is held. */
static void call(struct hearing *hearing, str text)
{
    struct ctx ctx = {0};
    err code = hearing->heard(hearing->self, &ctx, text);
    if (code != OK) {
        log_fault(LOG_WARN, "not_followed", &ctx, code);
    }
    hearing->again = code != OK;
    ctx_end(&ctx);
    if (code != OK) {
        pthread_mutex_lock(&hearing->processes->lock);
        hearing->processes->again = true;
        pthread_cond_signal(&hearing->processes->wake);
        pthread_mutex_unlock(&hearing->processes->lock);
    }
}

static void heard(void *self, str text)
{
    struct hearing *hearing = self;
    struct processes *processes = hearing->processes;
    pthread_mutex_lock(&processes->hearing);
    if (!processes->quiet) {
        call(hearing, hearing->again ? STR_NONE : text);
    }
    pthread_mutex_unlock(&processes->hearing);
}

void processes_hear(struct processes *processes, const char *channel,
                    err (*call_)(void *self, struct ctx *ctx, str text), void *self)
{
    if (!processes_share(processes)) {
        return;
    }
    pthread_mutex_lock(&processes->hearing);
    assert(processes->channel_count < CHANNELS_MAX);
    struct hearing *hearing = &processes->channels[processes->channel_count++];
    *hearing = (struct hearing){.processes = processes, .channel = channel, .heard = call_, .self = self};
    pthread_mutex_unlock(&processes->hearing);
    store_listen(processes->store, str_from(channel), heard, hearing);
}

void hearing_again(struct processes *processes)
{
    pthread_mutex_lock(&processes->hearing);
    for (i64 i = 0; i < processes->channel_count && !processes->quiet; i++) {
        if (processes->channels[i].again) {
            call(&processes->channels[i], STR_NONE);
        }
    }
    pthread_mutex_unlock(&processes->hearing);
}

bool processes_share(const struct processes *processes)
{
    return processes != NULL && store_shared(processes->store);
}

void processes_quiet(struct processes *processes)
{
    if (processes != NULL) {
        pthread_mutex_lock(&processes->hearing);
        processes->quiet = true;
        pthread_mutex_unlock(&processes->hearing);
    }
}

void processes_tell(struct processes *processes, const char *channel, str text)
{
    if (processes == NULL || !processes->teller_started) {
        return;
    }
    assert(text.len <= STORE_TELL_MAX);
    struct telling *telling = mem_new((i64)sizeof *telling + text.len + 1);
    char *copy = (char *)(telling + 1);
    if (text.len > 0) {
        memcpy(copy, text.data, (size_t)text.len);
    }
    telling->channel = channel;
    telling->text = (str){copy, text.len};
    pthread_mutex_lock(&processes->telling);
    bool full = processes->waiting == TELL_WAITING_MAX;
    if (!full) {
        *(processes->last == NULL ? &processes->first : &processes->last->later) = telling;
        processes->last = telling;
        processes->waiting++;
        pthread_cond_signal(&processes->told);
    }
    pthread_mutex_unlock(&processes->telling);
    if (full) {
        mem_free(telling);
    }
}

/* The oldest of what waits; NULL when it is time to end. */
static struct telling *next(struct processes *processes)
{
    pthread_mutex_lock(&processes->telling);
    while (processes->first == NULL && !processes->teller_stop) {
        pthread_cond_wait(&processes->told, &processes->telling);
    }
    struct telling *telling = processes->first;
    if (telling != NULL) {
        processes->first = telling->later;
        processes->last = telling->later == NULL ? NULL : processes->last;
        processes->waiting--;
    }
    pthread_mutex_unlock(&processes->telling);
    return telling;
}

static void *tell(void *self)
{
    struct processes *processes = self;
    struct telling *telling;
    while ((telling = next(processes)) != NULL) {
        struct ctx ctx = {0};
        if (store_tell(&ctx, processes->store, str_from(telling->channel), telling->text) != OK) {
            log_say(LOG_DEBUG, "not_told", "channel", telling->channel, NULL);
        }
        ctx_end(&ctx);
        mem_free(telling);
    }
    return NULL;
}

void hearing_open(struct processes *processes)
{
    pthread_mutex_init(&processes->hearing, NULL);
    pthread_mutex_init(&processes->telling, NULL);
    pthread_cond_init(&processes->told, NULL);
}

bool hearing_start(struct processes *processes)
{
    processes->teller_started = pthread_create(&processes->teller, NULL, tell, processes) == 0;
    return processes->teller_started;
}

void hearing_close(struct processes *processes)
{
    processes_quiet(processes);
    pthread_mutex_lock(&processes->telling);
    processes->teller_stop = true;
    for (struct telling *telling = processes->first; telling != NULL;) { // news of one that leaves
        struct telling *later = telling->later;
        mem_free(telling);
        telling = later;
    }
    processes->first = processes->last = NULL;
    pthread_cond_signal(&processes->told);
    pthread_mutex_unlock(&processes->telling);
    if (processes->teller_started) {
        pthread_join(processes->teller, NULL);
    }
    pthread_mutex_destroy(&processes->hearing);
    pthread_mutex_destroy(&processes->telling);
    pthread_cond_destroy(&processes->told);
}
