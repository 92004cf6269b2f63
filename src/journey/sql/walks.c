#include "journey/sql/sql.h"

/* Aliases, or persons of several, of one page. */
static struct sql_expr of_page(struct sql_asking *sql, const struct sql_walks *walk, enum statement page)
{
    return !walk->paged ? walk->where
                        : sql_and(sql->ctx,
                                  (struct sql_expr){.text = SQL_TEXT(sql->ctx, page, PART("moved", sql->moved_table),
                                                                     VALUE_I64("above", walk->above),
                                                                     VALUE_I64("upto", walk->upto))},
                                  walk->where);
}

static str alone(struct sql_asking *sql, const struct sql_walks *walk, u32 needs)
{
    struct ctx *ctx = sql->ctx;
    struct sql_asking single = *sql; // persons are their aliases here
    single.moved = false;
    struct sql_expr where = sql_and(ctx,
                                    (struct sql_expr){
                                        .text = SQL_TEXT(ctx, sql->moved ? SQL_CLICK_ALONE : SQL_CLICK_SOMEBODY,
                                                         PART("moved", sql->moved_table))},
                                    of_page(sql, walk, SQL_CLICK_ALONE_OF_PAGE));
    return SQL_TEXT(ctx, SQL_CLICK_WALKS_ALONE, PART("with", sql_with(&single, needs)), PART("items", walk->items),
                    PART("results", walk->results), PART("where", where.text), PART("having", walk->having));
}

static str joined(struct sql_asking *sql, const struct sql_walks *walk, u32 needs)
{
    struct ctx *ctx = sql->ctx;
    struct sql_expr where = sql_and(
        ctx, (struct sql_expr){.text = SQL_TEXT(ctx, SQL_CLICK_JOINED, PART("moved", sql->moved_table))},
        of_page(sql, walk, SQL_CLICK_JOINED_OF_PAGE));
    return SQL_TEXT(ctx, SQL_CLICK_WALKS_JOINED, PART("with", sql_with(sql, needs)), PART("items", walk->items),
                    PART("results", walk->results), PART("from", sql_from(sql, needs)), PART("where", where.text),
                    PART("having", walk->having));
}

static str by(struct sql_asking *sql, const struct sql_walks *walk, u32 needs)
{
    return SQL_TEXT(sql->ctx, SQL_CLICK_WALKS_BY, PART("with", sql_with(sql, needs)), PART("who", walk->who.text),
                    PART("items", walk->items), PART("results", walk->results), PART("from", sql_from(sql, needs)),
                    PART("where", walk->where.text), PART("having", walk->having));
}

str sql_walks(struct sql_asking *sql, const struct sql_walks *walk)
{
    u32 needs = walk->needs | walk->where.needs;
    if (str_is(walk->who.text)) {
        return by(sql, walk, needs | walk->who.needs);
    }
    str single = alone(sql, walk, needs);
    return !sql->moved ? single
                       : SQL_TEXT(sql->ctx, SQL_CLICK_BOTH_WALKS, PART("alone", single),
                                  PART("joined", joined(sql, walk, needs | SQL_NEEDS_PERSON)));
}
