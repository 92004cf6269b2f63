#include "test.h"

#include "text/fold.h"

struct pair {
    const char *in, *out;
};

static void check(str (*fold)(struct arena *arena, str text), const struct pair *pairs, i64 count)
{
    struct arena arena = {0};
    for (i64 i = 0; i < count; i++) {
        str out = fold(&arena, str_from(pairs[i].in));
        if (pairs[i].out == NULL) {
            assert_false(str_is(out));
        } else {
            assert_string_equal(str_c(&arena, out), pairs[i].out);
        }
    }
    arena_free(&arena);
}

TEST(text_is_stored_composed_however_it_arrived)
{
    static const struct pair pairs[] = {
        {"plain", "plain"},
        {"Nguyễn Thị Hồng", "Nguyễn Thị Hồng"},
        {"Nguye\xCC\x82\xCC\x83n", "Nguyễn"}, /* e + circumflex + tilde */
        {"Nguy\xC3\xAA\xCC\x83n", "Nguyễn"},  /* ê + tilde, as windows-1258 has it */
        {"Nguye\xCC\x83\xCC\x82n", "Nguyẽ̂n"}, /* the other order is another letter */
        {"a\xCC\xA3\xCC\x82", "ậ"},           /* dot below, then circumflex */
        {"a\xCC\x82\xCC\xA3", "ậ"},           /* circumflex, then dot below */
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"},
        {"\xE2\x84\xAB", "Å"},
        {"bad \xFF byte", "bad \xEF\xBF\xBD byte"},
    };
    check(fold_nfc, pairs, countof(pairs));
}

TEST(composing_again_changes_nothing)
{
    struct arena arena = {0};
    str once = fold_nfc(&arena, STR("Ma\xCC\xA3\xCC\x82t kha\xCC\x82\xCC\x89u"));
    str twice = fold_nfc(&arena, once);
    assert_ptr_equal(once.data, twice.data);
    arena_free(&arena);
}

TEST(a_long_run_of_marks_takes_linear_time)
{
    struct arena arena = {0};
    i64 len = 200000;
    char *text = arena_new(&arena, char, len + 1);
    text[0] = 'a';
    for (i64 i = 1; i + 1 < len; i += 2) {
        text[i] = (char)0xCC;
        text[i + 1] = (char)(0x80 + (i * 7) % 0x30);
    }
    str out = fold_nfc(&arena, (str){text, len - 1});
    assert_true(out.len > 0);
    arena_free(&arena);
}

TEST(finding_ignores_case_tone_and_the_stroke_of_d)
{
    static const struct pair pairs[] = {
        {"Nguyễn Văn Đức", "nguyen van duc"},
        {"  ĐÀ \t\n NẴNG ", "da nang"},
        {"Nguye\xCC\x82\xCC\x83n", "nguyen"},
        {"ƯỚC MƠ", "uoc mo"},
        {"ｆｕｌｌ", "full"},
        {"ze\xE2\x80\x8Bro", "zero"},
        {"Straße", "strasse"},
        {"", ""},
    };
    check(fold_search, pairs, countof(pairs));
}

TEST(spellings_of_one_address_are_one_identity)
{
    static const struct pair pairs[] = {
        {"Lan@Example.VN", "lan@example.vn"},
        {" lan@example.vn\n", "lan@example.vn"},
        {"l\xE2\x80\x8B"
         "an@example.vn",
         "lan@example.vn"},
        {"ｌａｎ＠example.vn", "lan@example.vn"},
        {"\xEF\xBB\xBFlan@example.vn", "lan@example.vn"},
        {"đan@example.vn", "đan@example.vn"},
    };
    check(fold_email, pairs, countof(pairs));
}

TEST(what_is_not_one_address_is_no_identity)
{
    static const struct pair pairs[] = {
        {"", NULL},        {"lan", NULL},        {"lan@", NULL},          {"@example.vn", NULL},
        {"lan@vn", NULL},  {"lan@a..vn", NULL},  {"a@b@c.vn", NULL},      {"a b@c.vn", NULL},
        {"lan@.vn", NULL}, {"<lan@a.vn>", NULL}, {"a@b.vn,c@d.vn", NULL}, {"n/a", NULL},
    };
    check(fold_email, pairs, countof(pairs));
}
