#include "listen/csv.h"

#include "base/buf.h"
#include "listen/limits.h"

enum { GUESS_RECORDS = 20 };

struct scan {
    str text, separator;
    i64 at;
    bool last;
};

static bool at_separator(const struct scan *scan)
{
    i64 len = scan->separator.len;
    return scan->text.data[scan->at] == scan->separator.data[0] && scan->at + len <= scan->text.len &&
           memcmp(scan->text.data + scan->at, scan->separator.data, (size_t)len) == 0;
}

static bool at_line_end(const struct scan *scan)
{
    char c = scan->text.data[scan->at];
    return c == '\n' || c == '\r';
}

static void add_cell(struct csv_cells *cells, str cell)
{
    if (cells->count == cells->room && cells->room < COLUMNS_MAX) {
        i64 room = lesser(greater(cells->room * 2, 32), COLUMNS_MAX);
        str *grown = arena_new(cells->arena, str, room);
        if (cells->count > 0) {
            memcpy(grown, cells->cells, (size_t)cells->count * sizeof *grown);
        }
        cells->cells = grown;
        cells->room = room;
    }
    if (cells->count < cells->room) {
        cells->cells[cells->count] = cell;
    }
    cells->count++;
}

static str plain_cell(struct scan *scan)
{
    i64 from = scan->at;
    char first = scan->separator.data[0];
    const char *text = scan->text.data;
    i64 len = scan->text.len, at = from;
    for (; at < len; at++) {
        char c = text[at];
        if (c == '\n' || c == '\r') {
            break;
        }
        if (c == first) {
            scan->at = at;
            if (at_separator(scan)) {
                break;
            }
        }
    }
    scan->at = at;
    return str_slice(scan->text, from, at);
}

/* Behind the opening quote. False when the text ends before the closing one. */
static bool quoted_cell(struct csv_cells *cells, struct scan *scan, str *out)
{
    struct buf joined = buf_in(cells->arena);
    i64 from = scan->at;
    for (;;) {
        const char *quote = memchr(scan->text.data + scan->at, '"', (size_t)(scan->text.len - scan->at));
        if (quote == NULL) {
            return false;
        }
        scan->at = quote - scan->text.data + 1;
        bool doubled = scan->at < scan->text.len && scan->text.data[scan->at] == '"';
        if (!doubled) {
            break;
        }
        buf_add(&joined, str_slice(scan->text, from, scan->at));
        from = ++scan->at;
    }
    str inside = str_slice(scan->text, from, scan->at - 1);
    str behind = scan->at < scan->text.len ? plain_cell(scan) : STR("");
    if (joined.len == 0 && behind.len == 0) {
        *out = inside;
        return true;
    }
    buf_add(&joined, inside);
    buf_add(&joined, behind);
    *out = buf_str(&joined);
    return true;
}

/* Moves past "\n", "\r\n" or "\r". False when a "\r" is the last byte and its "\n" may still come. */
static bool skip_line_end(struct scan *scan)
{
    if (scan->text.data[scan->at] == '\r') {
        scan->at++;
        if (scan->at == scan->text.len) {
            return scan->last;
        }
    }
    if (scan->text.data[scan->at] == '\n') {
        scan->at++;
    }
    return true;
}

enum csv_result csv_record(struct csv_cells *cells, str text, str separator, bool last, i64 *used, i64 *len)
{
    struct scan scan = {.text = text, .separator = separator, .last = last};
    cells->count = 0;
    for (;;) {
        str cell = {text.data + scan.at, 0};
        if (scan.at < text.len && text.data[scan.at] == '"') {
            scan.at++;
            if (!quoted_cell(cells, &scan, &cell)) {
                return last ? CSV_OPEN_QUOTE : CSV_MORE;
            }
        } else if (scan.at < text.len) {
            cell = plain_cell(&scan);
        }
        add_cell(cells, cell);
        if (scan.at == text.len) {
            *used = *len = scan.at;
            return last ? CSV_RECORD : CSV_MORE;
        }
        if (at_line_end(&scan)) {
            *len = scan.at;
            bool whole = skip_line_end(&scan);
            *used = scan.at;
            return whole ? CSV_RECORD : CSV_MORE;
        }
        scan.at += separator.len;
    }
}

/* How many cells each record has when all have the same; 0 when they differ. */
static i64 even_cells(struct arena *arena, str sample, str separator)
{
    struct csv_cells cells = {.arena = arena};
    i64 even = 0, used, len;
    for (i64 i = 0; i < GUESS_RECORDS && sample.len > 0; i++) {
        if (csv_record(&cells, sample, separator, false, &used, &len) != CSV_RECORD) {
            break;
        }
        sample = str_slice(sample, used, sample.len);
        if (len == 0) {
            continue;
        }
        if (even != 0 && cells.count != even) {
            return 0;
        }
        even = cells.count;
    }
    return even;
}

static i64 first_cells(struct arena *arena, str sample, str separator)
{
    struct csv_cells cells = {.arena = arena};
    i64 used, len;
    return csv_record(&cells, sample, separator, true, &used, &len) == CSV_RECORD ? cells.count : 0;
}

str csv_guess_separator(struct arena *arena, str sample)
{
    static const str candidates[] = {STR(","), STR(";"), STR("\t"), STR("|")};
    str best = candidates[0];
    i64 best_count = 1;
    for (i64 i = 0; i < countof(candidates); i++) {
        i64 count = even_cells(arena, sample, candidates[i]);
        if (count > best_count) {
            best = candidates[i];
            best_count = count;
        }
    }
    for (i64 i = 0; best_count == 1 && i < countof(candidates); i++) {
        i64 count = first_cells(arena, sample, candidates[i]);
        if (count > best_count) {
            best = candidates[i];
            best_count = count;
        }
    }
    return best;
}

void csv_put(struct buf *out, str cell)
{
    bool formula = cell.len > 0 && memchr("=+-@\t\r\0", cell.data[0], 7) != NULL;
    bool quote = formula;
    for (i64 i = 0; i < cell.len && !quote; i++) {
        quote = strchr("\",\r\n;\t", cell.data[i]) != NULL;
    }
    if (!quote) {
        buf_add(out, cell);
        return;
    }
    buf_char(out, '"');
    if (formula) {
        buf_char(out, '\'');
    }
    for (i64 i = 0; i < cell.len; i++) {
        if (cell.data[i] == '"') {
            buf_char(out, '"');
        }
        if (cell.data[i] != '\0') {
            buf_char(out, cell.data[i]);
        }
    }
    buf_char(out, '"');
}
