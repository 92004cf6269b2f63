#include "journey/count.h"
#include "journey/sql/answers.h"
#include "journey/sql/sql.h"

/* The tallies of groups as they are read. */
struct tallies {
    struct count_tally *counts;
    struct amount_tally *amounts;
    i64 capacity;
};

static err make_room(struct sql_asking *sql, struct tallies *tallies, i64 count)
{
    struct arena *arena = &sql->ctx->arena;
    if (count <= tallies->capacity) {
        return OK;
    }
    i64 capacity = tallies->capacity * 2 + 64;
    i64 a = (i64)sizeof(struct count_tally), b = (i64)sizeof(struct amount_tally);
    TRY(asking_use(sql->asking, (capacity - tallies->capacity) * (a + b)));
    tallies->counts = arena_grow(arena, tallies->counts, tallies->capacity * a, capacity * a,
                                 _Alignof(struct count_tally));
    tallies->amounts = arena_grow(arena, tallies->amounts, tallies->capacity * b, capacity * b,
                                  _Alignof(struct amount_tally));
    tallies->capacity = capacity;
    return OK;
}

static err read_rows(struct sql_asking *sql, struct sql_groups *groups, struct click_rows *rows, struct tallies *out)
{
    struct ask_read *read = sql->asking->read;
    while (click_more(rows)) {
        i64 group;
        TRY(sql_groups_read(groups, rows, &group));
        TRY(make_room(sql, out, group + 1));
        out->counts[group].events = (i64)click_u64(rows);
        out->counts[group].people = (u32)click_u64(rows);
        out->amounts[group].amount = click_i64(rows);
        out->amounts[group].events = (i64)click_u64(rows);
        read->events += out->counts[group].events;
        read->people += out->counts[group].people;
    }
    sql_groups_end(groups);
    return OK;
}

err sql_count(const struct asking *asking, struct json_writer *writer)
{
    struct ctx *ctx = asking->ctx;
    const struct question *question = &asking->question;
    struct sql_asking *sql = arena_new(&ctx->arena, struct sql_asking, 1);
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct tallies tallies = {0};
    struct click_rows rows;
    TRY(sql_begin(asking, sql));
    TRY(sql_groups_begin(sql, &count_currency, (question->of & COUNT_AMOUNT) != 0, groups));
    struct sql_expr where = sql_where(sql);
    if (question->of == COUNT_AMOUNT) {
        where.text = SQL_TEXT(ctx, SQL_CLICK_EVENTS_OF, PART("where", where.text));
    }
    bool across = sql->moved && click_cluster(sql->ch) != NULL;
    u32 needs = groups->needs | where.needs | SQL_NEEDS_PERSON;
    str text = SQL_TEXT(ctx, across ? SQL_CLICK_COUNT_ACROSS : SQL_CLICK_COUNT, PART("names", groups->names),
                        PART("with", sql_with(sql, needs)), PART("select", groups->select),
                        PART("person", STR("person")), PART("from", sql_from(sql, needs)), PART("where", where.text),
                        VALUE_I64("most", GROUPS_MAX + 1));
    TRY(sql_query(sql, text, &rows));
    TRY(read_rows(sql, groups, &rows, &tallies));
    struct counted counted = {&groups->grouping, tallies.counts, tallies.amounts, groups->grouping.count};
    return count_write(asking, &counted, writer);
}
