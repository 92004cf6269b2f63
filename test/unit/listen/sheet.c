#include "test.h"

#include "listen/sheet.h"

#include <stdio.h>
#include <stdlib.h>

static struct sheet some_sheet(const struct sheet_code *codes, i64 count, enum sheet_format format)
{
    return (struct sheet){.format = format,
                          .language = LANGUAGE_VI,
                          .organisation = STR("Nhà bán lẻ Én"),
                          .title = STR("Hôm nay bạn được phục vụ thế nào?"),
                          .accent = STR("#0b6e4f"),
                          .codes = codes,
                          .code_count = count};
}

static i64 pages_of(str pdf)
{
    i64 count = 0;
    for (i64 at; (at = str_find(pdf, STR("/Type /Page %"))) >= 0; count++) {
        pdf = str_slice(pdf, at + 1, pdf.len);
    }
    return count;
}

TEST(a_sheet_has_a_page_for_each_code_and_eight_cards_a_page)
{
    struct sheet_code codes[9];
    for (i64 i = 0; i < countof(codes); i++) {
        codes[i] = (struct sheet_code){STR("https://cham.example.vn/s/Zk3vN0q1l6mB8t2Xw9yRcA"),
                                       STR("Cửa hàng Đà Nẵng · Quầy 2")};
    }
    static const struct {
        enum sheet_format format;
        i64 codes, pages;
    } cases[] = {{SHEET_POSTER, 1, 1}, {SHEET_POSTER, 3, 3}, {SHEET_TENT, 2, 2},
                 {SHEET_CARDS, 1, 1},  {SHEET_CARDS, 8, 1},  {SHEET_CARDS, 9, 2}};
    for (i64 i = 0; i < countof(cases); i++) {
        struct ctx ctx = {0};
        struct buf pdf = buf_in(&ctx.arena);
        struct sheet sheet = some_sheet(codes, cases[i].codes, cases[i].format);
        assert_int_equal(sheet_write(&ctx, &sheet, &pdf), OK);
        assert_true(str_starts(buf_str(&pdf), STR("%PDF-")));
        assert_int_equal(pages_of(buf_str(&pdf)), cases[i].pages);
        ctx_end(&ctx);
    }
}

TEST(a_sheet_needs_codes_that_fit)
{
    struct ctx ctx = {0};
    char long_url[SHEET_URL_MAX + 2];
    memset(long_url, 'a', sizeof long_url);
    struct sheet_code codes[] = {{{long_url, SHEET_URL_MAX + 1}, STR_NONE}};
    struct buf pdf = buf_in(&ctx.arena);
    struct sheet sheet = some_sheet(codes, 1, SHEET_POSTER);
    assert_int_equal(sheet_write(&ctx, &sheet, &pdf), ERR_INVALID);
    sheet.code_count = 0;
    assert_int_equal(sheet_write(&ctx, &sheet, &pdf), ERR_INVALID);
    assert_int_equal(pdf.len, 0);
    ctx_end(&ctx);
}
