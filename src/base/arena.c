#include "base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARENA_BLOCK_MIN = 4096,
    ARENA_BLOCK_MAX = 1024 * 1024, /* larger wishes get a block of their own */
};

/* The bytes follow the header; 16-byte aligned like malloc's. */
struct arena_block {
    struct arena_block *earlier;
    i64 used, size;
    _Alignas(16) char bytes[];
};

static void *must_have(void *block)
{
    if (block == NULL) {
        (void)fputs("out of memory\n", stderr);
        abort();
    }
    return block;
}

void *mem_new(i64 size)
{
    assert(size >= 0);
    return must_have(calloc(1, (size_t)greater(size, 1)));
}

void *mem_resize(void *old, i64 size)
{
    assert(size >= 0);
    return must_have(realloc(old, (size_t)greater(size, 1)));
}

void mem_free(void *block)
{
    free(block);
}

static struct arena_block *block_new(i64 size, struct arena_block *earlier)
{
    struct arena_block *block = must_have(malloc(sizeof(struct arena_block) + (size_t)size));
    block->earlier = earlier;
    block->used = 0;
    block->size = size;
    return block;
}

/* Frees every block but the smallest common one: `keep` stays, may be NULL. */
static void free_but(struct arena *arena, struct arena_block *keep)
{
    struct arena_block *block = arena->block;
    while (block != NULL) {
        struct arena_block *earlier = block->earlier;
        if (block != keep) {
            free(block);
        }
        block = earlier;
    }
    arena->block = keep;
    arena->used = 0;
    if (keep != NULL) {
        keep->earlier = NULL;
        keep->used = 0;
    }
}

void arena_free(struct arena *arena)
{
    free_but(arena, NULL);
}

void arena_reset(struct arena *arena)
{
    struct arena_block *keep = arena->block;
    if (keep != NULL && keep->size > ARENA_BLOCK_MAX) {
        keep = NULL;
    }
    free_but(arena, keep);
}

static i64 next_size(const struct arena *arena, i64 wish)
{
    i64 size = arena->block == NULL ? ARENA_BLOCK_MIN : arena->block->size * 2;
    size = lesser(size, ARENA_BLOCK_MAX);
    return greater(size, wish);
}

void *arena_alloc(struct arena *arena, i64 size, i64 align)
{
    assert(size >= 0 && size < (i64)1 << 40 && align > 0 && align <= 16);
    struct arena_block *block = arena->block;
    i64 at = 0;
    if (block != NULL) {
        at = (block->used + align - 1) & -align;
    }
    if (block == NULL || at + size > block->size) {
        block = block_new(next_size(arena, size), arena->block);
        arena->block = block;
        at = 0;
    }
    block->used = at + size;
    arena->used += size;
    return memset(block->bytes + at, 0, (size_t)size);
}

void *arena_grow(struct arena *arena, void *old, i64 old_size, i64 new_size, i64 align)
{
    struct arena_block *block = arena->block;
    bool newest = old != NULL && block != NULL && old_size <= block->used &&
                  (char *)old + old_size == block->bytes + block->used;
    if (newest && block->used - old_size + new_size <= block->size) {
        memset((char *)old + old_size, 0, (size_t)(new_size - old_size));
        block->used += new_size - old_size;
        arena->used += new_size - old_size;
        return old;
    }
    void *grown = arena_alloc(arena, new_size, align);
    if (old_size > 0) {
        memcpy(grown, old, (size_t)old_size);
    }
    return grown;
}
