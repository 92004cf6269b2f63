/* Rows into the records: which are new, where they stand, what staff decided about them. */
#include "listen/voices/inside.h"
#include "store/search.h"

#include <stdlib.h>

/* So many may be said in one millisecond before the next one lends its places. */
enum { POSITION_BITS = 20, POSITIONS = 1 << POSITION_BITS };

/* About the years 1830 to 2248. */
static const i64 AT_MS_MAX = (i64)1 << (62 - POSITION_BITS);

i64 feedback_position(i64 at_ms)
{
    return lesser(greater(at_ms, -AT_MS_MAX), AT_MS_MAX - 1) * POSITIONS;
}

str ids_text(struct arena *arena, const i64 *ids, i64 count)
{
    struct buf out = buf_in(arena);
    buf_char(&out, '[');
    for (i64 i = 0; i < count; i++) {
        if (i > 0) {
            buf_char(&out, ',');
        }
        buf_i64(&out, ids[i]);
    }
    buf_char(&out, ']');
    return buf_str(&out);
}

static int by_id(const void *a, const void *b)
{
    const struct feedback *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_position(const void *a, const void *b)
{
    const struct feedback *x = a, *y = b;
    if (x->position != y->position) {
        return x->position < y->position ? -1 : 1;
    }
    return by_id(a, b);
}

static str ids_of(struct ctx *ctx, const struct feedback *rows, i64 count)
{
    i64 *ids = arena_new(&ctx->arena, i64, greater(count, 1));
    for (i64 i = 0; i < count; i++) {
        ids[i] = rows[i].id;
    }
    return ids_text(&ctx->arena, ids, count);
}

struct known {
    i64 id, position;
};
static const struct shape_field known_fields[] = {
    {"id", SHAPE_I64, offsetof(struct known, id)},
    {"position", SHAPE_I64, offsetof(struct known, position)},
};
static const struct shape known_shape = SHAPE("KnownFeedback", struct known, known_fields, NULL);

/* Leaves out those that are there already. Rows are in the order of their ids. */
static err drop_known(struct ctx *ctx, struct store *store, struct feedback *rows, i64 *count)
{
    struct shape_list list;
    TRY(store_all(ctx, store, SQL_FEEDBACK_POSITIONS, ARGS(ARG_STR("ids", ids_of(ctx, rows, *count))), &known_shape,
                  &list));
    const struct known *known = list.items;
    for (i64 i = 0; i < list.count; i++) {
        struct feedback wanted = {.id = known[i].id};
        struct feedback *row = bsearch(&wanted, rows, (size_t)*count, sizeof *rows, by_id);
        if (row != NULL) {
            row->position = INT64_MIN;
        }
    }
    i64 kept = 0;
    for (i64 i = 0; i < *count; i++) {
        if (rows[i].position != INT64_MIN && (i == 0 || rows[i].id != rows[i - 1].id)) {
            rows[kept++] = rows[i];
        }
    }
    *count = kept;
    return OK;
}

struct stretch {
    i64 first;
    struct maybe_i64 last;
};
static const struct shape_field stretch_fields[] = {
    {"first", SHAPE_I64, offsetof(struct stretch, first)},
    {"last", SHAPE_MAYBE_I64, offsetof(struct stretch, last)},
};
static const struct shape stretch_shape = SHAPE("Stretch", struct stretch, stretch_fields, NULL);

static int by_first(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static i64 stretch_of(i64 position)
{
    return position & ~(i64)(POSITIONS - 1);
}

/* The first free position at or behind `from`, looking behind the last one of each stretch. */
static err free_position(struct ctx *ctx, struct store *store, i64 from, i64 *out)
{
    for (;; from = stretch_of(from) + POSITIONS) {
        struct shape_list list;
        i64 first = stretch_of(from);
        TRY(store_all(ctx, store, SQL_FEEDBACK_LAST_OF,
                      ARGS(ARG_STR("firsts", ids_text(&ctx->arena, &first, 1)), ARG_I64("length", POSITIONS)),
                      &stretch_shape, &list));
        const struct stretch *stretch = list.items;
        *out = stretch->last.is ? greater(stretch->last.value + 1, from) : from;
        if (*out < first + POSITIONS) {
            return OK;
        }
    }
}

/* Gives each row a position of its own, in the order of moment and id. Rows are sorted by moment. */
static err place_rows(struct ctx *ctx, struct store *store, struct feedback *rows, i64 count)
{
    struct shape_list list;
    i64 *firsts = arena_new(&ctx->arena, i64, greater(count, 1));
    i64 different = 0;
    for (i64 i = 0; i < count; i++) {
        if (i == 0 || rows[i].position != rows[i - 1].position) {
            firsts[different++] = rows[i].position;
        }
    }
    TRY(store_all(ctx, store, SQL_FEEDBACK_LAST_OF,
                  ARGS(ARG_STR("firsts", ids_text(&ctx->arena, firsts, different)), ARG_I64("length", POSITIONS)),
                  &stretch_shape, &list));
    struct stretch *stretches = list.items;
    qsort(stretches, (size_t)list.count, sizeof *stretches, by_first);
    i64 at = INT64_MIN;
    for (i64 i = 0; i < count; i++) {
        struct stretch wanted = {.first = rows[i].position};
        const struct stretch *own = bsearch(&wanted, stretches, (size_t)list.count, sizeof *stretches, by_first);
        bool same = i > 0 && at >= wanted.first;
        i64 next = own != NULL && own->last.is ? own->last.value + 1 : wanted.first;
        next = same ? greater(next, at + 1) : next;
        if (next >= wanted.first + POSITIONS) {
            TRY(free_position(ctx, store, next, &next));
        }
        rows[i].position = at = next;
    }
    return OK;
}

struct work_row {
    i64 feedback, owner;
    str status, corrected;
};
static const struct shape_field work_fields[] = {
    {"feedback", SHAPE_I64, offsetof(struct work_row, feedback)},
    {"status", SHAPE_STR, offsetof(struct work_row, status)},
    {"owner", SHAPE_ID, offsetof(struct work_row, owner)},
    {"corrected", SHAPE_STR, offsetof(struct work_row, corrected)},
};
static const struct shape work_shape = SHAPE("WorkRow", struct work_row, work_fields, NULL);

/* Rows that were there before keep what staff decided. Rows are in the order of their ids. */
static err apply_work(struct ctx *ctx, struct store *store, struct feedback *rows, i64 count)
{
    struct shape_list list;
    TRY(store_all(ctx, store, SQL_FEEDBACK_WORK_SHORT, ARGS(ARG_STR("ids", ids_of(ctx, rows, count))), &work_shape,
                  &list));
    for (i64 i = 0; i < list.count; i++) {
        const struct work_row *work = (const struct work_row *)list.items + i;
        struct feedback wanted = {.id = work->feedback};
        struct feedback *row = bsearch(&wanted, rows, (size_t)count, sizeof *rows, by_id);
        if (row != NULL) {
            row->status = work->status;
            row->owner = work->owner;
            TRY(feedback_correct(ctx, row, work->corrected));
        }
    }
    return OK;
}

static err add(struct ctx *ctx, struct store *store, const struct feedback *row)
{
    TRY(store_later(ctx, store, SQL_FEEDBACK_ADD, ARGS_OF(&feedback_row_shape, row)));
    if (!row->has_text) {
        return OK;
    }
    TRY(store_later(ctx, store, SQL_FEEDBACK_ADD_TEXT, ARGS_OF(&feedback_row_shape, row)));
    return search_words_add(ctx, store, row->position, search_words_of(&ctx->arena, row->text));
}

err feedback_write(struct ctx *ctx, struct voices *voices, struct feedback *rows, i64 count)
{
    struct store *store = voices->store;
    qsort(rows, (size_t)count, sizeof *rows, by_id);
    TRY(drop_known(ctx, store, rows, &count));
    if (count == 0) {
        return OK;
    }
    TRY(apply_work(ctx, store, rows, count));
    qsort(rows, (size_t)count, sizeof *rows, by_position);
    TRY(place_rows(ctx, store, rows, count));
    for (i64 i = 0; i < count; i++) {
        TRY(add(ctx, store, &rows[i]));
    }
    atomic_fetch_add(&voices->taken, count);
    return OK;
}
