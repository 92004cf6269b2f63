#include "test.h"

#include "base/buf.h"
#include "listen/rows.h"
#include "listen/xlsx.h"

#include <zip.h>

struct part {
    const char *name, *text;
};

#define HEAD "<?xml version=\"1.0\"?>"
static const struct part parts[] = {
    {"xl/workbook.xml",
     HEAD "<workbook xmlns:r=\"r\"><sheets><sheet name=\"One\" r:id=\"rId1\"/><sheet name=\"Two\" r:id=\"rId2\"/>"
          "</sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     HEAD "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
          "<Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>"},
    {"xl/styles.xml",
     HEAD "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts>"
          "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
          "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"},
    {"xl/sharedStrings.xml", HEAD "<sst><si><t>T\xC3\xAAn</t></si><si><r><t>Nguy</t></r><r><t>\xE1\xBB\x85n</t></r>"
                                  "<rPh><t>hint</t></rPh></si></sst>"},
    {"xl/worksheets/sheet1.xml", HEAD
     "<worksheet><sheetData><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" t=\"inlineStr\"><is><t>at</t></is></c>"
     "<c r=\"C2\" t=\"str\"><f>1</f><v>n</v></c></row><row r=\"4\"/>"
     "<row r=\"5\"><c r=\"A5\" t=\"s\"><v>1</v></c><c r=\"B5\" s=\"1\"><v>43770.36888888889</v></c>"
     "<c r=\"C5\"><v>2.5499999999999998</v></c></row>"
     "<row r=\"6\"><c r=\"B6\" s=\"2\"><v>43770</v></c><c r=\"C6\" t=\"b\"><v>1</v></c></row>"
     "<row r=\"7\"><c r=\"A7\"><v>1</v></c><c r=\"D7\"><v>9</v></c></row></sheetData></worksheet>"},
    {"xl/worksheets/sheet2.xml", HEAD "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>x</t></is></c></row>"
                                      "<row><c><v>7</v></c></row></sheetData></worksheet>"},
};

/* A workbook in which one part is replaced. */
static const char *workbook_with(struct ctx *ctx, const char *name, str text)
{
    const char *path = str_c(&ctx->arena, str_format(&ctx->arena, "%s/book.xlsx", test_folder()));
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    for (i64 i = 0; i < countof(parts); i++) {
        bool replaced = name != NULL && strcmp(parts[i].name, name) == 0;
        str content = replaced ? text : str_from(parts[i].text);
        zip_file_add(zip, parts[i].name, zip_source_buffer(zip, content.data, (zip_uint64_t)content.len, 0), 0);
    }
    zip_close(zip);
    return path;
}

static const char *read_all(struct ctx *ctx, const char *path, str sheet)
{
    struct rows *rows;
    struct row row;
    struct buf out = buf_in(&ctx->arena);
    assert_ok(rows_open(ctx, path, &(struct rows_options){.sheet = sheet}, &rows));
    while (rows_next(ctx, rows, &row) == OK) {
        buf_format(&out, "%d%s", (int)row.line, row.problem ? "!" : ":");
        for (i64 i = 0; i < row.count; i++) {
            buf_format(&out, "%s%.*s", i ? "|" : "", STR_ARG(row.cells[i]));
        }
        buf_char(&out, '\n');
    }
    rows_close(rows);
    return str_c(&ctx->arena, buf_str(&out));
}

TEST(cells_of_every_type_are_text_and_dates_are_iso)
{
    struct ctx ctx = {0};
    const char *path = workbook_with(&ctx, NULL, STR_NONE);
    assert_string_equal(read_all(&ctx, path, STR_NONE),
                        "5:Nguyễn|2019-11-01T08:51:12|2.55\n6:|2019-11-01|true\n7!1||\n");
    assert_string_equal(read_all(&ctx, path, STR("Two")), "2:7\n");
    ctx_end(&ctx);
}

TEST(a_sheet_that_is_not_there_is_named)
{
    struct ctx ctx = {0};
    struct rows *rows;
    const char *path = workbook_with(&ctx, NULL, STR_NONE);
    assert_int_equal(rows_open(&ctx, path, &(struct rows_options){.sheet = STR("Three")}, &rows), ERR_INVALID);
    assert_string_equal(ctx.fault.key, "import.no_sheet");
    ctx_end(&ctx);
}

static void check_refused(const char *part, str text, err code, const char *key)
{
    struct ctx ctx = {0};
    struct rows *rows;
    assert_int_equal(rows_open(&ctx, workbook_with(&ctx, part, text), &(struct rows_options){0}, &rows), code);
    assert_string_equal(ctx.fault.key, key);
    ctx_end(&ctx);
}

TEST(attacks_by_xml_are_refused)
{
    check_refused("xl/workbook.xml", STR("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><workbook>&a;</workbook>"), ERR_MALFORMED,
                  "import.workbook_damaged");
    check_refused("xl/worksheets/sheet1.xml", STR("<worksheet><sheetData><row><c>"), ERR_MALFORMED,
                  "import.workbook_damaged");
    check_refused("xl/workbook.xml", STR("<workbook/>"), ERR_MALFORMED, "import.no_workbook");
}

/* C25 */
TEST(a_bomb_among_the_parts_is_refused_before_it_is_unpacked)
{
    i64 len = 100 << 20;
    char *blanks = mem_new(len);
    memset(blanks, ' ', (size_t)len);
    check_refused("xl/sharedStrings.xml", (str){blanks, len}, ERR_TOO_LARGE, "import.bomb");
    mem_free(blanks);
}

TEST(serial_days_are_dates_as_excel_counts_them)
{
    static const struct {
        f64 serial;
        bool from_1904;
        const char *text;
    } cases[] = {
        {1, false, "1900-01-01"},     {59, false, "1900-02-28"},   {61, false, "1900-03-01"},
        {43770, false, "2019-11-01"}, {0.5, false, "12:00:00"},    {43770.5, false, "2019-11-01T12:00:00"},
        {0, true, "1904-01-01"},      {42308, true, "2019-11-01"}, {45000.000005787, false, "2023-03-15T00:00:00.500"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        char out[32];
        i64 len;
        assert_true(xlsx_date(cases[i].serial, cases[i].from_1904, out, &len));
        assert_int_equal(len, (i64)strlen(cases[i].text));
        assert_memory_equal(out, cases[i].text, (size_t)len);
    }
    char out[32];
    i64 len;
    assert_false(xlsx_date(-1, false, out, &len));
    assert_false(xlsx_date(3e6, false, out, &len));
}

TEST(formats_that_show_dates_are_known_from_those_that_do_not)
{
    assert_true(xlsx_format_is_date(14, STR("")));
    assert_true(xlsx_format_is_date(164, STR("yyyy-mm-dd")));
    assert_true(xlsx_format_is_date(164, STR("[$-42A]dd/mm/yyyy;@")));
    assert_true(xlsx_format_is_date(164, STR("[h]:mm")));
    assert_false(xlsx_format_is_date(164, STR("#,##0.00")));
    assert_false(xlsx_format_is_date(164, STR("[Red]0.00")));
    assert_false(xlsx_format_is_date(164, STR("0 \"days\"")));
}
