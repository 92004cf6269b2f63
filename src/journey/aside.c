#include "journey/aside.h"

#include <pthread.h>

enum { SECOND_MS = 1000, ATTACHED = -1, SCORES = -2 };

/* Which column was copied: a word, SCORES, or ATTACHED, which are told apart by a serial. */
struct aside_key {
    i32 word;
    u64 serial;
};

struct aside {
    i64 count, first_ms;
    u32 *begins; /* [metric code]: its first answer here; [metrics] is the end */
    u32 metrics;
    u32 *next;    /* [metric code]: while copying */
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
    i64 bytes = aside == NULL ? 0 : (i64)sizeof *aside + (aside->count + 2 * aside->metrics) * (i64)sizeof(u32);
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
        mem_free(aside->begins);
        mem_free(aside->next);
        mem_free(aside);
    }
}

/* For each answer k: its row, and its place here. */
#define EACH_ANSWER(aside, rows, row, k, at)                                                                           \
    for (i64 word_ = 0, k = begin_copying(aside); word_ * 64 < (rows)->count; word_++)                                 \
        for (u64 rest_ = (rows)->answered.bits[word_]; rest_ != 0; rest_ &= rest_ - 1, k++)                            \
            for (i64 row = word_ * 64 + __builtin_ctzll(rest_),                                                        \
                     at = (aside)->next[column_get(&(rows)->words[WORD_METRIC], k)]++, once_ = 1;                      \
                 once_ != 0; once_ = 0)

static i64 begin_copying(struct aside *aside)
{
    memcpy(aside->next, aside->begins, aside->metrics * sizeof(u32));
    return 0;
}

/* Answers of one metric lie side by side. */
static void order_by_metric(const struct rows *rows, struct aside *aside)
{
    const struct column *metrics = &rows->words[WORD_METRIC];
    for (i64 k = 0; k < aside->count; k++) {
        aside->metrics = greater(aside->metrics, column_get(metrics, k) + 1);
    }
    aside->begins = mem_new((aside->metrics + 1) * (i64)sizeof(u32));
    aside->next = mem_new((aside->metrics + 1) * (i64)sizeof(u32));
    for (i64 k = 0; k < aside->count; k++) {
        aside->begins[column_get(metrics, k) + 1]++;
    }
    for (u32 code = 0; code < aside->metrics; code++) {
        aside->begins[code + 1] += aside->begins[code];
    }
}

static struct aside *make(const struct layer *layer)
{
    const struct rows *rows = &layer->rows;
    struct aside *aside = mem_new(sizeof *aside);
    aside->count = rows->answered.count;
    aside->first_ms = layer->first_ms - ((layer->first_ms % SECOND_MS) + SECOND_MS) % SECOND_MS;
    aside->seconds = mem_new(aside->count * (i64)sizeof(u32));
    order_by_metric(rows, aside);
    EACH_ANSWER(aside, rows, row, k, at)
    {
        aside->seconds[at] = (u32)((rows->at_ms[row] - aside->first_ms) / SECOND_MS);
    }
    return aside;
}

/* `by_row`: the column has a cell a row, else one an answer. */
static struct column copy(struct aside *aside, const struct layer *layer, const struct column *from, bool by_row)
{
    const struct rows *rows = &layer->rows;
    struct column out = column_new(rows->answered.count, from->width);
    switch (from->width) {
    case 1:
        EACH_ANSWER(aside, rows, row, k, at)
        {
            out.one[at] = from->one[by_row ? row : k];
        }
        break;
    case 2:
        EACH_ANSWER(aside, rows, row, k, at)
        {
            out.two[at] = from->two[by_row ? row : k];
        }
        break;
    case 4:
        EACH_ANSWER(aside, rows, row, k, at)
        {
            out.four[at] = from->four[by_row ? row : k];
        }
        break;
    default: break;
    }
    return out;
}

/* The place of a column's copy, or -1 when there is room for no more. */
static i32 find(struct aside *aside, const struct layer *layer, struct aside_key key, const struct column *from,
                bool by_row)
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
    aside->columns[aside->column_count] = copy(aside, layer, from, by_row);
    return aside->column_count++;
}

static bool look_at_column(const struct view *view, i32 number, struct aside *aside, const struct lens_column *column,
                           i32 *place)
{
    const struct layer *layer = view->layers[number];
    const struct rows *rows = &layer->rows;
    *place = -1;
    if (column->special == LENS_SCORES) {
        *place = find(aside, layer, (struct aside_key){SCORES, 0}, &rows->scores, false);
        return *place >= 0;
    }
    if (column->column < 0) {
        *place = find(aside, layer, (struct aside_key){column->word, 0}, &rows->words[column->word],
                      column->per == PER_ROW);
        return *place >= 0;
    }
    const struct attached *part = view->columns[column->column].parts[number];
    if (part != NULL) {
        *place = find(aside, layer, (struct aside_key){ATTACHED, part->serial}, &part->codes, true);
    }
    return part == NULL || *place >= 0;
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
    u32 metric = lesser(lens->metric, aside->metrics);
    out->from = aside->begins[metric];
    out->to = lens->metric == 0 ? aside->count : aside->begins[lesser(metric + 1, aside->metrics)];
    out->first_ms = aside->first_ms;
    out->seconds = aside->seconds;
    memcpy(out->columns, aside->columns, sizeof out->columns);
    pthread_mutex_unlock(&making);
    return all;
}
