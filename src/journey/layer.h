/* A layer: rows that never change, in columns, the rows of each alias side by side.
 *
 * A row is an event; a column is an array. Rows of one alias are one run,
 * ordered inside by (at_ms, id):
 *
 *     base     | alias 7 | alias 9 | alias 2 | …    persons side by side, the oldest alias first
 *     others   | alias 2 | alias 7 | …              by alias
 *
 * Every layer is shared by counting: the index holds the layers of now, a
 * question those of the moment it began (view.h). What comes later to a layer
 * hangs beside its rows and is replaced, never changed: which rows are dead,
 * and attached columns (promoted properties, derived touchpoints); a question
 * sees them through its view.
 *
 * An event with time, id, kind, channel, place, touchpoint and source takes 16
 * bytes and one or two for each of the five words; answers and amounts are
 * sparse; an alias takes 12 bytes.
 */
#pragma once

#include "journey/column.h"
#include "journey/sparse.h"
#include "people/identity.h"

/* The words of an event that the index keeps as codes. */
enum word {
    /* of every event */
    WORD_KIND,
    WORD_CHANNEL,
    WORD_PLACE,
    WORD_TOUCHPOINT, /* as the sender declared it */
    WORD_SOURCE,
    WORD_DENSE_COUNT,
    /* of answers */
    WORD_METRIC = WORD_DENSE_COUNT,
    WORD_QUESTION,
    WORD_SCALE,
    /* of amounts */
    WORD_CURRENCY,
    WORD_COUNT,
};

/* One event on its way into rows. */
struct record {
    i64 at_ms, id, amount;
    alias_no alias;
    u32 words[WORD_COUNT];
    u32 score; /* code of the number; 0: skipped */
    bool answered, voiced, priced;
};

/* Columns of events. */
struct rows {
    i64 count, capacity;
    i64 *at_ms, *ids;                /* [row] */
    struct column words[WORD_COUNT]; /* cell = row, answer or amount */
    struct sparse answered;          /* rows with a metric, a question or a score */
    struct column scores;            /* [answer]: code of the number, 0: skipped */
    struct sparse voiced;            /* rows with words of the customer */
    struct sparse priced;            /* rows with an amount */
    i64 *amounts;                    /* [amount] */
    i64 answer_capacity, amount_capacity;
};

/* Appends; memory grows by a quarter. */
void rows_put(struct rows *rows, const struct record *record);
void rows_free(struct rows *rows);
i64 rows_bytes(const struct rows *rows);

/* Memory that is not ours: a file that layers and columns point into; unmapped when nobody does any more. */
struct mapping {
    i32 users;
    void *at;
    i64 size;
    void (*unmap)(struct mapping *mapping); /* frees it too */
};
struct mapping *mapping_share(struct mapping *mapping);
void mapping_leave(struct mapping *mapping);

/* Removed rows, a bit each; never changed, only replaced. */
struct dead {
    i32 users;
    i64 count; /* how many are dead */
    u64 bits[];
};
struct dead *dead_share(struct dead *dead); /* NULL stays NULL */
void dead_leave(struct dead *dead);

static inline bool dead_has(const struct dead *dead, i64 row)
{
    return dead != NULL && (dead->bits[row >> 6] >> (row & 63) & 1) != 0;
}

/* What a column beside the rows means. The same key is the same meaning in every layer. */
struct attachment;

/* A layer's column of one attachment. */
struct attached {
    i32 users;
    u64 serial; /* no other ever has the same */
    struct attachment *of;
    struct column codes;     /* [row]; its capacity is the layer's row count */
    struct mapping *mapping; /* NULL: the memory is its own */
};
struct attached *attached_share(struct attached *attached);
void attached_leave(struct attached *attached);

struct layer {
    i32 users;
    struct rows rows;
    u32 run_count;
    alias_no *run_alias; /* [run] in the order of rows; alias 0: nobody */
    u32 *run_start;      /* [run_count + 1] */
    u32 *run_of;         /* [alias]: run + 1, 0: none; NULL: run_alias is ascending and searched */
    u32 run_of_count;
    i64 first_ms, last_ms;   /* the earliest and latest moment; INT64_MAX, INT64_MIN without rows */
    struct mapping *mapping; /* holds everything above; NULL: the memory is its own */

    struct aside *aside; /* aside.h; NULL: not made yet */

    /* Under the index's lock: */
    struct dead *dead; /* NULL: none */
    struct attached **attached;
    i32 attached_count, attached_capacity;
};

struct layer *layer_share(struct layer *layer);
void layer_leave(struct layer *layer);

/* The rows of an alias, [from, to); an empty range when it has none. */
struct range {
    u32 from, to;
};
struct range layer_search(const struct layer *layer, alias_no alias);

static inline struct range layer_find(const struct layer *layer, alias_no alias)
{
    if (layer->run_of == NULL) {
        return layer_search(layer, alias);
    }
    u32 run = alias < layer->run_of_count ? layer->run_of[alias] : 0;
    return run == 0 ? (struct range){0, 0} : (struct range){layer->run_start[run - 1], layer->run_start[run]};
}

/* Its column of an attachment; NULL: it has none. The index is locked. */
struct attached *layer_attached(const struct layer *layer, const struct attachment *of);

/* Puts or replaces a column; takes over the caller's share. The index is locked. */
void layer_attach(struct layer *layer, struct attached *attached);

/* Takes the column of an attachment away; the index is locked. */
void layer_detach(struct layer *layer, const struct attachment *of);

/* Of rows and runs, and of the columns beside them. The index is locked. */
i64 layer_bytes(const struct layer *layer);
i64 layer_attached_bytes(const struct layer *layer);
