#include "listen/voices/models_inside.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/progress.h"

#include <stdlib.h>

const str MODEL_KIND = {"model", 5};

/* The job's own thread says how far the work is; the work is on another, which never writes to the records. */
struct work {
    struct ctx ctx;
    struct progress progress;
    struct model_texts texts;
    struct workers *workers;
    struct model *model;
    struct model_report report;
    err code;
    bool cancel;
    _Atomic bool done;
};

static void *run(void *self)
{
    struct work *work = self;
    work->code = model_train(&work->ctx, &work->texts, work->workers, &work->model, &work->report);
    work->done = true;
    return NULL;
}

/* Until the work is done; ERR_CANCELLED when somebody asked for that, ERR_CONFLICT when another process took it over. */
static err watch(struct learner *learner, i64 job, struct work *work)
{
    enum { SAY_EVERY = 10 };
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    err code = OK;
    for (i64 round = 1; !work->done; round++) {
        (void)nanosleep(&pause, NULL);
        if (__atomic_load_n(&learner->stop, __ATOMIC_RELAXED)) {
            code = ERR_UNAVAILABLE;
        } else if (round % SAY_EVERY == 0 && code == OK) {
            struct ctx ctx = {0};
            code = job_progress(&ctx, learner->options.store, job, progress_share(&work->progress) * 0.9, STR("{}"));
            code = code == ERR_CANCELLED || code == ERR_CONFLICT ? code : OK;
            ctx_end(&ctx);
        }
        __atomic_store_n(&work->cancel, code != OK, __ATOMIC_RELAXED);
    }
    return code;
}

static str report_json(struct ctx *ctx, const struct model_report *report)
{
    struct json_writer out = json_writer_in(&ctx->arena);
    json_object(&out);
    json_pair_f64(&out, "accuracy", report->accuracy);
    json_pair_f64(&out, "macro_f1", report->macro_f1);
    json_pair_f64(&out, "weighted_f1", report->weighted_f1);
    json_pair_f64(&out, "most_common", report->most_common);
    json_pair_i64(&out, "folds", report->folds);
    json_key(&out, STR("labels"));
    json_list(&out);
    for (i64 i = 0; i < report->label_count; i++) {
        const struct model_label *label = &report->labels[i];
        json_object(&out);
        json_pair_str(&out, "label", label->name);
        json_pair_i64(&out, "count", label->count);
        json_pair_f64(&out, "precision", label->precision);
        json_pair_f64(&out, "recall", label->recall);
        json_pair_f64(&out, "f1", label->f1);
        json_object_end(&out);
    }
    json_list_end(&out);
    json_object_end(&out);
    return json_text(&out);
}

struct mistake {
    i64 example;
    f32 confidence;
};

static int by_confidence(const void *a, const void *b)
{
    const struct mistake *left = a, *right = b;
    return left->confidence != right->confidence
               ? (left->confidence < right->confidence) - (left->confidence > right->confidence)
               : (left->example > right->example) - (left->example < right->example);
}

/* The examples it was surest of and wrong: somebody may have labelled them wrong, or it has something to learn. */
static str wrong_json(struct ctx *ctx, const struct lessons *lessons, const struct model_report *report)
{
    struct mistake *mistakes = arena_new(&ctx->arena, struct mistake, lessons->count + 1);
    i64 count = 0;
    for (i64 i = 0; i < lessons->count; i++) {
        if (report->predicted[i] >= 0 && report->predicted[i] != lessons->labels[i]) {
            mistakes[count++] = (struct mistake){i, report->confidence[i]};
        }
    }
    if (count > 0) {
        qsort(mistakes, (size_t)count, sizeof *mistakes, by_confidence);
    }
    struct json_writer out = json_writer_in(&ctx->arena);
    json_list(&out);
    for (i64 i = 0; i < lesser(count, MODEL_WRONG_MAX); i++) {
        i64 example = mistakes[i].example;
        json_object(&out);
        json_pair_id(&out, "feedback", lessons->ids[example]);
        json_pair_str(&out, "said", model_class_names[lessons->labels[example]]);
        json_pair_str(&out, "guessed", model_class_names[report->predicted[example]]);
        json_pair_f64(&out, "confidence", (f64)mistakes[i].confidence);
        json_object_end(&out);
    }
    json_list_end(&out);
    return json_text(&out);
}

struct replacing {
    str bytes, report, wrong, by;
    i64 texts, corrections;
};

static err replace(struct ctx *ctx, struct store *store, void *arg)
{
    const struct replacing *with = arg;
    i64 id = id_new();
    TRY(store_run(ctx, store, SQL_MODEL_ADD,
                  ARGS(ARG_I64("id", id), ARG_BYTES("bytes", with->bytes), ARG_STR("report", with->report),
                       ARG_STR("wrong", with->wrong), ARG_I64("texts", with->texts),
                       ARG_I64("corrections", with->corrections), ARG_I64("trained", ctx_now_ms(ctx)),
                       ARG_STR("by", with->by)),
                  NULL));
    TRY(store_run(ctx, store, SQL_MODEL_REMOVE_OLDER, ARGS(ARG_I64("keep", MODELS_KEPT)), NULL));
    // What another model said is gone: the thread labels it again, the newest first.
    TRY(store_run(ctx, store, SQL_MODEL_FORGET_LABELS, ARGS_NONE, NULL));
    return store_tell(ctx, store, STR("model"), STR("new"));
}

static err learn(struct learner *learner, struct ctx *ctx, const struct job *job, str by)
{
    struct lessons lessons;
    struct work work = {0};
    pthread_t thread;
    err code = lessons_gather(ctx, learner->options.store, &lessons);
    if (code == OK) {
        work.texts = (struct model_texts){lessons.texts, lessons.labels, lessons.count, model_class_names, 3};
        work.ctx.cancel = &work.cancel;
        work.ctx.progress = &work.progress;
        work.workers = workers_open(0);
        code = pthread_create(&thread, NULL, run, &work) == 0 ? OK : FAIL(ctx, ERR_UNAVAILABLE, "", "error.threads");
    }
    if (code == OK) {
        code = watch(learner, job->id, &work);
        pthread_join(thread, NULL);
        code = code != OK ? code : work.code;
    }
    if (code == OK) {
        struct replacing with = {.bytes = model_bytes(work.model, &ctx->arena),
                                 .report = report_json(ctx, &work.report),
                                 .wrong = wrong_json(ctx, &lessons, &work.report),
                                 .by = by,
                                 .texts = work.report.texts,
                                 .corrections = lessons.corrections};
        code = store_write(ctx, learner->options.store, replace, &with);
    } else if (work.ctx.fault.key != NULL) {
        ctx->fault.key = ctx->fault.key != NULL ? ctx->fault.key : work.ctx.fault.key;
    }
    model_free(work.model);
    workers_close(work.workers);
    lessons_free(&lessons);
    ctx_end(&work.ctx);
    return code;
}

void learner_train(struct learner *learner, struct ctx *ctx, const struct job *job)
{
    struct store *store = learner->options.store;
    struct json root;
    str by = STR("");
    if (json_parse(ctx, json_reader_here(), job->input, &root) == OK) {
        (void)json_str(json_get(root, STR("by")), &by);
        by = str_copy(&ctx->arena, by);
    }
    err code = learn(learner, ctx, job, by);
    str key = ctx->fault.key != NULL ? str_from(ctx->fault.key) : str_from(err_name(code));
    struct ctx after = {0};
    if (code == ERR_UNAVAILABLE && __atomic_load_n(&learner->stop, __ATOMIC_RELAXED)) {
        code = job_again(&after, store, job->id, ctx_now_ms(&after), STR("error.stopping"));
    } else if (code != ERR_CONFLICT) {
        enum job_state state = code == OK ? JOB_DONE : code == ERR_CANCELLED ? JOB_CANCELLED : JOB_FAILED;
        code = job_end(&after, store, job->id, state, STR("{}"), state == JOB_FAILED ? key : STR_NONE);
    }
    if (code != OK && code != ERR_CONFLICT) {
        log_fault(LOG_WARN, "model_not_noted", &after, code);
    }
    ctx_end(&after);
}
