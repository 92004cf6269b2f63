#include "test.h"

#include "base/buf.h"
#include "listen/limits.h"
#include "listen/rows.h"

#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

static const char *file_with(struct ctx *ctx, str bytes)
{
    const char *path = str_c(&ctx->arena, str_format(&ctx->arena, "%s/file", test_folder()));
    FILE *file = fopen(path, "wb");
    fwrite(bytes.data, 1, (size_t)bytes.len, file);
    fclose(file);
    return path;
}

static const char *gzip_with(struct ctx *ctx, str bytes)
{
    const char *path = str_c(&ctx->arena, str_format(&ctx->arena, "%s/file.gz", test_folder()));
    gzFile file = gzopen(path, "wb");
    gzwrite(file, bytes.data, (unsigned)bytes.len);
    gzclose(file);
    return path;
}

/* "line:cell|cell" or "line!problem" of every row, one a line. */
static const char *read_all(struct ctx *ctx, const char *path, const struct rows_options *options)
{
    struct rows *rows;
    struct row row;
    struct buf out = buf_in(&ctx->arena);
    assert_ok(rows_open(ctx, path, options, &rows));
    for (i64 i = 0; i < rows->columns.count; i++) {
        buf_format(&out, "%s%.*s", i ? "|" : "", STR_ARG(rows->columns.items[i]));
    }
    err state;
    while ((state = rows_next(ctx, rows, &row)) == OK) {
        buf_format(&out, "\n%d%s", (int)row.line, row.problem ? "!" : ":");
        buf_add(&out, str_from(row.problem));
        for (i64 i = 0; i < row.count && row.problem == NULL; i++) {
            buf_format(&out, "%s%.*s", i ? "|" : "", STR_ARG(row.cells[i]));
        }
    }
    assert_int_equal(state, ERR_EMPTY);
    assert_true(rows_done(rows) > 0.99);
    rows_close(rows);
    return str_c(&ctx->arena, buf_str(&out));
}

static void check(str bytes, const struct rows_options *options, const char *expected)
{
    struct ctx ctx = {0};
    assert_string_equal(read_all(&ctx, file_with(&ctx, bytes), options), expected);
    assert_string_equal(read_all(&ctx, gzip_with(&ctx, bytes), options), expected);
    ctx_end(&ctx);
}

TEST(separated_values_are_read_whatever_their_line_ends)
{
    const struct rows_options guess = {0};
    check(STR("a,b\n1,2\n3,4\n"), &guess, "a|b\n2:1|2\n3:3|4");
    check(STR("a,b\r\n1,2\r\n3,4"), &guess, "a|b\n2:1|2\n3:3|4");
    check(STR("\xEF\xBB\xBF"
              "a;b\n1;2"),
          &guess, "a|b\n2:1|2");
    check(STR("a\tb\n\n  \n1\t2\n"), &guess, "a|b\n4:1|2");
    check(STR("a,b\n\"1\n1\",2\n3,4\n"), &guess, "a|b\n2:1\n1|2\n4:3|4");
    check(STR("sep=;\r\na;b\r\n1;2\r\n"), &guess, "a|b\n3:1|2");
    check(STR("id who what\n1 2 3\n"), &(struct rows_options){.separator = STR(" ")}, "id|who|what\n2:1|2|3");
}

TEST(a_line_that_cannot_be_read_is_told_and_the_next_one_is_read)
{
    const struct rows_options guess = {0};
    check(STR("a,b\n1,2,3\n4,5\n"), &guess, "a|b\n2!import.too_many_cells\n3:4|5");
    check(STR("a,b\n1,2,,\n4,5\n"), &guess, "a|b\n2:1|2\n3:4|5");
    check(STR("a,b\n1\n4,5\n"), &guess, "a|b\n2!import.too_few_cells\n3:4|5");
    check(STR("a,b\n1,\"x\n4,5\n"), &guess, "a|b\n2!import.open_quote\n3:4|5");
    check((str){"a,b\n1,\0\n4,5\n", 12}, &guess, "a|b\n2!import.zero_byte\n3:4|5");
    check(STR("a,b\n1,\xFF\n4,5\n"), &(struct rows_options){.encoding = ENCODING_UTF8},
          "a|b\n2!import.bad_encoding\n3:4|5");
}

TEST(a_quote_left_open_in_a_large_file_costs_one_line)
{
    struct ctx ctx = {0};
    struct buf text = buf_in(&ctx.arena);
    buf_add(&text, STR("a,b\n1,\"open\n"));
    for (i64 i = 0; i < LINE_MAX_BYTES / 8; i++) {
        buf_add(&text, STR("12345,6789\n"));
    }
    struct rows *rows;
    struct row row;
    assert_ok(rows_open(&ctx, file_with(&ctx, buf_str(&text)), &(struct rows_options){0}, &rows));
    i64 good = 0, bad = 0;
    while (rows_next(&ctx, rows, &row) == OK) {
        *(row.problem ? &bad : &good) += 1;
    }
    assert_int_equal(bad, 1);
    assert_int_equal(good, LINE_MAX_BYTES / 8);
    rows_close(rows);
    ctx_end(&ctx);
}

TEST(headings_are_made_distinct)
{
    check(STR("a,,a\n1,2,3\n"), &(struct rows_options){0}, "a|column 2|a (2)\n2:1|2|3");
}

TEST(json_lines_become_columns_with_dotted_names)
{
    check(STR("{\"a\":1,\"b\":{\"c\":\"x\",\"d\":[1,2]}}\n\n{\"e\":true,\"a\":null}\nnot json\n[1]\n"),
          &(struct rows_options){0}, "a|b.c|b.d|e\n1:1|x|[1,2]\n3:|||true\n4!import.bad_json\n5!import.bad_json");
}

TEST(a_file_without_headings_is_empty)
{
    struct ctx ctx = {0};
    struct rows *rows;
    assert_int_equal(rows_open(&ctx, file_with(&ctx, STR("\n \n")), &(struct rows_options){0}, &rows), ERR_EMPTY);
    assert_string_equal(ctx.fault.key, "import.file_empty");
    ctx_end(&ctx);
    assert_int_equal(rows_open(&ctx, "/nowhere/at/all", &(struct rows_options){0}, &rows), ERR_NOT_FOUND);
    ctx_end(&ctx);
}

TEST(cut_and_damaged_gzip_is_refused)
{
    struct ctx ctx = {0};
    struct buf text = buf_in(&ctx.arena);
    for (i64 i = 0; i < 30000; i++) {
        buf_format(&text, "%d,%d\n", (int)i, (int)(i * 7919 % 10007));
    }
    const char *path = gzip_with(&ctx, buf_str(&text));
    assert_int_equal(truncate(path, 40000), 0);
    struct rows *rows;
    struct row row;
    err result = rows_open(&ctx, path, &(struct rows_options){0}, &rows);
    if (result == OK) {
        while ((result = rows_next(&ctx, rows, &row)) == OK) {
        }
        rows_close(rows);
    }
    assert_int_equal(result, ERR_MALFORMED);
    ctx_end(&ctx);
}

TEST(a_gzip_bomb_is_refused_before_it_fills_anything)
{
    struct ctx ctx = {0};
    i64 len = 100 << 20;
    char *zeros = mem_new(len);
    memset(zeros, 'x', (size_t)len);
    memcpy(zeros, "a\n", 2);
    for (i64 i = 2; i + 4 < len; i += 1000) {
        zeros[i] = '\n';
    }
    const char *path = gzip_with(&ctx, (str){zeros, len});
    mem_free(zeros);
    struct rows *rows;
    struct row row;
    assert_ok(rows_open(&ctx, path, &(struct rows_options){0}, &rows));
    err result;
    while ((result = rows_next(&ctx, rows, &row)) == OK) {
    }
    assert_int_equal(result, ERR_TOO_LARGE);
    rows_close(rows);
    ctx_end(&ctx);
}
