#include "journey/layer_build.h"

#include "journey/layer_order.h"

#include <string.h>

void loose_put(struct loose *loose, const struct record *record)
{
    rows_put(&loose->rows, record);
    if (loose->alias_capacity < loose->rows.capacity) {
        loose->alias_capacity = loose->rows.capacity;
        loose->aliases = mem_resize(loose->aliases, loose->alias_capacity * (i64)sizeof(alias_no));
    }
    loose->aliases[loose->rows.count - 1] = record->alias;
}

void loose_free(struct loose *loose)
{
    rows_free(&loose->rows);
    mem_free(loose->aliases);
    *loose = (struct loose){0};
}

/* Rows that lie side by side in one input and stay so. */
struct piece {
    i32 input;
    i64 from, len;
};

static struct piece piece_at(const struct layer_order *order, i64 at)
{
    i64 row = order->rows[at];
    struct piece piece = {.len = 1};
    while (row >= order->first[piece.input + 1]) {
        piece.input++;
    }
    i64 most = lesser(order->count - at, order->first[piece.input + 1] - row);
    while (piece.len < most && order->rows[at + piece.len] == (u32)(row + piece.len)) {
        piece.len++;
    }
    piece.from = row - order->first[piece.input];
    return piece;
}

static i64 *order_i64(const struct layer_order *order, const i64 *const *columns)
{
    i64 *out = mem_new(greater(order->count, 1) * (i64)sizeof(i64));
    for (i64 at = 0; at < order->count;) {
        struct piece piece = piece_at(order, at);
        const i64 *from = columns[piece.input] + piece.from;
        for (i64 i = 0; i < piece.len; i++) {
            out[at + i] = from[i];
        }
        at += piece.len;
    }
    return out;
}

static void copy_cells(struct column *out, i64 at, const struct column *in, i64 from, i64 len)
{
    if (in->width != out->width) {
        for (i64 i = 0; i < len; i++) {
            column_set(out, at + i, column_get(in, from + i));
        }
        return;
    }
    switch (out->width) {
    case 1: memcpy(out->one + at, in->one + from, (size_t)len); break;
    case 2: memcpy(out->two + at, in->two + from, (size_t)len * sizeof(u16)); break;
    case 4: memcpy(out->four + at, in->four + from, (size_t)len * sizeof(u32)); break;
    default: break;
    }
}

struct column layer_order_column(const struct layer_order *order, const struct column *const *columns,
                                 const u32 *const *translate)
{
    u8 width = 0;
    for (i32 i = 0; i < order->input_count; i++) {
        bool plain = columns[i] != NULL && (translate == NULL || translate[i] == NULL);
        width = plain ? greater(width, columns[i]->width) : width;
    }
    struct column out = column_new(order->count, width);
    for (i64 at = 0; at < order->count;) {
        struct piece piece = piece_at(order, at);
        const struct column *in = columns[piece.input];
        const u32 *codes = translate == NULL ? NULL : translate[piece.input];
        if (in != NULL && in->width > 0 && codes == NULL) {
            copy_cells(&out, at, in, piece.from, piece.len);
        }
        for (i64 i = 0; in != NULL && codes != NULL && i < piece.len; i++) {
            column_set(&out, at + i, codes[column_get(in, piece.from + i)]);
        }
        at += piece.len;
    }
    return out;
}

/* The rows of an input, whatever it is. */
static const struct rows *rows_of(const struct layer_input *input)
{
    return input->layer != NULL ? &input->layer->rows : &input->loose->rows;
}

/* The inputs' sparse columns of one kind as one; `values` tells for each value which it was. */
static struct sparse order_sparse(const struct layer_order *order, const struct sparse *const *sparse,
                                  struct layer_order *values)
{
    struct sparse out = {0};
    *values = (struct layer_order){.input_count = order->input_count};
    values->first = mem_new((order->input_count + 1) * (i64)sizeof(i64));
    for (i32 i = 0; i < order->input_count; i++) {
        values->first[i + 1] = values->first[i] + sparse[i]->count;
    }
    i64 all = values->first[order->input_count];
    values->rows = mem_new(greater(all, 1) * (i64)sizeof(u32));
    if (all == 0) {
        return out;
    }
    sparse_reserve(&out, order->count);
    for (i64 at = 0; at < order->count;) {
        struct piece piece = piece_at(order, at);
        for (i64 i = 0; i < piece.len; i++) {
            i64 value = sparse_find(sparse[piece.input], piece.from + i);
            if (value >= 0) {
                values->rows[out.count] = (u32)(values->first[piece.input] + value);
            }
            sparse_add(&out, at + i, value >= 0);
        }
        at += piece.len;
    }
    values->count = out.count;
    return out;
}

/* One word of all inputs, laid out by rows, answers or amounts. */
static struct column order_word(const struct layer_order *order, const struct layer_input *inputs, i32 word)
{
    const struct column **columns = mem_new(order->input_count * (i64)sizeof(struct column *));
    const u32 **translate = mem_new(order->input_count * (i64)sizeof(u32 *));
    for (i32 i = 0; i < order->input_count; i++) {
        const struct rows *rows = rows_of(&inputs[i]);
        bool scores = word == WORD_COUNT;
        columns[i] = scores ? &rows->scores : &rows->words[word];
        translate[i] = inputs[i].loose == NULL ? NULL
                       : scores                ? inputs[i].loose->translate_scores
                                               : inputs[i].loose->translate[word];
    }
    struct column out = layer_order_column(order, columns, translate);
    mem_free(columns);
    mem_free(translate);
    return out;
}

static i64 *order_numbers(const struct layer_order *order, const struct layer_input *inputs, bool ids)
{
    const i64 **columns = mem_new(order->input_count * (i64)sizeof(i64 *));
    for (i32 i = 0; i < order->input_count; i++) {
        columns[i] = ids ? rows_of(&inputs[i])->ids : rows_of(&inputs[i])->at_ms;
    }
    i64 *out = order_i64(order, columns);
    mem_free(columns);
    return out;
}

static void order_answers(const struct layer_order *order, const struct layer_input *inputs, struct rows *out)
{
    struct layer_order answers;
    const struct sparse **sparse = mem_new(order->input_count * (i64)sizeof(struct sparse *));
    for (i32 i = 0; i < order->input_count; i++) {
        sparse[i] = &rows_of(&inputs[i])->answered;
    }
    out->answered = order_sparse(order, sparse, &answers);
    for (i32 word = WORD_METRIC; word <= WORD_SCALE; word++) {
        out->words[word] = order_word(&answers, inputs, word);
    }
    out->scores = order_word(&answers, inputs, WORD_COUNT);
    out->answer_capacity = answers.count;
    layer_order_free(&answers);
    for (i32 i = 0; i < order->input_count; i++) {
        sparse[i] = &rows_of(&inputs[i])->voiced;
    }
    out->voiced = order_sparse(order, sparse, &answers);
    layer_order_free(&answers);
    mem_free(sparse);
}

static void order_amounts(const struct layer_order *order, const struct layer_input *inputs, struct rows *out)
{
    struct layer_order amounts;
    const struct sparse **sparse = mem_new(order->input_count * (i64)sizeof(struct sparse *));
    const i64 **columns = mem_new(order->input_count * (i64)sizeof(i64 *));
    for (i32 i = 0; i < order->input_count; i++) {
        sparse[i] = &rows_of(&inputs[i])->priced;
        columns[i] = rows_of(&inputs[i])->amounts;
    }
    out->priced = order_sparse(order, sparse, &amounts);
    if (amounts.count > 0) {
        out->amounts = order_i64(&amounts, columns);
    }
    out->words[WORD_CURRENCY] = order_word(&amounts, inputs, WORD_CURRENCY);
    out->amount_capacity = amounts.count;
    layer_order_free(&amounts);
    mem_free(sparse);
    mem_free(columns);
}

static void find_bounds(struct layer *layer)
{
    layer->first_ms = INT64_MAX;
    layer->last_ms = INT64_MIN;
    for (i64 row = 0; row < layer->rows.count; row++) {
        layer->first_ms = lesser(layer->first_ms, layer->rows.at_ms[row]);
        layer->last_ms = greater(layer->last_ms, layer->rows.at_ms[row]);
    }
}

static void number_runs(struct layer *layer)
{
    for (u32 run = 0; run < layer->run_count; run++) {
        layer->run_of_count = greater(layer->run_of_count, layer->run_alias[run] + 1);
    }
    layer->run_of = mem_new(greater(layer->run_of_count, 1) * (i64)sizeof(u32));
    for (u32 run = 0; run < layer->run_count; run++) {
        layer->run_of[layer->run_alias[run]] = run + 1;
    }
}

/* Columns are laid out one after the other, each by one who works. */
enum laying_step { LAY_TIMES, LAY_IDS, LAY_ANSWERS, LAY_AMOUNTS, LAY_WORDS, LAY_END = LAY_WORDS + WORD_DENSE_COUNT };

struct laying {
    const struct layer_order *order;
    const struct layer_input *inputs;
    struct rows *out;
    i32 next;
};

static void lay_columns(void *self, [[maybe_unused]] i64 worker)
{
    struct laying *laying = self;
    for (;;) {
        i32 step = __atomic_fetch_add(&laying->next, 1, __ATOMIC_RELAXED);
        if (step >= LAY_END) {
            return;
        }
        switch (step) {
        case LAY_TIMES: laying->out->at_ms = order_numbers(laying->order, laying->inputs, false); break;
        case LAY_IDS: laying->out->ids = order_numbers(laying->order, laying->inputs, true); break;
        case LAY_ANSWERS: order_answers(laying->order, laying->inputs, laying->out); break;
        case LAY_AMOUNTS: order_amounts(laying->order, laying->inputs, laying->out); break;
        default:
            laying->out->words[step - LAY_WORDS] = order_word(laying->order, laying->inputs, step - LAY_WORDS);
            break;
        }
    }
}

/* Merging is for one thread of low priority; while events are loaded at start nobody else wants the processors. */
static bool is_loading(const struct layer_input *inputs, i32 input_count)
{
    enum { MANY = 1 << 16 };
    for (i32 i = 0; i < input_count; i++) {
        if (inputs[i].loose != NULL && inputs[i].loose->rows.count > MANY) {
            return true;
        }
    }
    return false;
}

struct layer *layer_build(const struct layer_input *inputs, i32 input_count, const struct alias_order *persons,
                          struct layer_order *out)
{
    struct layer *layer = mem_new(sizeof *layer);
    struct workers *workers = is_loading(inputs, input_count) ? workers_open(0) : NULL;
    struct layer_order order = layer_order_of(inputs, input_count, persons, workers, layer);
    layer->users = 1;
    layer->rows.count = layer->rows.capacity = order.count;
    struct laying laying = {&order, inputs, &layer->rows, 0};
    workers_run(workers, workers_count(workers), lay_columns, &laying);
    workers_close(workers);
    find_bounds(layer);
    if (persons != NULL) {
        number_runs(layer);
    }
    if (out != NULL) {
        *out = order;
    } else {
        layer_order_free(&order);
    }
    return layer;
}

void layer_order_free(struct layer_order *order)
{
    mem_free(order->first);
    mem_free(order->rows);
    *order = (struct layer_order){0};
}
