#include "test.h"

#include "json/read.h"
#include "json/write.h"

static err parse(struct ctx *ctx, const char *text, struct json *out)
{
    return json_parse(ctx, json_reader_here(), str_from(text), out);
}

TEST(values_are_found_by_name)
{
    struct ctx ctx = {0};
    struct json root;
    assert_ok(parse(&ctx, "{\"a\":1,\"b\":\"hai\",\"c\":[true,null,2.5],\"d\":{}}", &root));
    i64 whole = 0;
    str text;
    assert_true(json_i64(json_get(root, STR("a")), &whole) && whole == 1);
    assert_true(json_str(json_get(root, STR("b")), &text) && str_eq(text, STR("hai")));
    assert_int_equal(json_type(json_get(root, STR("e"))), JSON_NONE);
    assert_int_equal(json_type(json_get(json_get(root, STR("e")), STR("f"))), JSON_NONE);
    assert_int_equal(json_count(json_get(root, STR("c"))), 3);
    assert_int_equal(json_count(root), 4);
    enum json_type types[3];
    i64 count = 0;
    for (struct json_iter i = json_each(json_get(root, STR("c"))); json_next(&i);) {
        types[count++] = json_type(i.value);
    }
    assert_int_equal(count, 3);
    assert_int_equal(types[0], JSON_BOOL);
    assert_int_equal(types[1], JSON_NULL);
    assert_int_equal(types[2], JSON_F64);
    for (struct json_iter i = json_each(json_get(root, STR("d"))); json_next(&i);) {
        fail();
    }
    ctx_end(&ctx);
}

TEST(broken_texts_are_refused_with_a_reason)
{
    static const struct {
        const char *text, *key;
    } cases[] = {
        {"", "error.json_empty"},
        {"{\"a\":tru}", "error.json"},
        {"{\"a\":1,,}", "error.json"},
        {"{\"a\":1}}", "error.json"},
        {"[01]", "error.json"},
        {"[1e999]", "error.json_number"},
        {"[18446744073709551616]", "error.json_number"},
        {"[\"\xC0\xAF\"]", "error.json_utf8"},
        {"[\"\\ud800\"]", "error.json_string"},
        {"[\"\\u0000\"]", "error.json_zero"},
        {"[\"\\\\\\u0000\"]", "error.json_zero"},
        {"\xEF\xBB\xBF{}", "error.json"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct ctx ctx = {0};
        struct json root;
        assert_int_equal(parse(&ctx, cases[i].text, &root), ERR_MALFORMED);
        assert_non_null(ctx.fault.key);
        assert_true(str_starts(str_from(ctx.fault.key), STR("error.json")));
        ctx_end(&ctx);
    }
    struct ctx ctx = {0};
    struct json root;
    assert_ok(parse(&ctx, "[\"\\\\u0000\"]", &root)); /* a backslash and u0000: harmless text */
    ctx_end(&ctx);
}

TEST(depth_is_bounded)
{
    struct ctx ctx = {0};
    char text[2 * 100 + 1] = {0};
    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    struct json root;
    assert_int_equal(parse(&ctx, text, &root), ERR_MALFORMED);
    ctx_reset(&ctx);
    assert_ok(parse(&ctx, "[[[[[[[[[[1]]]]]]]]]]", &root));
    ctx_end(&ctx);
}

TEST(values_are_written_as_they_were)
{
    static const char *const texts[] = {
        "{\"a\":[1,-2,18446744073709551615,0.1,1e+21,\"\\u0001\\\"\\\\ạ\"],\"b\":{\"c\":{}},\"d\":[]}",
        "[]",
        "\"x\"",
        "null",
        "[[[[1],[2]],{}],3]",
        "{\"a\":1,\"a\":2}",
    };
    for (i64 i = 0; i < countof(texts); i++) {
        struct ctx ctx = {0};
        struct json root;
        assert_ok(parse(&ctx, texts[i], &root));
        struct json_writer writer = json_writer_in(&ctx.arena);
        json_put_value(&writer, root);
        assert_true(str_eq(json_text(&writer), str_from(texts[i])));
        ctx_end(&ctx);
    }
}

TEST(repeated_names_are_seen)
{
    struct ctx ctx = {0};
    struct json root;
    assert_ok(parse(&ctx, "{\"a\":1,\"b\":2,\"a\":3}", &root));
    assert_true(json_repeats(root));
    i64 first = 0;
    assert_true(json_i64(json_get(root, STR("a")), &first) && first == 1);
    assert_ok(parse(&ctx, "{\"a\":1,\"b\":{\"a\":2}}", &root));
    assert_false(json_repeats(root));
    ctx_end(&ctx);
}

TEST(integers_and_floats_read_as_each_other_only_when_exact)
{
    struct ctx ctx = {0};
    struct json root;
    assert_ok(parse(&ctx, "[9.0, 6.5, 7, 1e300]", &root));
    i64 whole[4];
    f64 number[4];
    bool is_whole[4];
    i64 n = 0;
    for (struct json_iter i = json_each(root); json_next(&i); n++) {
        is_whole[n] = json_i64(i.value, &whole[n]);
        assert_true(json_f64(i.value, &number[n]));
    }
    assert_true(is_whole[0] && whole[0] == 9);
    assert_false(is_whole[1]);
    assert_true(is_whole[2] && number[2] == 7.0);
    assert_false(is_whole[3]);
    ctx_end(&ctx);
}
