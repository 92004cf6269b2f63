/* What becomes of people when events are gone. */
#include "people/state.h"
#include "store/search.h"

#include <stdlib.h>
#include <time.h>

str people_ids(struct ctx *ctx, const i64 *ids, i64 count)
{
    struct buf out = buf_in(&ctx->arena);
    buf_char(&out, '[');
    for (i64 i = 0; i < count; i++) {
        if (i > 0) {
            buf_char(&out, ',');
        }
        buf_i64(&out, ids[i]);
    }
    buf_char(&out, ']');
    return buf_str(&out);
}

/* Removing, with a word about it for the other processes. */

struct removed {
    i64 a, b;
    str kind;
};
static const struct shape_field removed_fields[] = {
    {"a", SHAPE_I64, offsetof(struct removed, a)},
    {"b", SHAPE_I64, offsetof(struct removed, b)},
    {"kind", SHAPE_STR, offsetof(struct removed, kind)},
};
static const struct shape removed_shape = SHAPE("Removed", struct removed, removed_fields, NULL);

static err say_gone(struct ctx *ctx, struct people *people, i64 a, i64 b, str kind)
{
    return store_later(ctx, people->store, SQL_PEOPLE_GONE_ADD,
                       ARGS(ARG_I64("number", ++people->number), ARG_I64("a", a), ARG_I64("b", b),
                            ARG_STR("kind", kind)));
}

/* The links that a statement finds. */
static err say_links_gone(struct ctx *ctx, struct people *people, enum statement sql, str ids)
{
    struct shape_list links;
    if (!people->shared) {
        return OK;
    }
    TRY(store_all(ctx, people->store, sql, ARGS(ARG_STR("ids", ids)), &removed_shape, &links));
    for (i64 i = 0; i < links.count; i++) {
        const struct removed *link = (const struct removed *)links.items + i;
        TRY(say_gone(ctx, people, link->a, link->b, link->kind));
    }
    return OK;
}

err people_remove_aliases(struct ctx *ctx, struct people *people, const struct id_list *ids)
{
    str all = people_ids(ctx, ids->items, ids->count);
    if (ids->count == 0) {
        return OK;
    }
    TRY(say_links_gone(ctx, people, SQL_PEOPLE_LINKS_OF_MANY, all));
    for (i64 i = 0; i < ids->count && people->shared; i++) {
        TRY(say_gone(ctx, people, ids->items[i], 0, STR("alias")));
    }
    TRY(search_remove(ctx, people->store, SEARCH_PEOPLE, all));
    TRY(store_later(ctx, people->store, SQL_PEOPLE_ALIASES_REMOVE, ARGS(ARG_STR("ids", all))));
    return people->shared ? people_write_standing(ctx, people) : OK;
}

err people_wait_groups(struct ctx *ctx, struct people *people)
{
    enum { TRIES = 600, PAUSE_MS = 50 }; // a process that died is taken over within half of that
    i64 last, left = 1;
    TRY(store_number(ctx, people->store, SQL_PEOPLE_GROUPS_LAST, ARGS_NONE, &last));
    for (i32 i = 0; i < TRIES && last > 0; i++) {
        TRY(store_number(ctx, people->store, SQL_PEOPLE_GROUPS_UPTO, ARGS(ARG_I64("id", last)), &left));
        if (left == 0) {
            return OK;
        }
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
    return last == 0 ? OK : FAIL(ctx, ERR_BUSY, NULL, "error.busy");
}

/* Events. */

struct forgotten {
    struct people *people;
    const i64 *ids;
    i64 count;
};

static err fold_anew(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct people *people = self;
    struct shape_list rows;
    i64 id = row_i64(row, 0);
    str alias = str_copy(&ctx->arena, row_str(row, 1));
    TRY(store_all(ctx, people->store, SQL_PEOPLE_TRAITS_OF, ARGS(ARG_I64("alias_id", id)), &trait_shape, &rows));
    return alias_fold(ctx, people, id, alias, &rows);
}

/* Nobody is found any more by a name that only these events gave. */
static err remove_traits(struct ctx *ctx, struct people *people, str events)
{
    struct shape_list said;
    struct store_args ids = ARGS(ARG_STR("ids", events));
    TRY(store_all(ctx, people->store, SQL_PEOPLE_TRAITS_OF_EVENTS, ids, &trait_shape, &said));
    if (said.count == 0) {
        return OK;
    }
    i64 *aliases = arena_new(&ctx->arena, i64, said.count);
    for (i64 i = 0; i < said.count; i++) {
        aliases[i] = ((const struct trait *)said.items)[i].alias_id;
    }
    TRY(store_later(ctx, people->store, SQL_PEOPLE_FORGET_TRAITS, ids));
    return store_each(ctx, people->store, SQL_PEOPLE_ALIASES_OF_MANY,
                      ARGS(ARG_STR("ids", people_ids(ctx, aliases, said.count))), fold_anew, people);
}

static err remove_evidence(struct ctx *ctx, struct store *store, void *arg)
{
    const struct forgotten *forgotten = arg;
    struct people *people = forgotten->people;
    str events = people_ids(ctx, forgotten->ids, forgotten->count);
    if (people->shared) {
        TRY(people_enter(ctx, people));
    }
    TRY(say_links_gone(ctx, people, SQL_PEOPLE_LINKS_OF_EVENTS, events));
    TRY(store_later(ctx, store, SQL_PEOPLE_FORGET_LINKS, ARGS(ARG_STR("ids", events))));
    TRY(remove_traits(ctx, people, events));
    return people->shared ? people_write_standing(ctx, people) : OK;
}

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

err people_forget(void *self, struct ctx *ctx, const i64 *ids, i64 count)
{
    struct people *people = self;
    struct forgotten forgotten = {people, ids, count};
    TRY(store_write(ctx, people->store, remove_evidence, &forgotten));
    if (people->shared || count == 0) {
        return OK; // memory learns it like everybody's
    }
    i64 *sorted = arena_new(&ctx->arena, i64, count);
    memcpy(sorted, ids, sizeof(i64) * (size_t)count);
    qsort(sorted, (size_t)count, sizeof(i64), by_id);
    identity_lock_write(people->identity);
    identity_unlink_all(people->identity, sorted, count);
    identity_unlock(people->identity);
    return OK;
}
