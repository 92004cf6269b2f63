#include "test.h"

#include "base/buf.h"
#include "listen/csv.h"

/* Cells joined by "|", so that a record is one string. */
static const char *joined(struct arena *arena, const struct csv_cells *cells)
{
    struct buf out = buf_in(arena);
    for (i64 i = 0; i < cells->count; i++) {
        if (i > 0) {
            buf_char(&out, '|');
        }
        buf_add(&out, cells->cells[i]);
    }
    return str_c(arena, buf_str(&out));
}

TEST(records_are_read_as_rfc_4180_has_them_and_a_little_more)
{
    static const struct {
        const char *text, *cells;
        i64 used;
    } cases[] = {
        {"a,b,c\nd", "a|b|c", 6},
        {"a,b,c\r\nd", "a|b|c", 7},
        {"a,b,c\rd", "a|b|c", 6},
        {"a,b,c", "a|b|c", 5},
        {"a,,\n", "a||", 4},
        {",", "|", 1},
        {"\"a,b\",c\n", "a,b|c", 8},
        {"\"a\"\"b\",c\n", "a\"b|c", 9},
        {"\"two\nlines\",c\n", "two\nlines|c", 14},
        {"\"\",c\n", "|c", 5},
        {"\"\"\"\"\n", "\"", 5},
        {"in\"side,c\n", "in\"side|c", 10},
        {"\"closed\" late,c\n", "closed late|c", 16},
        {"\n", "", 1},
    };
    struct arena arena = {0};
    for (i64 i = 0; i < countof(cases); i++) {
        struct csv_cells cells = {.arena = &arena};
        i64 used = 0, len = 0;
        assert_int_equal(csv_record(&cells, str_from(cases[i].text), STR(","), true, &used, &len), CSV_RECORD);
        assert_string_equal(joined(&arena, &cells), cases[i].cells);
        assert_int_equal(used, cases[i].used);
    }
    arena_free(&arena);
}

TEST(a_record_that_may_go_on_asks_for_more)
{
    static const char *const texts[] = {"a,b", "a,\"b\nc", "a,b\r", "\"a\"", "a,"};
    struct arena arena = {0};
    for (i64 i = 0; i < countof(texts); i++) {
        struct csv_cells cells = {.arena = &arena};
        i64 used, len;
        assert_int_equal(csv_record(&cells, str_from(texts[i]), STR(","), false, &used, &len), CSV_MORE);
    }
    arena_free(&arena);
}

TEST(a_quote_that_is_never_closed_is_told)
{
    struct arena arena = {0};
    struct csv_cells cells = {.arena = &arena};
    i64 used, len;
    assert_int_equal(csv_record(&cells, STR("a,\"b\nc,d\n"), STR(","), true, &used, &len), CSV_OPEN_QUOTE);
    arena_free(&arena);
}

TEST(separators_of_several_bytes_work)
{
    struct arena arena = {0};
    struct csv_cells cells = {.arena = &arena};
    i64 used, len;
    assert_int_equal(csv_record(&cells, STR("a|b||c||\n"), STR("||"), true, &used, &len), CSV_RECORD);
    assert_int_equal(cells.count, 3);
    assert_string_equal(str_c(&arena, cells.cells[0]), "a|b");
    arena_free(&arena);
}

TEST(the_separator_is_guessed_from_the_first_lines)
{
    static const struct {
        const char *text, *separator;
    } cases[] = {
        {"a,b\n1,2\n", ","},           {"a;b\n\"1,5\";2\n\"2,5\";3\n", ";"},
        {"a;b;c\n1,5;2,5;3,5\n", ";"}, {"a\tb\n1\t2\n", "\t"},
        {"a|b\n1|2\n", "|"},           {"alone\n1\n2\n", ","},
        {"a,b\n\"x;y;z\",2\n", ","},
    };
    struct arena arena = {0};
    for (i64 i = 0; i < countof(cases); i++) {
        str separator = csv_guess_separator(&arena, str_from(cases[i].text));
        assert_string_equal(str_c(&arena, separator), cases[i].separator);
    }
    arena_free(&arena);
}

/* C20 */
TEST(cells_that_a_spreadsheet_would_run_are_disarmed)
{
    static const struct {
        str cell;
        const char *written;
    } cases[] = {
        {STR("plain"), "plain"},
        {STR("=1+1"), "\"'=1+1\""},
        {STR("+84912"), "\"'+84912\""},
        {STR("-5"), "\"'-5\""},
        {STR("@SUM(A1)"), "\"'@SUM(A1)\""},
        {STR("\tx"), "\"'\tx\""},
        {STR("say \"hi\", you"), "\"say \"\"hi\"\", you\""},
        {STR("two\nlines"), "\"two\nlines\""},
        {STR(""), ""},
    };
    struct arena arena = {0};
    for (i64 i = 0; i < countof(cases); i++) {
        struct buf out = buf_in(&arena);
        csv_put(&out, cases[i].cell);
        assert_string_equal(str_c(&arena, buf_str(&out)), cases[i].written);
    }
    arena_free(&arena);
}
