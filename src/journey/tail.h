/* The newest events, in the order of arrival, until they are enough to be sorted into a layer.
 *
 * One thread appends; readers see the first `count` records, which do not move.
 * A question needs them sorted: the layer made for one serves the next until
 * something comes or goes.
 */
#pragma once

#include "journey/layer_build.h"

#include <pthread.h>

enum { TAIL_ROWS = 8192, TAIL_CHUNK = 512, TAIL_CHUNKS = TAIL_ROWS / TAIL_CHUNK };

/* Codes of a promoted property. */
struct tail_column {
    struct attachment *of;
    u32 *chunks[TAIL_CHUNKS]; /* NULL: zeros */
};

struct tail {
    i32 users;
    i64 count; /* published when the record is complete */
    struct record *chunks[TAIL_CHUNKS];

    /* Under the index's lock: */
    struct tail_column **columns;
    i32 column_count, column_capacity;
    struct dead *dead; /* by record */
    u64 changes;       /* grows with every column and every removal */

    pthread_mutex_t sorting;
    struct layer *sorted; /* the first sorted_count records; under `sorting` */
    i64 sorted_count;
    u64 sorted_changes;
};

struct tail *tail_new(void);
struct tail *tail_share(struct tail *tail);
void tail_leave(struct tail *tail);

static inline i64 tail_count(const struct tail *tail)
{
    return __atomic_load_n(&tail->count, __ATOMIC_ACQUIRE);
}

static inline const struct record *tail_record(const struct tail *tail, i64 i)
{
    return &tail->chunks[i / TAIL_CHUNK][i % TAIL_CHUNK];
}

/* Appending: the record, codes of its properties, and then everybody may see it. Not beyond TAIL_ROWS. */
void tail_put(struct tail *tail, const struct record *record);
void tail_put_code(struct tail *tail, struct tail_column *column, u32 code);
void tail_publish(struct tail *tail);

/* The column of an attachment, made where it is missing; the index is locked. */
struct tail_column *tail_column(struct tail *tail, struct attachment *of);

/* A code of a record that is there already: before anybody knows of the column. */
void tail_set_code(struct tail_column *column, i64 record, u32 code);

/* What of the tail a question sees. Made while the index is locked. */
struct tail_seen {
    struct tail *tail; /* a share */
    i64 count;
    struct tail_column **columns; /* a copy */
    i32 column_count;
    struct dead *dead; /* a share */
    u64 changes;
};
struct tail_seen tail_look(struct tail *tail);
void tail_unlook(struct tail_seen *seen);

/* A share of a layer of the living records seen, with their columns. */
struct layer *tail_sorted(const struct tail_seen *seen);

/* Of the records. */
i64 tail_bytes(const struct tail *tail);
