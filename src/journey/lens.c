#include "journey/block.h"

#include "journey/index.h"

struct lens *lens_new(struct arena *arena)
{
    struct lens *lens = arena_new(arena, struct lens, 1);
    lens->arena = arena;
    return lens;
}

static i32 add(struct lens *lens, struct lens_column column)
{
    for (i32 slot = 0; slot < lens->count; slot++) {
        const struct lens_column *known = &lens->columns[slot];
        if (known->special == column.special && known->word == column.word && known->column == column.column) {
            return slot;
        }
    }
    if (lens->count == lens->capacity) {
        i64 size = (i64)sizeof(struct lens_column);
        i32 more = lens->capacity * 2 + 16;
        lens->columns = arena_grow(lens->arena, lens->columns, lens->capacity * size, more * size,
                                   _Alignof(struct lens_column));
        lens->capacity = more;
    }
    lens->answers |= column.per == PER_ANSWER;
    lens->amounts |= column.per == PER_AMOUNT;
    lens->columns[lens->count] = column;
    return lens->count++;
}

i32 lens_word(struct lens *lens, i32 word)
{
    enum lens_per per = word < WORD_DENSE_COUNT ? PER_ROW : word == WORD_CURRENCY ? PER_AMOUNT : PER_ANSWER;
    return add(lens, (struct lens_column){.per = per, .word = word, .column = -1});
}

i32 lens_attached(struct lens *lens, i32 column)
{
    return add(lens, (struct lens_column){.per = PER_ROW, .word = WORD_COUNT, .column = column});
}

i32 lens_scores(struct lens *lens)
{
    return add(lens, (struct lens_column){.per = PER_ANSWER, .word = WORD_COUNT, .column = -1, .special = LENS_SCORES});
}

i32 lens_voiced(struct lens *lens)
{
    return add(lens, (struct lens_column){.per = PER_ROW, .word = WORD_COUNT, .column = -1, .special = LENS_VOICED});
}

i32 lens_amounts(struct lens *lens)
{
    return add(lens,
               (struct lens_column){.per = PER_AMOUNT, .word = WORD_COUNT, .column = -1, .special = LENS_AMOUNTS});
}

#define SPREAD(type)                                                                                                   \
    do {                                                                                                               \
        type *out = scratch_new(scratch, type, block->count);                                                          \
        memset(out, 0, (size_t)block->count * sizeof(type));                                                           \
        for (i64 k = 0; k < count; k++) {                                                                              \
            out[rows[k]] = ((const type *)cells.at)[k];                                                                \
        }                                                                                                              \
        return (struct cells){out, sizeof(type)};                                                                      \
    } while (0)

struct cells block_spread(const struct block *block, const struct lens *lens, i32 slot, struct scratch *scratch)
{
    struct cells cells = block->cells[slot];
    enum lens_per per = lens->columns[slot].per;
    if (per == PER_ROW || cells.width == 0) {
        return cells;
    }
    const i32 *rows = per == PER_ANSWER ? block->answer_row : block->amount_row;
    i64 count = per == PER_ANSWER ? block->answer_count : block->amount_count;
    switch (cells.width) {
    case 1: SPREAD(u8);
    case 2: SPREAD(u16);
    default: SPREAD(u32);
    }
}
