#include "journey/index.h"

#include <stdlib.h>
#include <string.h>

struct walk walk_begin(const struct index *index, bool ordered)
{
    return (struct walk){.index = index, .ordered = ordered, .next = 1};
}

void walk_end(struct walk *walk)
{
    mem_free(walk->rows);
    mem_free(walk->spare);
    *walk = (struct walk){0};
}

static void reserve(struct walk *walk, i64 more)
{
    if (walk->count + more > walk->capacity) {
        walk->capacity = walk->count + more + walk->capacity / 2 + 64;
        walk->rows = mem_resize(walk->rows, walk->capacity * (i64)sizeof(u32));
    }
}

static bool later(const struct index *index, u32 a, u32 b)
{
    return index->at_ms[a] != index->at_ms[b] ? index->at_ms[a] > index->at_ms[b] : index->ids[a] > index->ids[b];
}

/* Where the ascending stretch that begins at `from` ends. */
static i64 stretch_end(const struct walk *walk, const u32 *rows, i64 from)
{
    i64 at = from + 1;
    while (at < walk->count && !later(walk->index, rows[at - 1], rows[at])) {
        at++;
    }
    return lesser(at, walk->count);
}

static void merge(const struct walk *walk, const u32 *rows, i64 from, i64 middle, i64 end, u32 *out)
{
    i64 a = from, b = middle, at = from;
    while (a < middle && b < end) {
        out[at++] = later(walk->index, rows[a], rows[b]) ? rows[b++] : rows[a++];
    }
    memcpy(out + at, rows + a, (size_t)(middle - a) * sizeof(u32));
    memcpy(out + at + (middle - a), rows + b, (size_t)(end - b) * sizeof(u32));
}

/* The rows are a few ordered stretches, one for each alias: neighbours are merged until one is left. */
static void order(struct walk *walk)
{
    if (walk->spare_capacity < walk->capacity) {
        walk->spare = mem_resize(walk->spare, walk->capacity * (i64)sizeof(u32));
        walk->spare_capacity = walk->capacity;
    }
    while (stretch_end(walk, walk->rows, 0) < walk->count) {
        for (i64 from = 0; from < walk->count;) {
            i64 middle = stretch_end(walk, walk->rows, from);
            i64 end = middle < walk->count ? stretch_end(walk, walk->rows, middle) : middle;
            merge(walk, walk->rows, from, middle, end, walk->spare);
            from = end;
        }
        u32 *swap = walk->rows;
        walk->rows = walk->spare;
        walk->spare = swap;
        walk->spare_capacity = walk->capacity;
    }
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
    i64 recent = walk->count;
    for (u32 at = index->newest[alias]; at != 0; at = index->recent_before[at - 1 - index->base_count]) {
        reserve(walk, 1);
        walk->rows[walk->count] = at - 1;
        walk->count += index_alive(index, at - 1);
    }
    for (i64 low = recent, high = walk->count - 1; low < high; low++, high--) { // the chain runs backwards
        u32 swap = walk->rows[low];
        walk->rows[low] = walk->rows[high];
        walk->rows[high] = swap;
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
        order(walk);
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
