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

static struct sql_expr in_period(struct sql_asking *sql, const struct periods *periods, i64 period)
{
    struct ctx *ctx = sql->ctx;
    struct sql_expr since = {.text = SQL_TEXT(ctx, SQL_CLICK_SINCE, VALUE_I64("at", periods->starts[period]))};
    struct sql_expr before = {.text = SQL_TEXT(ctx, SQL_CLICK_BEFORE, VALUE_I64("at", periods->starts[period + 1]))};
    return sql_and(ctx, since, before);
}

err sql_in_row(struct sql_asking *sql, const struct behind *behind, const struct periods *periods, struct sql_expr *out)
{
    struct ctx *ctx = sql->ctx;
    const struct question *question = &behind->question;
    char text[ISO_MAX];
    *out = sql_always();
    for (i64 i = 0; i < question->by_count; i++) {
        struct dimension *dimension = arena_new(&ctx->arena, struct dimension, 1);
        struct sql_expr value;
        *dimension = dimension_make(sql->asking, NULL, question->by[i], question->by_names[i]);
        TRY(sql_field_text(sql, dimension, &value));
        value.text = SQL_TEXT(ctx, SQL_CLICK_IS, PART("value", value.text), VALUE_STR("text", behind->row.values[i]));
        *out = sql_and(ctx, *out, value);
    }
    if (periods->count == 0) {
        return OK;
    }
    struct sql_expr timely = sql_never();
    for (i64 period = 0; period < periods->count; period++) {
        if (str_eq(periods_text(periods, period, text), behind->row.period)) {
            timely = sql_or(ctx, timely, in_period(sql, periods, period));
        }
    }
    *out = sql_and(ctx, *out, timely);
    return OK;
}
