#include "journey/aside.h"

#include <pthread.h>

enum { SECOND_MS = 1000 };

/* Which column was copied: a word, or an attached column, which is never the same twice. */
struct aside_key {
    i32 word;
    u64 serial;
};

struct aside {
    i64 count, first_ms;
    u32 *seconds; /* [answer] */
    struct aside_key keys[ASIDE_COLUMNS_MAX];
    struct column columns[ASIDE_COLUMNS_MAX];
    i32 column_count;
};

/* Over all layers: copies are made once for each base. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

i64 aside_bytes(const struct layer *layer)
{
    pthread_mutex_lock(&making);
    const struct aside *aside = layer->aside;
    i64 bytes = aside == NULL ? 0 : (i64)sizeof *aside + aside->count * (i64)sizeof(u32);
    for (i32 i = 0; aside != NULL && i < aside->column_count; i++) {
        bytes += aside->columns[i].capacity * aside->columns[i].width;
    }
    pthread_mutex_unlock(&making);
    return bytes;
}

void aside_free(struct aside *aside)
{
    if (aside != NULL) {
        for (i32 i = 0; i < aside->column_count; i++) {
            column_free(&aside->columns[i]);
        }
        mem_free(aside->seconds);
        mem_free(aside);
    }
}

/* Calls for each answer's row, in order. */
#define EACH_ANSWER(rows, row, k)                                                                                      \
    for (i64 word_ = 0, k = 0; word_ * 64 < (rows)->count; word_++)                                                    \
        for (u64 rest_ = (rows)->answered.bits[word_]; rest_ != 0; rest_ &= rest_ - 1, k++)                            \
            for (i64 row = word_ * 64 + __builtin_ctzll(rest_), once_ = 1; once_ != 0; once_ = 0)

static struct aside *make(const struct layer *layer)
{
    const struct rows *rows = &layer->rows;
    struct aside *aside = mem_new(sizeof *aside);
    aside->count = rows->answered.count;
    aside->first_ms = layer->first_ms - ((layer->first_ms % SECOND_MS) + SECOND_MS) % SECOND_MS;
    aside->seconds = mem_new(aside->count * (i64)sizeof(u32));
    EACH_ANSWER(rows, row, k)
    {
        aside->seconds[k] = (u32)((rows->at_ms[row] - aside->first_ms) / SECOND_MS);
    }
    return aside;
}

static struct column copy(const struct layer *layer, const struct column *from)
{
    const struct rows *rows = &layer->rows;
    struct column out = column_new(rows->answered.count, from->width);
    switch (from->width) {
    case 1:
        EACH_ANSWER(rows, row, k)
        {
            out.one[k] = from->one[row];
        }
        break;
    case 2:
        EACH_ANSWER(rows, row, k)
        {
            out.two[k] = from->two[row];
        }
        break;
    case 4:
        EACH_ANSWER(rows, row, k)
        {
            out.four[k] = from->four[row];
        }
        break;
    default: break;
    }
    return out;
}

/* The place of a column's copy, or -1 when there is room for no more. */
static i32 find(struct aside *aside, const struct layer *layer, struct aside_key key, const struct column *from)
{
    for (i32 i = 0; i < aside->column_count; i++) {
        if (aside->keys[i].word == key.word && aside->keys[i].serial == key.serial) {
            return i;
        }
    }
    if (aside->column_count == ASIDE_COLUMNS_MAX) {
        return -1;
    }
    aside->keys[aside->column_count] = key;
    aside->columns[aside->column_count] = copy(layer, from);
    return aside->column_count++;
}

static bool look_at_column(const struct view *view, i32 number, struct aside *aside, const struct lens_column *column,
                           i32 *place)
{
    const struct layer *layer = view->layers[number];
    *place = -1;
    if (column->per == PER_ANSWER) {
        return true; // lies beside the answers as it is
    }
    if (column->column >= 0) {
        const struct attached *part = view->columns[column->column].parts[number];
        if (part != NULL) {
            *place = find(aside, layer, (struct aside_key){-1, part->serial}, &part->codes);
        }
        return part == NULL || *place >= 0;
    }
    *place = find(aside, layer, (struct aside_key){column->word, 0}, &layer->rows.words[column->word]);
    return *place >= 0;
}

static bool fits(const struct layer *layer, const struct lens *lens, i64 rows_least)
{
    bool fits = lens->count <= ASIDE_SLOTS_MAX && layer->rows.count >= rows_least && layer->rows.answered.count > 0 &&
                (layer->last_ms - layer->first_ms) / SECOND_MS < UINT32_MAX - 1;
    for (i32 slot = 0; slot < lens->count && fits; slot++) {
        const struct lens_column *column = &lens->columns[slot];
        fits = column->per != PER_AMOUNT && column->special != LENS_VOICED;
    }
    return fits;
}

bool aside_look(const struct view *view, i32 number, const struct lens *lens, i64 rows_least, struct aside_seen *out)
{
    struct layer *layer = view->layers[number];
    if (!fits(layer, lens, rows_least)) {
        return false;
    }
    pthread_mutex_lock(&making);
    if (layer->aside == NULL) {
        layer->aside = make(layer);
    }
    struct aside *aside = layer->aside;
    bool all = true;
    for (i32 slot = 0; slot < lens->count && all; slot++) {
        all = look_at_column(view, number, aside, &lens->columns[slot], &out->slots[slot]);
    }
    out->first_ms = aside->first_ms;
    out->seconds = aside->seconds;
    memcpy(out->columns, aside->columns, sizeof out->columns);
    pthread_mutex_unlock(&making);
    return all;
}
