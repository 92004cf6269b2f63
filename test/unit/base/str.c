#include "test.h"

#include "base/str.h"

TEST(numbers_are_whole_texts)
{
    i64 whole = 0;
    assert_true(str_i64(STR("-9223372036854775808"), &whole) && whole == INT64_MIN);
    assert_true(str_i64(STR("9223372036854775807"), &whole) && whole == INT64_MAX);
    static const char *const bad[] = {"", "-", "+1", "1 ", " 1", "1.0", "9223372036854775808", "0x10", "1e3"};
    for (i64 i = 0; i < countof(bad); i++) {
        assert_false(str_i64(str_from(bad[i]), &whole));
    }
    f64 number = 0;
    assert_true(str_f64(STR("-2.5e3"), &number) && number == -2500.0);
    static const char *const worse[] = {"", "nan", "inf", "0x1p3", "1,5", "1e999", "1 ", "--1"};
    for (i64 i = 0; i < countof(worse); i++) {
        assert_false(str_f64(str_from(worse[i]), &number));
    }
}

TEST(a_text_is_cut_at_its_separators)
{
    str rest = STR("a,,b");
    assert_true(str_eq(str_cut(&rest, ','), STR("a")));
    assert_true(str_eq(str_cut(&rest, ','), STR("")));
    assert_true(str_eq(str_cut(&rest, ','), STR("b")));
    assert_false(str_is(rest));
}

TEST(parts_are_found)
{
    assert_int_equal(str_find(STR("chạm"), STR("ạm")), 2);
    assert_int_equal(str_find(STR("chạm"), STR("x")), -1);
    assert_int_equal(str_find(STR("ab"), STR("abc")), -1);
    assert_int_equal(str_find(STR("ab"), STR("")), 0);
    assert_true(str_starts(STR("prop:x"), STR("prop:")));
    assert_false(str_starts(STR("pro"), STR("prop:")));
    assert_true(str_eq(str_trim(STR(" \t\r\n a b \n")), STR("a b")));
    assert_true(str_eq_nocase(STR("Content-TYPE"), STR("content-type")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0);
}
