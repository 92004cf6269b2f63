#include "test.h"

#include "listen/money.h"

struct reading {
    const char *text;
    i64 digits;
    i32 places;
};

static void check(const struct number_format *format, const struct reading *cases, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        struct decimal number;
        assert_true(decimal_parse(str_from(cases[i].text), format, &number));
        assert_int_equal(number.digits, cases[i].digits);
        assert_int_equal(number.places, cases[i].places);
    }
}

static void check_refused(const struct number_format *format, const char *const *texts, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        struct decimal number;
        assert_false(decimal_parse(str_from(texts[i]), format, &number));
    }
}

TEST(numbers_with_a_point_are_exact)
{
    static const struct reading cases[] = {
        {"2.55", 255, 2},
        {"-2.50", -25, 1},
        {"0.001", 1, 3},
        {".5", 5, 1},
        {"1e-7", 1, 7},
        {"1.5E3", 1500, 0},
        {" 42 ", 42, 0},
        {"+7", 7, 0},
        {"-0", 0, 0},
        {"(1.25)", -125, 2},
        {"£2.55", 255, 2},
        {"1250 ₫", 1250, 0},
        {"999999999999999999", 999999999999999999, 0},
    };
    check(&(struct number_format){0}, cases, countof(cases));
}

TEST(vietnamese_and_english_signs_are_options)
{
    static const struct reading vietnamese[] = {
        {"1.250.000", 1250000, 0}, {"1.250.000,5", 12500005, 1}, {"12.500đ", 12500, 0},
        {"950", 950, 0},           {"1250000", 1250000, 0},
    };
    check(&(struct number_format){.decimal = STR(","), .thousands = STR(".")}, vietnamese, countof(vietnamese));
    static const struct reading english[] = {{"1,250,000.75", 125000075, 2}, {"$1,250", 1250, 0}};
    check(&(struct number_format){.decimal = STR("."), .thousands = STR(",")}, english, countof(english));
}

TEST(a_million_and_a_quarter_is_never_one_and_a_quarter)
{
    static const char *const texts[] = {"1.250.000",
                                        "1,250,000",
                                        "1,25",
                                        "1 250",
                                        "",
                                        "-",
                                        ".",
                                        "1.",
                                        "abc",
                                        "12a",
                                        "1e",
                                        "1e99",
                                        "--1",
                                        "0x10",
                                        "NaN",
                                        "Infinity",
                                        "1234567890123456789012"};
    check_refused(&(struct number_format){0}, texts, countof(texts));
    static const char *const grouped[] = {"1.25", "1.2500", "12.50.000", ".250", "1..250", "1.250.00", "1234.567"};
    check_refused(&(struct number_format){.decimal = STR(","), .thousands = STR(".")}, grouped, countof(grouped));
}

TEST(amounts_are_rounded_once_halves_away_from_zero)
{
    static const struct {
        struct decimal amount, times;
        i32 digits;
        i64 minor;
    } cases[] = {
        {{255, 2}, {6, 0}, 2, 1530},   /* 2.55 × 6 pounds */
        {{255, 2}, {-6, 0}, 2, -1530}, /* given back */
        {{255, 2}, {1, 0}, 0, 3},      /* 2.55 đồng */
        {{25, 1}, {1, 0}, 0, 3},       /* 2.5 */
        {{-25, 1}, {1, 0}, 0, -3},
        {{24, 1}, {1, 0}, 0, 2},
        {{1, 3}, {1, 0}, 2, 0},     /* 0.001 pounds */
        {{5, 3}, {1, 0}, 2, 1},     /* 0.005 pounds */
        {{333, 3}, {3, 0}, 2, 100}, /* 0.999 */
        {{7, 0}, {1, 0}, 3, 7000},  /* dinars */
        {{999999999999999999, 18}, {5, 1}, 0, 0},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        i64 minor;
        assert_true(money_minor(cases[i].amount, cases[i].times, cases[i].digits, &minor));
        assert_int_equal(minor, cases[i].minor);
    }
}

TEST(an_amount_that_does_not_fit_is_refused)
{
    i64 minor;
    struct decimal large = {999999999999999999, 0};
    assert_false(money_minor(large, large, 2, &minor));
    assert_false(money_minor(large, (struct decimal){100, 0}, 2, &minor));
}

TEST(currencies_know_their_digits)
{
    char code[4];
    i32 digits;
    assert_true(currency_find(STR("vnd"), code, &digits));
    assert_string_equal(code, "VND");
    assert_int_equal(digits, 0);
    assert_true(currency_find(STR("GBP"), code, &digits));
    assert_int_equal(digits, 2);
    assert_true(currency_find(STR("KWD"), code, &digits));
    assert_int_equal(digits, 3);
    assert_false(currency_find(STR("XYZ"), code, &digits));
    assert_false(currency_find(STR("VN"), code, &digits));
}
