#include "journey/tail.h"

#include "journey/attachment.h"

#include <string.h>

struct tail *tail_new(void)
{
    struct tail *tail = mem_new(sizeof *tail);
    tail->users = 1;
    pthread_mutex_init(&tail->sorting, NULL);
    return tail;
}

struct tail *tail_share(struct tail *tail)
{
    __atomic_add_fetch(&tail->users, 1, __ATOMIC_RELAXED);
    return tail;
}

static void free_column(struct tail_column *column)
{
    for (i32 i = 0; i < TAIL_CHUNKS; i++) {
        mem_free(column->chunks[i]);
    }
    attachment_leave(column->of);
    mem_free(column);
}

void tail_leave(struct tail *tail)
{
    if (tail == NULL || __atomic_sub_fetch(&tail->users, 1, __ATOMIC_ACQ_REL) > 0) {
        return;
    }
    for (i32 i = 0; i < TAIL_CHUNKS; i++) {
        mem_free(tail->chunks[i]);
    }
    for (i32 i = 0; i < tail->column_count; i++) {
        free_column(tail->columns[i]);
    }
    mem_free(tail->columns);
    dead_leave(tail->dead);
    layer_leave(tail->sorted);
    pthread_mutex_destroy(&tail->sorting);
    mem_free(tail);
}

void tail_put(struct tail *tail, const struct record *record)
{
    struct record **chunk = &tail->chunks[tail->count / TAIL_CHUNK];
    if (*chunk == NULL) {
        *chunk = mem_new((i64)sizeof(struct record) * TAIL_CHUNK);
    }
    (*chunk)[tail->count % TAIL_CHUNK] = *record;
}

void tail_set_code(struct tail_column *column, i64 record, u32 code)
{
    u32 **chunk = &column->chunks[record / TAIL_CHUNK];
    if (*chunk == NULL && code != 0) {
        // Readers look at records that are published, so the chunk of a new one is theirs only afterwards.
        __atomic_store_n(chunk, mem_new((i64)sizeof(u32) * TAIL_CHUNK), __ATOMIC_RELEASE);
    }
    if (*chunk != NULL) {
        (*chunk)[record % TAIL_CHUNK] = code;
    }
}

void tail_put_code(struct tail *tail, struct tail_column *column, u32 code)
{
    tail_set_code(column, tail->count, code);
}

void tail_publish(struct tail *tail)
{
    __atomic_store_n(&tail->count, tail->count + 1, __ATOMIC_RELEASE);
}

struct tail_column *tail_column(struct tail *tail, struct attachment *of)
{
    for (i32 i = 0; i < tail->column_count; i++) {
        if (tail->columns[i]->of == of) {
            return tail->columns[i];
        }
    }
    if (tail->column_count == tail->column_capacity) {
        tail->column_capacity = tail->column_capacity * 2 + 8;
        tail->columns = mem_resize(tail->columns, tail->column_capacity * (i64)sizeof(struct tail_column *));
    }
    struct tail_column *column = mem_new(sizeof *column);
    column->of = attachment_share(of);
    tail->columns[tail->column_count++] = column;
    tail->changes++;
    return column;
}

struct tail_seen tail_look(struct tail *tail)
{
    struct tail_seen seen = {.tail = tail_share(tail),
                             .count = tail_count(tail),
                             .column_count = tail->column_count,
                             .dead = dead_share(tail->dead),
                             .changes = tail->changes};
    seen.columns = mem_new(greater(seen.column_count, 1) * (i64)sizeof(struct tail_column *));
    if (seen.column_count > 0) {
        memcpy(seen.columns, tail->columns, (size_t)seen.column_count * sizeof(struct tail_column *));
    }
    return seen;
}

void tail_unlook(struct tail_seen *seen)
{
    tail_leave(seen->tail);
    dead_leave(seen->dead);
    mem_free(seen->columns);
    *seen = (struct tail_seen){0};
}

static struct column codes_of(const struct tail_column *column, i64 count)
{
    struct column codes = {0};
    column_reserve(&codes, count);
    for (i64 i = 0; i < count; i++) {
        const u32 *chunk = __atomic_load_n(&column->chunks[i / TAIL_CHUNK], __ATOMIC_ACQUIRE);
        column_set(&codes, i, chunk == NULL ? 0 : chunk[i % TAIL_CHUNK]);
    }
    return codes;
}

static void attach(struct layer *layer, const struct layer_order *order, const struct tail_column *column, i64 count)
{
    struct column codes = codes_of(column, count);
    struct column ordered = layer_order_column(order, (const struct column *[]){&codes}, NULL);
    column_free(&codes);
    layer_attach(layer, attached_new(column->of, ordered));
}

static struct layer *sort(const struct tail_seen *seen)
{
    struct loose loose = {0};
    struct layer_order order;
    for (i64 i = 0; i < seen->count; i++) {
        loose_put(&loose, tail_record(seen->tail, i));
    }
    struct layer_input input = {.loose = &loose, .dead = seen->dead};
    struct layer *layer = layer_build(&input, 1, NULL, &order);
    for (i32 i = 0; i < seen->column_count; i++) {
        if (attachment_dropped(seen->columns[i]->of)) {
            continue;
        }
        attach(layer, &order, seen->columns[i], seen->count);
    }
    layer_order_free(&order);
    loose_free(&loose);
    return layer;
}

struct layer *tail_sorted(const struct tail_seen *seen)
{
    struct tail *tail = seen->tail;
    pthread_mutex_lock(&tail->sorting);
    // More than was seen is welcome; a removal or a column in between is not.
    if (tail->sorted == NULL || tail->sorted_count < seen->count || tail->sorted_changes != seen->changes) {
        layer_leave(tail->sorted);
        tail->sorted = sort(seen);
        tail->sorted_count = seen->count;
        tail->sorted_changes = seen->changes;
    }
    struct layer *layer = layer_share(tail->sorted);
    pthread_mutex_unlock(&tail->sorting);
    return layer;
}

i64 tail_bytes(const struct tail *tail)
{
    i64 bytes = (i64)sizeof *tail;
    for (i32 i = 0; i < TAIL_CHUNKS; i++) {
        bytes += tail->chunks[i] == NULL ? 0 : (i64)sizeof(struct record) * TAIL_CHUNK;
    }
    return bytes;
}
