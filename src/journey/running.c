#include "journey/running.h"

#include "base/clock.h"
#include "base/id.h"
#include "journey/running_state.h"

#include <stdlib.h>

static const struct shape_field run_fields[] = {
    {"run", SHAPE_STR, offsetof(struct run, run), .help = "shape.run.run"},
    {"ask", SHAPE_STR, offsetof(struct run, ask), .help = "shape.question.ask"},
    {"who", SHAPE_STR, offsetof(struct run, who), .help = "shape.run.who"},
    {"started_ms", SHAPE_I64, offsetof(struct run, started_ms)},
    {"progress", SHAPE_F64, offsetof(struct run, progress), .help = "shape.run.progress"},
};
const struct shape run_shape = SHAPE("Run", struct run, run_fields, "shape.run");

struct running *running_open(struct processes *processes)
{
    struct running *running = mem_new(sizeof *running);
    pthread_mutex_init(&running->lock, NULL);
    others_open(running, processes);
    return running;
}

void running_close(struct running *running)
{
    if (running != NULL) {
        others_close(running);
        pthread_mutex_destroy(&running->lock);
        mem_free(running);
    }
}

bool run_name_valid(str name)
{
    bool valid = name.len > 0 && name.len <= RUN_NAME_MAX;
    for (i64 i = 0; i < name.len && valid; i++) {
        char c = name.data[i];
        valid = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
    return valid;
}

static bool is_of(const struct entry *entry, const struct asker_id *asker)
{
    return run_is_of(entry->asker, entry->asker_name, asker);
}

static struct entry *find(const struct running *running, const struct asker_id *asker, str name)
{
    struct entry *entry = running->first;
    while (entry != NULL && !(is_of(entry, asker) && str_eq(entry->run.run, name))) {
        entry = entry->later;
    }
    return entry;
}

static void leave(void *object)
{
    struct entry *entry = object;
    struct running *running = entry->running;
    pthread_mutex_lock(&running->lock);
    *(entry->earlier == NULL ? &running->first : &entry->earlier->later) = entry->later;
    *(entry->later == NULL ? &running->last : &entry->later->earlier) = entry->earlier;
    others_news(running);
    pthread_mutex_unlock(&running->lock);
    entry->ctx->cancel = NULL;
    entry->ctx->progress = NULL;
}

/* False: the name is taken. */
static bool enter(struct running *running, struct entry *entry, const struct asker_id *asker)
{
    pthread_mutex_lock(&running->lock);
    bool free = find(running, asker, entry->run.run) == NULL;
    if (free) {
        entry->earlier = running->last;
        *(running->last == NULL ? &running->first : &running->last->later) = entry;
        running->last = entry;
        others_news(running);
    }
    pthread_mutex_unlock(&running->lock);
    return free;
}

err running_begin(struct ctx *ctx, struct running *running, const struct asker_id *asker, str name, str ask)
{
    struct entry *entry = arena_new(&ctx->arena, struct entry, 1);
    char *id = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
    entry->running = running;
    entry->ctx = ctx;
    entry->asker = asker->id;
    entry->asker_name = asker->name;
    entry->run = (struct run){
        .run = name.len > 0 ? name : id_text(id_new(), id), .ask = ask, .who = asker->name, .started_ms = clock_ms()};
    if (!enter(running, entry, asker)) {
        return FAIL(ctx, ERR_CONFLICT, "run", "error.ask.run_taken", {"run", name});
    }
    ctx_defer(ctx, leave, entry);
    ctx->cancel = &entry->stop;
    ctx->progress = &entry->progress;
    return OK;
}

err running_end(struct ctx *ctx, err code)
{
    if (code == ERR_CANCELLED && ctx->cancel != NULL && __atomic_load_n(ctx->cancel, __ATOMIC_RELAXED)) {
        ctx_forgive(ctx);
        return FAIL(ctx, ERR_CANCELLED, "", "error.ask.cancelled");
    }
    return code;
}

static int older_first(const void *a, const void *b)
{
    i64 left = ((const struct run *)a)->started_ms, right = ((const struct run *)b)->started_ms;
    return left < right ? -1 : left > right;
}

err running_list(struct ctx *ctx, struct running *running, const struct asker_id *asker, struct shape_list *out)
{
    struct arena *arena = &ctx->arena;
    pthread_mutex_lock(&running->lock);
    i64 count = others_count(running);
    for (const struct entry *entry = running->first; entry != NULL; entry = entry->later) {
        count += is_of(entry, asker);
    }
    struct run *runs = arena_new(arena, struct run, greater(count, 1));
    *out = (struct shape_list){runs, 0};
    for (const struct entry *entry = running->first; entry != NULL; entry = entry->later) {
        if (is_of(entry, asker)) {
            // The texts live with the question, which may end as soon as the lock is given back.
            runs[out->count++] = (struct run){str_copy(arena, entry->run.run), str_copy(arena, entry->run.ask),
                                              str_copy(arena, entry->run.who), entry->run.started_ms,
                                              progress_share(&entry->progress)};
        }
    }
    others_list(arena, running, asker, runs, &out->count);
    pthread_mutex_unlock(&running->lock);
    qsort(runs, (size_t)out->count, sizeof *runs, older_first);
    return OK;
}

bool running_stop(struct running *running, const struct asker_id *asker, str name)
{
    struct entry *entry = find(running, asker, name);
    if (entry != NULL) {
        __atomic_store_n(&entry->stop, true, __ATOMIC_RELAXED);
    }
    return entry != NULL;
}

bool running_cancel(struct running *running, const struct asker_id *asker, str name)
{
    pthread_mutex_lock(&running->lock);
    bool here = running_stop(running, asker, name);
    bool known = here || others_know(running, asker, name);
    pthread_mutex_unlock(&running->lock);
    if (!here) {
        others_stop(running, asker, name);
    }
    return known;
}
