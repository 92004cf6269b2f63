/* What pages ask about models, and what they ask for. */
#include "listen/voices/models_inside.h"

static const struct shape_field label_fields[] = {
    {"label", SHAPE_STR, offsetof(struct model_label_row, label), .flags = SHAPE_REQUIRED},
    {"count", SHAPE_I64, offsetof(struct model_label_row, count), .flags = SHAPE_REQUIRED},
    {"precision", SHAPE_F64, offsetof(struct model_label_row, precision), .flags = SHAPE_REQUIRED,
     .help = "shape.model.precision"},
    {"recall", SHAPE_F64, offsetof(struct model_label_row, recall), .flags = SHAPE_REQUIRED,
     .help = "shape.model.recall"},
    {"f1", SHAPE_F64, offsetof(struct model_label_row, f1), .flags = SHAPE_REQUIRED, .help = "shape.model.f1"},
};
static const struct shape label_shape = SHAPE("ModelLabel", struct model_label_row, label_fields, NULL);

static const struct shape_field model_fields[] = {
    {"id", SHAPE_ID, offsetof(struct model_row, id), .flags = SHAPE_REQUIRED},
    {"current", SHAPE_BOOL, offsetof(struct model_row, current), .flags = SHAPE_REQUIRED,
     .help = "shape.model.current"},
    {"texts", SHAPE_I64, offsetof(struct model_row, texts), .flags = SHAPE_REQUIRED, .help = "shape.model.texts"},
    {"corrections", SHAPE_I64, offsetof(struct model_row, corrections), .flags = SHAPE_REQUIRED,
     .help = "shape.model.corrections"},
    {"accuracy", SHAPE_F64, offsetof(struct model_row, accuracy), .flags = SHAPE_REQUIRED,
     .help = "shape.model.accuracy"},
    {"macro_f1", SHAPE_F64, offsetof(struct model_row, macro_f1), .flags = SHAPE_REQUIRED,
     .help = "shape.model.macro_f1"},
    {"weighted_f1", SHAPE_F64, offsetof(struct model_row, weighted_f1), .flags = SHAPE_REQUIRED,
     .help = "shape.model.weighted_f1"},
    {"most_common", SHAPE_F64, offsetof(struct model_row, most_common), .flags = SHAPE_REQUIRED,
     .help = "shape.model.most_common"},
    {"folds", SHAPE_I64, offsetof(struct model_row, folds), .flags = SHAPE_REQUIRED},
    {"labels", SHAPE_LIST, offsetof(struct model_row, labels), .of = &label_shape, .flags = SHAPE_REQUIRED},
    {"trained", SHAPE_TIME, offsetof(struct model_row, trained_ms), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, offsetof(struct model_row, by)},
};
const struct shape model_row_shape = SHAPE("Model", struct model_row, model_fields, "shape.model");

static const struct shape_field wrong_fields[] = {
    {"feedback", SHAPE_ID, offsetof(struct model_wrong, feedback), .flags = SHAPE_REQUIRED},
    {"said", SHAPE_STR, offsetof(struct model_wrong, said), .flags = SHAPE_REQUIRED, .help = "shape.model_wrong.said"},
    {"guessed", SHAPE_STR, offsetof(struct model_wrong, guessed), .flags = SHAPE_REQUIRED},
    {"confidence", SHAPE_F64, offsetof(struct model_wrong, confidence), .flags = SHAPE_REQUIRED},
};
const struct shape model_wrong_shape = SHAPE("ModelWrong", struct model_wrong, wrong_fields, "shape.model_wrong");

static const struct shape_field training_fields[] = {
    {"state", SHAPE_STR, offsetof(struct training, state), .flags = SHAPE_REQUIRED, .help = "shape.training.state"},
    {"progress", SHAPE_F64, offsetof(struct training, progress), .flags = SHAPE_REQUIRED},
    {"failure", SHAPE_STR, offsetof(struct training, failure), .help = "shape.training.failure"},
    {"corrections", SHAPE_I64, offsetof(struct training, corrections), .flags = SHAPE_REQUIRED,
     .help = "shape.training.corrections"},
    {"scored", SHAPE_I64, offsetof(struct training, scored), .flags = SHAPE_REQUIRED, .help = "shape.training.scored"},
    {"need", SHAPE_I64, offsetof(struct training, need), .flags = SHAPE_REQUIRED, .help = "shape.training.need"},
};
const struct shape training_shape = SHAPE("ModelTraining", struct training, training_fields, "shape.training");

static const struct shape_field word_fields[] = {
    {"text", SHAPE_STR, offsetof(struct tried_word, text), .flags = SHAPE_REQUIRED},
    {"at", SHAPE_I64, offsetof(struct tried_word, at), .flags = SHAPE_REQUIRED, .help = "shape.tried.at"},
    {"weight", SHAPE_F64, offsetof(struct tried_word, weight), .flags = SHAPE_REQUIRED, .help = "shape.tried.weight"},
};
static const struct shape word_shape = SHAPE("ModelWord", struct tried_word, word_fields, NULL);

static const struct shape_field tried_fields[] = {
    {"label", SHAPE_STR, offsetof(struct tried, label), .help = "shape.tried.label"},
    {"confidence", SHAPE_MAYBE_F64, offsetof(struct tried, confidence)},
    {"because", SHAPE_LIST, offsetof(struct tried, because), .of = &word_shape, .flags = SHAPE_REQUIRED},
};
const struct shape tried_shape = SHAPE("ModelGuess", struct tried, tried_fields, "shape.tried");

/* A row of the table: the report is JSON there. */
struct kept {
    i64 id, texts, corrections, trained_ms;
    str report, by;
};
static const struct shape_field kept_fields[] = {
    {"id", SHAPE_ID, offsetof(struct kept, id)},
    {"report", SHAPE_JSON, offsetof(struct kept, report)},
    {"texts", SHAPE_I64, offsetof(struct kept, texts)},
    {"corrections", SHAPE_I64, offsetof(struct kept, corrections)},
    {"trained", SHAPE_TIME, offsetof(struct kept, trained_ms)},
    {"by", SHAPE_STR, offsetof(struct kept, by)},
};
static const struct shape kept_shape = SHAPE("KeptModel", struct kept, kept_fields, NULL);

/* The members of a report; struct model_row has them under the same names. */
static const struct shape_field report_fields[] = {
    {"accuracy", SHAPE_F64, offsetof(struct model_row, accuracy)},
    {"macro_f1", SHAPE_F64, offsetof(struct model_row, macro_f1)},
    {"weighted_f1", SHAPE_F64, offsetof(struct model_row, weighted_f1)},
    {"most_common", SHAPE_F64, offsetof(struct model_row, most_common)},
    {"folds", SHAPE_I64, offsetof(struct model_row, folds)},
    {"labels", SHAPE_LIST, offsetof(struct model_row, labels), .of = &label_shape, .max = MODEL_LABELS_MAX},
};
static const struct shape report_shape = SHAPE("ModelReport", struct model_row, report_fields, NULL);

err models_list(struct ctx *ctx, struct store *store, struct shape_list *out)
{
    struct shape_list kept;
    TRY(store_all(ctx, store, SQL_MODEL_LIST, ARGS_NONE, &kept_shape, &kept));
    struct model_row *rows = arena_new(&ctx->arena, struct model_row, kept.count);
    for (i64 i = 0; i < kept.count; i++) {
        const struct kept *one = (const struct kept *)kept.items + i;
        TRY(shape_parse(ctx, &report_shape, one->report, &rows[i], NULL));
        rows[i].id = one->id;
        rows[i].current = i == 0;
        rows[i].texts = one->texts;
        rows[i].corrections = one->corrections;
        rows[i].trained_ms = one->trained_ms;
        rows[i].by = one->by;
    }
    *out = (struct shape_list){rows, kept.count};
    return OK;
}

struct wrong_list {
    struct shape_list items;
};
static const struct shape_field wrong_list_fields[] = {
    {"items", SHAPE_LIST, offsetof(struct wrong_list, items), .of = &model_wrong_shape, .max = MODEL_WRONG_MAX},
};
static const struct shape wrong_list_shape = SHAPE("ModelWrongs", struct wrong_list, wrong_list_fields, NULL);

static err read_text(void *self, struct ctx *ctx, const struct store_row *row)
{
    *(str *)self = str_copy(&ctx->arena, row_str(row, 0));
    return OK;
}

err models_wrong(struct ctx *ctx, struct store *store, i64 id, struct shape_list *out)
{
    struct wrong_list list = {0};
    str text = STR_NONE;
    TRY(store_each(ctx, store, SQL_MODEL_WRONG, ARGS(ARG_I64("id", id)), read_text, &text));
    if (!str_is(text)) {
        return ERR_NOT_FOUND;
    }
    TRY(shape_parse(ctx, &wrong_list_shape, str_format(&ctx->arena, "{\"items\":%.*s}", STR_ARG(text)), &list, NULL));
    *out = list.items;
    return OK;
}

static err newest_job(struct ctx *ctx, struct store *store, struct job *out)
{
    struct shape_list jobs;
    TRY(job_list(ctx, store, MODEL_KIND, 0, 1, &jobs));
    if (jobs.count == 0) {
        return ERR_NOT_FOUND;
    }
    *out = *(const struct job *)jobs.items;
    return OK;
}

err models_training(struct ctx *ctx, struct learner *learner, struct training *out)
{
    static const char *const states[] = {"waiting", "running", "done", "failed", "cancelled"};
    struct store *store = learner->options.store;
    struct job job;
    *out = (struct training){.state = STR("none"), .need = MODEL_TEXTS_LEAST};
    err code = newest_job(ctx, store, &job);
    if (code == OK) {
        out->state = str_from(states[job.state]);
        out->progress = job.progress;
        out->failure = job.state == JOB_FAILED ? job.failure : STR_NONE;
    } else if (code != ERR_NOT_FOUND) {
        return code;
    }
    return lessons_count(ctx, store, &out->corrections, &out->scored);
}

struct asking {
    struct learner *learner;
    str by;
};

/* One job at a time: its cause is the number of jobs before it. */
static err ask_for(struct ctx *ctx, struct store *store, void *arg)
{
    const struct asking *asking = arg;
    struct job job = {0};
    i64 id;
    err code = newest_job(ctx, store, &job);
    if (code != OK && code != ERR_NOT_FOUND) {
        return code;
    }
    if (code == OK && (job.state == JOB_WAITING || job.state == JOB_RUNNING)) {
        return OK;
    }
    struct json_writer out = json_writer_in(&ctx->arena);
    json_object(&out);
    json_pair_str(&out, "by", asking->by);
    json_object_end(&out);
    str cause = str_format(&ctx->arena, "after %lld", (long long)job.id);
    return job_put(ctx, store, MODEL_KIND, cause, json_text(&out), &id);
}

err models_train(struct ctx *ctx, struct learner *learner, str by)
{
    struct asking asking = {learner, by};
    TRY(store_write(ctx, learner->options.store, ask_for, &asking));
    learner_wake(learner);
    return OK;
}

err models_cancel(struct ctx *ctx, struct learner *learner)
{
    struct job job;
    TRY(newest_job(ctx, learner->options.store, &job));
    return job_cancel(ctx, learner->options.store, job.id);
}

struct removing {
    i64 id;
};

static err remove_one(struct ctx *ctx, struct store *store, void *arg)
{
    const struct removing *removing = arg;
    i64 newest = 0, changed = 0;
    TRY(store_number(ctx, store, SQL_MODEL_NEWEST, ARGS_NONE, &newest));
    TRY(store_run(ctx, store, SQL_MODEL_REMOVE, ARGS(ARG_I64("id", removing->id)), &changed));
    if (changed == 0) {
        return ERR_NOT_FOUND;
    }
    if (newest == removing->id) {
        TRY(store_run(ctx, store, SQL_MODEL_FORGET_LABELS, ARGS_NONE, NULL));
    }
    return store_tell(ctx, store, STR("model"), STR("gone"));
}

err models_remove(struct ctx *ctx, struct learner *learner, i64 id)
{
    struct removing removing = {id};
    TRY(store_write(ctx, learner->options.store, remove_one, &removing));
    learner_wake(learner);
    return OK;
}

err models_try(struct ctx *ctx, struct learner *learner, str text, struct tried *out)
{
    struct model_guess guess;
    *out = (struct tried){0};
    pthread_rwlock_rdlock(&learner->reading);
    bool known = learner->model != NULL && model_guess(learner->model, &ctx->arena, text, &guess);
    str label = known ? str_copy(&ctx->arena, model_label_name(learner->model, guess.label)) : STR_NONE;
    pthread_rwlock_unlock(&learner->reading);
    if (!known) {
        return OK;
    }
    struct tried_word *words = arena_new(&ctx->arena, struct tried_word, guess.because_count);
    for (i32 i = 0; i < guess.because_count; i++) {
        const struct model_because *because = &guess.because[i];
        words[i] = (struct tried_word){{text.data + because->at, because->len}, because->at, (f64)because->weight};
    }
    *out = (struct tried){label, {(f64)guess.confidence, true}, {words, guess.because_count}};
    return OK;
}

err models_clear(struct ctx *ctx, struct store *store)
{
    TRY(store_run(ctx, store, SQL_MODEL_CLEAR, ARGS_NONE, NULL));
    TRY(store_run(ctx, store, SQL_MODEL_FORGET_LABELS, ARGS_NONE, NULL));
    return store_tell(ctx, store, STR("model"), STR("gone"));
}
