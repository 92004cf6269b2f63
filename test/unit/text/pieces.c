#include "text/pieces.h"
#include "test.h"

static struct piece only(const char *text)
{
    struct piece piece, more;
    i64 at = 0;
    assert_true(piece_next(str_from(text), &at, &piece));
    assert_false(piece_next(str_from(text), &at, &more));
    return piece;
}

static void same_form(const char *a, const char *b)
{
    struct piece left = only(a), right = only(b);
    assert_int_equal(left.count, right.count);
    assert_memory_equal(left.form, right.form, (size_t)left.count * sizeof(u32));
}

TEST(one_word_in_many_writings_is_one_form)
{
    same_form("hoà", "hòa");
    same_form("Hoà", "HÒA");
    same_form("thuý", "thúy");
    same_form("t\xE1\xBB\x87", "te\xCC\xA3\xCC\x82"); /* ệ composed, and taken apart */
    same_form("t\xE1\xBB\x87", "t\xC3\xAA\xCC\xA3");  /* ê with a mark behind it */
    same_form("ngonnnnn", "ngon");
    same_form("quáaaaa", "quá");
    same_form("quaaaaá", "quá");
    same_form("ĐƯỢC", "được");
}

TEST(numbers_keep_their_digits)
{
    assert_int_equal(only("100000").count, 6);
}

TEST(the_bare_form_has_neither_tone_nor_hat)
{
    struct piece piece = only("Được");
    const u32 bare[] = {'d', 'u', 'o', 'c'};
    assert_int_equal(piece.bare_count, 4);
    assert_memory_equal(piece.bare, bare, sizeof bare);
    same_form("duoc", "DUOC");
}

TEST(emoji_and_signs_are_pieces_and_commas_are_not)
{
    str text = STR("Ngon, 😍😍 :) !!!");
    static const char *const expected[] = {"Ngon", "😍", "😍", ":)", "!!!"};
    struct piece piece;
    i64 at = 0;
    for (i64 i = 0; i < countof(expected); i++) {
        assert_true(piece_next(text, &at, &piece));
        assert_true(str_eq((str){text.data + piece.at, piece.len}, str_from(expected[i])));
    }
    assert_false(piece_next(text, &at, &piece));
}

TEST(bad_bytes_end_no_word_early_and_nothing_is_read_behind_the_end)
{
    struct piece piece;
    char bytes[64];
    for (u32 seed = 1; seed < 5000; seed++) {
        u32 draw = seed * 2654435761U;
        for (i64 i = 0; i < 64; i++) {
            draw = draw * 1664525U + 1013904223U;
            bytes[i] = (char)(draw >> 24);
        }
        i64 at = 0, last = 0;
        while (piece_next((str){bytes, 64}, &at, &piece)) {
            assert_true(piece.at >= last && piece.len > 0 && piece.at + piece.len <= 64);
            last = piece.at + piece.len;
        }
    }
}

TEST(a_very_long_word_is_one_piece)
{
    struct piece piece = only("aăâbcdđeêghiklmnoôơpqrstuưvxyaăâbcdđeêghiklmnoôơpqrstuưvxyéèẻ");
    assert_int_equal(piece.bare_count, PIECE_LETTERS);
    assert_true(piece.count <= PIECE_LETTERS + 1);
}
