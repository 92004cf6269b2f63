/* By what everybody is found, written anew from aliases and traits. */
#include "people/state.h"
#include "store/search.h"

/* An alias and what is said about its holder; memory is given back now and then. */
struct refolding {
    struct people *people;
    struct ctx here; /* of the alias */
    i64 id;
    str alias;
    struct trait *rows;
    i64 count;
};

static err fold(struct refolding *refolding)
{
    if (refolding->id == 0) {
        return OK;
    }
    struct shape_list rows = {refolding->rows, refolding->count};
    str words;
    err code = alias_words(&refolding->here, refolding->alias, &rows, &words);
    if (code == OK) {
        code = search_add(&refolding->here, refolding->people->store, SEARCH_PEOPLE, refolding->id, words);
    }
    ctx_reset(&refolding->here);
    refolding->rows = NULL;
    refolding->count = 0;
    return code;
}

static err take_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct refolding *refolding = self;
    struct arena *arena = &refolding->here.arena;
    if (row_i64(row, 0) != refolding->id) {
        TRY(fold(refolding));
        refolding->id = row_i64(row, 0);
        refolding->alias = str_copy(arena, row_str(row, 1));
    }
    if (!row_null(row, 2)) {
        i64 size = (i64)sizeof(struct trait);
        refolding->rows = arena_grow(arena, refolding->rows, refolding->count * size, (refolding->count + 1) * size,
                                     _Alignof(struct trait));
        refolding->rows[refolding->count++] = (struct trait){
            .alias_id = refolding->id,
            .name = str_copy(arena, row_str(row, 2)),
            .at_ms = row_i64(row, 3),
            .event = row_i64(row, 4),
            .value = str_copy(arena, row_str(row, 5)),
        };
    }
    return ctx_stopped(ctx) ? ERR_CANCELLED : OK;
}

static err refold(struct ctx *ctx, struct store *store, void *arg)
{
    struct refolding *refolding = arg;
    TRY(search_clear(ctx, store, SEARCH_PEOPLE));
    TRY(store_each(ctx, store, SQL_PEOPLE_TRAITS_BY_ALIAS, ARGS_NONE, take_row, refolding));
    return fold(refolding);
}

err people_refold(struct ctx *ctx, struct people *people)
{
    struct refolding refolding = {.people = people};
    err code = store_write(ctx, people->store, refold, &refolding);
    ctx_end(&refolding.here);
    return code;
}
