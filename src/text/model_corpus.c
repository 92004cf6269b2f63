#include "text/model_inside.h"

#include "base/progress.h"
#include "text/fold.h"

#include <math.h>

enum { COPY_EVERY = 4 };

/* Growing lists of what the corpus holds, and the table that gives each key its id. */
struct intern {
    struct corpus *corpus;
    struct arena *arena;
    i64 table_size, ids_room, entries_room, entries;
    u32 *table;  /* id + 1 */
    i64 *newest; /* of each id: its last entry, to count repeats inside a text */
};

static void grow_table(struct intern *intern)
{
    i64 size = intern->table_size == 0 ? 1 << 16 : intern->table_size * 2;
    u32 *table = mem_new(size * (i64)sizeof(u32));
    for (i64 id = 0; id < intern->corpus->id_count; id++) {
        i64 at = (i64)(intern->corpus->keys[id] & (u64)(size - 1));
        while (table[at] != 0) {
            at = (at + 1) & (size - 1);
        }
        table[at] = (u32)id + 1;
    }
    mem_free(intern->table);
    intern->table = table;
    intern->table_size = size;
}

static void grow_ids(struct intern *intern)
{
    struct corpus *corpus = intern->corpus;
    i64 room = intern->ids_room == 0 ? 1 << 15 : intern->ids_room * 2;
    corpus->keys = mem_resize(corpus->keys, room * (i64)sizeof(u64));
    corpus->groups = mem_resize(corpus->groups, room);
    intern->newest = mem_resize(intern->newest, room * (i64)sizeof(i64));
    intern->ids_room = room;
}

static u32 id_of(struct intern *intern, const struct feature *feature)
{
    struct corpus *corpus = intern->corpus;
    if (corpus->id_count * 2 >= intern->table_size) {
        grow_table(intern);
    }
    i64 at = (i64)(feature->key & (u64)(intern->table_size - 1));
    while (intern->table[at] != 0) {
        u32 id = intern->table[at] - 1;
        if (corpus->keys[id] == feature->key) {
            return id;
        }
        at = (at + 1) & (intern->table_size - 1);
    }
    if (corpus->id_count == intern->ids_room) {
        grow_ids(intern);
    }
    i64 id = corpus->id_count++;
    corpus->keys[id] = feature->key;
    corpus->groups[id] = feature->group;
    intern->newest[id] = -1;
    intern->table[at] = (u32)id + 1;
    return (u32)id;
}

static void add_entry(struct intern *intern, u32 id, f32 weight, i64 text_start)
{
    struct corpus *corpus = intern->corpus;
    i64 newest = intern->newest[id];
    if (newest >= text_start) {
        corpus->times[newest] += weight;
        return;
    }
    if (intern->entries == intern->entries_room) {
        i64 room = intern->entries_room == 0 ? 1 << 16 : intern->entries_room * 2;
        corpus->ids = mem_resize(corpus->ids, room * (i64)sizeof(u32));
        corpus->times = mem_resize(corpus->times, room * (i64)sizeof(f32));
        intern->entries_room = room;
    }
    intern->newest[id] = intern->entries;
    corpus->ids[intern->entries] = id;
    corpus->times[intern->entries++] = weight;
}

static void add_text(struct intern *intern, str text, i32 label, i64 origin, bool copy)
{
    struct corpus *corpus = intern->corpus;
    struct arena scratch = {0};
    struct features features = features_of(&scratch, text);
    i64 start = intern->entries, at = corpus->text_count++;
    for (i64 i = 0; i < features.count; i++) {
        add_entry(intern, id_of(intern, &features.items[i]), features.items[i].weight, start);
    }
    for (i64 i = start; i < intern->entries; i++) {
        if (corpus->groups[corpus->ids[i]] != FEATURES_READING) {
            corpus->times[i] = 1.0F + logf(corpus->times[i]);
        }
    }
    corpus->labels[at] = label;
    corpus->origin[at] = origin;
    corpus->copy[at] = copy;
    corpus->start[at + 1] = intern->entries;
    arena_free(&scratch);
}

static void release(void *self)
{
    struct corpus *corpus = self;
    mem_free(corpus->ids);
    mem_free(corpus->times);
    mem_free(corpus->keys);
    mem_free(corpus->groups);
}

err corpus_build(struct ctx *ctx, struct corpus *corpus, const struct model_texts *texts, const bool *skip)
{
    struct arena *arena = &ctx->arena;
    i64 most = texts->count + texts->count / COPY_EVERY + 1;
    *corpus = (struct corpus){
        .start = arena_new(arena, i64, most + 1),
        .labels = arena_new(arena, i32, most),
        .origin = arena_new(arena, i64, most),
        .copy = arena_new(arena, bool, most),
        .label_count = texts->name_count,
    };
    ctx_defer(ctx, release, corpus);
    struct intern intern = {.corpus = corpus, .arena = arena};
    err code = OK;
    for (i64 i = 0, used = 0; i < texts->count && code == OK; i++) {
        code = ctx_stopped(ctx) ? ERR_CANCELLED : OK;
        progress_add(ctx->progress, 1);
        if (skip[i]) {
            continue;
        }
        struct arena scratch = {0};
        str bare = fold_search(&scratch, texts->texts[i]);
        add_text(&intern, texts->texts[i], texts->labels[i], i, false);
        if (used++ % COPY_EVERY == 0 && !str_eq(bare, texts->texts[i])) {
            add_text(&intern, bare, texts->labels[i], i, true);
        }
        arena_free(&scratch);
    }
    mem_free(intern.table);
    mem_free(intern.newest);
    return code;
}
