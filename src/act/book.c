/* The rules that are on, made ready once for every change. */
#include "act/state.h"

static void free_book(struct book *book)
{
    ctx_end(&book->ctx);
    mem_free(book);
}

static err read_book(struct ctx *ctx, struct act *act, i64 version, struct book **out)
{
    struct shape_list rows;
    struct book *book = mem_new(sizeof *book);
    book->version = version;
    book->users = 1;
    err code = store_all(&book->ctx, act->store, SQL_RULE_ROWS_ON, ARGS_NONE, &rule_shape, &rows);
    if (code != OK) {
        ctx->fault = (struct fault){.code = code, .retry_after_s = book->ctx.fault.retry_after_s};
        free_book(book);
        return code;
    }
    book->rules = arena_new(&book->ctx.arena, struct rule_ready, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        const struct rule *rule = &((const struct rule *)rows.items)[i];
        struct rule_ready *ready = &book->rules[book->count];
        // One that cannot be read any more was written by another version of the program: it rests.
        book->count += rule_prepare(&book->ctx, rule, ready) == OK ? 1 : 0;
        ctx_forgive(&book->ctx);
        book->ctx.pointer = STR_NONE;
        book->any |= ready->on == WHEN_EVENT;
    }
    *out = book;
    return OK;
}

static struct book *hold(struct act *act, i64 version)
{
    pthread_mutex_lock(&act->lock);
    struct book *book = act->book != NULL && act->book->version == version ? act->book : NULL;
    if (book != NULL) {
        book->users++;
    }
    pthread_mutex_unlock(&act->lock);
    return book;
}

void book_leave(struct act *act, struct book *book)
{
    if (book == NULL) {
        return;
    }
    pthread_mutex_lock(&act->lock);
    bool last = --book->users == 0;
    pthread_mutex_unlock(&act->lock);
    if (last) {
        free_book(book);
    }
}

/* The version is read each time: whoever changed a rule, in whatever process, changed it for the next event. */
err book_take(struct ctx *ctx, struct act *act, struct book **out)
{
    i64 version = 0;
    TRY(store_number(ctx, act->store, SQL_RULE_VERSION, ARGS_NONE, &version));
    *out = hold(act, version);
    if (*out != NULL) {
        return OK;
    }
    struct book *book;
    TRY(read_book(ctx, act, version, &book));
    book->users++;
    pthread_mutex_lock(&act->lock);
    struct book *before = act->book;
    act->book = book;
    pthread_mutex_unlock(&act->lock);
    book_leave(act, before);
    *out = book;
    return OK;
}
