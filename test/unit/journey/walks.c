#include "test.h"

#include "journey/sql/sql.h"

static str text_of(struct ctx *ctx, bool moved, bool paged)
{
    struct sql_asking sql = {
        .ctx = ctx, .moved = moved, .moved_table = STR("d.moved"), .removed_table = STR("d.removed")};
    struct sql_walks walks = {.items = STR(", kind"), .where = sql_always(), .paged = paged, .above = 5, .upto = 9};
    return sql_walks(&sql, &walks);
}

static i64 times(str text, str word)
{
    i64 count = 0;
    for (i64 at = str_find(text, word); at >= 0; at = str_find(text, word)) {
        text = str_slice(text, at + word.len, text.len);
        count++;
    }
    return count;
}

TEST(persons_of_one_alias_and_of_several_are_walked_apart_where_there_are_any)
{
    struct ctx ctx = {0};
    assert_int_equal(times(text_of(&ctx, false, false), STR("UNION ALL")), 0);
    assert_int_equal(times(text_of(&ctx, true, false), STR("UNION ALL")), 1);
    ctx_end(&ctx);
}

TEST(a_page_of_walks_bounds_aliases_and_the_persons_that_have_several)
{
    struct ctx ctx = {0};
    str whole = text_of(&ctx, true, false), page = text_of(&ctx, true, true);
    assert_int_equal(times(whole, STR("> 5")), 0);
    assert_int_equal(times(page, STR("alias_id > 5 AND alias_id <= 9")), 2);
    assert_int_equal(times(page, STR("holder > 5 AND holder <= 9")), 1);
    assert_int_equal(times(page, STR("person > 5 AND person <= 9")), 1);
    ctx_end(&ctx);
}
