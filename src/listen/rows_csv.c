#include "listen/csv.h"
#include "listen/limits.h"
#include "listen/rows.h"
#include "listen/texts.h"

struct rows_csv {
    struct rows rows; /* first */
    struct texts *texts;
    struct arena memory; /* of the reader */
    struct arena row;    /* of the row */
    i64 line;            /* of the next record */
};

static i64 lines_in(str text)
{
    i64 count = 0;
    for (i64 i = 0; i < text.len; i++) {
        count += text.data[i] == '\n' || (text.data[i] == '\r' && (i + 1 == text.len || text.data[i + 1] != '\n'));
    }
    return count;
}

/* A quote that is never closed swallows the rest of the file. Only the line it stands on is refused; reading goes
 * on behind it. */
static err broken_line(struct ctx *ctx, struct rows_csv *csv, struct row *out, const char *problem)
{
    str line;
    bool whole;
    TRY(texts_line(ctx, csv->texts, &line, &whole));
    *out = (struct row){.line = csv->line, .raw = line, .problem = whole ? problem : "import.line_too_long"};
    csv->line++;
    return OK;
}

/* Reads a record into the window whole, or says why it cannot be. */
static err next_record(struct ctx *ctx, struct rows_csv *csv, struct csv_cells *cells, struct row *out)
{
    for (;;) {
        str window = texts_window(csv->texts);
        if (window.len == 0 && csv->texts->ended) {
            return ERR_EMPTY;
        }
        i64 used = 0, len = 0;
        arena_reset(&csv->row);
        *cells = (struct csv_cells){.arena = &csv->row};
        enum csv_result result = csv_record(cells, window, csv->rows.separator, csv->texts->ended, &used, &len);
        if (result == CSV_OPEN_QUOTE) {
            return broken_line(ctx, csv, out, "import.open_quote");
        }
        if ((result == CSV_RECORD ? len : window.len) > LINE_MAX_BYTES) {
            return broken_line(ctx, csv, out, "import.open_quote");
        }
        if (result == CSV_RECORD) {
            csv->texts->from += used;
            *out = (struct row){
                .line = csv->line, .raw = str_slice(window, 0, len), .cells = cells->cells, .count = cells->count};
            csv->line += lines_in(str_slice(window, 0, used));
            return OK;
        }
        bool more;
        TRY(texts_more(ctx, csv->texts, &more));
    }
}

/* More cells than headings mean that the values have moved; so do fewer, unless only empty ones are surplus. */
static const char *problem_of(const struct rows *rows, const struct row *row)
{
    for (i64 i = rows->columns.count; i < row->count; i++) {
        if (i >= COLUMNS_MAX || str_trim(row->cells[i]).len > 0) {
            return "import.too_many_cells";
        }
    }
    if (row->count < rows->columns.count) {
        return "import.too_few_cells";
    }
    if (!utf8_valid(row->raw)) {
        return "import.bad_encoding";
    }
    return memchr(row->raw.data, '\0', (size_t)row->raw.len) != NULL ? "import.zero_byte" : NULL;
}

static err csv_next(struct ctx *ctx, struct rows *rows, struct row *out)
{
    struct rows_csv *csv = (struct rows_csv *)rows;
    struct csv_cells cells;
    do {
        TRY(next_record(ctx, csv, &cells, out));
    } while (out->problem == NULL && str_trim(out->raw).len == 0);
    if (out->problem == NULL) {
        out->problem = problem_of(rows, out);
        out->count = lesser(out->count, rows->columns.count);
    }
    return OK;
}

static f64 csv_done(const struct rows *rows)
{
    return bytes_done(((const struct rows_csv *)rows)->texts->bytes);
}

static void csv_close(struct rows *rows)
{
    struct rows_csv *csv = (struct rows_csv *)rows;
    texts_close(csv->texts);
    arena_free(&csv->memory);
    arena_free(&csv->row);
    mem_free(csv);
}

static const struct rows_reader csv_reader = {csv_next, csv_done, csv_close};

/* Excel's own line in front of the headings: "sep=;". */
static void take_excel_line(struct rows_csv *csv)
{
    str window = texts_window(csv->texts);
    if (!str_starts(window, STR("sep=")) || window.len < 6) {
        return;
    }
    i64 end = str_find_char(str_slice(window, 0, lesser(window.len, 16)), '\n');
    if (end < 0) {
        return;
    }
    str separator = str_slice(window, 4, end);
    if (str_ends(separator, STR("\r"))) {
        separator.len--;
    }
    if (separator.len > 0) {
        csv->rows.separator = str_copy(&csv->memory, separator);
        csv->texts->from += end + 1;
        csv->line++;
    }
}

static err read_headings(struct ctx *ctx, struct rows_csv *csv, str separator)
{
    take_excel_line(csv);
    if (str_is(separator) && separator.len > 0) {
        csv->rows.separator = str_copy(&csv->memory, separator);
    }
    if (!str_is(csv->rows.separator)) {
        str sample = texts_window(csv->texts);
        sample.len = lesser(sample.len, SAMPLE_BYTES);
        csv->rows.separator = csv_guess_separator(&csv->memory, sample);
    }
    csv->rows.kind = str_eq(csv->rows.separator, STR("\t")) ? ROWS_TSV : ROWS_CSV;
    struct csv_cells cells;
    struct row head;
    do {
        TRY(next_record(ctx, csv, &cells, &head));
    } while (head.problem == NULL && str_trim(head.raw).len == 0);
    if (head.problem != NULL || !utf8_valid(head.raw)) {
        return FAIL(ctx, ERR_MALFORMED, NULL, head.problem ? head.problem : "import.bad_encoding");
    }
    if (head.count > COLUMNS_MAX) {
        return FAIL(ctx, ERR_TOO_LARGE, NULL, "import.too_many_columns");
    }
    rows_set_columns(&csv->rows, &csv->memory, head.cells, head.count);
    return OK;
}

err rows_open_csv(struct ctx *ctx, struct texts *texts, const struct rows_options *options, struct rows **out)
{
    struct rows_csv *csv = mem_new(sizeof *csv);
    csv->rows.reader = &csv_reader;
    csv->rows.encoding = texts->decoder.encoding;
    csv->texts = texts;
    csv->line = 1;
    err failed = read_headings(ctx, csv, options->separator);
    if (failed != OK) {
        csv_close(&csv->rows);
        return failed;
    }
    *out = &csv->rows;
    return OK;
}
