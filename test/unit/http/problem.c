#include "test.h"

#include "http/problem.h"

static str text_of(struct arena *arena, enum language language, err code, i32 status, const struct fault *fault)
{
    return problem_text(arena, language, &(struct problem_case){code, status, fault, NULL, STR("R1")});
}

TEST(a_problem_says_what_was_wrong_and_where_in_both_languages)
{
    struct arena arena = {0};
    struct fault fault = {.code = ERR_INVALID,
                          .key = "error.range",
                          .pointer = STR("/score"),
                          .arg_count = 2,
                          .args = {{"low", STR("0")}, {"high", STR("10")}}};
    str english = text_of(&arena, LANGUAGE_EN, ERR_INVALID, 0, &fault);
    assert_true(str_eq(
        english, STR("{\"type\":\"urn:cham:problem:invalid\",\"title\":\"Value not allowed\",\"status\":422,"
                     "\"detail\":\"The value must lie between 0 and 10.\",\"instance\":\"urn:cham:request:R1\","
                     "\"errors\":[{\"pointer\":\"/score\",\"detail\":\"The value must lie between 0 and 10.\"}]}")));
    str vietnamese = text_of(&arena, LANGUAGE_VI, ERR_INVALID, 0, &fault);
    assert_true(str_find(vietnamese, STR("\"title\":\"Giá trị không được phép\"")) > 0);
    arena_free(&arena);
}

TEST(what_the_server_broke_on_stays_in_its_log)
{
    struct arena arena = {0};
    struct fault fault = {.code = ERR_IO, .key = "error.range", .pointer = STR("/secret")};
    str text = text_of(&arena, LANGUAGE_EN, ERR_IO, 0, &fault);
    assert_true(str_find(text, STR("secret")) < 0);
    assert_true(str_find(text, STR("\"detail\":\"Server error\"")) > 0);
    arena_free(&arena);
}

TEST(every_code_has_a_status_and_a_title_in_words)
{
    struct arena arena = {0};
    for (i32 code = OK + 1; code < ERR_COUNT_; code++) {
        struct fault fault = {0};
        i32 status = problem_status((err)code);
        assert_in_range(status, 400, 599);
        str text = text_of(&arena, LANGUAGE_EN, (err)code, 0, &fault);
        assert_true(str_find(text, STR("\"title\":\"problem.")) < 0);
    }
    arena_free(&arena);
}
