#include "journey/props.h"

#include <stdlib.h>

/* Facts. */

static struct prop_facts *facts_of(struct facts *all, str name)
{
    for (i32 i = 0; i < all->count; i++) {
        if (str_eq(all->items[i].name, name)) {
            return &all->items[i];
        }
    }
    if (all->count == PROP_NAMES_MAX) {
        return NULL;
    }
    if (all->items == NULL) {
        all->items = mem_new((i64)sizeof(struct prop_facts) * PROP_NAMES_MAX);
    }
    struct prop_facts *facts = &all->items[all->count++];
    char *copy = mem_new(greater(name.len, 1));
    memcpy(copy, name.data, (size_t)name.len);
    *facts = (struct prop_facts){.name = {copy, name.len}};
    return facts;
}

static void add_fact(struct facts *all, str name, struct json value)
{
    char number[32];
    str text = props_text(value, number);
    struct prop_facts *facts = text.len == 0 ? NULL : facts_of(all, name);
    if (facts == NULL) {
        return;
    }
    facts->events++;
    if (facts->values.count < PROP_VALUES_MAX) {
        dictionary_put(&facts->values, text);
    } else if (!facts->many) {
        facts->many = dictionary_find(&facts->values, text) == 0;
    }
}

/* Walks the members of an object down to PROP_DEPTH_MAX names. */
void facts_add(struct facts *all, struct json props)
{
    struct level {
        struct json_iter members;
        i64 name_len;
    } levels[PROP_DEPTH_MAX];
    char name[512];
    i32 depth = 0;
    levels[0] = (struct level){json_each(props), 0};
    while (depth >= 0) {
        struct level *level = &levels[depth];
        if (!json_next(&level->members)) {
            depth--;
            continue;
        }
        str key = level->members.key;
        if ((depth == 0 && str_eq(key, STR("$"))) || level->name_len + key.len + 1 > (i64)sizeof name) {
            continue;
        }
        memcpy(name + level->name_len, key.data, (size_t)key.len);
        i64 len = level->name_len + key.len;
        if (json_type(level->members.value) != JSON_OBJECT) {
            add_fact(all, (str){name, len}, level->members.value);
        } else if (depth + 1 < PROP_DEPTH_MAX) {
            name[len] = '.';
            levels[++depth] = (struct level){json_each(level->members.value), len + 1};
        }
    }
}

/* Columns. */

u32 props_code(struct json props, str name, struct dictionary *texts)
{
    char number[32];
    return dictionary_put(texts, props_text(props_find(props, name), number));
}

static bool is_surveyed(struct index *index)
{
    pthread_mutex_lock(&index->facts_lock);
    bool surveyed = index->surveyed;
    pthread_mutex_unlock(&index->facts_lock);
    return surveyed;
}

void props_put(struct ctx *ctx, struct index *index, const struct event *event)
{
    struct json props;
    bool surveyed = event->props.len > 0 && is_surveyed(index);
    if ((index->promoted_count == 0 && !surveyed) || !props_parse(ctx, event->props, &props)) {
        return;
    }
    for (i32 i = 0; i < index->promoted_count; i++) {
        struct promoted *promoted = index->promoted[i];
        u32 code = props_code(props, promoted->name, &promoted->texts);
        if (code != 0) {
            tail_put_code(index->tail, tail_column(index->tail, promoted->column), code);
        }
    }
    if (surveyed && event->id > index->facts_upto) {
        pthread_mutex_lock(&index->facts_lock);
        facts_add(&index->facts, props);
        pthread_mutex_unlock(&index->facts_lock);
    }
}

void promoted_leave(struct promoted *promoted)
{
    if (promoted == NULL || __atomic_sub_fetch(&promoted->users, 1, __ATOMIC_ACQ_REL) > 0) {
        return;
    }
    mem_free((void *)(uintptr_t)promoted->name.data);
    dictionary_free(&promoted->texts);
    attachment_leave(promoted->column);
    mem_free(promoted);
}

void facts_free(struct facts *all)
{
    for (i32 i = 0; i < all->count; i++) {
        mem_free((void *)(uintptr_t)all->items[i].name.data);
        dictionary_free(&all->items[i].values);
    }
    mem_free(all->items);
    *all = (struct facts){0};
}

void props_drop(struct index *index)
{
    pthread_mutex_lock(&index->lock);
    for (i32 i = 0; i < index->promoted_count; i++) {
        struct attachment *column = index->promoted[i]->column;
        __atomic_store_n(&column->dropped, true, __ATOMIC_RELAXED);
        for (i32 k = 0; k < index->layer_count; k++) {
            layer_detach(index->layers[k], column);
        }
        promoted_leave(index->promoted[i]);
    }
    index->promoted_count = 0;
    pthread_mutex_unlock(&index->lock);
    pthread_mutex_lock(&index->facts_lock);
    facts_free(&index->facts);
    index->surveyed = false;
    index->facts_upto = 0;
    pthread_mutex_unlock(&index->facts_lock);
}

struct promoted *index_find_promoted(struct index *index, str name)
{
    for (i32 i = 0; i < index->promoted_count; i++) {
        if (str_eq(index->promoted[i]->name, name)) {
            return index->promoted[i];
        }
    }
    return NULL;
}

bool index_is_promoted(struct index *index, str name)
{
    pthread_mutex_lock(&index->lock);
    bool is = index_find_promoted(index, name) != NULL;
    pthread_mutex_unlock(&index->lock);
    return is;
}

void index_facts_lock(struct index *index)
{
    pthread_mutex_lock(&index->facts_lock);
}

void index_facts_unlock(struct index *index)
{
    pthread_mutex_unlock(&index->facts_lock);
}
