#include "people/people.h"

#include "base/progress.h"
#include "people/state.h"

#include <string.h>

static err load_alias(void *self, struct ctx *ctx, const struct store_row *row)
{
    enum { TELL = 4096 };
    struct people *people = self;
    if (identity_put(people->identity, row_str(row, 1), row_i64(row, 0)) % TELL == 0) {
        progress_add(ctx->progress, TELL);
        return ctx_stopped(ctx) ? ERR_CANCELLED : OK;
    }
    return OK;
}

static bool kind_of(str word, enum link_kind *out)
{
    for (i32 i = 0; i < LINK_KIND_COUNT_; i++) {
        if (str_eq(word, str_from(identity_link_words[i]))) {
            *out = (enum link_kind)i;
            return true;
        }
    }
    return false;
}

static err load_link(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct people *people = self;
    struct link link = {
        .a = identity_of_id(people->identity, row_i64(row, 0)),
        .b = identity_of_id(people->identity, row_i64(row, 1)),
        .at_ms = row_i64(row, 3),
        .event = row_i64(row, 4),
    };
    if (link.a == 0 || link.b == 0 || !kind_of(row_str(row, 2), &link.kind)) {
        return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", STR("records.db")});
    }
    (void)identity_link(people->identity, &link);
    return OK;
}

static err load(struct ctx *ctx, struct people *people)
{
    struct store *store = people->store;
    i64 count;
    TRY(store_number(ctx, store, SQL_PEOPLE_ALIAS_COUNT, ARGS_NONE, &count));
    progress_begin(ctx->progress, "people", count, 0, 10);
    identity_reserve(people->identity, (alias_no)lesser(count, UINT32_MAX / 4));
    TRY(store_each(ctx, store, SQL_PEOPLE_ALIASES, ARGS_NONE, load_alias, people));
    TRY(store_each(ctx, store, SQL_PEOPLE_LINKS, ARGS_NONE, load_link, people));
    TRY(store_number(ctx, store, SQL_PEOPLE_CURSOR, ARGS_NONE, &people->cursor));
    people->saved = identity_count(people->identity);
    people->kept_cursor = people->cursor;
    return OK;
}

err people_open(struct ctx *ctx, struct store *store, struct people **out)
{
    struct people *people = mem_new(sizeof *people);
    people->store = store;
    people->identity = identity_new();
    err code = load(ctx, people);
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
    mem_free(people->links);
    mem_free(people->born);
    mem_free(people);
}

struct identity *people_identity(struct people *people)
{
    return people->identity;
}

err people_keep_cursor(struct ctx *ctx, struct people *people)
{
    if (people->cursor == people->kept_cursor) {
        return OK;
    }
    TRY(store_run(ctx, people->store, SQL_PEOPLE_CURSOR_SET, ARGS(ARG_I64("event", people->cursor)), NULL));
    people->kept_cursor = people->cursor;
    return OK;
}
