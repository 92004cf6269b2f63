#include "journey/layer.h"

#include "journey/aside.h"

#include "base/arena.h"
#include "journey/attachment.h"

/* Rows. */

static void reserve_rows(struct rows *rows)
{
    if (rows->count < rows->capacity) {
        return;
    }
    rows->capacity += rows->capacity / 4 + 256;
    rows->at_ms = mem_resize(rows->at_ms, rows->capacity * (i64)sizeof(i64));
    rows->ids = mem_resize(rows->ids, rows->capacity * (i64)sizeof(i64));
    for (i32 word = 0; word < WORD_DENSE_COUNT; word++) {
        column_reserve(&rows->words[word], rows->capacity);
    }
}

static void put_answer(struct rows *rows, const struct record *record)
{
    i64 answer = rows->answered.count;
    sparse_add(&rows->answered, rows->count, record->answered);
    if (!record->answered) {
        return;
    }
    if (answer == rows->answer_capacity) {
        rows->answer_capacity += rows->answer_capacity / 4 + 64;
        column_reserve(&rows->scores, rows->answer_capacity);
        for (i32 word = WORD_METRIC; word <= WORD_SCALE; word++) {
            column_reserve(&rows->words[word], rows->answer_capacity);
        }
    }
    column_set(&rows->scores, answer, record->score);
    for (i32 word = WORD_METRIC; word <= WORD_SCALE; word++) {
        column_set(&rows->words[word], answer, record->words[word]);
    }
}

static void put_amount(struct rows *rows, const struct record *record)
{
    i64 amount = rows->priced.count;
    sparse_add(&rows->priced, rows->count, record->priced);
    if (!record->priced) {
        return;
    }
    if (amount == rows->amount_capacity) {
        rows->amount_capacity += rows->amount_capacity / 4 + 64;
        rows->amounts = mem_resize(rows->amounts, rows->amount_capacity * (i64)sizeof(i64));
        column_reserve(&rows->words[WORD_CURRENCY], rows->amount_capacity);
    }
    rows->amounts[amount] = record->amount;
    column_set(&rows->words[WORD_CURRENCY], amount, record->words[WORD_CURRENCY]);
}

void rows_put(struct rows *rows, const struct record *record)
{
    reserve_rows(rows);
    rows->at_ms[rows->count] = record->at_ms;
    rows->ids[rows->count] = record->id;
    for (i32 word = 0; word < WORD_DENSE_COUNT; word++) {
        column_set(&rows->words[word], rows->count, record->words[word]);
    }
    put_answer(rows, record);
    put_amount(rows, record);
    sparse_add(&rows->voiced, rows->count, record->voiced);
    rows->count++;
}

void rows_free(struct rows *rows)
{
    mem_free(rows->at_ms);
    mem_free(rows->ids);
    mem_free(rows->amounts);
    for (i32 word = 0; word < WORD_COUNT; word++) {
        column_free(&rows->words[word]);
    }
    column_free(&rows->scores);
    sparse_free(&rows->answered);
    sparse_free(&rows->voiced);
    sparse_free(&rows->priced);
    *rows = (struct rows){0};
}

i64 rows_bytes(const struct rows *rows)
{
    i64 words = rows->answered.capacity + rows->voiced.capacity + rows->priced.capacity;
    i64 bytes = rows->capacity * (i64)(2 * sizeof(i64)) + rows->amount_capacity * (i64)sizeof(i64) +
                words * (i64)(sizeof(u64) + sizeof(u32)) + rows->scores.capacity * rows->scores.width;
    for (i32 word = 0; word < WORD_COUNT; word++) {
        bytes += rows->words[word].capacity * rows->words[word].width;
    }
    return bytes;
}

/* Counting users: whoever takes the last share away frees. */

static void share(i32 *users)
{
    __atomic_add_fetch(users, 1, __ATOMIC_RELAXED);
}

static bool leave(i32 *users)
{
    return __atomic_sub_fetch(users, 1, __ATOMIC_ACQ_REL) == 0;
}

struct mapping *mapping_share(struct mapping *mapping)
{
    if (mapping != NULL) {
        share(&mapping->users);
    }
    return mapping;
}

void mapping_leave(struct mapping *mapping)
{
    if (mapping != NULL && leave(&mapping->users)) {
        mapping->unmap(mapping);
    }
}

struct dead *dead_share(struct dead *dead)
{
    if (dead != NULL) {
        share(&dead->users);
    }
    return dead;
}

void dead_leave(struct dead *dead)
{
    if (dead != NULL && leave(&dead->users)) {
        mem_free(dead);
    }
}

struct attached *attached_share(struct attached *attached)
{
    if (attached != NULL) {
        share(&attached->users);
    }
    return attached;
}

void attached_leave(struct attached *attached)
{
    if (attached == NULL || !leave(&attached->users)) {
        return;
    }
    if (attached->mapping == NULL) {
        column_free(&attached->codes);
    }
    mapping_leave(attached->mapping);
    attachment_leave(attached->of);
    mem_free(attached);
}

struct attachment *attachment_new(void)
{
    struct attachment *attachment = mem_new(sizeof *attachment);
    attachment->users = 1;
    pthread_mutex_init(&attachment->filling, NULL);
    return attachment;
}

struct attachment *attachment_share(struct attachment *attachment)
{
    share(&attachment->users);
    return attachment;
}

void attachment_leave(struct attachment *attachment)
{
    if (attachment == NULL || !leave(&attachment->users)) {
        return;
    }
    if (attachment->free != NULL) {
        attachment->free(attachment->self);
    }
    pthread_mutex_destroy(&attachment->filling);
    mem_free(attachment);
}

struct attached *attached_new(struct attachment *of, struct column codes)
{
    struct attached *attached = mem_new(sizeof *attached);
    static u64 serials;
    u64 serial = __atomic_add_fetch(&serials, 1, __ATOMIC_RELAXED);
    *attached = (struct attached){.users = 1, .serial = serial, .of = attachment_share(of), .codes = codes};
    return attached;
}

/* Layers. */

struct layer *layer_share(struct layer *layer)
{
    share(&layer->users);
    return layer;
}

void layer_leave(struct layer *layer)
{
    if (layer == NULL || !leave(&layer->users)) {
        return;
    }
    for (i32 i = 0; i < layer->attached_count; i++) {
        attached_leave(layer->attached[i]);
    }
    mem_free(layer->attached);
    aside_free(layer->aside);
    dead_leave(layer->dead);
    if (layer->mapping == NULL) {
        rows_free(&layer->rows);
        mem_free(layer->run_alias);
        mem_free(layer->run_start);
        mem_free(layer->run_of);
    }
    mapping_leave(layer->mapping);
    mem_free(layer);
}

struct range layer_search(const struct layer *layer, alias_no alias)
{
    u32 low = 0, high = layer->run_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (layer->run_alias[middle] < alias) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < layer->run_count && layer->run_alias[low] == alias;
    return found ? (struct range){layer->run_start[low], layer->run_start[low + 1]} : (struct range){0, 0};
}

static i32 place_of(const struct layer *layer, const struct attachment *of)
{
    for (i32 i = 0; i < layer->attached_count; i++) {
        if (layer->attached[i]->of == of) {
            return i;
        }
    }
    return -1;
}

struct attached *layer_attached(const struct layer *layer, const struct attachment *of)
{
    i32 at = place_of(layer, of);
    return at < 0 ? NULL : layer->attached[at];
}

void layer_attach(struct layer *layer, struct attached *attached)
{
    layer_detach(layer, attached->of);
    if (layer->attached_count == layer->attached_capacity) {
        layer->attached_capacity = layer->attached_capacity * 2 + 8;
        layer->attached = mem_resize(layer->attached, layer->attached_capacity * (i64)sizeof(struct attached *));
    }
    layer->attached[layer->attached_count++] = attached;
}

void layer_detach(struct layer *layer, const struct attachment *of)
{
    i32 at = place_of(layer, of);
    if (at >= 0) {
        struct attached *gone = layer->attached[at];
        layer->attached[at] = layer->attached[--layer->attached_count];
        attached_leave(gone);
    }
}

i64 layer_bytes(const struct layer *layer)
{
    return (i64)sizeof *layer + rows_bytes(&layer->rows) + layer->run_count * (i64)sizeof(alias_no) +
           (layer->run_count + 1) * (i64)sizeof(u32) + layer->run_of_count * (i64)sizeof(u32) +
           (layer->dead == NULL ? 0 : layer->rows.count / 8);
}

i64 layer_attached_bytes(const struct layer *layer)
{
    i64 bytes = aside_bytes(layer);
    for (i32 i = 0; i < layer->attached_count; i++) {
        bytes += layer->attached[i]->codes.capacity * layer->attached[i]->codes.width;
    }
    return bytes;
}
