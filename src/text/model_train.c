#include "text/model_inside.h"

#include "base/progress.h"
#include "base/random.h"

#include <math.h>

enum { CHOOSING_MOST = 20 * 1000 }; /* examples up to which every fold helps to choose; above, the first alone */

/* The first are what is tried where there are very many examples. */
static const struct fit_options candidates[] = {
    {.strength = 4.0, .balance = 0.0},  {.strength = 1.0, .balance = 0.0},  {.strength = 16.0, .balance = 0.0},
    {.strength = 4.0, .balance = 0.5},  {.strength = 1.0, .balance = 0.5},  {.strength = 16.0, .balance = 0.5},
    {.strength = 64.0, .balance = 0.0}, {.strength = 64.0, .balance = 0.5}, {.strength = 4.0, .balance = 1.0},
    {.strength = 1.0, .balance = 1.0},
};
enum { CANDIDATES = sizeof candidates / sizeof candidates[0], FEW_CANDIDATES = 6 };

enum { ALL = -2 };

/* One model to fit: without a fold, or without any, and what it says about the texts of that fold. */
struct task {
    struct fit_options options;
    i32 fold;       /* ALL: learns from all */
    i32 *predicted; /* [example]: of the fold's */
    f32 *confidence;
    struct fitted *keep; /* may be NULL */
};

struct training {
    struct ctx *ctx;
    const struct corpus *corpus;
    const i32 *fold_of; /* of each example; -1: left out */
    struct task *tasks;
    i64 task_count;
    _Atomic i64 next;
};

static void predict(const struct training *training, const struct task *task, const struct fitted *fitted)
{
    const struct corpus *corpus = training->corpus;
    f64 *shares = mem_new(corpus->label_count * (i64)sizeof(f64));
    for (i64 text = 0; text < corpus->text_count; text++) {
        i64 example = corpus->origin[text];
        if (corpus->copy[text] || training->fold_of[example] != task->fold) {
            continue;
        }
        fitted_shares(fitted, corpus, text, shares);
        i32 best = 0;
        for (i32 label = 1; label < corpus->label_count; label++) {
            best = shares[label] > shares[best] ? label : best;
        }
        task->predicted[example] = best;
        task->confidence[example] = (f32)shares[best];
    }
    mem_free(shares);
}

static void run_task(const struct training *training, const struct task *task)
{
    const struct corpus *corpus = training->corpus;
    bool *use = mem_new(corpus->text_count + 1);
    for (i64 text = 0; text < corpus->text_count; text++) {
        use[text] = training->fold_of[corpus->origin[text]] != task->fold;
    }
    struct fitted fitted;
    corpus_fit(corpus, use, &task->options, &fitted);
    mem_free(use);
    if (task->fold >= 0) {
        predict(training, task, &fitted);
    }
    if (task->keep != NULL) {
        *task->keep = fitted;
    } else {
        fitted_free(&fitted);
    }
}

static void work(void *self, [[maybe_unused]] i64 worker)
{
    struct training *training = self;
    for (i64 at = training->next++; at < training->task_count && !ctx_stopped(training->ctx); at = training->next++) {
        run_task(training, &training->tasks[at]);
        progress_add(training->ctx->progress, 1);
    }
}

static err run_tasks(struct training *training, struct workers *workers, struct task *tasks, i64 count)
{
    training->tasks = tasks;
    training->task_count = count;
    training->next = 0;
    workers_run(workers, workers_count(workers), work, training);
    return ctx_stopped(training->ctx) ? ERR_CANCELLED : OK;
}

/* Each label's examples, shuffled, dealt to the folds in turn: every fold has its share of every label. */
static i32 *deal_folds(struct arena *arena, const struct model_texts *texts, const bool *skip)
{
    i32 *fold_of = arena_new(arena, i32, texts->count);
    i64 *mine = arena_new(arena, i64, texts->count);
    struct dice dice = dice_new(20, 26);
    i64 dealt = 0;
    for (i32 label = 0; label < texts->name_count; label++) {
        i64 count = 0;
        for (i64 i = 0; i < texts->count; i++) {
            if (!skip[i] && texts->labels[i] == label) {
                mine[count++] = i;
            }
        }
        for (i64 left = count; left > 0; left--) {
            i64 drawn = dice_below(&dice, left), example = mine[drawn];
            mine[drawn] = mine[left - 1];
            fold_of[example] = (i32)(dealt++ % MODEL_FOLDS);
        }
    }
    for (i64 i = 0; i < texts->count; i++) {
        fold_of[i] = skip[i] ? -1 : fold_of[i];
    }
    return fold_of;
}

/* What one candidate said about the examples it had not seen. */
struct said {
    i32 *predicted; /* -1: not asked */
    f32 *confidence;
};

static struct said said_new(struct arena *arena, i64 count)
{
    struct said said = {arena_new(arena, i32, count), arena_new(arena, f32, count)};
    memset(said.predicted, 0xFF, (size_t)count * sizeof *said.predicted);
    return said;
}

/* What choosing looks at: right answers and rare labels alike. Without the examples of fold `but`. */
static f64 worth(const struct training *training, const struct model_texts *texts, const struct said *said, i32 but)
{
    struct arena scratch = {0};
    struct model_report report = {.predicted = arena_new(&scratch, i32, texts->count)};
    for (i64 i = 0; i < texts->count; i++) {
        report.predicted[i] = training->fold_of[i] == but ? -1 : said->predicted[i];
    }
    model_measure(&scratch, texts, &report);
    f64 worth = report.accuracy + report.macro_f1;
    arena_free(&scratch);
    return worth;
}

static i64 best_of(const struct training *training, const struct model_texts *texts, const struct said *all, i64 count,
                   i32 but)
{
    f64 most = -1.0;
    i64 best = 0;
    for (i64 i = 0; i < count; i++) {
        f64 value = worth(training, texts, &all[i], but);
        if (value > most + 1e-9) {
            most = value;
            best = i;
        }
    }
    return best;
}

/* Each candidate reads the folds below `folds`. */
static err try_candidates(struct training *training, struct workers *workers, const struct said *said,
                          i64 candidate_count, i32 folds)
{
    struct task tasks[CANDIDATES * MODEL_FOLDS];
    i64 count = 0;
    for (i64 i = 0; i < candidate_count; i++) {
        for (i32 fold = 0; fold < folds; fold++) {
            tasks[count++] = (struct task){candidates[i], fold, said[i].predicted, said[i].confidence, NULL};
        }
    }
    progress_begin(training->ctx->progress, "choosing", count, 5, folds > 1 ? 90 : 50);
    return run_tasks(training, workers, tasks, count);
}

/* Chooses, and says about every example what a model says that neither saw it nor was chosen by it: the figure of a fold
 * is that of the candidate which was best on the other folds. With very many examples the choice rests on one fold and
 * the rest is read by models of their own. */
static err choose(struct training *training, struct workers *workers, const struct model_texts *texts, i64 used,
                  struct fit_options *best, struct model_report *report)
{
    struct arena *arena = &training->ctx->arena;
    bool all = used <= CHOOSING_MOST;
    i64 count = all ? CANDIDATES : FEW_CANDIDATES;
    struct said said[CANDIDATES], out = said_new(arena, texts->count);
    for (i64 i = 0; i < count; i++) {
        said[i] = said_new(arena, texts->count);
    }
    TRY(try_candidates(training, workers, said, count, all ? MODEL_FOLDS : 1));
    i64 chosen = best_of(training, texts, said, count, -1);
    *best = candidates[chosen];
    report->predicted = out.predicted;
    report->confidence = out.confidence;
    for (i32 fold = 0; fold < (all ? MODEL_FOLDS : 1); fold++) {
        i64 from = all ? best_of(training, texts, said, count, fold) : chosen;
        for (i64 i = 0; i < texts->count; i++) {
            if (training->fold_of[i] == fold) {
                out.predicted[i] = said[from].predicted[i];
                out.confidence[i] = said[from].confidence[i];
            }
        }
    }
    return OK;
}

/* Marks what cannot teach: blank texts, labels with too few examples. */
static err leave_out(struct ctx *ctx, const struct model_texts *texts, bool *skip, struct model_report *report)
{
    i64 *counts = arena_new(&ctx->arena, i64, texts->name_count + 1);
    i64 labels = 0;
    for (i64 i = 0; i < texts->count; i++) {
        bool blank = texts->labels[i] < 0 || str_trim(texts->texts[i]).len == 0;
        skip[i] = blank;
        report->blank += blank;
        if (!blank) {
            counts[texts->labels[i]]++;
        }
    }
    for (i64 label = 0; label < texts->name_count; label++) {
        labels += counts[label] >= MODEL_PER_LABEL_LEAST;
    }
    for (i64 i = 0; i < texts->count; i++) {
        if (!skip[i] && counts[texts->labels[i]] < MODEL_PER_LABEL_LEAST) {
            skip[i] = true;
            report->rare++;
        }
    }
    report->texts = texts->count - report->blank - report->rare;
    if (report->texts < MODEL_TEXTS_LEAST) {
        return FAIL(ctx, ERR_INVALID, "", "error.learn_few", {"count", str_format(&ctx->arena, "%ld", report->texts)},
                    {"least", str_format(&ctx->arena, "%d", MODEL_TEXTS_LEAST)});
    }
    if (labels < 2) {
        return FAIL(ctx, ERR_INVALID, "", "error.learn_one_label");
    }
    return OK;
}

static err check_size(struct ctx *ctx, const struct model_texts *texts)
{
    if (texts->name_count > MODEL_LABELS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.learn_many_labels",
                    {"most", str_format(&ctx->arena, "%d", MODEL_LABELS_MAX)});
    }
    if (texts->count > MODEL_TEXTS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.learn_many_texts",
                    {"most", str_format(&ctx->arena, "%d", MODEL_TEXTS_MAX)});
    }
    return OK;
}

/* The model that learns from all, and what choosing left to read. */
static err finish(struct training *training, struct workers *workers, const struct model_texts *texts,
                  const struct fit_options *options, struct model_report *report, struct fitted *fitted)
{
    struct task tasks[MODEL_FOLDS + 1] = {{.options = *options, .fold = ALL, .keep = fitted}};
    i64 count = 1;
    for (i32 fold = 1; fold < MODEL_FOLDS && report->texts > CHOOSING_MOST; fold++) {
        tasks[count++] = (struct task){*options, fold, report->predicted, report->confidence, NULL};
    }
    report->folds = MODEL_FOLDS;
    report->strength = options->strength;
    report->balance = options->balance;
    progress_begin(training->ctx->progress, "checking", count, count > 1 ? 50 : 90, 99);
    TRY(run_tasks(training, workers, tasks, count));
    model_measure(&training->ctx->arena, texts, report);
    return OK;
}

err model_train(struct ctx *ctx, const struct model_texts *texts, struct workers *workers, struct model **out,
                struct model_report *report)
{
    *report = (struct model_report){0};
    TRY(check_size(ctx, texts));
    bool *skip = arena_new(&ctx->arena, bool, texts->count);
    TRY(leave_out(ctx, texts, skip, report));
    struct corpus *corpus = arena_new(&ctx->arena, struct corpus, 1);
    progress_begin(ctx->progress, "reading", texts->count, 0, 5);
    TRY(corpus_build(ctx, corpus, texts, skip));
    struct training training = {.ctx = ctx, .corpus = corpus, .fold_of = deal_folds(&ctx->arena, texts, skip)};
    struct fit_options best;
    struct fitted fitted = {0};
    TRY(choose(&training, workers, texts, report->texts, &best, report));
    err code = finish(&training, workers, texts, &best, report, &fitted);
    if (code == OK) {
        report->features = fitted.feature_count;
        *out = model_of_fitted(&fitted, corpus, texts->names);
    }
    fitted_free(&fitted);
    return code;
}
