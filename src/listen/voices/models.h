/* The company's own classifier: what its customers' words mean, learnt from what its people and its customers said.
 *
 *     corrections by staff ┐
 *     scores with words    ┴─► job "model": learn, check on what was not seen ─► models (the newest counts) ─► label of
 *                                                                                 feedback, and of what comes later
 *
 * The label is a class (negative, neutral, positive). A correction says it; else a score does: NPS 0-6, 7-8, 9-10; CSAT below
 * the middle, the middle, above; CES likewise. One thread of each process takes jobs, labels what has no label yet, and looks
 * for alerts; processes that share the records share the work, and each loads a new model when it is there.
 */
#pragma once

#include "listen/voices/filter.h"
#include "text/model.h"

struct learner;
struct processes;
struct sse;

enum { MODELS_KEPT = 5, MODEL_WRONG_MAX = 60 };

struct learner_options {
    struct store *store;
    struct processes *processes;
    struct sse *live; /* told "model" and "alert" */
    void *self;
    err (*tell)(void *self, struct ctx *ctx, str kind, str cause,
                str told); /* alerts, inside their transaction; may be NULL */
    bool works;            /* takes jobs, labels, looks for alerts; else it only answers */
};

err learner_open(struct ctx *ctx, const struct learner_options *options, struct learner **out);
void learner_close(struct learner *learner); /* NULL is allowed */

struct model_label_row {
    str label;
    i64 count;
    f64 precision, recall, f1;
};

/* A model as pages see it. */
struct model_row {
    i64 id;
    bool current;
    i64 texts, corrections;
    f64 accuracy, macro_f1, weighted_f1, most_common;
    i64 folds;
    struct shape_list labels; /* struct model_label_row */
    i64 trained_ms;
    str by;
};
extern const struct shape model_row_shape;
err models_list(struct ctx *ctx, struct store *store, struct shape_list *out);

/* An example that the model got wrong when it had not seen it. */
struct model_wrong {
    i64 feedback;
    str said, guessed;
    f64 confidence;
};
extern const struct shape model_wrong_shape;
err models_wrong(struct ctx *ctx, struct store *store, i64 id, struct shape_list *out);

/* What there is to learn from now, and how the work stands. */
struct training {
    str state; /* none, waiting, running, done, failed, cancelled */
    f64 progress;
    str failure;             /* a sentence's key */
    i64 corrections, scored; /* texts to learn from: corrected by somebody; with a score */
    i64 need;
};
extern const struct shape training_shape;
err models_training(struct ctx *ctx, struct learner *learner, struct training *out);

/* Asks for a new model; while one is being learnt, nothing new happens. */
err models_train(struct ctx *ctx, struct learner *learner, str by);
err models_cancel(struct ctx *ctx, struct learner *learner);

/* Removes a model; without any, labels are taken off. */
err models_remove(struct ctx *ctx, struct learner *learner, i64 id);

/* Removes all, for starting over. Inside store_write. */
err models_clear(struct ctx *ctx, struct store *store);

/* What the newest model says about a text, and because of which words. False without a model. */
struct tried_word {
    str text;
    i64 at;
    f64 weight;
};
struct tried {
    str label;
    struct maybe_f64 confidence;
    struct shape_list because; /* struct tried_word */
};
extern const struct shape tried_shape;
err models_try(struct ctx *ctx, struct learner *learner, str text, struct tried *out);
