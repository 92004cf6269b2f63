#include "listen/importer.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/processes.h"

#include <errno.h>
#include <sys/stat.h>

enum { LOOK_S = 2, CLEAN_S = 3600, GO_ON_S = 60 };

static bool due(i64 *since_ns, i64 every_s)
{
    i64 now_ns = clock_steady_ns();
    bool is_due = now_ns - *since_ns > every_s * 1000000000;
    *since_ns = is_due ? now_ns : *since_ns;
    return is_due;
}

/* Takes and runs one job. False when none is due. */
static bool work_once(struct importer *importer, str kind,
                      void (*run)(struct importer *importer, struct ctx *ctx, const struct job *job))
{
    struct ctx ctx = {0};
    struct job job;
    err taken = job_take(&ctx, importer->options.store, kind, &job);
    if (taken == OK) {
        import_publish(importer, &ctx, job.id);
        run(importer, &ctx, &job);
    } else if (taken != ERR_EMPTY && !importer->away) {
        log_fault(LOG_WARN, "import_not_taken", &ctx, taken);
    }
    importer->away = taken != OK && taken != ERR_EMPTY;
    ctx_end(&ctx);
    return taken == OK;
}

/* Waits until there may be work; false when it is time to end. */
static bool wait_for_work(struct importer *importer)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&importer->lock);
    int waited = 0;
    while (!importer->work && !importer->stop && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&importer->wake, &importer->lock, &until);
    }
    importer->work = false;
    bool stop = importer->stop;
    pthread_mutex_unlock(&importer->lock);
    return !stop;
}

static void *work(void *self)
{
    struct importer *importer = self;
    i64 cleaned_ns = clock_steady_ns(), went_on_ns = cleaned_ns;
    uploads_clean(&importer->uploads);
    do {
        while (!__atomic_load_n(&importer->stop, __ATOMIC_RELAXED) &&
               (work_once(importer, UNDO_KIND, undo_run) || work_once(importer, IMPORT_KIND, import_run))) {
        }
        if (due(&cleaned_ns, CLEAN_S)) {
            uploads_clean(&importer->uploads);
        }
        if (importer->options.go_on != NULL && due(&went_on_ns, GO_ON_S)) {
            importer->options.go_on(importer->options.go_on_self);
        }
    } while (wait_for_work(importer));
    return NULL;
}

static err make_folder(struct ctx *ctx, str folder, const char *name)
{
    const char *path = str_c(&ctx->arena, str_format(&ctx->arena, "%.*s/%s", STR_ARG(folder), name));
    bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
    return made ? OK : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
}

static err hear_uploads(void *self, struct ctx *ctx, str text)
{
    const struct importer *importer = self;
    return upload_heard(&importer->uploads, ctx, text);
}

err importer_open(struct ctx *ctx, const struct importer_options *options, struct importer **out)
{
    TRY(make_folder(ctx, options->folder, "uploads"));
    TRY(make_folder(ctx, options->folder, "imports"));
    TRY(job_recover(ctx, options->store));
    struct importer *importer = mem_new(sizeof *importer);
    importer->options = *options;
    importer->options.folder = str_copy(&importer->memory, options->folder);
    importer->uploads = (struct uploads){options->store, importer->options.folder, options->in_records};
    pthread_mutex_init(&importer->lock, NULL);
    pthread_cond_init(&importer->wake, NULL);
    if (pthread_create(&importer->thread, NULL, work, importer) != 0) {
        importer_close(importer);
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
    }
    importer->started = true;
    processes_hear(options->processes, "import", import_heard, importer);
    processes_hear(options->processes, "uploads", hear_uploads, importer);
    *out = importer;
    return OK;
}

void importer_wake(struct importer *importer)
{
    pthread_mutex_lock(&importer->lock);
    importer->work = true;
    pthread_cond_signal(&importer->wake);
    pthread_mutex_unlock(&importer->lock);
}

void importer_close(struct importer *importer)
{
    if (importer == NULL) {
        return;
    }
    pthread_mutex_lock(&importer->lock);
    __atomic_store_n(&importer->stop, true, __ATOMIC_RELAXED);
    pthread_cond_signal(&importer->wake);
    pthread_mutex_unlock(&importer->lock);
    if (importer->started) {
        pthread_join(importer->thread, NULL);
    }
    pthread_mutex_destroy(&importer->lock);
    pthread_cond_destroy(&importer->wake);
    arena_free(&importer->memory);
    mem_free(importer);
}
