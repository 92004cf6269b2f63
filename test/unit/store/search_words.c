/* Tokens of texts, and what is asked of them. */
#include "store/search.h"

#include "test.h"

static void is_cut_into(const char *text, const char *tokens)
{
    struct arena arena = {0};
    str found = search_words_of(&arena, str_from(text));
    if (!str_eq(found, str_from(tokens))) {
        print_error("%s: %.*s\n", text, STR_ARG(found));
        fail();
    }
    arena_free(&arena);
}

TEST(words_are_cut_where_neither_letter_nor_digit_is)
{
    is_cut_into("Giao hàng chậm, 2 ngày!", "giao hang cham 2 ngay");
    is_cut_into("a_b 100% c++ node.js", "a b 100 c node js");
    is_cut_into("“Đẹp” – “Hoà”…", "dep hoa");
    is_cut_into("", "");
    is_cut_into("?!% _ \" ( *", "");
}

TEST(a_picture_is_a_word_of_its_own)
{
    is_cut_into("chậm quá😡😡", "cham qua 😡 😡");
    is_cut_into("😍ngon", "😍 ngon");
    is_cut_into("tốt👍🏽", "tot 👍");
    is_cut_into("yêu❤️lắm", "yeu ❤ lam");
    is_cut_into("a→b ★★★", "a → b ★ ★ ★");
    is_cut_into("👨‍👩‍👧 vui", "👨 👩 👧 vui");
}
