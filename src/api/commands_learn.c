#include "api/commands_local.h"
#include "base/progress.h"
#include "json/write.h"
#include "listen/rows.h"
#include "text/fold.h"
#include "text/model.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

/* cham learn-text FILE --text NAME --label NAME --out MODEL: learns from a table of labelled texts, offline. The figures of the
 * cross-validation go to standard output as one JSON object, the way there to standard error. */

enum { LEARN_TEXT, LEARN_LABEL, LEARN_OUT };

struct examples {
    str *texts, *names;
    str *composed; /* the names as NFC: "buồn" is one label however its marks were typed */
    i32 *labels;
    i64 count, room, name_count, name_room;
};

static bool interrupted;

static void on_interrupt([[maybe_unused]] int signal)
{
    __atomic_store_n(&interrupted, true, __ATOMIC_RELAXED);
}

/* The number of a label; a new one is added. -1: none. */
static i32 label_of(struct ctx *ctx, struct examples *examples, str label)
{
    label = utf8_prefix(str_trim(label), MODEL_LABEL_LEN_MAX);
    if (label.len == 0) {
        return -1;
    }
    str composed = fold_nfc(&ctx->arena, label);
    for (i64 i = 0; i < examples->name_count; i++) {
        if (str_eq(examples->composed[i], composed)) {
            return (i32)i;
        }
    }
    if (examples->name_count > MODEL_LABELS_MAX) {
        return -1; // too many to learn: refused as soon as that is counted
    }
    if (examples->name_count == examples->name_room) {
        i64 room = greater(16, examples->name_room * 2);
        i64 size = (i64)sizeof(str), old = examples->name_room * size;
        examples->names = arena_grow(&ctx->arena, examples->names, old, room * size, _Alignof(str));
        examples->composed = arena_grow(&ctx->arena, examples->composed, old, room * size, _Alignof(str));
        examples->name_room = room;
    }
    examples->names[examples->name_count] = str_copy(&ctx->arena, label);
    examples->composed[examples->name_count] = str_copy(&ctx->arena, composed);
    return (i32)examples->name_count++;
}

static void add_example(struct ctx *ctx, struct examples *examples, str text, str label)
{
    if (examples->count == examples->room) {
        i64 room = greater(1024, examples->room * 2), old = examples->room;
        examples->texts = mem_resize(examples->texts, room * (i64)sizeof(str));
        examples->labels = mem_resize(examples->labels, room * (i64)sizeof(i32));
        examples->room = greater(room, old);
    }
    examples->texts[examples->count] = str_copy(&ctx->arena, text);
    examples->labels[examples->count] = label_of(ctx, examples, label);
    examples->count++;
}

static err column_of(struct ctx *ctx, const struct rows *rows, str name, i64 *out)
{
    *out = rows_column(rows, name);
    if (*out >= 0) {
        return OK;
    }
    struct buf columns = buf_in(&ctx->arena);
    for (i64 i = 0; i < rows->columns.count; i++) {
        buf_format(&columns, "%s%.*s", i > 0 ? ", " : "", STR_ARG(rows->columns.items[i]));
    }
    return FAIL(ctx, ERR_INVALID, "", "error.learn_column", {"column", name}, {"columns", buf_str(&columns)});
}

static err read_examples(struct cli *cli, struct rows *rows, struct examples *out)
{
    struct ctx *ctx = &cli->ctx;
    i64 text, label;
    struct row row;
    TRY(column_of(ctx, rows, cli->options[LEARN_TEXT], &text));
    TRY(column_of(ctx, rows, cli->options[LEARN_LABEL], &label));
    for (;;) {
        err code = rows_next(ctx, rows, &row);
        if (code == ERR_EMPTY) {
            return OK;
        }
        TRY(code);
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
        bool whole = row.problem == NULL && row.count > greater(text, label);
        if (whole) {
            add_example(ctx, out, row.cells[text], row.cells[label]);
        } else {
            add_example(ctx, out, STR(""), STR("")); // counted as left out
        }
        if (out->count > MODEL_TEXTS_MAX) {
            return FAIL(ctx, ERR_INVALID, "", "error.learn_many_texts",
                        {"most", str_format(&ctx->arena, "%d", MODEL_TEXTS_MAX)});
        }
    }
}

static void write_report(struct json_writer *writer, const struct model_report *report)
{
    json_object(writer);
    json_pair_f64(writer, "accuracy", report->accuracy);
    json_pair_f64(writer, "macro_f1", report->macro_f1);
    json_pair_f64(writer, "weighted_f1", report->weighted_f1);
    json_pair_f64(writer, "most_common", report->most_common);
    json_pair_i64(writer, "folds", report->folds);
    json_pair_i64(writer, "texts", report->texts);
    json_pair_i64(writer, "blank", report->blank);
    json_pair_i64(writer, "rare", report->rare);
    json_pair_i64(writer, "features", report->features);
    json_pair_f64(writer, "strength", report->strength);
    json_pair_f64(writer, "balance", report->balance);
    json_key(writer, STR("labels"));
    json_list(writer);
    for (i64 i = 0; i < report->label_count; i++) {
        const struct model_label *label = &report->labels[i];
        json_object(writer);
        json_pair_str(writer, "label", label->name);
        json_pair_i64(writer, "count", label->count);
        json_pair_f64(writer, "precision", label->precision);
        json_pair_f64(writer, "recall", label->recall);
        json_pair_f64(writer, "f1", label->f1);
        json_object_end(writer);
    }
    json_list_end(writer);
    json_object_end(writer);
}

/* A line on the terminal, written over twice a second until the work is done. */
struct teller {
    struct cli *cli;
    struct progress progress;
    pthread_t thread;
    _Atomic bool done;
};

static void *tell(void *self)
{
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    struct teller *teller = self;
    bool terminal = isatty(STDERR_FILENO) != 0;
    i32 shown = -1;
    while (!teller->done) {
        i32 percent = (i32)(progress_share(&teller->progress) * 100.0);
        if (percent != shown && (terminal || percent / 10 != shown / 10 || shown < 0)) {
            struct arena arena = {0};
            struct fault_arg arg = {"percent", str_format(&arena, "%d", percent)};
            str line = sentence_fill(&arena, teller->cli->language, "cli.learning", &arg, 1);
            (void)fprintf(stderr, terminal ? "\r\033[K%.*s" : "%.*s\n", STR_ARG(line));
            arena_free(&arena);
            shown = percent;
        }
        (void)nanosleep(&pause, NULL);
    }
    if (terminal && shown >= 0) {
        (void)fputs("\r\033[K", stderr);
    }
    return NULL;
}

static err learn(struct cli *cli, const struct examples *examples, struct model_report *report)
{
    struct model_texts texts = {examples->texts, examples->labels, examples->count, examples->names,
                                examples->name_count};
    struct teller teller = {.cli = cli};
    struct workers *workers = workers_open(0);
    struct model *model = NULL;
    cli->ctx.progress = &teller.progress;
    bool telling = pthread_create(&teller.thread, NULL, tell, &teller) == 0;
    err code = model_train(&cli->ctx, &texts, workers, &model, report);
    teller.done = true;
    if (telling) {
        pthread_join(teller.thread, NULL);
    }
    cli->ctx.progress = NULL;
    workers_close(workers);
    if (code == OK) {
        code = model_save(&cli->ctx, model, str_c(&cli->ctx.arena, cli->options[LEARN_OUT]));
    }
    model_free(model);
    return code;
}

static err options_are_there(struct cli *cli)
{
    static const char *const names[] = {"--text", "--label", "--out"};
    for (i64 i = 0; i < countof(names); i++) {
        if (!str_is(cli->options[i])) {
            return FAIL(&cli->ctx, ERR_INVALID, "", "cli.no_value", {"option", str_from(names[i])});
        }
    }
    return OK;
}

err learn_text_command(struct cli *cli)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    struct examples examples = {0};
    struct rows_options options = {.encoding = ENCODING_GUESS};
    struct model_report report;
    struct rows *rows = NULL;
    TRY(options_are_there(cli));
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL); // a second Ctrl-C ends the program at once
    cli->ctx.cancel = &interrupted;
    err code = rows_open(&cli->ctx, str_c(&cli->ctx.arena, cli->words[0]), &options, &rows);
    if (code == OK) {
        code = read_examples(cli, rows, &examples);
        rows_close(rows);
    }
    if (code == OK) {
        code = learn(cli, &examples, &report);
    }
    if (code == OK) {
        struct json_writer writer = json_writer_in(&cli->ctx.arena);
        write_report(&writer, &report);
        commands_print(json_text(&writer));
    }
    mem_free(examples.texts);
    mem_free(examples.labels);
    return code;
}
