/* Imports: a file and a map become events, once, however often it is tried.
 *
 *     upload ─► waiting ─► running ─► done ─► undone
 *                 ▲           ├─► cancelled ─┐
 *                 └───────────┼─► failed ────┘ resume
 *                             └─► refused, a done one without a stored line
 *
 * The upload is kept until an import of it ended well or was undone, at most seven days.
 *
 * An import is a job (store/jobs.h). Every line has an identity of its own, so
 * lines that were stored before an interruption are recognised when it goes on;
 * counts stay exact across kill -9. Every line is stored, known already, or
 * listed (listen/refused.h) with its number and the reason.
 */
#pragma once

#include "json/shape.h"
#include "store/store.h"
#include "text/sentence.h"

struct events;
struct people;
struct processes;
struct sse;
struct importer;

struct import_reason {
    str reason; /* a sentence in the reader's language */
    i64 count;
};

enum import_state {
    IMPORT_WAITING,
    IMPORT_RUNNING,
    IMPORT_DONE,
    IMPORT_FAILED,
    IMPORT_CANCELLED,
    IMPORT_UNDONE,
    IMPORT_REFUSED, /* it ran to its end, and not one line could be stored */
};

struct import {
    i64 id;
    str name;       /* what the person calls it: mostly the file's name */
    i32 state;      /* enum import_state */
    i64 lines;      /* with something in them, without the headings: stored + duplicates + refused */
    i64 stored;     /* lines that became events */
    i64 duplicates; /* lines that were stored before, by this or another import */
    i64 refused;    /* lines in ID.refused.csv */
    i64 events;     /* events that were stored: more than `stored` where a line holds several answers */
    f64 progress;   /* 0 to 1 */
    i64 started_ms, ended_ms;
    struct shape_list reasons; /* struct import_reason, most frequent first */
    str failure;               /* why it failed or waits, as a sentence; none otherwise */
    str file, map;             /* the upload while it is kept, and the map: what a corrected import begins with */
};
extern const struct shape import_shape;

struct import_request {
    str file; /* id of an uploaded file */
    str name;
    str map; /* JSON */
};
extern const struct shape import_request_shape;

struct importer_options {
    struct store *store;
    struct people *people; /* forgets whom only an undone import brought; may be NULL */
    struct events *events;
    struct sse *live;            /* gets `import` events; may be NULL */
    struct processes *processes; /* who else imports; may be NULL */
    str folder;                  /* the data folder */
    bool in_records;             /* uploads and refused lines are kept in the records: several processes share them */
    enum language language;      /* of refused.csv where the request names none */
    /* Every minute, on the thread that imports: what was interrupted elsewhere and must be gone on with. May be NULL. */
    void (*go_on)(void *self);
    void *go_on_self;
};

/* Puts interrupted imports back, removes uploads nobody needs any more, starts the thread that imports. */
err importer_open(struct ctx *ctx, const struct importer_options *options, struct importer **out);

/* Interrupts what runs (it goes on at the next start) and ends the thread. NULL is allowed. */
void importer_close(struct importer *importer);

/* Checks file and map, then queues the import. ERR_CONFLICT (import.demo) in the demo company; ERR_NOT_FOUND
 * (import.no_upload) for an unknown file; mistakes in the map have pointers below /map. */
err import_begin(struct ctx *ctx, struct importer *importer, const struct import_request *request,
                 enum language language, struct import *out);

err import_find(struct ctx *ctx, struct importer *importer, i64 id, enum language language, struct import *out);

/* Newest first, those with ids below `before` (0: all). */
err import_list(struct ctx *ctx, struct importer *importer, i64 before, i64 limit, enum language language,
                struct shape_list *out);

/* ERR_CONFLICT (import.not_running) when it has ended. What was stored stays. */
err import_cancel(struct ctx *ctx, struct importer *importer, i64 id);

/* ERR_CONFLICT (import.not_stopped) unless it failed or was cancelled and its file is still there. */
err import_resume(struct ctx *ctx, struct importer *importer, i64 id);

/* Removes every event of the import from the log, the records and the index, and its upload. ERR_CONFLICT
 * (import.still_running). */
err import_undo(struct ctx *ctx, struct importer *importer, i64 id);

/* Its list of refused lines as an open file, -1 when nothing was refused; ERR_NOT_FOUND when there is no such import. */
err import_refused(struct ctx *ctx, struct importer *importer, i64 id, int *file);

/* Takes over a file that was received, to be imported. */
err import_upload(struct ctx *ctx, struct importer *importer, const char *temporary, i64 *id);
