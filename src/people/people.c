#include "people/people.h"

#include "people/state.h"
#include "store/search.h"

/* About 50 bytes each in the records. */
enum { GONE_KEPT = 1000000 };

/* The records came from elsewhere, without what is derived from them. */
static err fold_if_none(struct ctx *ctx, struct people *people)
{
    bool any;
    TRY(search_any(ctx, people->store, SEARCH_PEOPLE, &any));
    return any || identity_count(people->identity) == 0 ? OK : people_refold(ctx, people);
}

err people_open(struct ctx *ctx, struct store *store, struct people **out)
{
    struct people *people = mem_new(sizeof *people);
    people->store = store;
    people->shared = store_shared(store);
    people->identity = identity_new();
    people->gone_kept = GONE_KEPT;
    pthread_mutex_init(&people->learning, NULL);
    pthread_mutex_init(&people->deciding, NULL);
    pthread_mutex_init(&people->pushing, NULL);
    err code = search_open(ctx, store);
    if (code == OK) {
        code = people_load(ctx, people);
    }
    if (code == OK) {
        code = fold_if_none(ctx, people);
    }
    if (code == OK && people->shared) {
        people_watch(people);
    } else if (code == OK) {
        code = store_number(ctx, store, SQL_PEOPLE_CURSOR, ARGS_NONE, &people->cursor);
        people->kept_cursor = people->cursor;
    }
    if (code != OK) {
        people_close(people);
        return code;
    }
    *out = people;
    return OK;
}

void people_close(struct people *people)
{
    if (people == NULL) {
        return;
    }
    identity_free(people->identity);
    fresh_free(&people->fresh);
    mem_free(people->moves);
    pthread_mutex_destroy(&people->learning);
    pthread_mutex_destroy(&people->deciding);
    pthread_mutex_destroy(&people->pushing);
    mem_free(people);
}

struct identity *people_identity(struct people *people)
{
    return people->identity;
}

err people_keep_cursor(struct ctx *ctx, struct people *people)
{
    if (people->shared || people->cursor == people->kept_cursor) {
        return OK;
    }
    TRY(store_run(ctx, people->store, SQL_PEOPLE_CURSOR_SET, ARGS(ARG_I64("event", people->cursor)), NULL));
    people->kept_cursor = people->cursor;
    return OK;
}

err people_catch_up(struct ctx *ctx, struct people *people)
{
    TRY(people_learn(ctx, people));
    return people->shared ? people_push(ctx, people) : OK;
}

err people_settle(void *self, struct ctx *ctx)
{
    return people_catch_up(ctx, self);
}
