/* Taking very much of the log at once: each thread fills a builder of its own.
 *
 * Whose an event is costs more than all else about it, because aliases lie all
 * over the memory: it is found out for many events together.
 */
#include "journey/index_layers.h"
#include "journey/props.h"

enum { NAME_BYTES = 64 };

/* An event whose alias nobody knows. */
struct stranger {
    i64 id, row;
};

struct recruit {
    struct builder *builder;
    i64 rows[IDENTITY_MANY], ids[IDENTITY_MANY]; /* whose aliases are still to be found */
    str aliases[IDENTITY_MANY];
    char names[IDENTITY_MANY][NAME_BYTES];
    i64 waiting;
    struct stranger *strangers;
    i64 stranger_count;
};

struct crew {
    struct recruit *recruits;
    i32 count;
};

static err begin(void *self, [[maybe_unused]] struct ctx *ctx, i32 threads)
{
    struct index *index = self;
    struct crew *crew = mem_new(sizeof *crew);
    crew->recruits = mem_new(threads * (i64)sizeof *crew->recruits);
    for (crew->count = 0; crew->count < threads; crew->count++) {
        crew->recruits[crew->count].builder = builder_new();
    }
    index->crew = crew;
    pthread_mutex_lock(&index->adding);
    props_drop(index); // what is read like this comes without properties
    pthread_mutex_unlock(&index->adding);
    identity_lock(index->identity); // for all of them, until the end
    return OK;
}

static void note_stranger(struct recruit *recruit, i64 id, i64 row)
{
    i64 count = recruit->stranger_count++;
    if ((count & (count - 1)) == 0) { // a power of two: full
        recruit->strangers = mem_resize(recruit->strangers, greater(count * 2, 1) * (i64)sizeof(struct stranger));
    }
    recruit->strangers[count] = (struct stranger){id, row};
}

static void name_all(const struct index *index, struct recruit *recruit)
{
    alias_no found[IDENTITY_MANY];
    identity_find_many(index->identity, recruit->aliases, recruit->waiting, found);
    for (i64 i = 0; i < recruit->waiting; i++) {
        builder_name(recruit->builder, recruit->rows[i], found[i]);
        if (found[i] == 0) {
            note_stranger(recruit, recruit->ids[i], recruit->rows[i]);
        }
    }
    recruit->waiting = 0;
}

static err put(void *self, [[maybe_unused]] struct ctx *ctx, i32 thread, const struct event *event)
{
    struct index *index = self;
    struct recruit *recruit = &index->crew->recruits[thread];
    i64 row = builder_put(recruit->builder, event, 0);
    if (event->alias.len == 0) {
        return OK;
    }
    i64 at = recruit->waiting++;
    recruit->rows[at] = row;
    recruit->ids[at] = event->id;
    recruit->aliases[at] = event->alias;
    bool fits = event->alias.len <= NAME_BYTES;
    if (fits) {
        memcpy(recruit->names[at], event->alias.data, (size_t)event->alias.len);
        recruit->aliases[at].data = recruit->names[at];
    }
    if (!fits || recruit->waiting == IDENTITY_MANY) {
        name_all(index, recruit);
    }
    return OK;
}

/* People have followed the log before, so there are none as a rule. */
static err put_strangers(struct ctx *ctx, struct index *index, const struct recruit *recruit)
{
    for (i64 i = 0; i < recruit->stranger_count; i++) {
        struct event *event;
        i64 found;
        TRY(events_fetch(ctx, index->log, &recruit->strangers[i].id, 1, &event, &found));
        if (found == 1) {
            identity_lock_write(index->identity);
            alias_no alias = identity_put(index->identity, event->alias, event->id);
            identity_unlock(index->identity);
            builder_name(recruit->builder, recruit->strangers[i].row, alias);
        }
    }
    return OK;
}

static err name_rest(struct ctx *ctx, struct index *index, const struct crew *crew)
{
    for (i32 i = 0; i < crew->count; i++) {
        name_all(index, &crew->recruits[i]);
    }
    identity_unlock(index->identity);
    for (i32 i = 0; i < crew->count; i++) {
        TRY(put_strangers(ctx, index, &crew->recruits[i]));
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
    err code = name_rest(ctx, index, crew);
    bool loads = whole && code == OK;
    struct builder **builders = mem_new(crew->count * (i64)sizeof(struct builder *));
    for (i32 i = 0; i < crew->count; i++) {
        builders[i] = crew->recruits[i].builder;
        mem_free(crew->recruits[i].strangers);
    }
    if (loads) {
        index_load(index, builders, crew->count, last_id);
    }
    for (i32 i = 0; i < crew->count && !loads; i++) {
        builder_free(builders[i]);
    }
    mem_free(builders);
    mem_free(crew->recruits);
    mem_free(crew);
    return code;
}

const struct event_load index_crew = {.begin = begin, .put = put, .end = end};
