#include "test.h"

#include "text/phone.h"

struct pair {
    const char *in, *out;
};

static void check(const struct pair *pairs, i64 count)
{
    struct arena arena = {0};
    for (i64 i = 0; i < count; i++) {
        str out = phone_e164(&arena, str_from(pairs[i].in));
        if (pairs[i].out == NULL) {
            assert_false(str_is(out));
        } else {
            assert_string_equal(str_c(&arena, out), pairs[i].out);
        }
    }
    arena_free(&arena);
}

TEST(spellings_of_one_number_are_one_identity)
{
    static const struct pair pairs[] = {
        {"0912345678", "+84912345678"},         {"0912 345 678", "+84912345678"},     {"0912.345.678", "+84912345678"},
        {"(091) 234-5678", "+84912345678"},     {"+84912345678", "+84912345678"},     {"84912345678", "+84912345678"},
        {"+84 (0)912 345 678", "+84912345678"}, {"0084912345678", "+84912345678"},    {"912345678", "+84912345678"},
        {"'0912345678", "+84912345678"},        {"tel:+84912345678", "+84912345678"}, {"02838224567", "+842838224567"},
        {"842838224567", "+842838224567"},      {"02438224567", "+842438224567"},     {"0843123456", "+84843123456"},
    };
    check(pairs, countof(pairs));
}

TEST(numbers_from_before_2018_are_their_new_ones)
{
    static const struct pair pairs[] = {
        {"01212345678", "+84792345678"},
        {"0169 234 5678", "+84392345678"},
        {"+841882345678", "+84582345678"},
        {"841202345678", "+84702345678"},
    };
    check(pairs, countof(pairs));
}

TEST(other_countries_need_their_international_form)
{
    static const struct pair pairs[] = {
        {"+442079460000", "+442079460000"},
        {"0044 20 7946 0000", "+442079460000"},
        {"2079460000", "+842079460000"},
    };
    check(pairs, countof(pairs));
}

TEST(what_no_telephone_has_is_no_identity)
{
    static const struct pair pairs[] = {
        {"", NULL},
        {"123", NULL},
        {"không có", NULL},
        {"0112345678", NULL},
        {"09123456789", NULL},
        {"091234567", NULL},
        {"+", NULL},
        {"0912345678 ext 2", NULL},
        {"1234567890123456", NULL},
        {"+0912345678", NULL},
        {"--", NULL},
    };
    check(pairs, countof(pairs));
}
