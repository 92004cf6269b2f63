/* Merging layers while everybody goes on reading and writing.
 *
 *     look      shares of the layers, of what is dead in them
 *     lay out   the new layer's rows and columns, without any lock
 *     catch up  columns attached and rows removed meanwhile, until there are none
 *     swap      the new layer in the place of the old ones, under the lock
 */
#include "journey/index_layers.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_MS = 1000, LEISURE = 16, ATTACHED_MOST = 1024 };

struct merging {
    struct index *index;
    struct ctx ctx;
    struct view view; /* of the inputs */
    i32 from, to;
    struct layer_order order;
    struct layer *layer;
    const struct attachment *done[ATTACHED_MOST]; /* columns that have come along, or cannot */
    i32 done_count;
};

static void look(struct merging *merging)
{
    struct index *index = merging->index;
    i32 count = merging->to - merging->from;
    struct arena *arena = &merging->ctx.arena;
    struct layer **layers = arena_new(arena, struct layer *, count);
    struct dead **dead = arena_new(arena, struct dead *, count);
    pthread_mutex_lock(&index->lock);
    for (i32 i = 0; i < count; i++) {
        layers[i] = layer_share(index->layers[merging->from + i]);
        dead[i] = dead_share(layers[i]->dead);
    }
    index->merges = true;
    index->forgotten_count = 0;
    pthread_mutex_unlock(&index->lock);
    view_over(&merging->ctx, index, layers, dead, count, &merging->view);
}

static void lay_out(struct merging *merging)
{
    const struct view *view = &merging->view;
    struct layer_input *inputs = arena_new(&merging->ctx.arena, struct layer_input, view->layer_count);
    for (i32 i = 0; i < view->layer_count; i++) {
        inputs[i] = (struct layer_input){.layer = view->layers[i], .dead = view->dead[i]};
    }
    struct alias_order persons = {view->person, view->next, view->alias_count};
    merging->layer = layer_build(inputs, view->layer_count, merging->from == 0 ? &persons : NULL, &merging->order);
}

static bool is_done(const struct merging *merging, const struct attachment *of)
{
    for (i32 i = 0; i < merging->done_count; i++) {
        if (merging->done[i] == of) {
            return true;
        }
    }
    return false;
}

/* A column that the largest input has and the new layer lacks: a share of what it means, or NULL. The index is locked. */
static struct attachment *next_column(const struct merging *merging)
{
    const struct layer *first = merging->view.layers[0];
    const struct layer *has = first->rows.count > 0 || merging->view.layer_count == 1 ? first : merging->view.layers[1];
    for (i32 i = 0; i < has->attached_count && merging->done_count < ATTACHED_MOST; i++) {
        struct attachment *of = has->attached[i]->of;
        if (!is_done(merging, of) && !attachment_dropped(of)) {
            return attachment_share(of);
        }
    }
    return NULL;
}

static void bring_along(struct merging *merging, struct attachment *of)
{
    struct view *view = &merging->view;
    i32 at;
    err code = view_attach(&merging->ctx, view, of, &at);
    ctx_forgive(&merging->ctx);
    merging->done[merging->done_count++] = of; // the layers looked at hold it as long as we do
    if (code != OK) {
        return; // a question will fill it in again
    }
    const struct column **columns = arena_new(&merging->ctx.arena, const struct column *, view->layer_count);
    for (i32 i = 0; i < view->layer_count; i++) {
        const struct attached *part = view->columns[at].parts[i];
        columns[i] = part == NULL ? NULL : &part->codes;
    }
    layer_attach(merging->layer, attached_new(of, layer_order_column(&merging->order, columns, NULL)));
}

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

static void forget(struct merging *merging, i64 *ids, i64 count)
{
    struct layer *layer = merging->layer;
    i64 found;
    qsort(ids, (size_t)count, sizeof(i64), by_id);
    struct dead *dead = dead_with(&layer->rows, layer->dead, ids, count, &found);
    dead_leave(layer->dead);
    layer->dead = dead;
}

static void swap(struct merging *merging)
{
    struct index *index = merging->index;
    for (i32 i = merging->from; i < merging->to; i++) {
        layer_leave(index->layers[i]);
    }
    i32 gone = merging->to - merging->from;
    bool keep = merging->from == 0 || merging->layer->rows.count > 0;
    i32 at = merging->from;
    if (keep) {
        index->layers[at++] = merging->layer;
    } else {
        layer_leave(merging->layer);
    }
    memmove(index->layers + at, index->layers + merging->to,
            (size_t)(index->layer_count - merging->to) * sizeof(struct layer *));
    index->layer_count -= gone - keep;
    index->generation += merging->from == 0;
    index->merges = false;
}

/* Until nothing is left to catch up with: then the swap, under the same lock. */
static void catch_up(struct merging *merging)
{
    struct index *index = merging->index;
    for (;;) {
        pthread_mutex_lock(&index->lock);
        struct attachment *of = next_column(merging);
        i64 *ids = index->forgotten;
        i64 count = index->forgotten_count;
        if (of == NULL && count == 0) {
            swap(merging);
            pthread_mutex_unlock(&index->lock);
            return;
        }
        if (count > 0) {
            index->forgotten = NULL;
            index->forgotten_count = index->forgotten_capacity = 0;
        }
        pthread_mutex_unlock(&index->lock);
        if (count > 0) {
            forget(merging, ids, count);
            mem_free(ids);
        }
        if (of != NULL) {
            bring_along(merging, of);
            attachment_leave(of);
        }
    }
}

void index_merge(struct index *index, i32 from, i32 to)
{
    struct merging *merging = mem_new(sizeof *merging);
    *merging = (struct merging){.index = index, .from = from, .to = to};
    look(merging);
    lay_out(merging);
    catch_up(merging);
    layer_order_free(&merging->order);
    ctx_end(&merging->ctx);
    mem_free(merging);
}

/* The thread. */

struct merger {
    struct index *index;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop, woken;
    i64 base_ended_ms, base_took_ms;
    i64 seen_id, quiet_since_ms;
};

static i64 steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (i64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Rows outside the base, and rows in it. */
struct load {
    i64 base, small, tail;
    i32 layers;
};

static struct load load_of(struct index *index)
{
    pthread_mutex_lock(&index->lock);
    struct load load = {index->layers[0]->rows.count, 0, tail_count(index->tail), index->layer_count};
    for (i32 i = 1; i < index->layer_count; i++) {
        load.small += index->layers[i]->rows.count;
    }
    pthread_mutex_unlock(&index->lock);
    return load;
}

/* The youngest layers of about one size, when they are enough for one: [from, to). */
static bool find_tier(struct index *index, i32 *from, i32 *to)
{
    pthread_mutex_lock(&index->lock);
    i32 count = index->layer_count, first = count;
    i64 most = 0;
    while (first > 1) {
        i64 rows = index->layers[first - 1]->rows.count;
        if (first < count && rows > most * index->limits.tier_layers) {
            break;
        }
        most = greater(most, rows);
        first--;
    }
    pthread_mutex_unlock(&index->lock);
    *from = first;
    *to = count;
    return count - first >= index->limits.tier_layers;
}

static void merge_base(struct merger *merger)
{
    i64 began = steady_ms();
    index_force(merger->index, FORCE_BASE);
    merger->base_ended_ms = steady_ms();
    merger->base_took_ms = merger->base_ended_ms - began;
}

/* Nothing has come for a while, or enough to be worth it, and the last time is long enough ago that merging takes only a
 * small part of the processor. */
static bool is_leisure(struct merger *merger, struct load load)
{
    i64 enough = merger->index->limits.base_rows;
    i64 now = steady_ms(), id = index_last_id(merger->index);
    if (id != merger->seen_id) {
        merger->seen_id = id;
        merger->quiet_since_ms = now;
    }
    bool some = load.small + load.tail > 0 && now - merger->quiet_since_ms >= QUIET_MS;
    return (some || load.small > enough) && now - merger->base_ended_ms >= merger->base_took_ms * LEISURE;
}

static void work(struct merger *merger)
{
    struct index *index = merger->index;
    index_bury(index);
    struct load load = load_of(index);
    if (load.small > greater(index->limits.base_rows, load.base / 64) || is_leisure(merger, load)) {
        merge_base(merger);
        return;
    }
    i32 from, to;
    pthread_mutex_lock(&index->merging);
    if (find_tier(index, &from, &to)) {
        index_merge(index, from, to);
    }
    pthread_mutex_unlock(&index->merging);
}

static void *run(void *self)
{
    struct merger *merger = self;
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19); // of this thread alone
    pthread_mutex_lock(&merger->lock);
    while (!merger->stop) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (i64)250 * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        while (!merger->stop && !merger->woken &&
               pthread_cond_timedwait(&merger->wake, &merger->lock, &until) != ETIMEDOUT) {
        }
        merger->woken = false;
        if (!merger->stop) {
            pthread_mutex_unlock(&merger->lock);
            work(merger);
            pthread_mutex_lock(&merger->lock);
        }
    }
    pthread_mutex_unlock(&merger->lock);
    return NULL;
}

struct merger *merger_start(struct index *index)
{
    struct merger *merger = mem_new(sizeof *merger);
    merger->index = index;
    merger->quiet_since_ms = steady_ms();
    merger->seen_id = index_last_id(index);
    pthread_mutex_init(&merger->lock, NULL);
    pthread_cond_init(&merger->wake, NULL);
    if (pthread_create(&merger->thread, NULL, run, merger) != 0) {
        mem_free(merger);
        return NULL; // rows stay in small layers: slower, but right
    }
    return merger;
}

void merger_wake(struct merger *merger)
{
    if (merger != NULL) {
        pthread_mutex_lock(&merger->lock);
        merger->woken = true;
        pthread_cond_signal(&merger->wake);
        pthread_mutex_unlock(&merger->lock);
    }
}

void merger_stop(struct merger *merger)
{
    if (merger == NULL) {
        return;
    }
    pthread_mutex_lock(&merger->lock);
    merger->stop = true;
    pthread_cond_signal(&merger->wake);
    pthread_mutex_unlock(&merger->lock);
    pthread_join(merger->thread, NULL);
    pthread_mutex_destroy(&merger->lock);
    pthread_cond_destroy(&merger->wake);
    mem_free(merger);
}
