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

err sql_behind_values(struct sql_groups *groups, const struct behind *behind, struct sql_expr *out)
{
    struct sql_asking *sql = groups->sql;
    struct ctx *ctx = sql->ctx;
    *out = sql_always();
    for (i64 i = 0; i < behind->question.by_count; i++) {
        struct sql_expr value;
        TRY(sql_field_text(sql, &groups->groups.dimensions[i], &value));
        value.text = SQL_TEXT(ctx, SQL_CLICK_TEXT_EQUALS, PART("text", value.text),
                              VALUE_STR("value", behind->row.values[i]));
        *out = sql_and(ctx, *out, value);
    }
    return OK;
}

struct sql_expr sql_behind_period(struct sql_asking *sql, const struct behind *behind, const struct periods *periods,
                                  str number)
{
    i64 period = period_of(periods, behind->row.period);
    struct sql_expr same = {
        .text = SQL_TEXT(sql->ctx, SQL_CLICK_NUMBER_EQUALS, PART("number", number), VALUE_I64("value", period))};
    return periods->count == 0 ? sql_always() : period < 0 ? sql_never() : same;
}

err sql_behind_group(struct sql_groups *groups, const struct behind *behind, struct sql_expr *out)
{
    TRY(sql_behind_values(groups, behind, out));
    struct sql_expr period = sql_behind_period(groups->sql, behind, &groups->groups.periods, groups->period);
    *out = sql_and(groups->sql->ctx, *out, period);
    return OK;
}

err sql_behind_events(struct sql_asking *sql, const struct behind *behind, struct sql_expr also, str *statement)
{
    struct ctx *ctx = sql->ctx;
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct sql_expr group;
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(sql_behind_group(groups, behind, &group));
    struct sql_expr where = sql_and(ctx, sql_where(sql), sql_and(ctx, group, also));
    u32 needs = where.needs | SQL_NEEDS_PERSON;
    *statement = SQL_TEXT(ctx, SQL_CLICK_FIRST_EVENTS, PART("with", sql_with(sql, needs)),
                          PART("from", sql_from(sql, needs)), PART("where", where.text));
    return OK;
}

/* One more than the page holds tells whether there is another. */
static err read_page(struct sql_asking *sql, const struct behind *behind, str statement, struct behind_page *out)
{
    struct ctx *ctx = sql->ctx;
    struct click_rows rows;
    TRY(sql_query(sql,
                  SQL_TEXT(ctx, SQL_CLICK_BEHIND, PART("people", statement), VALUE_I64("after", behind->after),
                           VALUE_I64("most", behind->limit + 1)),
                  &rows));
    if (!click_more(&rows)) {
        return OK;
    }
    out->people = (i64)click_u64(&rows);
    i64 count = click_count(&rows);
    struct behind_person *people = arena_new(&ctx->arena, struct behind_person, count + 1);
    for (i64 i = 0; i < count; i++) {
        people[i].id = click_i64(&rows);
        people[i].at_ms = click_i64(&rows);
    }
    i64 shown = lesser(count, behind->limit);
    out->items = (struct shape_list){people, shown};
    out->next = shown < count ? people[shown - 1].id : 0;
    return OK;
}

err sql_behind(const struct asking *asking, const struct behind *behind, struct behind_page *out)
{
    struct sql_asking *sql = arena_new(&asking->ctx->arena, struct sql_asking, 1);
    struct behind_list list = {.people = arena_new(&asking->ctx->arena, struct behind_person, 1)};
    str statement = STR_NONE;
    *out = (struct behind_page){.items = {list.people, 0}};
    TRY(sql_begin(asking, sql));
    switch (asking->question.kind) {
    case ASK_FUNNEL: TRY(sql_behind_funnel(sql, behind, &statement)); break;
    case ASK_RETENTION: TRY(sql_behind_retention(sql, behind, &statement)); break;
    case ASK_PATHS: TRY(sql_behind_paths(sql, behind, &statement)); break;
    case ASK_ADHERENCE: TRY(sql_behind_adherence(sql, behind, &statement, &list)); break;
    default: TRY(sql_behind_events(sql, behind, sql_always(), &statement)); break;
    }
    if (str_is(statement)) {
        return read_page(sql, behind, statement, out);
    }
    behind_page_of(behind, list, out);
    return OK;
}
