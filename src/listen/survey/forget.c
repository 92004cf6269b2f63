#include "listen/survey/forget.h"

enum { VALUE_MIN = 4 }; /* shorter ones stand in every answer by chance */

struct forgetting {
    const struct str_list *words;
    i64 *ids;
    i64 count, capacity;
};

static err forget_aliases(struct ctx *ctx, struct store *store, void *arg)
{
    const struct str_list *aliases = arg;
    for (i64 i = 0; i < aliases->count; i++) {
        str alias = aliases->items[i];
        TRY(store_run(ctx, store, SQL_RESPONSE_FILES_FORGET, ARGS(ARG_STR("alias", alias)), NULL));
        TRY(store_run(ctx, store, SQL_RESPONSES_FORGET, ARGS(ARG_STR("alias", alias)), NULL));
        TRY(store_run(ctx, store, SQL_SURVEY_LINKS_FORGET, ARGS(ARG_STR("alias", alias)), NULL));
    }
    return OK;
}

err survey_forget(struct ctx *ctx, struct store *store, const struct str_list *aliases)
{
    return store_write(ctx, store, forget_aliases, (void *)aliases);
}

static err look(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct forgetting *forgetting = self;
    str answers = row_str(row, 1);
    bool named = false;
    for (i64 i = 0; i < forgetting->words->count && !named; i++) {
        str word = forgetting->words->items[i];
        named = word.len >= VALUE_MIN && str_find(answers, word) >= 0;
    }
    if (named && forgetting->count == forgetting->capacity) {
        i64 wish = forgetting->capacity * 2 + 16;
        forgetting->ids = arena_grow(&ctx->arena, forgetting->ids, forgetting->capacity * (i64)sizeof(i64),
                                     wish * (i64)sizeof(i64), _Alignof(i64));
        forgetting->capacity = wish;
    }
    if (named) {
        forgetting->ids[forgetting->count++] = row_i64(row, 0);
    }
    return OK;
}

static err forget_contacts(struct ctx *ctx, struct store *store, void *arg)
{
    struct forgetting *forgetting = arg;
    TRY(store_each(ctx, store, SQL_RESPONSES_CONTACT, ARGS_NONE, look, forgetting));
    for (i64 i = 0; i < forgetting->count; i++) {
        TRY(store_run(ctx, store, SQL_RESPONSE_FILES_REMOVE, ARGS(ARG_I64("response", forgetting->ids[i])), NULL));
        TRY(store_run(ctx, store, SQL_RESPONSE_REMOVE, ARGS(ARG_I64("id", forgetting->ids[i])), NULL));
    }
    return OK;
}

err survey_forget_contacts(struct ctx *ctx, struct store *store, const struct str_list *values)
{
    struct forgetting forgetting = {.words = values};
    return store_write(ctx, store, forget_contacts, &forgetting);
}
