/* Telling whose aliases are whose to a log that answers questions itself.
 *
 * What changed is known by number: in the journal, which memory writes while it
 * learns, or, when that does not reach back far enough (a start after a crash),
 * from the links and removals of those numbers. What has been told up to is in
 * the records, so that whoever finds it behind tells the rest.
 */
#include "people/state.h"

#include <stdlib.h>

enum { AT_ONCE = 100000 };

/* Aliases that are to be told, each once. */
struct telling {
    struct people *people;
    struct arena *arena;
    alias_no *list;
    i64 count, capacity;
};

static void add(struct telling *telling, alias_no no)
{
    if (telling->count == telling->capacity) {
        i64 wish = telling->capacity * 2 + 256;
        telling->list = arena_grow(telling->arena, telling->list, telling->capacity * (i64)sizeof(alias_no),
                                   wish * (i64)sizeof(alias_no), _Alignof(alias_no));
        telling->capacity = wish;
    }
    telling->list[telling->count++] = no;
}

/* Everybody who is not the oldest alias of a person. */
static void add_everybody(struct telling *telling)
{
    const struct identity *identity = telling->people->identity;
    alias_no last = identity_count(identity);
    for (alias_no no = 1; no <= last; no++) {
        if (identity_person(identity, no) != no) {
            add(telling, no);
        }
    }
}

static int by_number(const void *a, const void *b)
{
    alias_no x = *(const alias_no *)a, y = *(const alias_no *)b;
    return (x > y) - (x < y);
}

static void add_journal(struct telling *telling, i64 after)
{
    const struct people *people = telling->people;
    for (i64 i = 0; i < people->move_count; i++) {
        if (people->moves[i].number > after) {
            add(telling, people->moves[i].alias);
        }
    }
    if (telling->count > 0) {
        qsort(telling->list, (size_t)telling->count, sizeof(alias_no), by_number);
    }
    i64 kept = 0;
    for (i64 i = 0; i < telling->count; i++) {
        if (kept == 0 || telling->list[kept - 1] != telling->list[i]) {
            telling->list[kept++] = telling->list[i];
        }
    }
    telling->count = kept;
}

static err add_ends(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct telling *telling = self;
    for (int column = 0; column < 2; column++) {
        alias_no end = identity_of_id(telling->people->identity, row_i64(row, column));
        if (end != 0) {
            add(telling, end);
        }
    }
    return OK;
}

/* Whoever a link of these numbers reaches: more than those who moved, never less. */
static err add_region(struct ctx *ctx, struct telling *telling, i64 after)
{
    struct people *people = telling->people;
    struct store_args number = ARGS(ARG_I64("number", after));
    TRY(store_each(ctx, people->store, SQL_PEOPLE_LINKS_AFTER, number, add_ends, telling));
    TRY(store_each(ctx, people->store, SQL_PEOPLE_GONE_AFTER, number, add_ends, telling));
    i64 count;
    alias_no *region = identity_region(people->identity, telling->list, telling->count, &count);
    telling->count = 0;
    for (i64 i = 0; i < count; i++) {
        add(telling, region[i]);
    }
    mem_free(region);
    return OK;
}

static err gather(struct ctx *ctx, struct telling *telling)
{
    const struct people *people = telling->people;
    i64 after = people->known.moved_upto;
    if (after < 0) {
        add_everybody(telling);
        return OK;
    }
    if (people->moves_from <= after) {
        add_journal(telling, after);
        return OK;
    }
    return add_region(ctx, telling, after);
}

static struct moved *describe(const struct telling *telling)
{
    const struct identity *identity = telling->people->identity;
    struct moved *items = arena_new(telling->arena, struct moved, greater(telling->count, 1));
    for (i64 i = 0; i < telling->count; i++) {
        alias_no no = telling->list[i];
        items[i] = (struct moved){identity_id(identity, no), identity_id(identity, identity_person(identity, no))};
    }
    return items;
}

/* Who moved, at one number of memory. */
static err find_moved(struct ctx *ctx, struct telling *telling, struct moved **items, i64 *number)
{
    struct people *people = telling->people;
    pthread_mutex_lock(&people->learning);
    // Memory is locked against regions as well: looking for them leaves marks.
    identity_lock_write(people->identity);
    err code = gather(ctx, telling);
    *items = describe(telling);
    *number = people->known.number;
    identity_unlock(people->identity);
    pthread_mutex_unlock(&people->learning);
    return code;
}

static err tell(struct ctx *ctx, struct people *people, const struct moved *items, i64 count, i64 number)
{
    for (i64 from = 0; from < count; from += AT_ONCE) {
        TRY(people->with.put(people->with.self, ctx, items + from, lesser(AT_ONCE, count - from), number));
    }
    return store_run(ctx, people->store, SQL_PEOPLE_MOVED_UPTO, ARGS(ARG_I64("number", number)), NULL);
}

static void told(struct people *people, i64 number)
{
    pthread_mutex_lock(&people->learning);
    people->known.moved_upto = greater(people->known.moved_upto, number);
    i64 kept = 0;
    for (i64 i = 0; i < people->move_count; i++) {
        if (people->moves[i].number > number) {
            people->moves[kept++] = people->moves[i];
        }
    }
    people->move_count = kept;
    people->moves_from = greater(people->moves_from, number);
    pthread_mutex_unlock(&people->learning);
}

static bool is_behind(struct people *people)
{
    pthread_mutex_lock(&people->learning);
    bool behind = people->known.moved_upto < people->known.number;
    pthread_mutex_unlock(&people->learning);
    return behind;
}

err people_push(struct ctx *ctx, struct people *people)
{
    if (!is_behind(people)) {
        return OK;
    }
    struct arena arena = {0};
    struct telling telling = {.people = people, .arena = &arena};
    struct moved *items = NULL;
    i64 number;
    pthread_mutex_lock(&people->pushing);
    bool wanted = people->with.put != NULL && is_behind(people);
    err code = wanted ? find_moved(ctx, &telling, &items, &number) : OK;
    if (code == OK && items != NULL) {
        code = tell(ctx, people, items, telling.count, number);
    }
    if (code == OK && items != NULL) {
        told(people, number);
    }
    pthread_mutex_unlock(&people->pushing);
    arena_free(&arena);
    return code;
}

void people_tell_moves(struct people *people, const struct people_moving *with)
{
    pthread_mutex_lock(&people->pushing);
    people->with = *with;
    pthread_mutex_unlock(&people->pushing);
}

err people_tell_anew(struct ctx *ctx, struct people *people)
{
    if (!people->shared) {
        return OK;
    }
    TRY(store_run(ctx, people->store, SQL_PEOPLE_MOVED_ANEW, ARGS_NONE, NULL));
    pthread_mutex_lock(&people->learning);
    people->known.moved_upto = -1;
    pthread_mutex_unlock(&people->learning);
    return OK;
}
