#include "test.h"

#include "json/write.h"

TEST(numbers_are_as_short_as_they_can_be)
{
    static const struct {
        f64 number;
        const char *text;
    } cases[] = {{2.55, "2.55"}, {0.1, "0.1"}, {1e21, "1e+21"},
                 {-0.5, "-0.5"}, {100, "100"}, {1.0 / 3.0, "0.3333333333333333"}};
    for (i64 i = 0; i < countof(cases); i++) {
        char text[32];
        assert_true(str_eq((str){text, f64_text(cases[i].number, text)}, str_from(cases[i].text)));
    }
}

TEST(commas_stand_between_values_only)
{
    struct arena arena = {0};
    struct json_writer writer = json_writer_in(&arena);
    json_object(&writer);
    json_pair_i64(&writer, "a", 1);
    json_key(&writer, STR("b"));
    json_list(&writer);
    json_put_str(&writer, STR("x"));
    json_put_null(&writer);
    json_put_f64(&writer, 0.0 / 0.0);
    json_list_end(&writer);
    json_pair_str(&writer, "c", STR_NONE);
    json_pair_bool(&writer, "d", true);
    json_object_end(&writer);
    assert_true(str_eq(json_text(&writer), STR("{\"a\":1,\"b\":[\"x\",null,null],\"c\":null,\"d\":true}")));
    arena_free(&arena);
}

TEST(text_is_escaped_and_repaired)
{
    struct arena arena = {0};
    struct json_writer writer = json_writer_in(&arena);
    json_put_str(&writer, (str){"a\"\\\n\x01\xFF\xE1\xBA\xA1", 9});
    assert_true(str_eq(json_text(&writer), STR("\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xE1\xBA\xA1\"")));
    arena_free(&arena);
}
