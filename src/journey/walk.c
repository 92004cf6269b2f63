#include "journey/index.h"

#include <stdlib.h>

struct walk walk_begin(const struct index *index, bool ordered)
{
    return (struct walk){.index = index, .ordered = ordered, .next = 1};
}

void walk_end(struct walk *walk)
{
    mem_free(walk->rows);
    *walk = (struct walk){0};
}

static void reserve(struct walk *walk, i64 more)
{
    if (walk->count + more > walk->capacity) {
        walk->capacity = walk->count + more + walk->capacity / 2 + 64;
        walk->rows = mem_resize(walk->rows, walk->capacity * (i64)sizeof(u32));
    }
}

static int by_time(const void *a, const void *b, void *self)
{
    const struct index *index = self;
    u32 x = *(const u32 *)a, y = *(const u32 *)b;
    if (index->at_ms[x] != index->at_ms[y]) {
        return index->at_ms[x] < index->at_ms[y] ? -1 : 1;
    }
    return (index->ids[x] > index->ids[y]) - (index->ids[x] < index->ids[y]);
}

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

static void drop_cut(struct walk *walk)
{
    i64 kept = 0;
    for (i64 i = 0; i < walk->count; i++) {
        const i64 *id = &walk->index->ids[walk->rows[i]];
        if (bsearch(id, walk->cut_ids, (size_t)walk->cut_count, sizeof(i64), by_id) == NULL) {
            walk->rows[kept++] = walk->rows[i];
        }
    }
    walk->count = kept;
}

/* Appends the living rows of an alias; true when recent ones are among them. */
static bool add_alias(struct walk *walk, alias_no alias)
{
    const struct index *index = walk->index;
    if (alias >= index->alias_capacity) {
        return false;
    }
    u32 start = index->run_start[alias], len = index->run_len[alias];
    reserve(walk, len);
    for (u32 row = start; row < start + len; row++) {
        walk->rows[walk->count] = row;
        walk->count += index_alive(index, row);
    }
    for (u32 at = index->newest[alias]; at != 0; at = index->recent_before[at - 1 - index->base_count]) {
        reserve(walk, 1);
        walk->rows[walk->count] = at - 1;
        walk->count += index_alive(index, at - 1);
    }
    return index->newest[alias] != 0;
}

static void add_person(struct walk *walk, alias_no person)
{
    walk->person = person;
    walk->count = 0;
    bool mixed = add_alias(walk, person);
    if (person != 0) {
        const struct identity *identity = walk->index->identity;
        for (alias_no alias = identity_next(identity, person); alias != person;
             alias = identity_next(identity, alias)) {
            i64 before = walk->count;
            mixed |= add_alias(walk, alias);
            mixed |= before > 0 && walk->count > before;
        }
    }
    if (mixed && walk->ordered) {
        qsort_r(walk->rows, (size_t)walk->count, sizeof(u32), by_time, (void *)(uintptr_t)walk->index);
    }
    if (walk->cut_count > 0) {
        drop_cut(walk);
    }
}

bool walk_next(struct walk *walk)
{
    const struct identity *identity = walk->index->identity;
    while (walk->next <= identity_count(identity)) {
        alias_no alias = walk->next++;
        if (identity_person(identity, alias) != alias) {
            continue; // its person has an older alias
        }
        add_person(walk, alias);
        if (walk->count > 0) {
            return true;
        }
    }
    if (walk->ended) {
        return false;
    }
    walk->ended = true;
    add_person(walk, 0);
    return walk->count > 0;
}

void walk_to(struct walk *walk, alias_no person)
{
    add_person(walk, person);
}
