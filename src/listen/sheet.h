/* Sheets to print: QR codes that lead to a survey, one for each shop or desk, as PDF on A4.
 *
 *     SHEET_POSTER   one a page, for a wall or a door
 *     SHEET_TENT     one a page twice, head to head: folded in the middle it stands on a desk
 *     SHEET_CARDS    eight a page with lines to cut along, for parcels and receipts
 *
 * Codes are vectors with a quiet zone of four modules and error correction Q (a quarter of the code may be lost: print
 * on paper gets wet and dirty); the address stands below in letters, for who cannot scan.
 */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"
#include "text/sentence.h"

enum sheet_format { SHEET_POSTER, SHEET_TENT, SHEET_CARDS };
extern const char *const sheet_words[]; /* "poster", "tent", "cards" */

struct sheet_code {
    str url;  /* at most SHEET_URL_MAX bytes of ASCII */
    str name; /* where it hangs, for who puts it up: "Cửa hàng Đà Nẵng · Quầy 2"; may be none */
};

enum { SHEET_URL_MAX = 500, SHEET_CODES_MAX = 500 };

struct sheet {
    enum sheet_format format;
    enum language language;
    bool brief;       /* it may promise to take less than a minute */
    str organisation; /* may be none */
    str title;        /* what is asked: "Hôm nay bạn được phục vụ thế nào?" */
    str accent;       /* "#0b6e4f"; none: black */
    const struct sheet_code *codes;
    i64 code_count;
};

/* Appends the PDF. ERR_INVALID (error.sheet) for no or too many codes, or an address that is too long. */
err sheet_write(struct ctx *ctx, const struct sheet *sheet, struct buf *out);
