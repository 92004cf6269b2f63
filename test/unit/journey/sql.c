/* Statements as they are put together; what they answer is asked by test/reference and test/api. */
#include "journey/sql/sql.h"

#include "test.h"

static struct ctx ctx;

static void assert_str(str is, const char *expected)
{
    if (!str_eq(is, str_from(expected))) {
        fail_msg("is %.*s instead of %s", STR_ARG(is), expected);
    }
}

static void end(void)
{
    ctx_end(&ctx);
    ctx = (struct ctx){0};
}

TEST(a_place_takes_what_belongs_there_and_nothing_is_read_twice)
{
    str text = SQL_TEXT(&ctx, SQL_CLICK_HAS, PART("text", STR("{word} :word")), VALUE_STR("word", STR("{text} :word")));
    assert_str(text, "(position({word} :word, '{text} :word') > 0)");
    end();
}

TEST(a_text_from_outside_stays_inside_its_quotes)
{
    str text = SQL_TEXT(&ctx, SQL_CLICK_PROP, VALUE_STR("name", STR("x'] OR 1 -- \\")));
    assert_str(text, "prop_values[indexOf(prop_names, 'x\\x27] OR 1 -- \\x5C')]");
    end();
}

TEST(a_minus_never_stands_behind_a_minus)
{
    struct buf out = buf_in(&ctx.arena);
    sql_put_i64(&out, -5);
    sql_put_f64(&out, -2.5);
    sql_put_i64(&out, 7);
    assert_str(buf_str(&out), "(-5)(-2.5)7");
    end();
}

TEST(what_always_or_never_holds_is_left_out)
{
    struct sql_expr a = {.text = STR("a"), .needs = SQL_NEEDS_PERSON};
    assert_str(sql_and(&ctx, sql_always(), a).text, "a");
    assert_str(sql_and(&ctx, a, sql_never()).text, "0");
    assert_str(sql_or(&ctx, a, sql_always()).text, "1");
    assert_str(sql_not(&ctx, sql_never()).text, "1");
    assert_int_equal(sql_or(&ctx, sql_never(), a).needs, SQL_NEEDS_PERSON);
    end();
}

static i64 depth_of(str text)
{
    i64 depth = 0, deepest = 0;
    for (i64 i = 0; i < text.len; i++) {
        depth += (text.data[i] == '(') - (text.data[i] == ')');
        deepest = greater(deepest, depth);
    }
    return deepest;
}

TEST(a_thousand_values_are_nested_a_few_levels_deep)
{
    struct operand operands[OPERANDS_MAX];
    for (i64 i = 0; i < OPERANDS_MAX; i++) {
        operands[i] = (struct operand){.text = str_format(&ctx.arena, "v%d", (int)i)};
    }
    struct condition condition = {.op = CONDITION_CONTAINS,
                                  .field = {.kind = FIELD_WORD, .word = WORD_KIND},
                                  .operands = operands,
                                  .operand_count = OPERANDS_MAX};
    struct sql_asking sql = {.ctx = &ctx};
    struct sql_expr out;
    assert_ok(sql_condition(&sql, &condition, &out));
    assert_true(depth_of(out.text) <= 20);
    end();
}

TEST(periods_of_one_length_are_a_division_and_others_look_for_their_border)
{
    struct periods periods;
    const struct zone *zone;
    assert_ok(zone_find(&ctx, STR("Asia/Ho_Chi_Minh"), &zone));
    assert_ok(periods_make(&ctx, zone, PERIOD_DAY, 1767200400000, 1767286800000, &periods));
    assert_str(sql_period(&ctx, &periods, STR("t")), "toUInt32(intDiv(t - 1767200400000, 86400000))");
    assert_ok(periods_make(&ctx, zone, PERIOD_MONTH, 1767200400000, 1775000000000, &periods));
    assert_true(str_find(sql_period(&ctx, &periods, STR("t")), STR("transform(")) >= 0);
    assert_ok(periods_make(&ctx, zone, PERIOD_MONTH, 1767200400000, 1767200400001, &periods));
    assert_str(sql_period(&ctx, &periods, STR("t")), "toUInt32(0)");
    end();
}
