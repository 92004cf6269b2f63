#include "test.h"

#include "text/sentence.h"

TEST(accept_language_chooses_the_best_we_speak)
{
    static const struct {
        const char *header;
        enum language language;
    } cases[] = {
        {"vi", LANGUAGE_VI},
        {"en", LANGUAGE_EN},
        {"en-GB,en;q=0.9,vi;q=0.8", LANGUAGE_EN},
        {"fr, vi;q=0.2", LANGUAGE_VI},
        {"fr", LANGUAGE_VI},
        {"en;q=0", LANGUAGE_VI},
        {"vi;q=0.1, en;q=0.2", LANGUAGE_EN},
        {"EN_us", LANGUAGE_EN},
        {"", LANGUAGE_VI},
        {"en;q=abc", LANGUAGE_VI},
        {",,;;,=", LANGUAGE_VI},
        {"*", LANGUAGE_VI},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        if (language_accepted(str_from(cases[i].header), LANGUAGE_VI) != cases[i].language) {
            fail_msg("%s", cases[i].header);
        }
    }
    assert_int_equal(language_accepted(STR_NONE, LANGUAGE_EN), LANGUAGE_EN);
}

TEST(placeholders_are_filled_and_unknown_ones_stay)
{
    struct arena arena = {0};
    struct fault_arg args[] = {{"low", STR("1")}, {"high", STR("{low}")}};
    str text = sentence_fill(&arena, LANGUAGE_EN, "error.range", args, 2);
    assert_true(str_eq(text, STR("The value must lie between 1 and {low}.")));
    text = sentence_fill(&arena, LANGUAGE_EN, "error.range", args, 1);
    assert_true(str_eq(text, STR("The value must lie between 1 and {high}.")));
    arena_free(&arena);
}

TEST(a_key_that_is_not_there_shows_itself)
{
    assert_true(str_eq(sentence(LANGUAGE_VI, "no.such.key"), STR("no.such.key")));
    assert_false(sentence_exists("no.such.key"));
    assert_true(sentence_exists("error.range"));
}
