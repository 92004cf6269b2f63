#include "journey/derive.h"
#include "journey/sql/answers.h"
#include "journey/sql/sql.h"
#include "people/identity.h"

/* What lies behind the cursor. */
static struct sql_expr behind_cursor(struct ctx *ctx, const struct question *question)
{
    if (question->after_id == 0) {
        return sql_always();
    }
    return (struct sql_expr){.text = SQL_TEXT(ctx, SQL_CLICK_OLDER, VALUE_I64("at", question->after_ms),
                                              VALUE_I64("id", question->after_id))};
}

/* Whose these aliases are now. */
static void name_people(const struct asking *asking, struct found_row *rows, i64 count)
{
    struct identity *identity = asking->rooms->identity;
    identity_lock(identity);
    for (i64 i = 0; i < count; i++) {
        alias_no alias = rows[i].person == 0 ? 0 : identity_of_id(identity, rows[i].person);
        rows[i].person = alias == 0 ? 0 : identity_id(identity, identity_person(identity, alias));
    }
    identity_unlock(identity);
}

static void read_rows(const struct asking *asking, struct click_rows *found, struct found_row *rows, i64 *count)
{
    *count = 0;
    while (click_more(found) && *count <= asking->question.limit) {
        struct found_row *row = &rows[(*count)++];
        row->at_ms = click_i64(found);
        row->id = click_i64(found);
        row->person = click_i64(found); // an alias so far
        u32 code = click_u32(found);
        if (code != 0 && asking->derived != NULL && code <= asking->derived->touch_count) {
            row->touchpoint = asking->derived->touches[code].id;
            row->stage = asking->derived->touches[code].stage;
        }
    }
    asking->read->events += *count;
}

err sql_rows(const struct asking *asking, struct found_row **rows, i64 *count, bool *more)
{
    struct ctx *ctx = asking->ctx;
    const struct question *question = &asking->question;
    struct sql_asking *sql = arena_new(&ctx->arena, struct sql_asking, 1);
    struct click_rows found;
    *rows = arena_new(&ctx->arena, struct found_row, question->limit + 1);
    TRY(sql_begin(asking, sql));
    struct sql_expr where = sql_and(ctx, behind_cursor(ctx, question), sql_where(sql));
    if (question->person != 0 || question->person_alias.len > 0) {
        struct id_list aliases = sql_aliases(sql, question->person, question->person_alias);
        where = sql_and(ctx, sql_of_aliases(ctx, &aliases), where);
    }
    u32 needs = where.needs | SQL_NEEDS_TOUCH;
    str text = SQL_TEXT(ctx, SQL_CLICK_ROWS, PART("with", sql_with(sql, needs)), PART("from", sql_from(sql, needs)),
                        PART("where", where.text), VALUE_I64("most", question->limit + 1));
    TRY(sql_query(sql, text, &found));
    read_rows(asking, &found, *rows, count);
    name_people(asking, *rows, *count);
    *more = *count > question->limit;
    *count = lesser(*count, question->limit);
    return OK;
}
