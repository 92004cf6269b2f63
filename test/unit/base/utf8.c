#include "test.h"

#include "base/str.h"

TEST(only_well_formed_text_is_valid)
{
    assert_true(utf8_valid(STR("Trải nghiệm khách hàng 😀 ở TP. Hồ Chí Minh")));
    assert_true(utf8_valid(STR("")));
    static const char *const bad[] = {
        "\x80",             /* a continuation alone */
        "\xC0\xAF",         /* overlong '/' */
        "\xE0\x80\xAF",     /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xF4\x90\x80\x80", /* beyond U+10FFFF */
        "\xE1\xBA",         /* cut */
        "abcdefgh\xFF",
    };
    for (i64 i = 0; i < countof(bad); i++) {
        assert_false(utf8_valid(str_from(bad[i])));
    }
}

TEST(a_prefix_never_cuts_a_character)
{
    str text = STR("aạb"); /* 1 + 3 + 1 bytes */
    assert_int_equal(utf8_prefix(text, 5).len, 5);
    assert_int_equal(utf8_prefix(text, 4).len, 4);
    assert_int_equal(utf8_prefix(text, 3).len, 1);
    assert_int_equal(utf8_prefix(text, 2).len, 1);
    assert_int_equal(utf8_prefix(text, 0).len, 0);
}

TEST(code_points_survive_a_round_trip)
{
    for (u32 code = 1; code <= 0x10FFFF; code += 7) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        char bytes[4];
        str text = {bytes, utf8_put(bytes, code)};
        i64 at = 0;
        assert_int_equal(utf8_next(text, &at), code);
        assert_int_equal(at, text.len);
    }
}
