#include "journey/sql/behind.h"

err sql_behind_add(const struct asking *asking, struct behind_list *list, i64 person, i64 at_ms)
{
    i64 size = (i64)sizeof(struct behind_person);
    if (list->count == list->capacity) {
        i64 capacity = list->capacity * 2 + 64;
        TRY(asking_use(asking, (capacity - list->capacity) * size));
        list->people = arena_grow(&asking->ctx->arena, list->people, list->capacity * size, capacity * size,
                                  _Alignof(struct behind_person));
        list->capacity = capacity;
    }
    list->people[list->count++] = (struct behind_person){.id = person, .at_ms = at_ms};
    return OK;
}

err sql_behind_rows(struct sql_asking *sql, str statement, struct behind_list *out)
{
    struct click_rows rows;
    TRY(sql_query(sql, statement, &rows));
    while (click_more(&rows)) {
        i64 person = click_i64(&rows), at_ms = click_i64(&rows);
        TRY(sql_behind_add(sql->asking, out, person, at_ms));
    }
    return OK;
}

/* The number of the row's period; -1: there is none of that name. */
static i64 period_of(const struct periods *periods, str wanted)
{
    char text[ISO_MAX];
    for (i64 i = 0; i < periods->count; i++) {
        if (str_eq(periods_text(periods, i, text), wanted)) {
            return i;
        }
    }
    return -1;
}

err sql_behind_group(struct sql_groups *groups, const struct behind *behind, struct sql_expr *out)
{
    struct sql_asking *sql = groups->sql;
    struct ctx *ctx = sql->ctx;
    const struct periods *periods = &groups->groups.periods;
    *out = sql_always();
    for (i64 i = 0; i < behind->question.by_count; i++) {
        struct sql_expr value;
        TRY(sql_field_text(sql, &groups->groups.dimensions[i], &value));
        value.text = SQL_TEXT(ctx, SQL_CLICK_TEXT_EQUALS, PART("text", value.text),
                              VALUE_STR("value", behind->row.values[i]));
        *out = sql_and(ctx, *out, value);
    }
    if (periods->count == 0) {
        return OK;
    }
    i64 period = period_of(periods, behind->row.period);
    struct sql_expr same = {
        .text = SQL_TEXT(ctx, SQL_CLICK_NUMBER_EQUALS, PART("number", groups->period), VALUE_I64("value", period))};
    *out = period < 0 ? sql_never() : sql_and(ctx, *out, same);
    return OK;
}

err sql_behind_events(struct sql_asking *sql, const struct behind *behind, struct sql_expr also,
                      struct behind_list *out)
{
    struct ctx *ctx = sql->ctx;
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct sql_expr group;
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(sql_behind_group(groups, behind, &group));
    struct sql_expr where = sql_and(ctx, sql_where(sql), sql_and(ctx, group, also));
    u32 needs = where.needs | SQL_NEEDS_PERSON;
    return sql_behind_rows(sql,
                           SQL_TEXT(ctx, SQL_CLICK_FIRST_EVENTS, PART("with", sql_with(sql, needs)),
                                    PART("from", sql_from(sql, needs)), PART("where", where.text)),
                           out);
}

err sql_behind(const struct asking *asking, const struct behind *behind, struct behind_list *out)
{
    struct sql_asking *sql = arena_new(&asking->ctx->arena, struct sql_asking, 1);
    *out = (struct behind_list){.people = arena_new(&asking->ctx->arena, struct behind_person, 1)};
    TRY(sql_begin(asking, sql));
    switch (asking->question.kind) {
    case ASK_ADHERENCE: return sql_behind_adherence(sql, behind, out);
    default: return sql_behind_events(sql, behind, sql_always(), out);
    }
}
