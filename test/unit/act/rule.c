#include "act/rule.h"

#include "test.h"

static struct ctx ctx;

static struct rule sound(void)
{
    return (struct rule){
        .id = 7,
        .name = STR("Sau giao hàng"),
        .when = STR("{\"event\":[{\"field\":\"kind\",\"is\":[\"Order Delivered\"]}]}"),
        .condition = STR("[]"),
        .actions = STR("[{\"do\":\"notify\"}]"),
        .share = 1,
    };
}

static err prepare(struct rule rule, struct rule_ready *out)
{
    ctx_forgive(&ctx);
    ctx.pointer = STR_NONE;
    *out = (struct rule_ready){0};
    return rule_prepare(&ctx, &rule, out);
}

static const char *refused(struct rule rule)
{
    struct rule_ready ready;
    assert_int_equal(prepare(rule, &ready), ERR_INVALID);
    return ctx.fault.key;
}

TEST(a_rule_says_how_long_it_waits_and_how_old_an_event_may_be)
{
    struct rule_ready ready;
    struct rule rule = sound();
    assert_ok(prepare(rule, &ready));
    assert_int_equal(ready.on, WHEN_EVENT);
    assert_int_equal(ready.wait_ms, 0);
    assert_int_equal(ready.fresh_ms, (i64)FRESH_HOURS_DEFAULT * 3600 * 1000);
    rule.wait = STR("2h");
    rule.fresh = STR("3d");
    assert_ok(prepare(rule, &ready));
    assert_int_equal(ready.wait_ms, 2 * 3600 * 1000);
    assert_int_equal(ready.fresh_ms, (i64)3 * 24 * 3600 * 1000);
    rule.wait = STR("91d");
    (void)refused(rule);
    rule.wait = STR("soon");
    (void)refused(rule);
}

TEST(a_rule_fires_once_for_a_person_or_a_property)
{
    struct rule_ready ready;
    struct rule rule = sound();
    rule.once = STR("{\"per\":\"person\",\"in\":\"30d\"}");
    assert_ok(prepare(rule, &ready));
    assert_true(ready.once && !str_is(ready.once_prop));
    assert_int_equal(ready.once_ms, (i64)30 * 24 * 3600 * 1000);
    rule.once = STR("{\"per\":\"prop:order\"}");
    assert_ok(prepare(rule, &ready));
    assert_true(ready.once && str_eq(ready.once_prop, STR("order")));
    assert_int_equal(ready.once_ms, 0);
    rule.once = STR("{\"per\":\"everybody\"}");
    (void)refused(rule);
}

TEST(a_time_has_a_clock_and_somebody_it_is_about)
{
    struct rule_ready ready;
    struct rule rule = sound();
    rule.when = STR("{\"time\":{\"every\":\"day\",\"at\":\"09:30\",\"for\":\"nobody\"}}");
    assert_ok(prepare(rule, &ready));
    assert_int_equal(ready.on, WHEN_TIME);
    assert_int_equal(ready.minute, 9 * 60 + 30);
    assert_false(ready.everybody);
    rule.when = STR("{\"time\":{\"every\":\"day\",\"at\":\"25:00\",\"for\":\"nobody\"}}");
    assert_string_equal(refused(rule), "error.rule.clock");
    rule.when = STR("{\"time\":{\"every\":\"day\",\"at\":\"09:30\",\"for\":\"people\"}}");
    assert_string_equal(refused(rule), "error.rule.everybody");
}

TEST(a_rule_has_one_reason_and_something_to_do)
{
    struct rule rule = sound();
    rule.when = STR("{}");
    assert_string_equal(refused(rule), "error.rule.when");
    rule.when = STR("{\"event\":[]}");
    assert_string_equal(refused(rule), "error.rule.every_event");
    rule = sound();
    rule.actions = STR("[]");
    assert_string_equal(refused(rule), "error.rule.then");
}

TEST(a_rule_names_nobody)
{
    struct rule rule = sound();
    rule.condition = STR("[{\"field\":\"trait:email\",\"is\":[\"lan@vidu.vn\"]}]");
    assert_string_equal(refused(rule), "error.rule.names");
}

TEST(what_sets_a_rule_off_is_what_the_event_itself_says)
{
    struct rule rule = sound();
    rule.when = STR("{\"event\":[{\"field\":\"trait:plan\",\"is\":[\"vip\"]}]}");
    assert_string_equal(refused(rule), "error.rule.when_field");
}
