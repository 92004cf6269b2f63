/* One record of separated values (RFC 4180), read leniently where real files are careless.
 *
 * A pure function over a text; streaming is the business of rows.c.
 */
#pragma once

#include "base/str.h"

struct csv_cells {
    struct arena *arena; /* for cells whose quotes had to be taken off, and the list */
    str *cells;
    i64 count, room;
};

enum csv_result {
    CSV_RECORD,     /* a record was read */
    CSV_MORE,       /* the text ends inside the record; only when more text may follow */
    CSV_OPEN_QUOTE, /* the text ended inside quotes: cells are not valid */
};

/* Reads the record at the beginning of `text`. `*used` is its length with the line's end, `*len` without. Quotes count only at
 * the beginning of a cell; two of them inside are one; what follows a closing quote is kept as it is. Cells beyond COLUMNS_MAX
 * are counted, not kept. */
enum csv_result csv_record(struct csv_cells *cells, str text, str separator, bool last, i64 *used, i64 *len);

/* The separator that splits the first records most evenly: comma, semicolon, tabulator, bar, else comma. */
str csv_guess_separator(struct arena *arena, str sample);

/* A cell as RFC 4180 writes it. What a spreadsheet would run as a formula gets a leading apostrophe. */
struct buf;
void csv_put(struct buf *out, str cell);
