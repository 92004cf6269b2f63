#include "journey/index.h"

#include "journey/index_layers.h"
#include "journey/kept.h"
#include "journey/props.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

enum { TIER_LAYERS = 4, BASE_ROWS = 32768, SCRUB_WAIT_S = 30 };

void index_bury(struct index *index)
{
    pthread_mutex_lock(&index->lock);
    struct layer **gone = index->gone;
    i32 count = index->gone_count;
    index->gone = NULL;
    index->gone_count = index->gone_capacity = 0;
    pthread_mutex_unlock(&index->lock);
    for (i32 i = 0; i < count; i++) {
        layer_leave(gone[i]);
    }
    mem_free(gone);
}

static struct index_limits usual(const struct index_limits *limits)
{
    struct index_limits out = *limits;
    out.tail_rows = out.tail_rows == 0 ? TAIL_ROWS : lesser(out.tail_rows, TAIL_ROWS);
    out.tier_layers = out.tier_layers == 0 ? TIER_LAYERS : out.tier_layers;
    out.base_rows = out.base_rows == 0 ? BASE_ROWS : out.base_rows;
    return out;
}

struct index *index_open_with(struct identity *identity, const struct index_limits *limits)
{
    struct index *index = mem_new(sizeof *index);
    index->identity = identity;
    index->limits = usual(limits);
    pthread_mutex_init(&index->gathering, NULL);
    pthread_mutex_init(&index->merging, NULL);
    pthread_mutex_init(&index->adding, NULL);
    pthread_mutex_init(&index->lock, NULL);
    pthread_mutex_init(&index->facts_lock, NULL);
    pthread_cond_init(&index->closed, NULL);
    index->tail = tail_new();
    index->loading = builder_new();
    index_push(index, layer_build(NULL, 0, &(struct alias_order){0}, NULL));
    return index;
}

struct index *index_open(struct identity *identity)
{
    return index_open_with(identity, &(struct index_limits){0});
}

void index_close(struct index *index)
{
    if (index == NULL) {
        return;
    }
    merger_stop(index->merger);
    builder_free(index->loading);
    tail_leave(index->tail);
    for (i32 i = 0; i < index->layer_count; i++) {
        layer_leave(index->layers[i]);
    }
    index->layer_count = 0;
    index_bury(index);
    mem_free(index->gone);
    mem_free(index->layers);
    mem_free(index->forgotten);
    props_drop(index);
    for (i32 word = 0; word < WORD_COUNT; word++) {
        dictionary_free(&index->texts[word]);
    }
    numbers_free(&index->scores);
    kept_close(index);
    pthread_cond_destroy(&index->closed);
    pthread_mutex_destroy(&index->facts_lock);
    pthread_mutex_destroy(&index->lock);
    pthread_mutex_destroy(&index->adding);
    pthread_mutex_destroy(&index->merging);
    pthread_mutex_destroy(&index->gathering);
    mem_free(index);
}

/* Adding. */

void index_push(struct index *index, struct layer *layer)
{
    if (index->layer_count == index->layer_capacity) {
        index->layer_capacity = index->layer_capacity * 2 + 16;
        index->layers = mem_resize(index->layers, index->layer_capacity * (i64)sizeof(struct layer *));
    }
    index->layers[index->layer_count++] = layer;
}

void index_new_tail(struct index *index)
{
    tail_leave(index->tail);
    index->tail = tail_new();
    for (i32 i = 0; i < index->promoted_count; i++) {
        (void)tail_column(index->tail, index->promoted[i]->column);
    }
}

void index_seal(struct index *index)
{
    if (index->tail->count == 0) {
        return;
    }
    pthread_mutex_lock(&index->lock);
    struct tail_seen seen = tail_look(index->tail);
    pthread_mutex_unlock(&index->lock);
    struct layer *layer = tail_sorted(&seen); // nothing is added or removed meanwhile: `adding` is held
    pthread_mutex_lock(&index->lock);
    if (layer->rows.count > 0) {
        index_push(index, layer_share(layer));
    }
    index_new_tail(index);
    pthread_mutex_unlock(&index->lock);
    layer_leave(layer);
    tail_unlook(&seen);
}

static void put(struct ctx *ctx, struct index *index, const struct event *event, alias_no alias)
{
    struct tail *tail = index->tail;
    struct record record = record_of(index->texts, &index->scores, event, alias);
    tail_put(tail, &record);
    props_put(ctx, index, event);
    tail_publish(tail);
    if (tail->count == index->limits.tail_rows) {
        index_seal(index);
        merger_wake(index->merger);
    }
}

/* People follow the log before us, so every alias has its number; one that has none anyway gets it here. */
static void number_aliases(struct index *index, const struct event *items, i64 count, alias_no *aliases)
{
    i64 missing = 0;
    identity_lock(index->identity);
    for (i64 i = 0; i < count; i++) {
        aliases[i] = identity_find(index->identity, items[i].alias);
        missing += aliases[i] == 0 && items[i].alias.len > 0;
    }
    identity_unlock(index->identity);
    if (missing > 0) {
        identity_lock_write(index->identity);
        for (i64 i = 0; i < count; i++) {
            aliases[i] = identity_put(index->identity, items[i].alias, items[i].id);
        }
        identity_unlock(index->identity);
    }
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct index *index = self;
    alias_no *aliases = mem_new(count * (i64)sizeof(alias_no));
    number_aliases(index, items, count, aliases);
    pthread_mutex_lock(&index->adding);
    for (i64 i = 0; i < count; i++) {
        if (items[i].id <= index->last_id) {
            continue; // after a failure the log repeats itself
        }
        if (index->loading != NULL) {
            builder_put(index->loading, &items[i], aliases[i]);
        } else {
            put(ctx, index, &items[i], aliases[i]);
        }
        __atomic_store_n(&index->last_id, items[i].id, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&index->adding);
    mem_free(aliases);
    return OK;
}

i64 index_last_id(struct index *index)
{
    return __atomic_load_n(&index->last_id, __ATOMIC_RELAXED);
}

void index_attach(struct index *index, struct events *log)
{
    struct builder *loaded = index->loading;
    if (loaded != NULL) {
        index_load(index, &loaded, 1, 0);
    }
    pthread_mutex_lock(&index->adding);
    index->loading = NULL;
    index->log = log;
    pthread_mutex_unlock(&index->adding);
    malloc_trim(0); // two copies of everything existed for a moment
    if (!index->limits.by_hand) {
        struct merger *merger = merger_start(index);
        pthread_mutex_lock(&index->adding);
        pthread_mutex_lock(&index->lock);
        index->merger = merger;
        pthread_mutex_unlock(&index->lock);
        pthread_mutex_unlock(&index->adding);
    }
}

/* Removing. */

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

/* A bit for the hash of each id: most rows are known to be none of many ids after one look. */
struct id_filter {
    u64 *bits;
    i32 shift;
};

static u64 id_hash(const struct id_filter *filter, i64 id)
{
    return (u64)id * 0x9e3779b97f4a7c15 >> filter->shift;
}

static struct id_filter filter_new(const i64 *ids, i64 count)
{
    struct id_filter filter = {.shift = 64 - 10};
    while ((i64)1 << (64 - filter.shift) < count * 16 && filter.shift > 32) {
        filter.shift--;
    }
    filter.bits = mem_new((((i64)1 << (64 - filter.shift)) / 64) * (i64)sizeof(u64));
    for (i64 i = 0; i < count; i++) {
        u64 bit = id_hash(&filter, ids[i]);
        filter.bits[bit >> 6] |= (u64)1 << (bit & 63);
    }
    return filter;
}

static bool filter_has(const struct id_filter *filter, i64 id)
{
    u64 bit = id_hash(filter, id);
    return (filter->bits[bit >> 6] >> (bit & 63) & 1) != 0;
}

struct dead *dead_with(const struct rows *rows, const struct dead *dead, const i64 *ids, i64 count, i64 *found)
{
    struct dead *out = NULL;
    struct id_filter filter = filter_new(ids, count);
    *found = 0;
    for (i64 row = 0; row < rows->count; row++) {
        i64 id = rows->ids[row];
        if (id < ids[0] || id > ids[count - 1] || !filter_has(&filter, id) || dead_has(dead, row) ||
            bsearch(&id, ids, (size_t)count, sizeof(i64), by_id) == NULL) {
            continue;
        }
        if (out == NULL) {
            i64 size = (rows->count / 64 + 1) * (i64)sizeof(u64);
            out = mem_new((i64)sizeof *out + size);
            out->users = 1;
            if (dead != NULL) {
                out->count = dead->count;
                memcpy(out->bits, dead->bits, (size_t)size);
            }
        }
        out->bits[row >> 6] |= (u64)1 << (row & 63);
        out->count++;
        ++*found;
    }
    mem_free(filter.bits);
    return out != NULL ? out : dead_share((struct dead *)(uintptr_t)dead);
}

/* The tail's own removals, by record. */
static void forget_tail(struct tail *tail, const i64 *ids, i64 count)
{
    struct rows rows = {.count = tail->count};
    rows.ids = mem_new(greater(rows.count, 1) * (i64)sizeof(i64));
    for (i64 i = 0; i < rows.count; i++) {
        rows.ids[i] = tail_record(tail, i)->id;
    }
    i64 found;
    struct dead *dead = dead_with(&rows, tail->dead, ids, count, &found);
    mem_free(rows.ids);
    // Its size is that of the records there are; later ones are never found in it, so it grows to the full tail at once.
    if (found > 0) {
        i64 size = (i64)sizeof *dead + (TAIL_ROWS / 64 + 1) * (i64)sizeof(u64);
        struct dead *whole = mem_new(size);
        memcpy(whole, dead, sizeof *dead + (size_t)(rows.count / 64 + 1) * sizeof(u64));
        dead_leave(tail->dead);
        tail->dead = whole;
        tail->changes++;
    }
    dead_leave(dead);
}

static void remember(struct index *index, const i64 *ids, i64 count)
{
    if (index->forgotten_count + count > index->forgotten_capacity) {
        index->forgotten_capacity = index->forgotten_count + count;
        index->forgotten = mem_resize(index->forgotten, index->forgotten_capacity * (i64)sizeof(i64));
    }
    memcpy(index->forgotten + index->forgotten_count, ids, (size_t)count * sizeof(i64));
    index->forgotten_count += count;
}

/* What is dead in each layer from now on; false when the layers are others meanwhile. */
static bool forget_layers(struct index *index, const i64 *ids, i64 count)
{
    pthread_mutex_lock(&index->lock);
    i32 layers = index->layer_count;
    struct layer **seen = mem_new(layers * (i64)sizeof(struct layer *));
    struct dead **dead = mem_new(layers * (i64)sizeof(struct dead *));
    for (i32 i = 0; i < layers; i++) {
        seen[i] = layer_share(index->layers[i]);
    }
    pthread_mutex_unlock(&index->lock);
    for (i32 i = 0; i < layers; i++) {
        i64 found; // `adding` is held: nobody else removes
        dead[i] = dead_with(&seen[i]->rows, seen[i]->dead, ids, count, &found);
    }
    pthread_mutex_lock(&index->lock);
    bool same = layers == index->layer_count;
    for (i32 i = 0; i < layers && same; i++) {
        same = seen[i] == index->layers[i];
    }
    for (i32 i = 0; i < layers && same; i++) {
        dead_leave(seen[i]->dead);
        seen[i]->dead = dead_share(dead[i]);
    }
    if (same) {
        forget_tail(index->tail, ids, count);
        if (index->merges) {
            remember(index, ids, count);
        }
    }
    pthread_mutex_unlock(&index->lock);
    for (i32 i = 0; i < layers; i++) {
        layer_leave(seen[i]);
        dead_leave(dead[i]);
    }
    mem_free(seen);
    mem_free(dead);
    return same;
}

static err forget(void *self, struct ctx *ctx, const i64 *ids, i64 count)
{
    struct index *index = self;
    if (count == 0) {
        return OK;
    }
    TRY(kept_drop(ctx, index));
    i64 *sorted = mem_new(count * (i64)sizeof(i64));
    memcpy(sorted, ids, (size_t)count * sizeof(i64));
    qsort(sorted, (size_t)count, sizeof(i64), by_id);
    pthread_mutex_lock(&index->adding);
    while (!forget_layers(index, sorted, count)) {
    }
    pthread_mutex_unlock(&index->adding);
    mem_free(sorted);
    return OK;
}

/* What was kept of an earlier run, and the log to read strangers from. */
static err restore(void *self, struct ctx *ctx, struct events *log)
{
    struct index *index = self;
    index->log = log;
    TRY(kept_restore(ctx, index, log));
    if (index->last_id > 0) { // what comes now comes behind it, with its properties
        builder_free(index->loading);
        index->loading = NULL;
    }
    return OK;
}

static err cursor(void *self, [[maybe_unused]] struct ctx *ctx, i64 *after_id)
{
    *after_id = index_last_id(self);
    return OK;
}

struct event_follower index_follower(struct index *index)
{
    return (struct event_follower){.name = "index",
                                   .self = index,
                                   .restore = restore,
                                   .cursor = cursor,
                                   .follow = follow,
                                   .forget = forget,
                                   .load = &index_crew};
}

void index_drop(struct index *index, struct attachment *of)
{
    pthread_mutex_lock(&index->lock);
    __atomic_store_n(&of->dropped, true, __ATOMIC_RELAXED);
    for (i32 i = 0; i < index->layer_count; i++) {
        layer_detach(index->layers[i], of);
    }
    pthread_mutex_unlock(&index->lock);
}

/* Moving on. */

void index_force(struct index *index, enum index_force what)
{
    pthread_mutex_lock(&index->merging);
    pthread_mutex_lock(&index->adding);
    index_seal(index);
    pthread_mutex_unlock(&index->adding);
    pthread_mutex_lock(&index->lock);
    i32 count = index->layer_count;
    pthread_mutex_unlock(&index->lock);
    if (what == FORCE_MERGE && count > 2) {
        index_merge(index, 1, count);
    }
    if (what == FORCE_BASE) {
        index_merge(index, 0, count);
    }
    pthread_mutex_unlock(&index->merging);
}

/* Whoever asked before has its answer. */
static void wait_for_views(struct index *index)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SCRUB_WAIT_S;
    pthread_mutex_lock(&index->lock);
    // Views of the epoch before the last share a count with the next: they go first.
    for (i32 i = 0; i < 2; i++) {
        u64 before = index->epoch++;
        while (index->views[before & 1] > 0) {
            if (pthread_cond_timedwait(&index->closed, &index->lock, &until) != 0) {
                break;
            }
        }
    }
    pthread_mutex_unlock(&index->lock);
}

void index_scrub(struct index *index)
{
    pthread_mutex_lock(&index->gathering);
    pthread_mutex_lock(&index->adding);
    props_drop(index);
    pthread_mutex_unlock(&index->adding);
    pthread_mutex_unlock(&index->gathering);
    index_force(index, FORCE_BASE);
    wait_for_views(index);
    index_bury(index);
    malloc_trim(0);
}

struct index_stats index_stats(struct index *index)
{
    pthread_mutex_lock(&index->adding);
    pthread_mutex_lock(&index->lock);
    i64 tail = tail_count(index->tail);
    struct index_stats stats = {.rows = tail, .layers = index->layer_count + (tail > 0)};
    stats.bytes = (i64)sizeof *index + tail_bytes(index->tail) + numbers_bytes(&index->scores);
    for (i32 i = 0; i < index->layer_count; i++) {
        stats.rows += index->layers[i]->rows.count;
        stats.bytes += layer_bytes(index->layers[i]);
        stats.attached_bytes += layer_attached_bytes(index->layers[i]);
    }
    for (i32 word = 0; word < WORD_COUNT; word++) {
        stats.bytes += dictionary_bytes(&index->texts[word]);
    }
    for (i32 i = 0; i < index->promoted_count; i++) {
        stats.attached_bytes += dictionary_bytes(&index->promoted[i]->texts);
    }
    pthread_mutex_unlock(&index->lock);
    pthread_mutex_unlock(&index->adding);
    return stats;
}
