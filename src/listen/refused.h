/* The list of refused lines of an import: line, reason, text. What a spreadsheet would run as a formula is disarmed. */
#pragma once

#include "listen/upload.h"

struct refused {
    const struct uploads *uploads;
    i64 import;
    int file;  /* kept in a folder */
    i64 bytes; /* written so far */
};

/* Opens the list for going on behind its first `bytes` bytes; what was written later is cut off. */
err refused_open(struct ctx *ctx, const struct uploads *uploads, i64 import, i64 bytes, struct refused *out);
void refused_close(struct refused *refused);

/* Adds text that is CSV already. */
err refused_add(struct ctx *ctx, struct refused *refused, str rows);

/* One row of the list. */
struct buf;
void refused_row(struct buf *out, i64 line, str reason, str text);
