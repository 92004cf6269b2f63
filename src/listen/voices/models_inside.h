/* What the files of the learner share. */
#pragma once

#include "base/workers.h"
#include "listen/voices/models.h"
#include "store/jobs.h"

#include <pthread.h>

struct learner {
    struct learner_options options;
    pthread_t thread;
    bool started, stop; /* `stop` is looked at by the contexts of its work */
    bool work;          /* under the lock: there may be a job */
    bool away;          /* the records did not answer last time, which was said */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_rwlock_t reading; /* of the model */
    struct model *model;      /* the newest; NULL: there is none */
    i64 model_id;
};

extern const str MODEL_KIND;

/* There may be work. */
void learner_wake(struct learner *learner);

/* Loads the newest model when it is another one. */
err learner_refresh(struct ctx *ctx, struct learner *learner);

/* Labels what has no label; false when nothing was left or there is no model. */
bool learner_label(struct ctx *ctx, struct learner *learner);

/* Runs a taken job to its end. */
void learner_train(struct learner *learner, struct ctx *ctx, const struct job *job);

/* What can be learnt from. */
struct lessons {
    struct arena *arena;
    str *texts;
    i32 *labels;
    i64 *ids;
    i64 count, room, corrections, scored, left_out;
};
extern const str model_class_names[3];
err lessons_gather(struct ctx *ctx, struct store *store, struct lessons *out);
void lessons_free(struct lessons *lessons);
err lessons_count(struct ctx *ctx, struct store *store, i64 *corrections, i64 *scored);
