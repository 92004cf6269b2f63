#include "journey/sql/sequence.h"

err sql_bits(struct sql_asking *sql, const struct condition *const *conditions, i64 count, struct sql_bits *out)
{
    struct ctx *ctx = sql->ctx;
    struct buf bits = buf_in(&ctx->arena);
    *out = (struct sql_bits){.any = sql_never()};
    for (i64 i = 0; i < count; i++) {
        struct sql_expr condition;
        TRY(sql_condition(sql, conditions[i], &condition));
        out->any = sql_or(ctx, out->any, condition);
        out->number.needs |= condition.needs;
        buf_add(&bits, i == 0 ? STR_NONE : STR(" + "));
        buf_add(&bits, SQL_TEXT(ctx, SQL_CLICK_BIT, PART("condition", condition.text), VALUE_I64("bit", (i64)1 << i)));
    }
    out->number.text = SQL_TEXT(ctx, SQL_CLICK_BITS, PART("bits", buf_str(&bits)));
    return OK;
}

err sql_where_ever(struct sql_asking *sql, struct sql_expr *out)
{
    const struct asking *asking = sql->asking;
    struct condition where = scope_join(&sql->ctx->arena, asking->question.where, &asking->scope);
    struct sql_expr taken;
    TRY(sql_condition(sql, &where, &taken));
    *out = sql_and(sql->ctx, sql->known, taken);
    return OK;
}

str sql_key_items(const struct sql_groups *groups)
{
    struct buf items = buf_in(&groups->sql->ctx->arena);
    for (i64 i = 0; i < groups->groups.dimension_count; i++) {
        buf_add(&items, STR(", "));
        buf_add(&items, groups->keys[i].text);
    }
    return buf_str(&items);
}

str sql_key_columns(const struct sql_groups *groups, const char *tuple, i64 place)
{
    struct buf columns = buf_in(&groups->sql->ctx->arena);
    for (i64 i = 0; i < groups->groups.dimension_count; i++) {
        buf_format(&columns, "%s.%lld AS k%lld, ", tuple, (long long)(place + i), (long long)i);
    }
    return buf_str(&columns);
}
