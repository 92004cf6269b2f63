#include "journey/index.h"

#include "journey/index_sort.h"
#include "journey/props.h"

#include <math.h>
#include <stdlib.h>

enum { RECENT_MIN = 32768 }; /* recent rows before they are sorted in */

struct index *index_open(struct identity *identity)
{
    struct index *index = mem_new(sizeof *index);
    index->identity = identity;
    index->loading = true;
    // A steady stream of questions must not keep the log's writer waiting.
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&index->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    pthread_mutex_init(&index->gathering, NULL);
    return index;
}

void index_close(struct index *index)
{
    if (index == NULL) {
        return;
    }
    index_free_rows(index);
    for (i32 word = 0; word < WORD_COUNT; word++) {
        dictionary_free(&index->texts[word]);
    }
    props_drop(index);
    pthread_rwlock_destroy(&index->lock);
    pthread_mutex_destroy(&index->gathering);
    mem_free(index);
}

void index_lock(struct index *index)
{
    pthread_rwlock_rdlock(&index->lock);
}

void index_unlock(struct index *index)
{
    pthread_rwlock_unlock(&index->lock);
}

/* Adding. */

static void reserve_rows(struct index *index)
{
    if (index->count < index->capacity) {
        return;
    }
    index->capacity += index->capacity / 4 + 4096;
    index->at_ms = mem_resize(index->at_ms, index->capacity * (i64)sizeof(i64));
    index->ids = mem_resize(index->ids, index->capacity * (i64)sizeof(i64));
    for (i32 word = 0; word < WORD_DENSE_COUNT; word++) {
        column_reserve(&index->words[word], index->capacity);
    }
    for (i32 i = 0; i < index->promoted_count; i++) {
        column_reserve(&index->promoted[i].codes, index->capacity);
    }
    if (index->dead != NULL) {
        i64 words = index->capacity / 64 + 1;
        i64 old = index->count / 64 + 1;
        index->dead = mem_resize(index->dead, words * (i64)sizeof(u64));
        memset(index->dead + old, 0, (size_t)(words - old) * sizeof(u64));
    }
}

static void reserve_alias(struct index *index, alias_no alias)
{
    if (alias < index->alias_capacity) {
        return;
    }
    u32 old = index->alias_capacity;
    u32 new = greater(alias + 1, old + old / 2 + 256);
    index->run_start = mem_resize(index->run_start, (i64)sizeof(u32) * new);
    index->run_len = mem_resize(index->run_len, (i64)sizeof(u32) * new);
    index->newest = mem_resize(index->newest, (i64)sizeof(u32) * new);
    memset(index->run_start + old, 0, sizeof(u32) * (new - old));
    memset(index->run_len + old, 0, sizeof(u32) * (new - old));
    memset(index->newest + old, 0, sizeof(u32) * (new - old));
    index->alias_capacity = new;
}

static void chain(struct index *index, alias_no alias, i64 row)
{
    i64 recent = row - index->base_count;
    if (recent >= index->recent_capacity) {
        index->recent_capacity += index->recent_capacity / 2 + 1024;
        index->recent_alias = mem_resize(index->recent_alias, index->recent_capacity * (i64)sizeof(alias_no));
        index->recent_before = mem_resize(index->recent_before, index->recent_capacity * (i64)sizeof(u32));
    }
    reserve_alias(index, alias);
    index->recent_alias[recent] = alias;
    index->recent_before[recent] = index->newest[alias];
    index->newest[alias] = (u32)row + 1;
}

static void put_word(struct index *index, enum word word, i64 cell, str text)
{
    column_set(&index->words[word], cell, dictionary_put(&index->texts[word], text));
}

static void put_answer(struct index *index, i64 row, const struct event *event)
{
    bool has = event->metric.len > 0 || event->score.is;
    i64 answer = index->answered.count;
    sparse_add(&index->answered, row, has);
    if (!has) {
        return;
    }
    if (answer == index->score_capacity) {
        index->score_capacity += index->score_capacity / 4 + 1024;
        index->scores = mem_resize(index->scores, index->score_capacity * (i64)sizeof(f64));
        for (i32 word = WORD_METRIC; word <= WORD_SCALE; word++) {
            column_reserve(&index->words[word], index->score_capacity);
        }
    }
    index->scores[answer] = event->score.is ? event->score.value : (f64)NAN;
    put_word(index, WORD_METRIC, answer, event->metric);
    put_word(index, WORD_QUESTION, answer, event->question);
    put_word(index, WORD_SCALE, answer, event->scale);
}

static void put_amount(struct index *index, i64 row, const struct event *event)
{
    i64 amount = index->priced.count;
    sparse_add(&index->priced, row, event->amount.is);
    if (!event->amount.is) {
        return;
    }
    if (amount == index->amount_capacity) {
        index->amount_capacity += index->amount_capacity / 4 + 1024;
        index->amounts = mem_resize(index->amounts, index->amount_capacity * (i64)sizeof(i64));
        column_reserve(&index->words[WORD_CURRENCY], index->amount_capacity);
    }
    index->amounts[amount] = event->amount.value;
    put_word(index, WORD_CURRENCY, amount, event->currency);
}

static void put(struct ctx *ctx, struct index *index, const struct event *event, alias_no alias)
{
    reserve_rows(index);
    i64 row = index->count;
    index->at_ms[row] = event->at_ms;
    index->ids[row] = event->id;
    put_word(index, WORD_KIND, row, event->kind);
    put_word(index, WORD_CHANNEL, row, event->channel);
    put_word(index, WORD_PLACE, row, event->place);
    put_word(index, WORD_TOUCHPOINT, row, event->touchpoint);
    put_word(index, WORD_SOURCE, row, event->source);
    put_answer(index, row, event);
    put_amount(index, row, event);
    sparse_add(&index->voiced, row, event->text.len > 0);
    chain(index, alias, row);
    props_put(ctx, index, row, event);
    index->last_id = event->id;
    index->count++;
}

/* People follow the log before us, so every alias has its number; one that has none anyway gets it here. */
static alias_no alias_of(struct index *index, const struct event *event)
{
    if (event->alias.len == 0) {
        return 0;
    }
    identity_lock(index->identity);
    alias_no alias = identity_find(index->identity, event->alias);
    identity_unlock(index->identity);
    if (alias == 0) {
        identity_lock_write(index->identity);
        alias = identity_put(index->identity, event->alias, event->id);
        identity_unlock(index->identity);
    }
    return alias;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct index *index = self;
    alias_no *aliases = mem_new(count * (i64)sizeof(alias_no));
    for (i64 i = 0; i < count; i++) {
        aliases[i] = alias_of(index, &items[i]);
    }
    pthread_rwlock_wrlock(&index->lock);
    for (i64 i = 0; i < count; i++) {
        if (items[i].id > index->last_id) { // after a failure the log repeats itself
            put(ctx, index, &items[i], aliases[i]);
        }
    }
    bool full = !index->loading && index->count - index->base_count > greater(RECENT_MIN, index->base_count / 4);
    pthread_rwlock_unlock(&index->lock);
    mem_free(aliases);
    if (full) {
        index_sort(index, false);
    }
    return OK;
}

/* Removing. */

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

static err forget(void *self, [[maybe_unused]] struct ctx *ctx, const i64 *ids, i64 count)
{
    struct index *index = self;
    if (count == 0) {
        return OK;
    }
    i64 *sorted = mem_new(count * (i64)sizeof(i64));
    memcpy(sorted, ids, (size_t)count * sizeof(i64));
    qsort(sorted, (size_t)count, sizeof(i64), by_id);

    pthread_rwlock_wrlock(&index->lock);
    if (index->dead == NULL) {
        index->dead = mem_new((index->capacity / 64 + 1) * (i64)sizeof(u64));
    }
    for (i64 row = 0; row < index->count; row++) {
        i64 id = index->ids[row];
        if (id >= sorted[0] && id <= sorted[count - 1] && index_alive(index, row) &&
            bsearch(&id, sorted, (size_t)count, sizeof(i64), by_id) != NULL) {
            index->dead[row >> 6] |= (u64)1 << (row & 63);
            index->dead_count++;
        }
    }
    index->generation++;
    pthread_rwlock_unlock(&index->lock);
    mem_free(sorted);
    return OK;
}

struct event_follower index_follower(struct index *index)
{
    return (struct event_follower){.name = "index", .self = index, .follow = follow, .forget = forget};
}

void index_attach(struct index *index, struct events *log)
{
    index->log = log;
    index->loading = false;
    index_sort(index, true);
}

void index_scrub(struct index *index)
{
    index_sort(index, true);
    pthread_rwlock_wrlock(&index->lock);
    props_drop(index);
    pthread_rwlock_unlock(&index->lock);
}

i64 index_bytes(const struct index *index)
{
    i64 bytes = index->capacity * (i64)(2 * sizeof(i64)) + index->score_capacity * (i64)sizeof(f64) +
                index->amount_capacity * (i64)sizeof(i64) + (i64)index->alias_capacity * (i64)(3 * sizeof(u32)) +
                index->recent_capacity * (i64)(2 * sizeof(u32)) +
                (index->answered.capacity + index->priced.capacity) * (i64)(sizeof(u64) + sizeof(u32));
    for (i32 word = 0; word < WORD_COUNT; word++) {
        bytes += index->words[word].capacity * index->words[word].width;
    }
    for (i32 i = 0; i < index->promoted_count; i++) {
        bytes += index->promoted[i].codes.capacity * index->promoted[i].codes.width;
    }
    return bytes;
}

i64 index_row(const struct index *index, i64 id)
{
    for (i64 row = 0; row < index->count; row++) {
        if (index->ids[row] == id && index_alive(index, row)) {
            return row;
        }
    }
    return -1;
}
