/* Tables of every kind: reading ends, rows keep to their columns, and a cell that was written reads back as it was.
 *
 * An input that begins with "<" is the sheet of a workbook; all others are files as they are.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "listen/csv.h"
#include "listen/limits.h"
#include "listen/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

static const struct part {
    const char *name, *text;
} parts[] = {
    {"xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r1\" Target=\"s.xml\"/></Relationships>"},
    {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
    {"xl/sharedStrings.xml", "<sst><si><t>a</t></si><si><t>b</t></si></sst>"},
};

static void write_workbook(const char *path, str sheet)
{
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert(zip != NULL);
    for (i64 i = 0; i < countof(parts); i++) {
        zip_source_t *source = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
        zip_set_file_compression(zip, (zip_uint64_t)zip_file_add(zip, parts[i].name, source, 0), ZIP_CM_STORE, 0);
    }
    zip_source_t *source = zip_source_buffer(zip, sheet.data, (zip_uint64_t)sheet.len, 0);
    zip_set_file_compression(zip, (zip_uint64_t)zip_file_add(zip, "xl/s.xml", source, 0), ZIP_CM_STORE, 0);
    assert(zip_close(zip) == 0);
}

static void check_row(const struct rows *rows, const struct row *row)
{
    assert(row->line > 0);
    if (row->problem != NULL) {
        return;
    }
    assert(row->count <= rows->columns.count);
    for (i64 i = 0; i < row->count; i++) {
        assert(!str_is(row->cells[i]) || utf8_valid(row->cells[i]));
    }
}

static void read_table(const char *path)
{
    struct ctx ctx = {0};
    struct rows *rows;
    struct row row;
    if (rows_open(&ctx, path, &(struct rows_options){0}, &rows) == OK) {
        assert(rows->columns.count > 0);
        while (rows_next(&ctx, rows, &row) == OK) {
            check_row(rows, &row);
        }
        rows_close(rows);
    }
    ctx_end(&ctx);
}

/* What csv_put writes is one cell again; only a formula has an apostrophe more. */
static void check_cell(str cell)
{
    struct ctx ctx = {0};
    struct buf out = buf_in(&ctx.arena);
    csv_put(&out, cell);
    struct csv_cells cells = {.arena = &ctx.arena};
    i64 used, len;
    assert(csv_record(&cells, buf_str(&out), STR(","), true, &used, &len) == CSV_RECORD);
    bool zero = cell.len > 0 && memchr(cell.data, 0, (size_t)cell.len) != NULL;
    assert(cells.count == 1 && used == out.len);
    if (!zero) {
        str back = cells.cells[0];
        bool disarmed = back.len == cell.len + 1 && back.data[0] == '\'';
        assert(str_eq(disarmed ? str_slice(back, 1, back.len) : back, cell));
        assert(back.len == 0 || strchr("=+-@\t\r", back.data[0]) == NULL);
    }
    ctx_end(&ctx);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    str input = fuzz_str(bytes, len);
    char path[64];
    if (len > 0 && bytes[0] == '<') {
        snprintf(path, sizeof path, "/tmp/cham-fuzz-%d.xlsx", (int)getpid());
        write_workbook(path, input);
        read_table(path);
        unlink(path);
        return 0;
    }
    int file = memfd_create("table", MFD_CLOEXEC);
    assert(file >= 0 && write(file, input.data, len) == (ssize_t)len);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    read_table(path);
    close(file);
    check_cell(input);
    return 0;
}
