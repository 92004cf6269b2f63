#include "listen/import_run.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "listen/limits.h"
#include "people/people.h"
#include "store/processes.h"
#include "store/settings.h"

#include <time.h>
#include <unistd.h>

enum { CHUNK_BYTES = 4 << 20, BUSY_WAIT_NS = 20 * 1000 * 1000, READONLY_WAIT_MS = 10000, RECENT_IMPORTS = 100 };

static void arrived(struct event_batch *batch, err result)
{
    struct chunk *chunk = batch->context;
    struct run *run = chunk->run;
    pthread_mutex_lock(&run->lock);
    chunk->result = result;
    chunk->done = true;
    pthread_cond_signal(&run->arrived);
    pthread_mutex_unlock(&run->lock);
}

static void chunk_begin(struct run *run, struct chunk *chunk)
{
    ctx_reset(&chunk->ctx);
    chunk->run = run;
    chunk->event_room = IMPORT_BATCH + MAP_ANSWERS_MAX;
    chunk->events = arena_new(&chunk->ctx.arena, struct event, chunk->event_room);
    chunk->lines = arena_new(&chunk->ctx.arena, struct chunk_line, IMPORT_BATCH);
    chunk->batch = (struct event_batch){.items = chunk->events, .done = arrived, .context = chunk};
    chunk->line_count = 0;
    chunk->on_its_way = chunk->done = false;
}

static bool chunk_full(const struct chunk *chunk)
{
    return chunk->line_count == IMPORT_BATCH || chunk->batch.count >= IMPORT_BATCH ||
           chunk->ctx.arena.used > CHUNK_BYTES;
}

/* Waits for the oldest chunk on its way and counts it. */
static err settle_oldest(struct run *run)
{
    struct chunk *chunk = &run->chunks[run->settled % CHUNKS];
    pthread_mutex_lock(&run->lock);
    while (chunk->on_its_way && !chunk->done) {
        pthread_cond_wait(&run->arrived, &run->lock);
    }
    pthread_mutex_unlock(&run->lock);
    run->settled++;
    chunk->on_its_way = false;
    if (chunk->result != OK) {
        run->broken = true;
        run->ctx->fault = chunk->batch.fault;
        return chunk->result;
    }
    return run->broken ? OK : chunk_settle(run, chunk);
}

static err submit(struct run *run, struct chunk *chunk)
{
    const struct timespec pause = {.tv_nsec = BUSY_WAIT_NS};
    chunk->batch.outcomes = arena_new(&chunk->ctx.arena, u8, chunk->batch.count + 1);
    chunk->on_its_way = true;
    chunk->result = OK;
    run->filled++;
    for (;;) {
        err result = events_submit(&chunk->ctx, run->importer->options.events, &chunk->batch);
        if (result == OK) {
            return OK;
        }
        if (result != ERR_BUSY) {
            chunk->on_its_way = false;
            run->filled--;
            run->ctx->fault = chunk->ctx.fault;
            return result;
        }
        // Events that people wait for go first.
        ctx_forgive(&chunk->ctx);
        nanosleep(&pause, NULL);
    }
}

static void refuse(struct chunk *chunk, struct chunk_line *line, const struct row *row)
{
    line->reason = reason_of(&chunk->ctx.fault);
    line->text = str_copy(&chunk->ctx.arena, row->raw);
    ctx_forgive(&chunk->ctx);
}

/* The identity of a line without an id of its own: its bytes, and which of its equals it is. */
static err line_id(struct run *run, struct chunk *chunk, const struct row *row, str *out)
{
    static const u8 no_key[HASH_KEY_LEN] = {0}; // the same line has the same id in every installation
    struct u128 hash = hash_keyed(no_key, &row->raw, 1);
    i64 number;
    TRY(repeats_add(run->ctx, run->repeats, hash, &number));
    *out = str_format(&chunk->ctx.arena, "%016llx%016llx.%lld", (unsigned long long)hash.high,
                      (unsigned long long)hash.low, (long long)number);
    return OK;
}

static err take_row(struct run *run, struct chunk *chunk, const struct row *row)
{
    str id;
    TRY(line_id(run, chunk, row, &id));
    if (run->to_skip > 0) {
        run->to_skip--;
        return OK;
    }
    if (run->map.bound != run->rows->columns.count) {
        TRY(map_bind(run->ctx, &run->map, run->rows));
    }
    struct chunk_line *line = &chunk->lines[chunk->line_count++];
    *line = (struct chunk_line){.line = row->line, .first = (i32)chunk->batch.count};
    struct line_events events;
    if (line_read(&chunk->ctx, &run->map, run->rows, row, id, &events) != OK) {
        refuse(chunk, line, row);
        return OK;
    }
    line->count = (i32)events.count;
    for (i64 i = 0; i < events.count; i++) {
        struct event *event = &chunk->events[chunk->batch.count++];
        *event = events.items[i];
        event->import = run->job->id;
    }
    return OK;
}

static bool must_stop(const struct run *run)
{
    return __atomic_load_n(&run->importer->stop, __ATOMIC_RELAXED);
}

/* Another process may go on with this import soon: nothing more is stored by this one. */
static bool may_be_lost(const struct run *run)
{
    return !processes_sure(run->importer->options.processes);
}

/* Fills a chunk; ERR_EMPTY with the file's last one. */
static err fill(struct run *run, struct chunk *chunk)
{
    chunk_begin(run, chunk);
    while (!chunk_full(chunk)) {
        struct row row;
        if (must_stop(run)) {
            return ERR_UNAVAILABLE;
        }
        TRY(rows_next(run->ctx, run->rows, &row));
        TRY(take_row(run, chunk, &row));
    }
    return OK;
}

static err run_rows(struct run *run)
{
    for (;;) {
        if (run->filled - run->settled == CHUNKS) {
            TRY(settle_oldest(run));
        }
        struct chunk *chunk = &run->chunks[run->filled % CHUNKS];
        err state = fill(run, chunk);
        if (state != OK && state != ERR_EMPTY) {
            return state;
        }
        if (may_be_lost(run)) {
            return FAIL(run->ctx, ERR_UNAVAILABLE, NULL, "error.records_away");
        }
        if (chunk->line_count > 0) {
            TRY(submit(run, chunk));
        }
        if (state == ERR_EMPTY) {
            return OK;
        }
    }
}

/* What is on its way is waited for whatever happened, because the log still holds its memory. */
static err drain(struct run *run, err result)
{
    while (run->settled < run->filled) {
        struct fault fault = run->ctx->fault;
        err late = settle_oldest(run);
        if (result == OK) {
            result = late;
        } else {
            run->ctx->fault = fault;
        }
    }
    return result;
}

static err open_all(struct run *run)
{
    struct ctx *ctx = run->ctx;
    str folder = run->importer->options.folder;
    struct settings settings;
    const struct zone *zone;
    const char *path;
    TRY(shape_parse(ctx, &import_task_shape, run->job->input, &run->task, NULL));
    TRY(settings_read(ctx, run->importer->options.store, &settings));
    if (settings.demo) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "import.demo");
    }
    TRY(zone_find(ctx, settings.zone, &zone));
    TRY(upload_path(ctx, &run->importer->uploads, run->task.file, &path));
    TRY(map_read(ctx, run->task.map, zone, &run->map));
    TRY(rows_open(ctx, path, &run->map.file, &run->rows));
    TRY(map_bind(ctx, &run->map, run->rows));
    TRY(run_restore(run));
    TRY(refused_open(ctx, &run->importer->uploads, run->job->id, run->tally.refused_bytes, &run->refused));
    const char *counts = str_c(&ctx->arena, str_format(&ctx->arena, "%.*s/uploads/repeats", STR_ARG(folder)));
    return repeats_open(ctx, counts, &run->repeats);
}

static void close_all(struct run *run)
{
    rows_close(run->rows);
    repeats_close(run->repeats);
    refused_close(&run->refused);
    for (i64 i = 0; i < CHUNKS; i++) {
        ctx_end(&run->chunks[i].ctx);
    }
    pthread_mutex_destroy(&run->lock);
    pthread_cond_destroy(&run->arrived);
}

/* A file of which nothing could be stored is kept: its map will be corrected. */
static err forget_upload(struct ctx *ctx, struct run *run)
{
    const struct uploads *uploads = &run->importer->uploads;
    const struct import_tally *tally = &run->tally;
    bool well = tally->refused == 0 || tally->stored + tally->duplicates > 0;
    if (well) {
        TRY(upload_remove(ctx, uploads, run->task.file));
    }
    return tally->refused_bytes == 0 ? refused_remove(ctx, uploads, run->job->id) : OK;
}

/* Notes how it ended. */
static err conclude(struct run *run, err result)
{
    struct store *store = run->importer->options.store;
    i64 id = run->job->id;
    struct ctx here = {0};
    str failure = run->ctx->fault.key ? str_from(run->ctx->fault.key) : STR("error.system");
    str tally = run->rows != NULL ? run_tally_text(run) : STR_NONE;
    err noted;
    if (result == OK) {
        noted = job_end(&here, store, id, JOB_DONE, tally, STR_NONE);
        if (noted == OK && forget_upload(&here, run) != OK) {
            ctx_forgive(&here); // the cleaning finds it
        }
    } else if (result == ERR_CANCELLED) {
        noted = job_end(&here, store, id, JOB_CANCELLED, tally, STR_NONE);
    } else if (result == ERR_UNAVAILABLE || result == ERR_BUSY) {
        // A full disk or a stopping server: it goes on when there is room again, or at the next start.
        bool stopping = must_stop(run);
        if (run->rows != NULL && run->repeats != NULL) {
            noted = run_checkpoint(run);
        }
        noted = job_again(&here, store, id, clock_ms() + (stopping ? 0 : READONLY_WAIT_MS),
                          stopping ? STR_NONE : failure);
    } else {
        log_fault(LOG_WARN, "import_failed", run->ctx, result);
        noted = job_end(&here, store, id, JOB_FAILED, tally, failure);
    }
    import_publish(run->importer, &here, id);
    ctx_end(&here);
    return noted;
}

void import_run(struct importer *importer, struct ctx *ctx, const struct job *job)
{
    struct run *run = mem_new(sizeof *run);
    run->importer = importer;
    run->ctx = ctx;
    run->job = job;
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->arrived, NULL);
    err result = open_all(run);
    if (result == OK) {
        result = drain(run, run_rows(run));
    }
    if (conclude(run, result) != OK) {
        log_say(LOG_WARN, "import_state_not_written", NULL);
    }
    close_all(run);
    mem_free(run);
}

/* The upload of an import that is undone, unless another import of it is under way. */
static err discard_upload(struct importer *importer, struct ctx *ctx, i64 id)
{
    struct store *store = importer->options.store;
    struct job job;
    struct shape_list jobs;
    struct import_task task = {0}, other = {0};
    TRY(job_find(ctx, store, id, &job));
    TRY(shape_parse(ctx, &import_task_shape, job.input, &task, NULL));
    TRY(job_list(ctx, store, IMPORT_KIND, 0, RECENT_IMPORTS, &jobs));
    for (i64 i = 0; i < jobs.count; i++) {
        const struct job *each = (const struct job *)jobs.items + i;
        TRY(shape_parse(ctx, &import_task_shape, each->input, &other, NULL));
        if (each->id != id && each->state != JOB_DONE && str_eq(other.file, task.file)) {
            return OK;
        }
    }
    return upload_remove(ctx, &importer->uploads, task.file);
}

void undo_run(struct importer *importer, struct ctx *ctx, const struct job *job)
{
    struct store *store = importer->options.store;
    i64 id = 0, deleted;
    err result = id_parse(job->cause, &id) ? events_delete_import(ctx, importer->options.events, id, &deleted)
                                           : ERR_NOT_FOUND;
    if (result == OK && importer->options.people != NULL) {
        result = people_prune(ctx, importer->options.people, importer->options.events);
    }
    struct ctx here = {0};
    err noted;
    if (result == OK) {
        (void)refused_remove(&here, &importer->uploads, id);
        (void)discard_upload(importer, &here, id); // gone already, as a rule; the hourly cleaning finds what stays
        ctx_forgive(&here);
        noted = job_end(&here, store, job->id, JOB_DONE, STR_NONE, STR_NONE);
    } else if (result == ERR_UNAVAILABLE || result == ERR_BUSY) {
        noted = job_again(&here, store, job->id, clock_ms() + READONLY_WAIT_MS, STR("error.readonly"));
    } else {
        noted = job_end(&here, store, job->id, JOB_FAILED, STR_NONE, STR("error.system"));
    }
    if (noted != OK) {
        log_fault(LOG_WARN, "undo_state_not_written", &here, noted);
    }
    import_publish(importer, &here, id);
    ctx_end(&here);
}
