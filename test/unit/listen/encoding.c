#include "test.h"

#include "listen/encoding.h"
#include "text/fold.h"

/* Decodes in pieces of one byte, which is where decoders break. */
static str slowly(struct arena *arena, enum encoding encoding, str in)
{
    struct decoder decoder = {.encoding = encoding};
    char *out = arena_new(arena, char, in.len * 3 + 16);
    i64 len = 0;
    for (i64 i = 0; i < in.len; i++) {
        len += decode(&decoder, str_slice(in, i, i + 1), false, out + len);
    }
    len += decode(&decoder, STR(""), true, out + len);
    return (str){out, len};
}

TEST(utf_16_is_decoded_in_both_orders_and_in_pieces)
{
    struct arena arena = {0};
    str little = {"\xFF\xFE\x10\x01"
                  "a\0\x3D\xD8\x00\xDE",
                  10};
    str big = {"\xFE\xFF\x01\x10\0a\xD8\x3D\xDE\x00", 10};
    assert_string_equal(str_c(&arena, slowly(&arena, ENCODING_UTF16LE, little)), "Đa😀");
    assert_string_equal(str_c(&arena, slowly(&arena, ENCODING_UTF16BE, big)), "Đa😀");
    arena_free(&arena);
}

TEST(windows_1258_gives_marks_that_compose)
{
    struct arena arena = {0};
    // "Nguyễn Thị Hương" as Windows writes it: base letters with combining tones.
    str in = STR("Nguy\xEA\xDEn Thi\xF2 H\xFD\xF5ng");
    str out = fold_nfc(&arena, slowly(&arena, ENCODING_WINDOWS1258, in));
    assert_string_equal(str_c(&arena, out), "Nguyễn Thị Hương");
    arena_free(&arena);
}

TEST(what_cannot_be_decoded_is_no_utf_8)
{
    struct arena arena = {0};
    assert_false(utf8_valid(slowly(&arena, ENCODING_UTF16LE,
                                   (str){"\x00\xDC"
                                         "a\0",
                                         4})));
    assert_false(utf8_valid(slowly(&arena, ENCODING_UTF16LE,
                                   (str){"\x3D\xD8"
                                         "a\0",
                                         4})));
    assert_false(utf8_valid(slowly(&arena, ENCODING_UTF16LE, (str){"a\0b", 3})));
    assert_false(utf8_valid(slowly(&arena, ENCODING_WINDOWS1258, STR("\x8A"))));
    arena_free(&arena);
}

TEST(the_encoding_is_seen_in_the_first_bytes)
{
    assert_int_equal(encoding_guess(STR("\xEF\xBB\xBFTên")), ENCODING_UTF8);
    assert_int_equal(encoding_guess(STR("Tên,Tuổi")), ENCODING_UTF8);
    assert_int_equal(encoding_guess(STR("Tu\xE1\xBB")), ENCODING_UTF8); /* cut in a character */
    assert_int_equal(encoding_guess(STR("T\xEAn,Tu\xF4\xD2i")), ENCODING_WINDOWS1258);
    assert_int_equal(encoding_guess((str){"\xFF\xFEn\0", 4}), ENCODING_UTF16LE);
    assert_int_equal(encoding_guess((str){"n\0g\0a\0y\0", 8}), ENCODING_UTF16LE);
    assert_int_equal(encoding_guess((str){"\0n\0g\0a\0y", 8}), ENCODING_UTF16BE);
    assert_int_equal(encoding_guess(STR("")), ENCODING_UTF8);
}

TEST(the_byte_order_mark_is_no_text)
{
    struct arena arena = {0};
    struct decoder decoder = {.encoding = ENCODING_UTF8};
    char out[64];
    i64 len = decode(&decoder, STR("\xEF\xBB\xBFname"), true, out);
    assert_string_equal(str_c(&arena, (str){out, len}), "name");
    arena_free(&arena);
}
