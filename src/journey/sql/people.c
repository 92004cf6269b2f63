/* Persons whose events are looked for: the table is ordered by alias, so that few of them are found without reading all. */
#include "people/identity.h"

#include "journey/sql/sql.h"

struct id_list sql_aliases(const struct sql_asking *sql, i64 person, str alias)
{
    struct identity *identity = sql->asking->rooms->identity;
    struct id_list out = {0};
    identity_lock(identity);
    alias_no first = person != 0 ? identity_of_id(identity, person) : identity_find(identity, alias), at = first;
    while (at != 0 && (out.count == 0 || at != first)) {
        out.count++;
        at = identity_next(identity, at);
    }
    out.items = arena_new(&sql->ctx->arena, i64, greater(out.count, 1));
    for (i64 i = 0; i < out.count; i++) {
        out.items[i] = identity_id(identity, at);
        at = identity_next(identity, at);
    }
    identity_unlock(identity);
    return out;
}

struct sql_expr sql_of_aliases(struct ctx *ctx, const struct id_list *aliases)
{
    return (struct sql_expr){.text = sql_one_of_numbers(ctx, STR("alias_id"), aliases->items, aliases->count)};
}
