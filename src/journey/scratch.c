#include "journey/scratch.h"

static i64 rounded(i64 size)
{
    return (size + SCRATCH_ALIGN - 1) / SCRATCH_ALIGN * SCRATCH_ALIGN;
}

static u8 *aligned(void *block)
{
    return (u8 *)(((uintptr_t)block + SCRATCH_ALIGN - 1) / SCRATCH_ALIGN * SCRATCH_ALIGN);
}

static void *spill(struct scratch *scratch, i64 size)
{
    if (scratch->spilled_count == scratch->spilled_capacity) {
        scratch->spilled_capacity = scratch->spilled_capacity * 2 + 16;
        scratch->spilled = mem_resize(scratch->spilled, scratch->spilled_capacity * (i64)sizeof(void *));
    }
    void *block = mem_new(size + SCRATCH_ALIGN);
    scratch->spilled[scratch->spilled_count++] = block;
    scratch->spilled_bytes += size;
    return aligned(block);
}

void *scratch_alloc(struct scratch *scratch, i64 size)
{
    size = rounded(greater(size, 1));
    if (size > scratch->capacity - scratch->used) {
        return spill(scratch, size);
    }
    void *room = scratch->room + scratch->used;
    scratch->used += size;
    return room;
}

static void free_spilled(struct scratch *scratch)
{
    for (i64 i = 0; i < scratch->spilled_count; i++) {
        mem_free(scratch->spilled[i]);
    }
    scratch->spilled_count = 0;
    scratch->spilled_bytes = 0;
}

void scratch_reset(struct scratch *scratch)
{
    if (scratch->spilled_count > 0) {
        i64 needed = scratch->capacity + scratch->spilled_bytes;
        free_spilled(scratch);
        mem_free(scratch->block);
        scratch->block = mem_new(needed + SCRATCH_ALIGN);
        scratch->room = aligned(scratch->block);
        scratch->capacity = needed;
    }
    scratch->used = 0;
}

void scratch_free(struct scratch *scratch)
{
    free_spilled(scratch);
    mem_free(scratch->spilled);
    mem_free(scratch->block);
    *scratch = (struct scratch){0};
}
