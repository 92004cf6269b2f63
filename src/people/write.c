/* What was found of people, into the records. */
#include "people/state.h"

#include "store/search.h"
#include "text/fold.h"

static err write_aliases(struct ctx *ctx, struct people *people)
{
    struct fresh *fresh = &people->fresh;
    for (; fresh->aliases_written < fresh->alias_count; fresh->aliases_written++) {
        const struct born *born = &fresh->aliases[fresh->aliases_written];
        TRY(store_later(ctx, people->store, SQL_PEOPLE_ALIAS_ADD,
                        ARGS(ARG_I64("id", born->id), ARG_STR("alias", born->text), ARG_I64("event", born->event),
                             ARG_I64("since_ms", born->at_ms))));
        TRY(search_add(ctx, people->store, SEARCH_PEOPLE, born->id, fold_search(&ctx->arena, alias_value(born->text))));
    }
    return OK;
}

static err write_links(struct ctx *ctx, struct people *people)
{
    struct fresh *fresh = &people->fresh;
    for (; fresh->proofs_written < fresh->proof_count; fresh->proofs_written++) {
        const struct proof *proof = &fresh->proofs[fresh->proofs_written];
        i64 number = people->shared ? ++people->number : 0;
        TRY(store_later(ctx, people->store, SQL_PEOPLE_LINK_PUT,
                        ARGS(ARG_I64("a", proof->a), ARG_I64("b", proof->b),
                             ARG_STR("kind", str_from(identity_link_words[proof->kind])),
                             ARG_I64("at_ms", proof->at_ms), ARG_I64("event", proof->event),
                             ARG_I64("number", number))));
    }
    return OK;
}

err people_write(struct ctx *ctx, struct people *people, struct trait *traits, i64 count)
{
    const struct fresh *fresh = &people->fresh;
    bool news = fresh->aliases_written < fresh->alias_count || fresh->proofs_written < fresh->proof_count;
    TRY(write_aliases(ctx, people));
    TRY(write_links(ctx, people));
    if (news && people->shared) {
        TRY(people_write_standing(ctx, people));
    }
    return traits_write(ctx, people, traits, count);
}

err people_write_standing(struct ctx *ctx, struct people *people)
{
    return store_later(ctx, people->store, SQL_PEOPLE_STATE_SET,
                       ARGS(ARG_I64("alias", people->alias_id), ARG_I64("number", people->number)));
}
