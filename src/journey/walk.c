#include "journey/walk.h"

#include <stdlib.h>
#include <string.h>

struct walk walk_begin(const struct view *view, bool ordered)
{
    return (struct walk){.view = view, .ordered = ordered, .next = 1};
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

static bool later(const struct view *view, u32 a, u32 b)
{
    i64 first = view_at_ms(view, a), second = view_at_ms(view, b);
    return first != second ? first > second : view_id(view, a) > view_id(view, b);
}

/* Where the ascending stretch that begins at `from` ends. */
static i64 stretch_end(const struct walk *walk, const u32 *rows, i64 from)
{
    i64 at = from + 1;
    while (at < walk->count && !later(walk->view, rows[at - 1], rows[at])) {
        at++;
    }
    return lesser(at, walk->count);
}

static void merge(const struct walk *walk, const u32 *rows, i64 from, i64 middle, i64 end, u32 *out)
{
    i64 a = from, b = middle, at = from;
    while (a < middle && b < end) {
        out[at++] = later(walk->view, rows[a], rows[b]) ? rows[b++] : rows[a++];
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
        i64 id = view_id(walk->view, walk->rows[i]);
        if (bsearch(&id, walk->cut_ids, (size_t)walk->cut_count, sizeof(i64), by_id) == NULL) {
            walk->rows[kept++] = walk->rows[i];
        }
    }
    walk->count = kept;
}

/* Appends the living rows that an alias has in a layer. */
static void add_run(struct walk *walk, i32 number, alias_no alias)
{
    const struct view *view = walk->view;
    struct range range = layer_find(view->layers[number], alias);
    reserve(walk, (i64)range.to - range.from);
    for (u32 row = range.from; row < range.to; row++) {
        walk->rows[walk->count] = (u32)(view->first[number] + row);
        walk->count += !dead_has(view->dead[number], row);
    }
}

/* Appends the living rows of an alias; true when they may be out of order. */
static bool add_alias(struct walk *walk, alias_no alias)
{
    const struct view *view = walk->view;
    i64 before = walk->count;
    add_run(walk, 0, alias);
    bool scattered = view_is_scattered(view, alias);
    for (i32 i = 1; i < view->layer_count && scattered; i++) {
        add_run(walk, i, alias);
    }
    return scattered || (before > 0 && walk->count > before);
}

static void add_person(struct walk *walk, alias_no person)
{
    walk->person = person;
    walk->count = 0;
    bool mixed = add_alias(walk, person);
    if (person != 0) {
        const alias_no *next = walk->view->next;
        for (alias_no alias = next[person]; alias != person; alias = next[alias]) {
            mixed |= add_alias(walk, alias);
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
    while (walk->next <= walk->view->alias_count) {
        alias_no alias = walk->next++;
        if (walk->view->person[alias] != alias) {
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
