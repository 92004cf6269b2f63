#include "journey/sql/sql.h"

#include "journey/journeys.h"
#include "people/identity.h"

/* Are there persons of several aliases? Who is one person is known here, and `moved` follows from it. */
static bool people_moved(struct identity *identity)
{
    u32 count;
    struct persons *persons = identity_share(identity, &count);
    bool moved = false;
    for (u32 alias = 1; alias <= count && !moved; alias++) {
        moved = persons->person[alias] != alias;
    }
    persons_leave(persons);
    return moved;
}

static struct sql_expr moment(struct ctx *ctx, enum statement sql, i64 at_ms)
{
    return (struct sql_expr){.text = SQL_TEXT(ctx, sql, VALUE_I64("at", at_ms))};
}

static err begin_rows(struct sql_asking *sql)
{
    struct ctx *ctx = sql->ctx;
    const struct asking *asking = sql->asking;
    sql->living = (struct sql_expr){.text = SQL_TEXT(ctx, SQL_CLICK_KNOWN, PART("removed", sql->removed_table))};
    sql->known = sql->living;
    if (asking->question.as_of_ms != 0) {
        sql->known = sql_and(ctx, sql->known, moment(ctx, SQL_CLICK_RECEIVED, asking->question.as_of_ms));
    }
    struct condition where = scope_join(&ctx->arena, asking->question.where, &asking->scope);
    TRY(sql_condition(sql, &where, &sql->takes));
    if (asking->to_ms != INT64_MAX) {
        sql->takes = sql_and(ctx, moment(ctx, SQL_CLICK_BEFORE, asking->to_ms), sql->takes);
    }
    if (asking->from_ms != INT64_MIN) {
        sql->takes = sql_and(ctx, moment(ctx, SQL_CLICK_SINCE, asking->from_ms), sql->takes);
    }
    return OK;
}

/* A table of ours, whatever database the connection stands in. */
str sql_table(const struct sql_asking *sql, str name)
{
    struct buf out = buf_in(&sql->ctx->arena);
    click_name(&out, click_database(sql->ch));
    buf_char(&out, '.');
    buf_add(&out, name);
    return buf_str(&out);
}

err sql_begin(const struct asking *asking, struct sql_asking *out)
{
    struct ctx *ctx = asking->ctx;
    *out = (struct sql_asking){.ctx = ctx, .asking = asking, .ch = asking->rooms->clickhouse};
    out->moved_table = sql_table(out, STR("moved"));
    out->removed_table = sql_table(out, STR("removed"));
    out->moved = people_moved(asking->rooms->identity);
    if (asking->journey.newest != NULL) {
        struct derivation derivation;
        journeys_derivation(&ctx->arena, &asking->journey, &derivation);
        TRY(sql_touch(out, &derivation, &out->touch));
    }
    return begin_rows(out);
}

err sql_query(struct sql_asking *sql, str text, struct click_rows *out)
{
    TRY(click_query(sql->ctx, sql->ch, CLICK_ASK, text, out));
    sql->asking->read->passes++;
    sql->asking->read->threads = greater(sql->asking->read->threads, 1);
    return asking_use(sql->asking, text.len + (out->end - out->at));
}

err sql_bounds(struct sql_asking *sql, i64 *first_ms, i64 *last_ms)
{
    if (!sql->bounded) {
        struct click_rows rows;
        TRY(sql_query(sql, SQL_TEXT(sql->ctx, SQL_CLICK_BOUNDS, PART("where", sql->living.text)), &rows));
        sql->first_ms = INT64_MAX;
        sql->last_ms = INT64_MIN;
        if (click_more(&rows)) {
            i64 first = click_i64(&rows), last = click_i64(&rows);
            sql->events = (i64)click_u64(&rows);
            sql->first_ms = sql->events > 0 ? first : INT64_MAX;
            sql->last_ms = sql->events > 0 ? last : INT64_MIN;
        }
        sql->bounded = true;
    }
    *first_ms = sql->first_ms;
    *last_ms = sql->last_ms;
    return OK;
}

/* Statements. */

static bool joins(const struct sql_asking *sql, u32 needs)
{
    return (needs & SQL_NEEDS_PERSON) != 0 && sql->moved;
}

str sql_with(const struct sql_asking *sql, u32 needs)
{
    struct ctx *ctx = sql->ctx;
    struct buf names = buf_in(&ctx->arena);
    if ((needs & SQL_NEEDS_PERSON) != 0) {
        str person = joins(sql, needs) ? SQL_TEXT(ctx, SQL_CLICK_PERSON) : STR("alias_id");
        buf_add(&names, SQL_TEXT(ctx, SQL_CLICK_ALIAS, PART("expression", person), PART("name", STR("person"))));
    }
    if ((needs & SQL_NEEDS_TOUCH) != 0) {
        str touch = str_is(sql->touch) ? sql->touch : STR("0");
        buf_add(&names, names.len == 0 ? STR_NONE : STR(", "));
        buf_add(&names, SQL_TEXT(ctx, SQL_CLICK_ALIAS, PART("expression", touch), PART("name", STR("touch"))));
    }
    if (names.len == 0) {
        return STR_NONE;
    }
    buf_char(&names, '\n');
    return SQL_TEXT(ctx, SQL_CLICK_WITH, PART("names", buf_str(&names)));
}

str sql_from(const struct sql_asking *sql, u32 needs)
{
    return SQL_TEXT(sql->ctx, joins(sql, needs) ? SQL_CLICK_PEOPLE : SQL_CLICK_EVENTS, PART("moved", sql->moved_table));
}

struct sql_expr sql_where(struct sql_asking *sql)
{
    return sql_and(sql->ctx, sql->known, sql->takes);
}
