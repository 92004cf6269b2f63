/* What the parts of the importer share. */
#pragma once

#include "listen/import.h"
#include "listen/upload.h"
#include "store/jobs.h"

#include <pthread.h>

struct importer {
    struct importer_options options;
    struct uploads uploads;
    struct arena memory;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stop, work; /* under the lock; `stop` is also read without it */
    bool away;                /* of the thread: the records did not answer last time, which was said */
};

extern const str IMPORT_KIND, UNDO_KIND;

/* A reason and how often, as it is kept in the job. */
struct tally_reason {
    str key, column, allowed;
    i64 count;
};

/* job.input */
struct import_task {
    str file, name, map;
    i32 language;
};
extern const struct shape import_task_shape;

/* job.output: the state at a checkpoint. */
struct import_tally {
    i64 lines, stored, duplicates, refused, events;
    i64 newest;                /* the newest event id when it was written: later ones of this import are found again */
    i64 refused_bytes;         /* of ID.refused.csv */
    struct shape_list reasons; /* struct tally_reason */
};
extern const struct shape import_tally_shape;

/* A refusal as a reason: its key and what the map says about it. */
struct tally_reason reason_of(const struct fault *fault);

/* The sentence of a reason. */
str reason_text(struct arena *arena, enum language language, const struct tally_reason *reason);

/* Runs a taken job to its end and notes how it ended. */
void import_run(struct importer *importer, struct ctx *ctx, const struct job *job);
void undo_run(struct importer *importer, struct ctx *ctx, const struct job *job);

/* Tells open pages of all processes how an import stands. */
void import_publish(struct importer *importer, struct ctx *ctx, i64 id);
err import_heard(void *self, struct ctx *ctx, str text);

void importer_wake(struct importer *importer);
