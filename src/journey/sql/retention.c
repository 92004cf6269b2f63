#include "journey/retention_write.h"
#include "journey/sql/answers.h"
#include "journey/sql/behind.h"
#include "journey/sql/sequence.h"

enum { FIRST_KEY = 5 }; /* in the walk's tuples, behind the bits and the period */

/* A question about retention on its way into SQL. */
struct retaining {
    struct sql_asking *sql;
    const struct question *question;
    struct cohorts cohorts;
    i64 first_ms; /* before every event */
};

static err begin(struct sql_asking *sql, struct retaining *out)
{
    i64 last_ms;
    *out = (struct retaining){.sql = sql, .question = &sql->asking->question};
    TRY(sql_bounds(sql, &out->first_ms, &last_ms));
    return cohorts_make(sql->asking, out->first_ms, last_ms, &out->cohorts);
}

static str join(struct ctx *ctx, str a, str b)
{
    return !str_is(a) ? b : !str_is(b) ? a : SQL_TEXT(ctx, SQL_CLICK_AND, PART("a", a), PART("b", b));
}

/* Is the start `x` in the question's time? */
static str timely(const struct retaining *retaining)
{
    struct ctx *ctx = retaining->sql->ctx;
    const struct asking *asking = retaining->sql->asking;
    str since = STR_NONE, before = STR_NONE;
    if (asking->from_ms != INT64_MIN) {
        since = SQL_TEXT(ctx, SQL_CLICK_RETENTION_SINCE, VALUE_I64("at", asking->from_ms));
    }
    if (asking->to_ms != INT64_MAX) {
        before = SQL_TEXT(ctx, SQL_CLICK_RETENTION_BEFORE, VALUE_I64("at", asking->to_ms));
    }
    str both = join(ctx, since, before);
    return str_is(both) ? both : sql_always().text;
}

/* The returns that need be looked at: where a person has many starts, no more than two in each stretch of time. */
static str returns_of(const struct retaining *retaining, i64 length_ms)
{
    struct ctx *ctx = retaining->sql->ctx;
    str all = SQL_TEXT(ctx, SQL_CLICK_RETENTION_ALL);
    if (!retaining->question->each_cohort) {
        return all;
    }
    str stretch = length_ms == 0 ? SQL_TEXT(ctx, SQL_CLICK_RETENTION_BY_CALENDAR)
                                 : SQL_TEXT(ctx, SQL_CLICK_RETENTION_BY_LENGTH, VALUE_I64("first", retaining->first_ms),
                                            VALUE_I64("length", length_ms));
    return SQL_TEXT(ctx, SQL_CLICK_RETENTION_OUTER, PART("returns", all), PART("stretch", stretch));
}

/* What becomes of a walk. `behind`: the event that decided, else all periods with a return. */
static str results_of(const struct retaining *retaining, const struct behind *behind)
{
    struct ctx *ctx = retaining->sql->ctx;
    i64 length_ms = retention_length(retaining->question);
    bool each = retaining->question->each_cohort;
    str starts = SQL_TEXT(ctx, each ? SQL_CLICK_RETENTION_EVERY : SQL_CLICK_RETENTION_FIRST,
                          PART("timely", timely(retaining)));
    str period = length_ms == 0 ? SQL_TEXT(ctx, SQL_CLICK_RETENTION_CALENDAR)
                                : SQL_TEXT(ctx, SQL_CLICK_RETENTION_ELAPSED, VALUE_I64("length", length_ms));
    if (behind != NULL && behind->what == BEHIND_RETURNED) {
        return SQL_TEXT(ctx, SQL_CLICK_RETENTION_RETURNED, PART("starts", starts), PART("period", period),
                        PART("returns", SQL_TEXT(ctx, SQL_CLICK_RETENTION_ALL)), VALUE_I64("k", behind->k));
    }
    if (behind != NULL) {
        return SQL_TEXT(ctx, SQL_CLICK_RETENTION_STARTED, PART("starts", starts));
    }
    return SQL_TEXT(ctx, SQL_CLICK_RETENTION_STARTS, PART("starts", starts), PART("period", period),
                    PART("returns", returns_of(retaining, length_ms)),
                    VALUE_I64("periods", retaining->question->periods));
}

/* The moment from which on nothing counts: the future, and what lies behind every period. */
static i64 end_of(const struct retaining *retaining)
{
    const struct asking *asking = retaining->sql->asking;
    const struct periods *periods = &retaining->cohorts.periods;
    bool calendar = retention_length(retaining->question) == 0;
    return calendar ? lesser(asking->asked_ms, periods->starts[periods->count]) : asking->asked_ms;
}

/* A row for each person with a start that counts. `items` come behind bits and period. */
static err walks_of(const struct retaining *retaining, str items, u32 needs, const struct behind *behind, str *out)
{
    struct sql_asking *sql = retaining->sql;
    struct ctx *ctx = sql->ctx;
    const struct question *question = retaining->question;
    const struct stated *back = str_is(question->back.text) ? &question->back : &question->start;
    const struct condition *conditions[] = {&question->start.condition, &back->condition};
    struct sql_bits bits;
    struct sql_expr where;
    TRY(sql_bits(sql, conditions, countof(conditions), &bits));
    TRY(sql_where_ever(sql, &where));
    struct sql_expr before = {.text = SQL_TEXT(ctx, SQL_CLICK_BEFORE, VALUE_I64("at", end_of(retaining)))};
    str period = sql_period(ctx, &retaining->cohorts.periods, STR("at_ms"));
    struct sql_walks walks = {
        .items = str_format(&ctx->arena, ", %.*s, %.*s%.*s", STR_ARG(bits.number.text), STR_ARG(period),
                            STR_ARG(items)),
        .needs = needs | bits.number.needs,
        .results = results_of(retaining, behind),
        .where = sql_and(ctx, where, sql_and(ctx, before, bits.any)),
    };
    *out = sql_walks(sql, &walks);
    return OK;
}

err sql_behind_retention(struct sql_asking *sql, const struct behind *behind, str *statement)
{
    struct ctx *ctx = sql->ctx;
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct retaining retaining;
    struct sql_expr group;
    str walks;
    TRY(begin(sql, &retaining));
    if (retaining.cohorts.count == 0) {
        return OK;
    }
    const struct periods *periods = &retaining.cohorts.periods;
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(sql_behind_values(groups, behind, &group));
    group = sql_and(ctx, group, sql_behind_period(sql, behind, periods, sql_period(ctx, periods, STR("at_ms"))));
    TRY(walks_of(&retaining, SQL_TEXT(ctx, SQL_CLICK_FLAG, PART("condition", group.text)), group.needs, behind,
                 &walks));
    *statement = SQL_TEXT(ctx, SQL_CLICK_RETENTION_PEOPLE, PART("walks", walks));
    return OK;
}

/* Rows: with groups by their number, without by that of the cohort. */
struct tallies {
    i64 *sizes, *returned; /* [row], [row · periods + k] */
    i64 capacity;
};

static err make_room(const struct retaining *retaining, struct tallies *tallies, i64 needed)
{
    struct arena *arena = &retaining->sql->ctx->arena;
    i64 periods = retaining->question->periods, before = tallies->capacity, size = (i64)sizeof(i64);
    if (needed <= before) {
        return OK;
    }
    i64 capacity = greater(before * 2, needed);
    TRY(asking_use(retaining->sql->asking, (capacity - before) * size * (periods + 1)));
    tallies->sizes = arena_grow(arena, tallies->sizes, before * size, capacity * size, size);
    tallies->returned = arena_grow(arena, tallies->returned, before * size * periods, capacity * size * periods, size);
    tallies->capacity = capacity;
    return OK;
}

static void read_row(const struct retaining *retaining, struct click_rows *rows, i64 row, struct tallies *out)
{
    i64 k = click_i64(rows), people = (i64)click_u64(rows);
    if (k < 0) {
        out->sizes[row] = people;
        retaining->sql->asking->read->people += people;
    } else {
        out->returned[row * retaining->question->periods + k] = people;
    }
}

static err read_groups(const struct retaining *retaining, struct sql_groups *groups, struct click_rows *rows,
                       struct tallies *out)
{
    while (click_more(rows)) {
        i64 group;
        TRY(sql_groups_read(groups, rows, &group));
        TRY(make_room(retaining, out, group + 1));
        read_row(retaining, rows, group, out);
    }
    sql_groups_end(groups);
    return OK;
}

static err read_cohorts(const struct retaining *retaining, struct click_rows *rows, struct tallies *out)
{
    TRY(make_room(retaining, out, retaining->cohorts.count));
    while (click_more(rows)) {
        read_row(retaining, rows, click_u32(rows), out);
    }
    return OK;
}

static err write_groups(const struct retaining *retaining, const struct sql_groups *groups,
                        const struct tallies *tallies, struct json_writer *writer)
{
    i64 *order, count;
    TRY(grouping_order(&groups->grouping, NULL, &order, &count));
    for (i64 i = 0; i < count; i++) {
        i64 group = order[i];
        struct retention_row row = {grouping_period(&groups->grouping, group), tallies->sizes[group],
                                    tallies->returned + group * retaining->question->periods};
        TRY(retention_write(retaining->sql->asking, &retaining->cohorts, &groups->grouping, group, &row, writer));
    }
    return OK;
}

err sql_retention(const struct asking *asking, struct json_writer *writer)
{
    struct ctx *ctx = asking->ctx;
    struct sql_asking *sql = arena_new(&ctx->arena, struct sql_asking, 1);
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct retaining retaining;
    struct tallies tallies = {0};
    struct click_rows rows;
    str walks;
    TRY(sql_begin(asking, sql));
    TRY(begin(sql, &retaining));
    if (retaining.cohorts.count == 0) {
        return OK;
    }
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(walks_of(&retaining, sql_key_items(groups), groups->needs, NULL, &walks));
    TRY(sql_query(sql,
                  SQL_TEXT(ctx, SQL_CLICK_RETENTION, PART("names", groups->names),
                           PART("keys", sql_key_columns(groups, "start.1", FIRST_KEY)), PART("walks", walks),
                           VALUE_I64("most", (GROUPS_MAX + 1) * (asking->question.periods + 1))),
                  &rows));
    if (asking->question.by_count > 0) {
        TRY(read_groups(&retaining, groups, &rows, &tallies));
        return write_groups(&retaining, groups, &tallies, writer);
    }
    TRY(read_cohorts(&retaining, &rows, &tallies));
    return retention_write_all(asking, &retaining.cohorts, tallies.sizes, tallies.returned, writer);
}
