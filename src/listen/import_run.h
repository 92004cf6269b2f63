/* One import while it runs: a reader that fills chunks, and chunks on their way to the disk. */
#pragma once

#include "base/hash.h"
#include "events/log.h"
#include "listen/importer.h"
#include "listen/limits.h"
#include "listen/lines.h"
#include "listen/refused.h"
#include "listen/repeats.h"

enum { CHUNKS = 3 }; /* one is being filled while others are written */

/* A line of a chunk. */
struct chunk_line {
    i64 line;
    i32 first, count; /* of its events in the chunk; none: it was refused */
    struct tally_reason reason;
    str text; /* of a refused line */
};

struct chunk {
    struct ctx ctx; /* owns everything below */
    struct event_batch batch;
    struct event *events;
    struct chunk_line *lines;
    i64 event_room, line_count;
    i64 rows; /* of the file, including those passed over when resuming */
    struct run *run;
    bool on_its_way, done; /* under the run's lock */
    err result;
};

struct run {
    struct importer *importer;
    struct ctx *ctx;
    const struct job *job;
    struct import_task task;
    struct map map;
    struct rows *rows;
    struct repeats *repeats;
    struct refused refused;
    struct import_tally tally;
    struct tally_reason reasons[REASONS_MAX + 1];
    struct own_hashes {
        struct u128 *items;
        i64 count, room;
    } own;       /* events of this import stored after the last checkpoint, when it was interrupted; sorted */
    bool broken; /* a chunk failed: later ones are waited for but no longer counted */
    i64 to_skip; /* lines that were settled before */
    i64 told_ns; /* when the last checkpoint was written */
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct chunk chunks[CHUNKS];
    i64 filled, settled; /* chunks so far; chunk k is chunks[k % CHUNKS] */
};

/* Counts what became of a chunk and, from time to time, writes a checkpoint. ERR_CANCELLED when somebody asked to stop. */
err chunk_settle(struct run *run, struct chunk *chunk);

/* Writes the state down. */
err run_checkpoint(struct run *run);
str run_tally_text(struct run *run);

/* Reads the state of the last checkpoint, if the job was interrupted, and finds what was stored after it. */
err run_restore(struct run *run);
