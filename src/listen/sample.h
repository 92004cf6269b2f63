/* The first rows of a file, kept in memory. */
#pragma once

#include "listen/rows.h"

struct zone;

enum { SAMPLE_ROWS = 1000, SAMPLE_ROWS_BYTES = 4 << 20 };

struct sample {
    struct str_list columns;
    struct row *rows; /* all parts copied */
    i64 count;
};

/* Reads up to SAMPLE_ROWS rows. A failure of the file further behind ends the sample, not the call. */
err sample_read(struct ctx *ctx, struct rows *rows, struct sample *out);
