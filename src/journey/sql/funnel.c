#include "journey/funnel_write.h"
#include "journey/sql/answers.h"
#include "journey/sql/behind.h"
#include "journey/sql/sequence.h"

enum { FIRST_KEY = 4 }; /* in the walk's tuples, behind the bits */

/* In how many steps at a time the starts are followed: those of a step are written once for each step behind it in its batch, so
 * that the statement would grow with the square of all steps. */
enum { BATCH = 4, BATCHES = FUNNEL_STEPS_MAX / BATCH };

static str numbered(struct ctx *ctx, const char *name, i64 number)
{
    return str_format(&ctx->arena, "%s%lld", name, (long long)number);
}

static str digits(struct ctx *ctx, i64 number)
{
    return numbered(ctx, "", number);
}

static void list_add(struct buf *list, str item)
{
    buf_add(list, list->len == 0 ? STR_NONE : STR(", "));
    buf_add(list, item);
}

/* `within` speaks of the places of each step's events as p0, p1 …, and of their times as t0, t1 … */
static str bound(struct ctx *ctx, const struct question *question, bool timed, str within)
{
    struct buf names = buf_in(&ctx->arena), lists = buf_in(&ctx->arena);
    for (i64 i = 0; i < question->step_count; i++) {
        list_add(&names, numbered(ctx, "p", i));
        list_add(&lists, SQL_TEXT(ctx, SQL_CLICK_FUNNEL_PLACES, VALUE_I64("bit", i)));
        if (timed) {
            list_add(&names, numbered(ctx, "t", i));
            list_add(&lists, SQL_TEXT(ctx, SQL_CLICK_FUNNEL_TIMES, VALUE_I64("bit", i)));
        }
    }
    return SQL_TEXT(ctx, SQL_CLICK_FUNNEL_BOUND, PART("names", buf_str(&names)), PART("lists", buf_str(&lists)),
                    PART("within", within));
}

/* The steps one after the other, from the event at place `f` on: "f, the next one's place, …". */
static str follow(struct ctx *ctx, const struct question *question)
{
    struct buf list = buf_in(&ctx->arena);
    str place = STR("f");
    for (i64 i = 0; i < question->step_count; i++) {
        if (i > 0) {
            place = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_NEXT, PART("step", digits(ctx, i)), PART("before", place));
        }
        list_add(&list, SQL_TEXT(ctx, SQL_CLICK_FUNNEL_PLACE, PART("place", place)));
    }
    return buf_str(&list);
}

static str loose(struct ctx *ctx, const struct question *question)
{
    str places = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_ANY_TIME, PART("steps", follow(ctx, question)));
    return bound(ctx, question, false, places);
}

/* When each step was first reached within the limit: a list. */
static str first_times(struct ctx *ctx, const struct question *question)
{
    struct buf times[BATCHES];
    str starts[BATCHES]; // of each batch's last step
    i64 batches = 0;
    str from = STR("t0");
    for (i64 i = 0; i < question->step_count; i++) {
        if (i % BATCH == 0) {
            from = i == 0 ? from : numbered(ctx, "s", batches);
            times[batches++] = buf_in(&ctx->arena);
        }
        if (i > 0) {
            from = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_STARTS, PART("starts", from), PART("step", digits(ctx, i)),
                            PART("before", digits(ctx, i - 1)));
        }
        starts[batches - 1] = from;
        list_add(&times[batches - 1], SQL_TEXT(ctx, SQL_CLICK_FUNNEL_FIRST_TIME, PART("step", digits(ctx, i)),
                                               PART("starts", from), VALUE_I64("within", question->within_ms.value)));
    }
    str all = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_LAST_TIMES, PART("times", buf_str(&times[batches - 1])));
    for (i64 batch = batches - 1; batch > 0; batch--) {
        all = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_FIRST_TIMES, PART("times", buf_str(&times[batch - 1])),
                       PART("starts", starts[batch - 1]), PART("name", numbered(ctx, "s", batch)), PART("rest", all));
    }
    return all;
}

static str limited(struct ctx *ctx, const struct question *question)
{
    str places = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_IN_TIME, PART("steps", follow(ctx, question)),
                          PART("first_times", first_times(ctx, question)),
                          VALUE_I64("within", question->within_ms.value));
    return SQL_TEXT(ctx, SQL_CLICK_FUNNEL_BASE, PART("within", bound(ctx, question, true, places)));
}

static str strict(struct ctx *ctx, const struct question *question)
{
    struct buf names = buf_in(&ctx->arena), sum = buf_in(&ctx->arena), reached = buf_in(&ctx->arena);
    str limit = STR_NONE, at_step = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_START);
    if (question->within_ms.is) {
        limit = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_LIMIT, VALUE_I64("within", question->within_ms.value));
    }
    for (i64 i = 0; i < question->step_count; i++) {
        if (i > 0) {
            at_step = SQL_TEXT(ctx, SQL_CLICK_FUNNEL_VERY_NEXT, VALUE_I64("bit", i), VALUE_I64("place", i + 1),
                               PART("before", at_step), PART("limit", limit));
        }
        list_add(&names, numbered(ctx, "c", i));
        buf_format(&sum, "%sc%lld", i > 0 ? " + " : "", (long long)i);
        list_add(&reached, at_step);
    }
    return SQL_TEXT(ctx, SQL_CLICK_FUNNEL_STRICT, PART("names", buf_str(&names)), PART("sum", buf_str(&sum)),
                    PART("reached", buf_str(&reached)));
}

str sql_funnel_attempt(struct ctx *ctx, const struct question *question)
{
    str places = question->strict         ? strict(ctx, question)
                 : question->within_ms.is ? limited(ctx, question)
                                          : loose(ctx, question);
    return SQL_TEXT(ctx, SQL_CLICK_FUNNEL_ATTEMPT, PART("places", places));
}

/* A row for each person: the times of the steps that were reached, and the first event. `items` come behind the bits. */
static err walks_of(struct sql_asking *sql, str items, u32 needs, str *out)
{
    const struct question *question = &sql->asking->question;
    const struct condition *steps[FUNNEL_STEPS_MAX];
    struct sql_bits bits;
    for (i64 i = 0; i < question->step_count; i++) {
        steps[i] = &question->steps[i].condition;
    }
    TRY(sql_bits(sql, steps, question->step_count, &bits));
    struct sql_expr where = sql_where(sql);
    struct sql_walks walks = {
        .items = str_format(&sql->ctx->arena, ", %.*s%.*s", STR_ARG(bits.number.text), STR_ARG(items)),
        .needs = needs | bits.number.needs,
        .results = sql_funnel_attempt(sql->ctx, question),
        .where = question->strict ? where : sql_and(sql->ctx, where, bits.any),
    };
    *out = sql_walks(sql, &walks);
    return OK;
}

err sql_behind_funnel(struct sql_asking *sql, const struct behind *behind, str *statement)
{
    struct ctx *ctx = sql->ctx;
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct sql_expr group;
    str walks;
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(sql_behind_group(groups, behind, &group));
    TRY(walks_of(sql, SQL_TEXT(ctx, SQL_CLICK_FLAG, PART("condition", group.text)), group.needs, &walks));
    bool lost = behind->what == BEHIND_LOST;
    *statement = SQL_TEXT(ctx, lost ? SQL_CLICK_FUNNEL_LOST : SQL_CLICK_FUNNEL_REACHED, PART("walks", walks),
                          VALUE_I64("step", behind->row.step - lost));
    return OK;
}

/* The steps of each group: [group · steps + step]. */
struct tallies {
    struct funnel_step *steps;
    i64 capacity;
};

static err make_room(struct sql_asking *sql, struct tallies *tallies, i64 needed)
{
    i64 size = (i64)sizeof(struct funnel_step), before = tallies->capacity;
    if (needed <= before) {
        return OK;
    }
    tallies->capacity = greater(before * 2, needed);
    TRY(asking_use(sql->asking, (tallies->capacity - before) * size));
    tallies->steps = arena_grow(&sql->ctx->arena, tallies->steps, before * size, tallies->capacity * size,
                                _Alignof(struct funnel_step));
    for (i64 i = before; i < tallies->capacity; i++) {
        tallies->steps[i] = (struct funnel_step){0, -1, -1};
    }
    return OK;
}

static err read_rows(struct sql_asking *sql, struct sql_groups *groups, struct click_rows *rows, struct tallies *out)
{
    i64 steps = sql->asking->question.step_count, group;
    TRY(make_room(sql, out, steps)); // without groups there is one
    while (click_more(rows)) {
        TRY(sql_groups_read(groups, rows, &group));
        TRY(make_room(sql, out, (group + 1) * steps));
        struct funnel_step tally;
        i64 step = click_u32(rows);
        tally.people = (i64)click_u64(rows);
        (void)click_count(rows); // median and ninth tenth
        tally.median_ms = click_i64(rows);
        tally.p90_ms = click_i64(rows);
        out->steps[group * steps + step - 1] = tally;
        sql->asking->read->people += step == 1 ? tally.people : 0;
    }
    sql_groups_end(groups);
    return OK;
}

err sql_funnel(const struct asking *asking, struct json_writer *writer)
{
    struct ctx *ctx = asking->ctx;
    i64 steps = asking->question.step_count;
    struct sql_asking *sql = arena_new(&ctx->arena, struct sql_asking, 1);
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct tallies tallies = {0};
    struct click_rows rows;
    str walks;
    i64 only = 0, *order = &only, count = 1;
    TRY(sql_begin(asking, sql));
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(walks_of(sql, sql_key_items(groups), groups->needs, &walks));
    str period = sql_period(ctx, &groups->groups.periods, STR("out.2.1"));
    TRY(sql_query(sql,
                  SQL_TEXT(ctx, SQL_CLICK_FUNNEL, PART("names", groups->names),
                           PART("keys", sql_key_columns(groups, "out.2", FIRST_KEY)), PART("period", period),
                           PART("walks", walks), VALUE_I64("most", (GROUPS_MAX + 1) * steps)),
                  &rows));
    TRY(read_rows(sql, groups, &rows, &tallies));
    bool split = funnel_split(&asking->question);
    if (split) {
        TRY(grouping_order(&groups->grouping, NULL, &order, &count));
    }
    for (i64 i = 0; i < count; i++) {
        TRY(funnel_write(asking, split ? &groups->grouping : NULL, order[i], tallies.steps + order[i] * steps, writer));
    }
    return OK;
}
