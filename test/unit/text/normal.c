#include "test.h"

#include "text/normal.h"

struct pair {
    const char *in, *out;
};

TEST(a_text_gets_one_spelling)
{
    static const struct pair pairs[] = {
        {"Hoà nhã, thuỷ tinh!", "hòa nhã thủy tinh"},
        {"ko dc j, sp xấu", "không được gì sản phẩm xấu"},
        {"đẹpppp quáaaa", "đẹp quá"},
        {"Kỹ lưỡng và quý báu", "kĩ lưỡng và quý báu"},
        {"khuỷu tay, ngoài, giờ, quả, Đường", "khuỷu tay ngoài giờ quả đường"},
        {"Me\xCC\xA3\xCC\x82t mo\xCC\x89i", "mệt mỏi"},
        {"Good Food 10k", "good food 10 k"},
        {"", ""},
    };
    struct arena arena = {0};
    for (i64 i = 0; i < countof(pairs); i++) {
        assert_string_equal(str_c(&arena, text_normal(&arena, str_from(pairs[i].in))), pairs[i].out);
    }
    arena_free(&arena);
}

TEST(spelling_again_changes_nothing)
{
    struct arena arena = {0};
    str once = text_normal(&arena, STR("Giao hàng QUÁ chậm luôn, shop ko rep ib của mk :(( thuỷ"));
    assert_true(str_eq(once, text_normal(&arena, once)));
    arena_free(&arena);
}

TEST(words_of_the_dictionary_are_kept_together)
{
    struct arena arena = {0};
    str text = STR("Nhân viên giao hàng, sp tốt");
    struct text_tokens tokens = text_tokens(&arena, text);
    assert_int_equal(tokens.count, 4);
    assert_string_equal(str_c(&arena, tokens.items[0].normal), "nhân viên");
    assert_int_equal(tokens.items[1].words, 2);
    assert_int_equal(tokens.items[2].at, (i64)strlen("Nhân viên giao hàng, "));
    assert_string_equal(str_c(&arena, tokens.items[2].normal), "sản phẩm");
    arena_free(&arena);
}
