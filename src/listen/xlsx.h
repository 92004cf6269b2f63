/* The parts of a workbook (ECMA-376) that a table needs: sheets, shared strings, which styles are dates.
 *
 * Every part is limited in size and in how much it unpacks; a document type
 * declaration, which only an attack has, ends the reading.
 */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

#include <expat.h>
#include <zip.h>

struct workbook {
    zip_t *zip;
    struct arena memory;
    struct str_list_growing {
        str *items;
        i64 count, room;
    } sheets, targets, /* names and the parts they are in, in order */
        strings;       /* shared strings */
    bool *dates;       /* by cell style: shows a date or time */
    i64 date_count;
    bool from_1904; /* days are counted from 1904-01-01 */
};

void workbook_close(struct workbook *workbook);

/* Opens the file and reads everything but the sheets. ERR_MALFORMED when it is no workbook, ERR_TOO_LARGE for a bomb. */
err workbook_open(struct ctx *ctx, const char *path, struct workbook *out);

/* A part for streaming, checked for its size and ratio. */
err workbook_part(struct ctx *ctx, struct workbook *workbook, str name, zip_file_t **out);

/* An attribute's value; none when absent. */
str xml_attribute(const char **attributes, const char *name);

/* "c" of "x:c": names without their prefix. */
str xml_name(const char *name);

/* A parser that refuses document type declarations. */
XML_Parser xml_parser(void *self, XML_StartElementHandler start, XML_EndElementHandler end,
                      XML_CharacterDataHandler text);

/* An Excel serial day as "2019-11-01T08:51:12.402", a time below one day as "08:51:12". False outside 0 … 9999-12-31. */
bool xlsx_date(f64 serial, bool from_1904, char out[32], i64 *len);

/* Does a number format show a date or time? */
bool xlsx_format_is_date(i64 id, str code);
