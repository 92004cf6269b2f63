/* Memory that is freed all at once.
 *
 * A request, a job or a parse owns an arena and simply returns when it is
 * done. Blocks grow by doubling up to ARENA_BLOCK_MAX; a reset keeps the first
 * block, so a warm server allocates nothing. Running out of memory ends the
 * process with a message: what was acknowledged is on disk, and a restart
 * finds it.
 */
#pragma once

#include "base/types.h"

struct arena_block;

struct arena {
    struct arena_block *block; /* the block in use; earlier ones hang behind it */
    i64 used;                  /* bytes handed out since the last reset */
};

/* Frees everything; the arena may be used again. */
void arena_free(struct arena *arena);

/* Forgets everything but keeps one block for the next use. */
void arena_reset(struct arena *arena);

/* `size` zeroed bytes aligned to `align` (a power of two). Never NULL. */
void *arena_alloc(struct arena *arena, i64 size, i64 align);

/* Grows the newest allocation in place where possible, else copies it. New bytes are zero. */
void *arena_grow(struct arena *arena, void *old, i64 old_size, i64 new_size, i64 align);

#define arena_new(arena, type, count)                                                                                  \
    ((type *)arena_alloc((arena), (i64)sizeof(type) * (i64)(count), (i64) _Alignof(type)))

/* A plain block for what outlives any arena (ends the process when there is none); zeroed. */
void *mem_new(i64 size);
void *mem_resize(void *old, i64 size);
void mem_free(void *block);
