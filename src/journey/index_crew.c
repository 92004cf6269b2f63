/* Taking very much of the log at once: each thread fills a builder of its own. */
#include "journey/index_layers.h"
#include "journey/props.h"

struct crew {
    struct builder **builders;
    i64 **strangers; /* of each thread: events whose alias nobody knows */
    i64 *stranger_counts;
    i32 count;
};

static err begin(void *self, [[maybe_unused]] struct ctx *ctx, i32 threads)
{
    struct index *index = self;
    struct crew *crew = mem_new(sizeof *crew);
    crew->builders = mem_new(threads * (i64)sizeof *crew->builders);
    crew->strangers = mem_new(threads * (i64)sizeof *crew->strangers);
    crew->stranger_counts = mem_new(threads * (i64)sizeof *crew->stranger_counts);
    for (crew->count = 0; crew->count < threads; crew->count++) {
        crew->builders[crew->count] = builder_new();
    }
    index->crew = crew;
    pthread_mutex_lock(&index->adding);
    props_drop(index); // what is read like this comes without properties
    pthread_mutex_unlock(&index->adding);
    identity_lock(index->identity); // for all of them, until the end
    return OK;
}

static void note_stranger(struct crew *crew, i32 thread, i64 id)
{
    i64 count = crew->stranger_counts[thread]++;
    if ((count & (count - 1)) == 0) { // a power of two: full
        crew->strangers[thread] = mem_resize(crew->strangers[thread], greater(count * 2, 1) * (i64)sizeof(i64));
    }
    crew->strangers[thread][count] = id;
}

static err put(void *self, [[maybe_unused]] struct ctx *ctx, i32 thread, const struct event *event)
{
    struct index *index = self;
    struct crew *crew = index->crew;
    alias_no alias = identity_find(index->identity, event->alias);
    if (alias == 0 && event->alias.len > 0) {
        note_stranger(crew, thread, event->id);
    } else {
        builder_put(crew->builders[thread], event, alias);
    }
    return OK;
}

/* People have followed the log before, so there are none as a rule. */
static err put_strangers(struct ctx *ctx, struct index *index, const struct crew *crew)
{
    for (i32 thread = 0; thread < crew->count; thread++) {
        struct event *items;
        i64 found;
        TRY(events_fetch(ctx, index->log, crew->strangers[thread], crew->stranger_counts[thread], &items, &found));
        for (i64 i = 0; i < found; i++) {
            identity_lock_write(index->identity);
            alias_no alias = identity_put(index->identity, items[i].alias, items[i].id);
            identity_unlock(index->identity);
            builder_put(crew->builders[0], &items[i], alias);
        }
    }
    return OK;
}

static err end(void *self, struct ctx *ctx, i64 last_id, bool whole)
{
    struct index *index = self;
    struct crew *crew = index->crew;
    if (crew == NULL) {
        return OK;
    }
    index->crew = NULL;
    identity_unlock(index->identity);
    err code = whole ? put_strangers(ctx, index, crew) : OK;
    if (whole && code == OK) {
        index_load(index, crew->builders, crew->count, last_id);
    }
    for (i32 i = 0; i < crew->count; i++) {
        if (!whole || code != OK) {
            builder_free(crew->builders[i]);
        }
        mem_free(crew->strangers[i]);
    }
    mem_free(crew->builders);
    mem_free(crew->strangers);
    mem_free(crew->stranger_counts);
    mem_free(crew);
    return code;
}

const struct event_load index_crew = {.begin = begin, .put = put, .end = end};
