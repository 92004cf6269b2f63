/* What one question sees: the index at one moment. Nothing is locked while it is looked at.
 *
 *     row    0 … base | layer | layer | … | what came last
 *            '------------ count ----------------------'
 *
 * A view holds every event acknowledged before it was opened, and who was one
 * person then. Rows are numbered over all layers, the base's first. Layers stay
 * as long as a view looks at them, whatever is merged or removed meanwhile.
 */
#pragma once

#include "journey/attachment.h"
#include "journey/dictionary.h"
#include "journey/layer.h"
#include "journey/numbers.h"

struct index;

/* A column beside the rows, in all layers of the view. */
struct view_column {
    struct attachment *of;
    struct attached **parts; /* [layer]; NULL: all cells are 0 */
};

/* A promoted property that the question looks at. */
struct view_prop {
    str name;
    struct texts texts;
    i32 column;                /* place in view.columns */
    struct promoted *promoted; /* a share */
};

struct view {
    struct ctx *ctx;
    struct index *index;
    struct layer **layers; /* [0] is the base, which may be empty */
    struct dead **dead;    /* [layer]; NULL: nothing is dead */
    i64 *first;            /* [layer]: its first row; [layer_count] = count */
    i32 layer_count;
    i64 count; /* rows, dead ones included */
    u64 base_generation;

    struct persons *persons;
    const alias_no *person; /* [alias]: the oldest alias of its person */
    const alias_no *next;   /* [alias]: the next in the person's ring */
    u32 alias_count;        /* the highest alias */
    u64 *scattered;         /* a bit an alias: it has rows outside the base */

    struct texts texts[WORD_COUNT];
    struct numbers_seen scores;

    struct view_column *columns;
    i32 column_count, column_capacity;
    struct view_prop **props;
    i32 prop_count, prop_capacity;
    u64 epoch; /* the index's, for index_scrub */
};

/* Given back by the context at the latest; its memory is the context's, and `out` must live as long. */
void view_open(struct ctx *ctx, struct index *index, struct view *out);
void view_close(struct view *view); /* may be called twice */

/* A view of some layers only, for merging: takes over one share of each layer and of what is dead. */
void view_over(struct ctx *ctx, struct index *index, struct layer **layers, struct dead **dead, i32 count,
               struct view *out);

/* The property's column; NULL when it is not promoted, or was only after the view was opened (index_promote, and open it
 * anew). Looked up once, then kept. */
const struct view_prop *view_prop(struct view *view, str name);

/* The same among those looked up before. */
const struct view_prop *view_find_prop(const struct view *view, str name);

/* Looks up every property that has a column now. */
void view_all_props(struct view *view);

/* Makes an attachment's column part of the view, filling in what layers lack: its place in view.columns. What is filled in is
 * kept with the layers unless the attachment is private. ERR_EMPTY when a layer lacks it and it cannot be filled in. */
err view_attach(struct ctx *ctx, struct view *view, struct attachment *of, i32 *column);

/* The layer of a row, and which row of the layer it is: the slow face, for what is not hot. */
static inline i32 view_layer(const struct view *view, i64 row, i64 *local)
{
    i32 layer = 0;
    while (row >= view->first[layer + 1]) {
        layer++;
    }
    *local = row - view->first[layer];
    return layer;
}

static inline i64 view_at_ms(const struct view *view, i64 row)
{
    i64 local;
    i32 layer = view_layer(view, row, &local);
    return view->layers[layer]->rows.at_ms[local];
}

static inline i64 view_id(const struct view *view, i64 row)
{
    i64 local;
    i32 layer = view_layer(view, row, &local);
    return view->layers[layer]->rows.ids[local];
}

static inline bool view_alive(const struct view *view, i64 row)
{
    i64 local;
    i32 layer = view_layer(view, row, &local);
    return !dead_has(view->dead[layer], local);
}

/* The code of a word of a row; 0: none. */
u32 view_word(const struct view *view, enum word word, i64 row);

/* The answer of a row: codes of its metric and so on. False: the row is none. */
struct view_answer {
    u32 metric, question, scale;
    u32 score; /* code in view.scores; 0: skipped */
};
bool view_answer(const struct view *view, i64 row, struct view_answer *out);

/* The amount of a row in minor units; false: it has none. */
bool view_amount(const struct view *view, i64 row, i64 *amount);

/* Does it have words of the customer? */
bool view_voiced(const struct view *view, i64 row);

/* Is it an answer (it has a metric)? Answers count for scores and make no visit. */
bool view_answers(const struct view *view, i64 row);

/* The code of a row in an attached column. */
static inline u32 view_attached(const struct view *view, i32 column, i64 row)
{
    i64 local;
    i32 layer = view_layer(view, row, &local);
    const struct attached *part = view->columns[column].parts[layer];
    return part == NULL ? 0 : column_get(&part->codes, local);
}

static inline bool view_is_scattered(const struct view *view, alias_no alias)
{
    return (view->scattered[alias >> 6] >> (alias & 63) & 1) != 0;
}

/* The earliest and latest moment of all living rows; INT64_MAX, INT64_MIN without any. */
void view_bounds(const struct view *view, i64 *first_ms, i64 *last_ms);

/* The row of an event that is alive, or -1; looks at all ids. */
i64 view_row(const struct view *view, i64 id);
