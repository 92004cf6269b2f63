/* Memory for the work on one block of rows: taken by moving a pointer, given back all at once, kept for the next.
 *
 * Nothing is zeroed. After a few blocks it has the size that is needed and
 * allocates no more.
 */
#pragma once

#include "base/arena.h"

enum { SCRATCH_ALIGN = 64 };

struct scratch {
    void *block; /* what was allocated; `room` is its first aligned byte */
    u8 *room;
    i64 used, capacity;
    void **spilled; /* what did not fit this time */
    i64 spilled_count, spilled_capacity, spilled_bytes;
};

/* `size` bytes aligned to SCRATCH_ALIGN, until the next scratch_reset; what lies behind them up to the next multiple of
 * SCRATCH_ALIGN may be written too. */
void *scratch_alloc(struct scratch *scratch, i64 size);
void scratch_reset(struct scratch *scratch);
void scratch_free(struct scratch *scratch);

#define scratch_new(scratch, type, count) ((type *)scratch_alloc((scratch), (i64)sizeof(type) * (i64)(count)))
