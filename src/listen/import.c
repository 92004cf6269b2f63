#include "listen/import.h"

#include "base/hash.h"
#include "base/id.h"
#include "http/sse.h"
#include "listen/importer.h"
#include "listen/map.h"
#include "store/processes.h"
#include "store/settings.h"

const str IMPORT_KIND = STR("import"), UNDO_KIND = STR("import_undo");

static const char *const state_words[] = {"waiting",   "running", "done",    "failed",
                                          "cancelled", "undone",  "refused", NULL};

static const struct shape_field reason_fields[] = {
    {"reason", SHAPE_STR, offsetof(struct import_reason, reason)},
    {"count", SHAPE_I64, offsetof(struct import_reason, count)},
};
static const struct shape reason_shape = SHAPE("ImportReason", struct import_reason, reason_fields,
                                               "import.help.reason");

static const struct shape_field import_fields[] = {
    {"id", SHAPE_ID, offsetof(struct import, id)},
    {"name", SHAPE_STR, offsetof(struct import, name)},
    {"state", SHAPE_WORD, offsetof(struct import, state), .words = state_words},
    {"lines", SHAPE_I64, offsetof(struct import, lines)},
    {"stored", SHAPE_I64, offsetof(struct import, stored)},
    {"duplicates", SHAPE_I64, offsetof(struct import, duplicates)},
    {"refused", SHAPE_I64, offsetof(struct import, refused)},
    {"events", SHAPE_I64, offsetof(struct import, events)},
    {"progress", SHAPE_F64, offsetof(struct import, progress)},
    {"started_ms", SHAPE_TIME, offsetof(struct import, started_ms)},
    {"ended_ms", SHAPE_TIME, offsetof(struct import, ended_ms)},
    {"reasons", SHAPE_LIST, offsetof(struct import, reasons), .of = &reason_shape},
    {"failure", SHAPE_STR, offsetof(struct import, failure)},
    {"file", SHAPE_STR, offsetof(struct import, file)},
    {"map", SHAPE_JSON, offsetof(struct import, map)},
};
const struct shape import_shape = SHAPE("Import", struct import, import_fields, "import.help.import");

static const struct shape_field request_fields[] = {
    {"file", SHAPE_STR, offsetof(struct import_request, file), .min = 1, .max = 40, .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct import_request, name), .min = 1, .max = 300},
    {"map", SHAPE_JSON, offsetof(struct import_request, map), .min = 2, .max = 100000, .flags = SHAPE_REQUIRED},
};
const struct shape import_request_shape = SHAPE("ImportRequest", struct import_request, request_fields,
                                                "import.help.request");

static const struct shape_field task_fields[] = {
    {"file", SHAPE_STR, offsetof(struct import_task, file)},
    {"name", SHAPE_STR, offsetof(struct import_task, name)},
    {"map", SHAPE_JSON, offsetof(struct import_task, map)},
    {"language", SHAPE_WORD, offsetof(struct import_task, language), .words = language_words},
};
const struct shape import_task_shape = SHAPE("ImportTask", struct import_task, task_fields, NULL);

static const struct shape_field tally_reason_fields[] = {
    {"key", SHAPE_STR, offsetof(struct tally_reason, key)},
    {"column", SHAPE_STR, offsetof(struct tally_reason, column)},
    {"allowed", SHAPE_STR, offsetof(struct tally_reason, allowed)},
    {"count", SHAPE_I64, offsetof(struct tally_reason, count)},
};
static const struct shape tally_reason_shape = SHAPE("ImportTallyReason", struct tally_reason, tally_reason_fields,
                                                     NULL);

static const struct shape_field tally_fields[] = {
    {"lines", SHAPE_I64, offsetof(struct import_tally, lines)},
    {"stored", SHAPE_I64, offsetof(struct import_tally, stored)},
    {"duplicates", SHAPE_I64, offsetof(struct import_tally, duplicates)},
    {"refused", SHAPE_I64, offsetof(struct import_tally, refused)},
    {"events", SHAPE_I64, offsetof(struct import_tally, events)},
    {"newest", SHAPE_I64, offsetof(struct import_tally, newest)},
    {"refused_bytes", SHAPE_I64, offsetof(struct import_tally, refused_bytes)},
    {"reasons", SHAPE_LIST, offsetof(struct import_tally, reasons), .of = &tally_reason_shape},
};
const struct shape import_tally_shape = SHAPE("ImportTally", struct import_tally, tally_fields, NULL);

struct tally_reason reason_of(const struct fault *fault)
{
    struct tally_reason reason = {.key = str_from(fault->key), .column = STR(""), .allowed = STR("")};
    for (i32 i = 0; i < fault->arg_count; i++) {
        if (strcmp(fault->args[i].name, "column") == 0) {
            reason.column = fault->args[i].value;
        } else if (strcmp(fault->args[i].name, "allowed") == 0) {
            reason.allowed = fault->args[i].value;
        }
    }
    return reason;
}

str reason_text(struct arena *arena, enum language language, const struct tally_reason *reason)
{
    const struct fault_arg args[] = {{"column", reason->column}, {"allowed", reason->allowed}};
    return sentence_fill(arena, language, str_c(arena, reason->key), args, countof(args));
}

static int more_first(const void *a, const void *b)
{
    i64 left = ((const struct import_reason *)a)->count, right = ((const struct import_reason *)b)->count;
    return left < right ? 1 : left > right ? -1 : 0;
}

static struct shape_list reasons_of(struct ctx *ctx, const struct import_tally *tally, enum language language)
{
    const struct tally_reason *from = tally->reasons.items;
    struct import_reason *items = arena_new(&ctx->arena, struct import_reason, tally->reasons.count + 1);
    for (i64 i = 0; i < tally->reasons.count; i++) {
        items[i] = (struct import_reason){reason_text(&ctx->arena, language, &from[i]), from[i].count};
    }
    qsort(items, (size_t)tally->reasons.count, sizeof *items, more_first);
    return (struct shape_list){items, tally->reasons.count};
}

/* What the job of undoing says about the import, when there is one. */
static err look_for_undo(struct ctx *ctx, struct importer *importer, struct import *out)
{
    char text[ID_TEXT_LEN];
    i64 undo;
    struct job job;
    struct store *store = importer->options.store;
    TRY(store_number(ctx, store, SQL_JOB_BY_CAUSE,
                     ARGS(ARG_STR("kind", UNDO_KIND), ARG_STR("cause", id_text(out->id, text))), &undo));
    if (undo == 0) {
        return OK;
    }
    TRY(job_find(ctx, store, undo, &job));
    out->state = job.state == JOB_DONE ? IMPORT_UNDONE : job.state == JOB_FAILED ? IMPORT_FAILED : IMPORT_RUNNING;
    out->progress = job.progress;
    out->ended_ms = job.ended_ms;
    return OK;
}

static bool nothing_fitted(const struct import_tally *tally)
{
    return tally->refused > 0 && tally->stored + tally->duplicates == 0;
}

static err from_job(struct ctx *ctx, struct importer *importer, const struct job *job, enum language language,
                    struct import *out)
{
    struct import_task task = {0};
    struct import_tally tally = {0};
    bool kept = false;
    TRY(shape_parse(ctx, &import_task_shape, job->input, &task, NULL));
    if (str_is(job->output)) {
        TRY(shape_parse(ctx, &import_tally_shape, job->output, &tally, NULL));
    }
    *out = (struct import){
        .id = job->id,
        .name = task.name,
        .state = job->state, // the words are the same up to "cancelled"
        .lines = tally.lines,
        .stored = tally.stored,
        .duplicates = tally.duplicates,
        .refused = tally.refused,
        .events = tally.events,
        .progress = job->progress,
        .started_ms = job->started_ms,
        .ended_ms = job->ended_ms,
        .reasons = reasons_of(ctx, &tally, language),
        .failure = STR_NONE,
        .file = STR_NONE,
        .map = STR_NONE,
    };
    if (str_is(job->failure) && job->failure.len > 0 && job->state != JOB_CANCELLED) {
        out->failure = sentence_fill(&ctx->arena, language, str_c(&ctx->arena, job->failure), NULL, 0);
    }
    if (job->state == JOB_DONE && nothing_fitted(&tally)) {
        out->state = IMPORT_REFUSED;
    }
    TRY(upload_is_kept(ctx, &importer->uploads, task.file, &kept));
    if (kept) {
        out->file = task.file;
        out->map = task.map;
    }
    return look_for_undo(ctx, importer, out);
}

static err job_of(struct ctx *ctx, struct importer *importer, i64 id, struct job *out)
{
    err failed = job_find(ctx, importer->options.store, id, out);
    bool import = failed == OK && str_eq(out->kind, IMPORT_KIND);
    return import                                    ? OK
           : failed == OK || failed == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "import.none")
                                                     : failed;
}

err import_find(struct ctx *ctx, struct importer *importer, i64 id, enum language language, struct import *out)
{
    struct job job;
    TRY(job_of(ctx, importer, id, &job));
    return from_job(ctx, importer, &job, language, out);
}

err import_list(struct ctx *ctx, struct importer *importer, i64 before, i64 limit, enum language language,
                struct shape_list *out)
{
    struct shape_list jobs;
    TRY(job_list(ctx, importer->options.store, IMPORT_KIND, before, limit, &jobs));
    struct import *items = arena_new(&ctx->arena, struct import, jobs.count + 1);
    for (i64 i = 0; i < jobs.count; i++) {
        TRY(from_job(ctx, importer, (struct job *)jobs.items + i, language, &items[i]));
    }
    *out = (struct shape_list){items, jobs.count};
    return OK;
}

/* Opens file and map as the import will, so that a mistake is told to the person who made it. */
static err check_request(struct ctx *ctx, struct importer *importer, const struct import_request *request,
                         const char *path)
{
    struct settings settings;
    const struct zone *zone;
    struct map map;
    struct rows *rows;
    TRY(settings_read(ctx, importer->options.store, &settings));
    if (settings.demo) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "import.demo");
    }
    TRY(zone_find(ctx, settings.zone, &zone));
    str before = ctx->pointer;
    ctx->pointer = str_format(&ctx->arena, "%.*s/map", STR_ARG(before));
    TRY(map_read(ctx, request->map, zone, &map));
    err failed = rows_open(ctx, path, &map.file, &rows);
    if (failed == ERR_EMPTY) {
        return ERR_INVALID;
    }
    TRY(failed);
    failed = map_bind(ctx, &map, rows);
    rows_close(rows);
    ctx->pointer = before;
    return failed;
}

err import_begin(struct ctx *ctx, struct importer *importer, const struct import_request *request,
                 enum language language, struct import *out)
{
    const char *path;
    TRY(upload_path(ctx, &importer->uploads, request->file, &path));
    TRY(check_request(ctx, importer, request, path));
    struct import_task task = {
        .file = request->file,
        .name = str_is(request->name) ? request->name : request->file,
        .map = request->map,
        .language = (i32)language,
    };
    struct json_writer input = json_writer_in(&ctx->arena);
    shape_write(&input, &import_task_shape, &task, SHAPE_ALL);
    i64 id;
    // The same upload with the same map is one import: asking twice finds the first.
    str cause = str_format(&ctx->arena, "%.*s %016llx", STR_ARG(request->file),
                           (unsigned long long)hash_str(request->map));
    TRY(job_put(ctx, importer->options.store, IMPORT_KIND, cause, json_text(&input), &id));
    importer_wake(importer);
    return import_find(ctx, importer, id, language, out);
}

err import_cancel(struct ctx *ctx, struct importer *importer, i64 id)
{
    struct job job;
    TRY(job_of(ctx, importer, id, &job));
    if (job.state != JOB_WAITING && job.state != JOB_RUNNING) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "import.not_running");
    }
    TRY(job_cancel(ctx, importer->options.store, id));
    import_publish(importer, ctx, id);
    return OK;
}

err import_resume(struct ctx *ctx, struct importer *importer, i64 id)
{
    struct job job;
    struct import import;
    struct import_task task = {0};
    bool kept;
    TRY(job_of(ctx, importer, id, &job));
    TRY(from_job(ctx, importer, &job, LANGUAGE_EN, &import));
    bool stopped = (job.state == JOB_FAILED || job.state == JOB_CANCELLED) && import.state == (i32)job.state;
    TRY(shape_parse(ctx, &import_task_shape, job.input, &task, NULL));
    TRY(upload_is_kept(ctx, &importer->uploads, task.file, &kept));
    if (!stopped || !kept) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "import.not_stopped");
    }
    TRY(job_resume(ctx, importer->options.store, id));
    importer_wake(importer);
    return OK;
}

err import_undo(struct ctx *ctx, struct importer *importer, i64 id)
{
    struct store *store = importer->options.store;
    struct import import;
    char text[ID_TEXT_LEN];
    i64 undo;
    TRY(import_find(ctx, importer, id, LANGUAGE_EN, &import));
    if (import.state == IMPORT_UNDONE) {
        return OK;
    }
    if (import.state == IMPORT_WAITING || import.state == IMPORT_RUNNING) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "import.still_running");
    }
    TRY(job_put(ctx, store, UNDO_KIND, id_text(id, text), STR("{}"), &undo));
    struct job job;
    TRY(job_find(ctx, store, undo, &job));
    if (job.state == JOB_FAILED || job.state == JOB_CANCELLED) {
        TRY(job_resume(ctx, store, undo));
    }
    importer_wake(importer);
    return OK;
}

err import_refused(struct ctx *ctx, struct importer *importer, i64 id, int *file)
{
    struct job job;
    TRY(job_of(ctx, importer, id, &job));
    return refused_file(ctx, &importer->uploads, id, file);
}

err import_upload(struct ctx *ctx, struct importer *importer, const char *temporary, i64 *id)
{
    return upload_keep(ctx, &importer->uploads, temporary, id);
}

/* To the pages that are connected here. */
static void publish(struct importer *importer, struct ctx *ctx, i64 id)
{
    struct import import;
    if (importer->options.live == NULL || sse_readers(importer->options.live) == 0) {
        return;
    }
    if (import_find(ctx, importer, id, importer->options.language, &import) == OK) {
        struct json_writer text = json_writer_in(&ctx->arena);
        shape_write(&text, &import_shape, &import, SHAPE_ALL);
        sse_publish(importer->options.live, "import", json_text(&text));
    }
    ctx_forgive(ctx);
}

void import_publish(struct importer *importer, struct ctx *ctx, i64 id)
{
    char text[ID_TEXT_LEN];
    publish(importer, ctx, id);
    processes_tell(importer->options.processes, "import", id_text(id, text));
}

err import_heard(void *self, struct ctx *ctx, str text)
{
    i64 id;
    if (str_is(text) && id_parse(text, &id)) {
        publish(self, ctx, id);
    }
    return OK;
}
