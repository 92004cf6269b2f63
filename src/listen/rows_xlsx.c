#include "json/write.h"
#include "listen/csv.h"
#include "listen/limits.h"
#include "listen/rows.h"
#include "listen/xlsx.h"

enum { SHEET_CHUNK = 32 << 10 };

struct rows_xlsx {
    struct rows rows; /* first */
    struct workbook workbook;
    zip_file_t *part;
    i64 size, consumed;
    XML_Parser parser;
    bool suspended, ended;
    struct arena row;

    /* The row that is being read. */
    str cells[COLUMNS_MAX];
    i64 count, number;
    bool whole; /* its end was reached */
    const char *problem;

    /* The cell that is being read. */
    i64 column, style;
    char type; /* s shared, i inline, t text, b truth, e error, n number */
    struct buf value;
    i32 in_value;
    i64 row_bytes;
};

struct sheet_reader {
    XML_Parser parser; /* first, for xml_parser */
    struct rows_xlsx *xlsx;
};

/* "BC12" → 54; -1 when it is not a cell's name. */
static i64 column_number(str reference)
{
    i64 column = 0, at = 0;
    for (; at < reference.len && reference.data[at] >= 'A' && reference.data[at] <= 'Z' && at < 4; at++) {
        column = column * 26 + (reference.data[at] - 'A' + 1);
    }
    return at == 0 ? -1 : column - 1;
}

static char type_letter(str type)
{
    if (!str_is(type) || str_eq(type, STR("n"))) {
        return 'n';
    }
    return str_eq(type, STR("inlineStr")) ? 'i' : str_eq(type, STR("str")) ? 't' : type.len > 0 ? type.data[0] : 'n';
}

static void begin_cell(struct rows_xlsx *xlsx, const char **attributes)
{
    i64 named = column_number(xml_attribute(attributes, "r"));
    xlsx->column = named >= 0 ? named : xlsx->column + 1;
    xlsx->style = 0;
    (void)str_i64(xml_attribute(attributes, "s"), &xlsx->style);
    xlsx->type = type_letter(xml_attribute(attributes, "t"));
    xlsx->value = buf_in(&xlsx->row);
}

static void begin_row(struct rows_xlsx *xlsx, const char **attributes)
{
    arena_reset(&xlsx->row);
    memset(xlsx->cells, 0, sizeof xlsx->cells);
    xlsx->value = (struct buf){0};
    xlsx->count = xlsx->row_bytes = 0;
    xlsx->column = -1;
    xlsx->whole = false;
    xlsx->problem = NULL;
    // Rows without a number follow the one before; numbers that go back are not believed.
    i64 number = 0;
    bool numbered = str_i64(xml_attribute(attributes, "r"), &number) && number > xlsx->number;
    xlsx->number = numbered ? number : xlsx->number + 1;
}

static void sheet_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct rows_xlsx *xlsx = ((struct sheet_reader *)self)->xlsx;
    str element = xml_name(name);
    if (str_eq(element, STR("row"))) {
        begin_row(xlsx, attributes);
    } else if (str_eq(element, STR("c"))) {
        begin_cell(xlsx, attributes);
    } else if (str_eq(element, STR("v")) || str_eq(element, STR("t"))) {
        xlsx->in_value++;
    }
}

static str number_text(struct rows_xlsx *xlsx, str value)
{
    f64 number;
    char *out = arena_new(&xlsx->row, char, 32);
    i64 len;
    if (!str_f64(value, &number)) {
        return value;
    }
    bool date = xlsx->style >= 0 && xlsx->style < xlsx->workbook.date_count && xlsx->workbook.dates[xlsx->style];
    if (date && xlsx_date(number, xlsx->workbook.from_1904, out, &len)) {
        return (str){out, len};
    }
    // Excel writes 17 digits (2.5499999999999998); the shortest text of the same number is what was typed.
    return (str){out, f64_text(number, out)};
}

static str cell_text(struct rows_xlsx *xlsx)
{
    str value = buf_str(&xlsx->value);
    i64 number = -1;
    switch (xlsx->type) {
    case 's':
        (void)str_i64(value, &number);
        return number >= 0 && number < xlsx->workbook.strings.count ? xlsx->workbook.strings.items[number] : STR_NONE;
    case 'b': return str_eq(value, STR("1")) ? STR("true") : STR("false");
    case 'n': return value.len > 0 ? number_text(xlsx, value) : STR_NONE;
    default: return value;
    }
}

static void end_cell(struct rows_xlsx *xlsx)
{
    if (xlsx->column < 0 || xlsx->column >= COLUMNS_MAX) {
        xlsx->problem = "import.too_many_columns";
        return;
    }
    xlsx->cells[xlsx->column] = cell_text(xlsx);
    xlsx->count = greater(xlsx->count, xlsx->column + 1);
}

static void sheet_end(void *self, const XML_Char *name)
{
    struct rows_xlsx *xlsx = ((struct sheet_reader *)self)->xlsx;
    str element = xml_name(name);
    if (str_eq(element, STR("v")) || str_eq(element, STR("t"))) {
        xlsx->in_value--;
    } else if (str_eq(element, STR("c"))) {
        end_cell(xlsx);
    } else if (str_eq(element, STR("row"))) {
        xlsx->whole = true;
        XML_StopParser(xlsx->parser, XML_TRUE);
    }
}

static void sheet_text(void *self, const XML_Char *text, int len)
{
    struct rows_xlsx *xlsx = ((struct sheet_reader *)self)->xlsx;
    xlsx->row_bytes += len;
    if (xlsx->in_value == 0 || xlsx->value.arena == NULL) {
        return;
    }
    if (xlsx->row_bytes > LINE_MAX_BYTES) {
        xlsx->problem = "import.line_too_long";
        return;
    }
    buf_add(&xlsx->value, (str){text, len});
}

/* Parses on until a row is whole or the sheet ends. */
static err parse_row(struct ctx *ctx, struct rows_xlsx *xlsx)
{
    xlsx->whole = false;
    while (!xlsx->whole && !xlsx->ended) {
        enum XML_Status status;
        if (xlsx->suspended) {
            status = XML_ResumeParser(xlsx->parser);
        } else {
            void *chunk = XML_GetBuffer(xlsx->parser, SHEET_CHUNK);
            zip_int64_t got = chunk ? zip_fread(xlsx->part, chunk, SHEET_CHUNK) : -1;
            if (got < 0) {
                return FAIL(ctx, ERR_MALFORMED, NULL, "import.workbook_damaged");
            }
            xlsx->consumed += got;
            xlsx->ended = got == 0;
            status = XML_ParseBuffer(xlsx->parser, (int)got, got == 0);
        }
        xlsx->suspended = status == XML_STATUS_SUSPENDED;
        if (status == XML_STATUS_ERROR) {
            return FAIL(ctx, ERR_MALFORMED, NULL, "import.workbook_damaged");
        }
    }
    return xlsx->whole ? OK : ERR_EMPTY;
}

static bool has_content(const struct rows_xlsx *xlsx)
{
    for (i64 i = 0; i < xlsx->count; i++) {
        if (str_trim(xlsx->cells[i]).len > 0) {
            return true;
        }
    }
    return xlsx->problem != NULL;
}

static err next_row(struct ctx *ctx, struct rows_xlsx *xlsx)
{
    do {
        TRY(parse_row(ctx, xlsx));
    } while (!has_content(xlsx));
    return OK;
}

static str raw_text(struct rows_xlsx *xlsx)
{
    struct buf raw = buf_in(&xlsx->row);
    for (i64 i = 0; i < xlsx->count; i++) {
        if (i > 0) {
            buf_char(&raw, ',');
        }
        csv_put(&raw, xlsx->cells[i]);
    }
    return buf_str(&raw);
}

static err xlsx_next(struct ctx *ctx, struct rows *rows, struct row *out)
{
    struct rows_xlsx *xlsx = (struct rows_xlsx *)rows;
    TRY(next_row(ctx, xlsx));
    *out = (struct row){.line = xlsx->number,
                        .raw = raw_text(xlsx),
                        .cells = xlsx->cells,
                        .count = xlsx->count,
                        .problem = xlsx->problem};
    for (i64 i = rows->columns.count; i < xlsx->count && out->problem == NULL; i++) {
        out->problem = str_trim(xlsx->cells[i]).len > 0 ? "import.too_many_cells" : NULL;
    }
    out->count = lesser(out->count, rows->columns.count);
    return OK;
}

static f64 xlsx_done(const struct rows *rows)
{
    const struct rows_xlsx *xlsx = (const struct rows_xlsx *)rows;
    return xlsx->size > 0 ? (f64)xlsx->consumed / (f64)xlsx->size : 1.0;
}

static void xlsx_close(struct rows *rows)
{
    struct rows_xlsx *xlsx = (struct rows_xlsx *)rows;
    if (xlsx->parser != NULL) {
        XML_ParserFree(xlsx->parser);
    }
    if (xlsx->part != NULL) {
        zip_fclose(xlsx->part);
    }
    workbook_close(&xlsx->workbook);
    arena_free(&xlsx->row);
    mem_free(xlsx);
}

static const struct rows_reader xlsx_reader = {xlsx_next, xlsx_done, xlsx_close};

static err open_sheet(struct ctx *ctx, struct rows_xlsx *xlsx, str wanted)
{
    struct workbook *workbook = &xlsx->workbook;
    i64 sheet = 0;
    xlsx->rows.sheets = (struct str_list){workbook->sheets.items, workbook->sheets.count};
    while (str_is(wanted) && sheet < workbook->sheets.count && !str_eq(workbook->sheets.items[sheet], wanted)) {
        sheet++;
    }
    if (sheet == workbook->sheets.count) {
        return FAIL(ctx, ERR_INVALID, "sheet", "import.no_sheet", {"sheet", wanted});
    }
    str target = workbook->targets.items[sheet];
    err failed = workbook_part(ctx, workbook, target, &xlsx->part);
    if (failed != OK) {
        return FAIL(ctx, ERR_MALFORMED, NULL, "import.workbook_damaged");
    }
    zip_stat_t about;
    zip_stat(workbook->zip, str_c(&ctx->arena, target), ZIP_FL_NOCASE, &about);
    xlsx->size = (i64)about.size;
    return OK;
}

err rows_open_xlsx(struct ctx *ctx, const char *path, const struct rows_options *options, struct rows **out)
{
    struct rows_xlsx *xlsx = mem_new(sizeof *xlsx);
    xlsx->rows = (struct rows){.kind = ROWS_XLSX, .encoding = ENCODING_UTF8, .reader = &xlsx_reader};
    err failed = workbook_open(ctx, path, &xlsx->workbook);
    if (failed == OK) {
        failed = open_sheet(ctx, xlsx, options->sheet);
    }
    if (failed == OK) {
        struct sheet_reader *reader = arena_new(&xlsx->workbook.memory, struct sheet_reader, 1);
        reader->xlsx = xlsx;
        xlsx->parser = xml_parser(reader, sheet_start, sheet_end, sheet_text);
        failed = next_row(ctx, xlsx);
    }
    if (failed != OK) {
        xlsx_close(&xlsx->rows);
        return failed == ERR_EMPTY ? FAIL(ctx, ERR_EMPTY, NULL, "import.file_empty") : failed;
    }
    rows_set_columns(&xlsx->rows, &xlsx->workbook.memory, xlsx->cells, xlsx->count);
    *out = &xlsx->rows;
    return OK;
}
