/* One face for every kind of table file: separated values, workbooks, JSON lines.
 *
 *     file ─ bytes (gzip) ─ text (encoding) ─ rows (csv, jsonl)
 *     file ─ workbook (zip, XML) ─────────── rows (xlsx)
 *
 * Rows stream: memory depends on the longest line and, in workbooks, on the
 * shared strings, never on the file's size. A line that cannot be read is a row
 * with a problem, so that nothing disappears.
 */
#pragma once

#include "json/shape.h"
#include "listen/encoding.h"

enum rows_kind { ROWS_CSV, ROWS_TSV, ROWS_XLSX, ROWS_JSONL };
extern const char *const rows_kind_words[]; /* "csv", "tsv", "xlsx", "jsonl", NULL */

struct rows_options {
    enum encoding encoding; /* ENCODING_GUESS: look at the bytes */
    str separator;          /* none: look at the first lines */
    str sheet;              /* of a workbook; none: the first */
};

struct row {
    i64 line;            /* where it begins, from 1; in a workbook the row's number */
    str raw;             /* its bytes as UTF-8 without the line's end; of a workbook the cells as CSV */
    str *cells;          /* one for each column; none = not there. Not trimmed, not composed */
    str *json;           /* JSON lines: the same values as JSON; NULL otherwise */
    i64 count;           /* of cells; at most the columns' count */
    const char *problem; /* locale key why the line cannot be used; NULL otherwise */
};

struct rows {
    enum rows_kind kind;
    enum encoding encoding;
    str separator;           /* none in workbooks and JSON lines */
    struct str_list columns; /* distinct, not empty, composed; JSON lines may add more while reading */
    struct str_list sheets;  /* of a workbook */
    const struct rows_reader *reader;
};

/* What each kind of reader does; its struct begins with struct rows. */
struct rows_reader {
    err (*next)(struct ctx *ctx, struct rows *rows, struct row *out);
    f64 (*done)(const struct rows *rows);
    void (*close)(struct rows *rows);
};

/* Opens a file and reads its headings. ERR_EMPTY (import.file_empty) without any; ERR_MALFORMED or ERR_TOO_LARGE for a file
 * that is not what it claims to be. Closed by rows_close. */
err rows_open(struct ctx *ctx, const char *path, const struct rows_options *options, struct rows **out);

/* The next row, valid until the next call. ERR_EMPTY (not described) behind the last. Lines without anything are
 * passed over. */
err rows_next(struct ctx *ctx, struct rows *rows, struct row *out);

/* The share of the file that was read, 0 to 1. */
f64 rows_done(const struct rows *rows);

void rows_close(struct rows *rows); /* NULL is allowed */

/* The number of a column by its name, -1 without. */
i64 rows_column(const struct rows *rows, str name);

/* For readers: makes headings distinct and never empty ("column 3", "name (2)"). */
void rows_set_columns(struct rows *rows, struct arena *arena, const str *names, i64 count);

/* The readers. */
struct texts;
err rows_open_csv(struct ctx *ctx, struct texts *texts, const struct rows_options *options, struct rows **out);
err rows_open_jsonl(struct ctx *ctx, struct texts *texts, struct rows **out);
err rows_open_xlsx(struct ctx *ctx, const char *path, const struct rows_options *options, struct rows **out);
