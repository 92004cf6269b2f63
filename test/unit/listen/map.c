#include "test.h"

#include "listen/map.h"

static err read(struct ctx *ctx, const char *json, struct map *map)
{
    return map_read(ctx, str_from(json), zone_utc(), map);
}

TEST(a_target_is_a_column_a_constant_or_an_object)
{
    struct ctx ctx = {0};
    struct map map;
    assert_ok(read(&ctx,
                   "{\"user\":\"Customer\",\"kind\":{\"value\":\"Sale\"},\"channel\":{\"column\":\"Where\"},"
                   "\"place\":{\"value\":7},\"at\":{\"column\":\"When\",\"format\":\"%d/%m/%Y\",\"zone\":\"UTC\"}}",
                   &map));
    assert_string_equal(str_c(&ctx.arena, map.user.column), "Customer");
    assert_string_equal(str_c(&ctx.arena, map.kind.value), "Sale");
    assert_string_equal(str_c(&ctx.arena, map.channel.column), "Where");
    assert_string_equal(str_c(&ctx.arena, map.place.value), "7");
    assert_string_equal(str_c(&ctx.arena, map.at_format), "%d/%m/%Y");
    assert_false(target_is(&map.email));
    ctx_end(&ctx);
}

TEST(one_answer_or_a_list_of_answers)
{
    struct ctx ctx = {0};
    struct map map;
    assert_ok(read(&ctx, "{\"at\":\"t\",\"score\":{\"column\":\"s\",\"metric\":\"nps\"}}", &map));
    assert_int_equal(map.answer_count, 1);
    assert_false(map.several);
    assert_ok(read(
        &ctx,
        "{\"at\":\"t\",\"score\":[{\"column\":\"a\",\"metric\":\"csat\",\"scale\":\"1-5\"},"
        "{\"column\":\"b\",\"question\":{\"column\":\"q\"},\"scale\":\"1-5\",\"text\":\"why\",\"reversed\":true}]}",
        &map));
    assert_int_equal(map.answer_count, 2);
    assert_true(map.several);
    assert_string_equal(str_c(&ctx.arena, map.answers[1].question.column), "q");
    assert_string_equal(str_c(&ctx.arena, map.answers[1].text.column), "why");
    assert_true(map.answers[1].reversed);
    ctx_end(&ctx);
}

TEST(mistakes_are_named_where_they_stand)
{
    static const struct {
        const char *json, *pointer, *key;
    } cases[] = {
        {"{\"user\":\"a\"}", "/at", "import.at_required"},
        {"{\"at\":{\"value\":\"yesterday\"}}", "/at", "import.bad_time"},
        {"{\"at\":{\"column\":\"t\",\"zone\":\"Mars/Base\"}}", "/at/zone", "error.zone"},
        {"{\"at\":{}}", "/at", "import.column_or_value"},
        {"{\"at\":{\"column\":\"t\",\"value\":\"2026-01-01\"}}", "/at", "import.column_or_value"},
        {"{\"at\":\"t\",\"kind\":{\"value\":[1]}}", "/kind/value", "import.value_simple"},
        {"{\"at\":\"t\",\"score\":{\"column\":\"s\"}}", "/score/metric", "import.metric_or_question"},
        {"{\"at\":\"t\",\"score\":[]}", "/score", "import.answers_count"},
        {"{\"at\":\"t\",\"score\":[{\"column\":\"s\",\"metric\":\"nps\"},{\"metric\":\"nps\"}]}", "/score/1",
         "import.column_or_value"},
        {"{\"at\":\"t\",\"amount\":{\"column\":\"p\",\"currency\":\"XYZ\"}}", "/amount/currency", "import.currency"},
        {"{\"at\":\"t\",\"props\":\"all\"}", "/props", "import.props"},
        {"{\"at\":\"t\",\"thousands\":\".\"}", "/thousands", "import.same_signs"},
        {"{\"at\":\"t\",\"source\":\"survey\"}", "/source", "error.key.ours"},
        {"{\"at\":\"t\",\"encoding\":\"klingon\"}", "/encoding", "import.encoding"},
        {"{\"at\":\"t\",\"id\":{\"column\":\"a\",\"columns\":[\"b\"]}}", "/id", "import.column_or_columns"},
        {"{\"at\":\"t\",\"persn\":\"a\"}", "/persn", "error.unknown_field"},
        {"{\"at\":{\"column\":\"t\",\"fromat\":\"iso\"}}", "/at/fromat", "error.unknown_field"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct ctx ctx = {0};
        struct map map;
        assert_int_equal(read(&ctx, cases[i].json, &map), ERR_INVALID);
        assert_string_equal(ctx.fault.key, cases[i].key);
        assert_string_equal(str_c(&ctx.arena, ctx.fault.pointer), cases[i].pointer);
        ctx_end(&ctx);
    }
}

TEST(columns_are_found_in_the_file_or_named)
{
    struct ctx ctx = {0};
    struct map map;
    str names[] = {STR("When"), STR("Email"), STR("Note")};
    struct rows rows = {.kind = ROWS_CSV, .columns = {names, 3}};
    assert_ok(read(&ctx, "{\"at\":\"When\",\"email\":\"Email\",\"props\":\"*\"}", &map));
    assert_ok(map_bind(&ctx, &map, &rows));
    assert_int_equal(map.email.index, 1);
    assert_true(map.hidden[1]);
    assert_false(map.hidden[2]);
    assert_ok(read(&ctx, "{\"at\":\"When\",\"score\":{\"column\":\"Skore\",\"metric\":\"nps\"}}", &map));
    assert_int_equal(map_bind(&ctx, &map, &rows), ERR_INVALID);
    assert_string_equal(ctx.fault.key, "import.no_column");
    assert_string_equal(str_c(&ctx.arena, ctx.fault.pointer), "/score");
    ctx_end(&ctx);
}
