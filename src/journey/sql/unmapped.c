#include "journey/unmapped.h"

#include "journey/sql/adherence.h"
#include "journey/sql/answers.h"
#include "journey/suggest.h"

/* '' stands for no text there. */
static str read_word(struct click_rows *rows)
{
    str word = click_str(rows);
    return word.len == 0 ? STR_NONE : word;
}

/* As many as anybody asks for: the most frequent ones, in the order in which they are told. */
err sql_unmapped(const struct asking *asking, struct bunch **bunches, i64 *count)
{
    struct ctx *ctx = asking->ctx;
    struct sql_asking *sql = arena_new(&ctx->arena, struct sql_asking, 1);
    struct click_rows rows;
    TRY(sql_begin(asking, sql));
    struct sql_expr where = sql_where(sql), unmapped = {.text = SQL_TEXT(ctx, SQL_CLICK_UNMAPPED_ONE)};
    if (str_is(sql->touch)) { // without a map everything is
        unmapped = sql_and(ctx, unmapped, (struct sql_expr){SQL_TEXT(ctx, SQL_CLICK_NOWHERE), SQL_NEEDS_TOUCH});
    }
    where = sql_and(ctx, where, unmapped);
    u32 needs = where.needs | SQL_NEEDS_PERSON;
    TRY(sql_query(sql,
                  SQL_TEXT(ctx, SQL_CLICK_UNMAPPED, PART("all", sql_people_all(sql)),
                           PART("with", sql_with(sql, needs)), PART("people", sql_people(sql)),
                           PART("from", sql_from(sql, needs)), PART("where", where.text),
                           VALUE_I64("most", UNMAPPED_MAX)),
                  &rows));
    *bunches = arena_new(&ctx->arena, struct bunch, UNMAPPED_MAX);
    for (*count = 0; *count < UNMAPPED_MAX && click_more(&rows); (*count)++) {
        struct bunch *bunch = &(*bunches)[*count];
        bunch->kind = read_word(&rows);
        bunch->channel = read_word(&rows);
        bunch->metric = read_word(&rows);
        bunch->events = (i64)click_u64(&rows);
        bunch->people = (i64)click_u64(&rows);
    }
    return OK;
}
