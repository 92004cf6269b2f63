#include "listen/voices/models.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "http/sse.h"
#include "listen/voices/alerts.h"
#include "listen/voices/models_inside.h"
#include "store/processes.h"
#include "store/settings.h"

#include <errno.h>
#include <time.h>

enum { LOOK_S = 2, ALERTS_S = 600, LABELS_AT_ONCE = 200 };

static err read_bytes(void *self, struct ctx *ctx, const struct store_row *row)
{
    str *out = self;
    *out = str_copy(&ctx->arena, row_str(row, 0));
    return OK;
}

static void swap(struct learner *learner, struct model *model, i64 id)
{
    pthread_rwlock_wrlock(&learner->reading);
    struct model *old = learner->model;
    learner->model = model;
    learner->model_id = id;
    pthread_rwlock_unlock(&learner->reading);
    model_free(old);
}

err learner_refresh(struct ctx *ctx, struct learner *learner)
{
    i64 newest = 0;
    str bytes = STR_NONE;
    struct model *model = NULL;
    TRY(store_number(ctx, learner->options.store, SQL_MODEL_NEWEST, ARGS_NONE, &newest));
    if (newest == learner->model_id) {
        return OK;
    }
    if (newest != 0) {
        TRY(store_each(ctx, learner->options.store, SQL_MODEL_BYTES, ARGS(ARG_I64("id", newest)), read_bytes, &bytes));
        err code = model_of_bytes(ctx, bytes, &model);
        if (code != OK) { // of an older program: texts stay without labels until it is learnt again
            log_fault(LOG_WARN, "model_not_read", ctx, code);
            ctx_forgive(ctx);
        }
    }
    swap(learner, model, newest);
    return OK;
}

struct labelled {
    i64 id, position;
    str label;
    f64 confidence;
};

struct labelling {
    struct learner *learner;
    struct labelled items[LABELS_AT_ONCE];
    i64 count;
};

static err read_text(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct labelling *labelling = self;
    struct arena scratch = {0};
    struct model_guess guess;
    bool known = model_guess(labelling->learner->model, &scratch, row_str(row, 1), &guess);
    labelling->items[labelling->count++] = (struct labelled){
        .id = row_i64(row, 0),
        // An empty label is one: there was nothing to go by, and it need not be looked at again.
        .label = known ? str_copy(&ctx->arena, model_label_name(labelling->learner->model, guess.label)) : STR(""),
        .confidence = known ? (f64)guess.confidence : 0.0,
    };
    arena_free(&scratch);
    return OK;
}

static err write_labels(struct ctx *ctx, struct store *store, void *arg)
{
    const struct labelling *labelling = arg;
    i64 newest = 0;
    TRY(store_number(ctx, store, SQL_MODEL_NEWEST, ARGS_NONE, &newest));
    if (newest != labelling->learner->model_id) {
        return OK; // another model came meanwhile
    }
    for (i64 i = 0; i < labelling->count; i++) {
        const struct labelled *one = &labelling->items[i];
        TRY(store_later(ctx, store, SQL_FEEDBACK_SET_LABEL,
                        ARGS(ARG_STR("label", one->label), ARG_F64("confidence", one->confidence),
                             ARG_I64("id", one->id))));
    }
    return OK;
}

bool learner_label(struct ctx *ctx, struct learner *learner)
{
    struct labelling *labelling = arena_new(&ctx->arena, struct labelling, 1);
    labelling->learner = learner;
    if (learner->model == NULL) { // only this thread replaces it
        return false;
    }
    err code = store_each(ctx, learner->options.store, SQL_MODEL_UNLABELLED,
                          ARGS(ARG_I64("before", INT64_MAX), ARG_I64("limit", LABELS_AT_ONCE)), read_text, labelling);
    if (code == OK && labelling->count > 0) {
        code = store_write(ctx, learner->options.store, write_labels, labelling);
    }
    return code == OK && labelling->count == LABELS_AT_ONCE;
}

static err look_for_alerts(struct ctx *ctx, struct learner *learner)
{
    struct settings settings;
    const struct zone *zone;
    i64 found = 0;
    TRY(settings_read(ctx, learner->options.store, &settings));
    TRY(zone_find(ctx, settings.zone, &zone));
    struct alerts_looking looking = {learner->options.store, zone, learner->options.self, learner->options.tell};
    TRY(alerts_look(ctx, &looking, &found));
    if (found > 0 && learner->options.live != NULL) {
        sse_publish(learner->options.live, "alert", STR("{}"));
    }
    return OK;
}

static void say(struct learner *learner, struct ctx *ctx, const char *what, err code)
{
    bool failed = code != OK && code != ERR_EMPTY && code != ERR_CANCELLED;
    if (failed && !learner->away) {
        log_fault(LOG_WARN, what, ctx, code);
    }
    learner->away = failed;
}

/* Takes and runs one job. False when none is due. */
static bool train_once(struct learner *learner)
{
    struct ctx ctx = {.stop = &learner->stop};
    struct job job;
    err code = job_take(&ctx, learner->options.store, MODEL_KIND, &job);
    say(learner, &ctx, "model_not_taken", code);
    if (code == OK) {
        learner_train(learner, &ctx, &job);
        if (learner->options.live != NULL) {
            sse_publish(learner->options.live, "model", STR("{}"));
        }
    }
    ctx_end(&ctx);
    return code == OK;
}

static void turn(struct learner *learner, bool alerts)
{
    while (!__atomic_load_n(&learner->stop, __ATOMIC_RELAXED) && train_once(learner)) {
    }
    struct ctx ctx = {.stop = &learner->stop};
    say(learner, &ctx, "model_not_loaded", learner_refresh(&ctx, learner));
    ctx_end(&ctx);
    for (bool more = true; more && !__atomic_load_n(&learner->stop, __ATOMIC_RELAXED);) {
        struct ctx labels = {.stop = &learner->stop};
        more = learner_label(&labels, learner);
        ctx_end(&labels);
    }
    if (alerts) {
        struct ctx looks = {.stop = &learner->stop};
        say(learner, &looks, "alerts_not_looked_for", look_for_alerts(&looks, learner));
        ctx_end(&looks);
    }
}

static bool wait_for_work(struct learner *learner)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&learner->lock);
    int waited = 0;
    while (!learner->work && !learner->stop && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&learner->wake, &learner->lock, &until);
    }
    learner->work = false;
    bool stop = learner->stop;
    pthread_mutex_unlock(&learner->lock);
    return !stop;
}

static void *work(void *self)
{
    struct learner *learner = self;
    i64 looked_ns = 0;
    do {
        i64 now_ns = clock_steady_ns();
        bool alerts = looked_ns == 0 || now_ns - looked_ns > (i64)ALERTS_S * 1000000000;
        looked_ns = alerts ? now_ns : looked_ns;
        turn(learner, alerts);
    } while (wait_for_work(learner));
    return NULL;
}

void learner_wake(struct learner *learner)
{
    pthread_mutex_lock(&learner->lock);
    learner->work = true;
    pthread_cond_signal(&learner->wake);
    pthread_mutex_unlock(&learner->lock);
}

static err hear(void *self, [[maybe_unused]] struct ctx *ctx, [[maybe_unused]] str text)
{
    learner_wake(self);
    return OK;
}

err learner_open(struct ctx *ctx, const struct learner_options *options, struct learner **out)
{
    struct learner *learner = mem_new(sizeof *learner);
    learner->options = *options;
    pthread_mutex_init(&learner->lock, NULL);
    pthread_cond_init(&learner->wake, NULL);
    pthread_rwlock_init(&learner->reading, NULL);
    *out = learner;
    if (options->works) {
        if (pthread_create(&learner->thread, NULL, work, learner) != 0) {
            return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
        }
        learner->started = true;
        processes_hear(options->processes, "model", hear, learner);
    }
    return OK;
}

void learner_close(struct learner *learner)
{
    if (learner == NULL) {
        return;
    }
    pthread_mutex_lock(&learner->lock);
    __atomic_store_n(&learner->stop, true, __ATOMIC_RELAXED);
    pthread_cond_signal(&learner->wake);
    pthread_mutex_unlock(&learner->lock);
    if (learner->started) {
        pthread_join(learner->thread, NULL);
    }
    model_free(learner->model);
    pthread_rwlock_destroy(&learner->reading);
    pthread_mutex_destroy(&learner->lock);
    pthread_cond_destroy(&learner->wake);
    mem_free(learner);
}
