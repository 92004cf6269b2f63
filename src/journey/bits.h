/* A bit a row, 64 to a word: what the tests of conditions make and put together. Bits behind the last row are 0. */
#pragma once

#include "journey/block.h"

#include <string.h>

static inline i64 bits_words(i64 count)
{
    return (count + 63) / 64;
}

static inline bool bits_has(const u64 *bits, i64 i)
{
    return (bits[i >> 6] >> (i & 63) & 1) != 0;
}

/* All 0 or all 1. */
void bits_fill(u64 *bits, i64 count, bool value);

static inline void bits_and(u64 *bits, const u64 *more, i64 count)
{
    for (i64 word = 0; word < bits_words(count); word++) {
        bits[word] &= more[word];
    }
}

static inline i64 bits_count(const u64 *bits, i64 count)
{
    i64 set = 0;
    for (i64 word = 0; word < bits_words(count); word++) {
        set += __builtin_popcountll(bits[word]);
    }
    return set;
}

/* Sets [from, to). */
void bits_set(u64 *bits, i64 from, i64 to);

/* Which codes are wanted. `table` has a byte for each code a cell can have, 0x80 or 0: 256, or CODES_TABLE_MAX; NULL
 * where there are more codes. Up to CODES_FEW wanted codes are listed as well. */
enum { CODES_TABLE_MAX = 1 << 16, CODES_FEW = 3 };
struct codes {
    const u64 *bits;
    u32 count; /* codes are below this */
    const u8 *table;
    u32 few[CODES_FEW];
    i32 few_count; /* CODES_FEW + 1: more */
};

static inline bool codes_has(const struct codes *codes, u32 code)
{
    return code < codes->count && (codes->bits[code >> 6] >> (code & 63) & 1) != 0;
}

/* Completes `bits` and `count`. */
struct codes codes_make(struct arena *arena, const u64 *bits, u32 count);

/* A bit for each cell that has a wanted code. */
void bits_of_cells(struct cells cells, i64 count, const struct codes *codes, u64 *bits);

/* masks[i] = table[cell i], 0 behind the last: room for a multiple of 64. The cells are below `codes`; the table has
 * 256 bytes, or CODES_TABLE_MAX where there are more codes.
 * `more`: masks[i] |= instead. */
void bytes_of_cells(struct cells cells, i64 count, const u8 *table, u32 codes, bool more, u8 *masks);

/* A bit for each moment in [from, to). */
void bits_of_times(const i64 *at_ms, i64 count, i64 from, i64 to, u64 *bits);

/* A bit for each of 64 bytes: it is not 0. */
static inline u64 bits_of_bytes(const u8 *bytes)
{
    const u64 low = 0x7f7f7f7f7f7f7f7f;
    u64 bits = 0;
    for (i32 i = 0; i < 8; i++) {
        u64 eight;
        memcpy(&eight, bytes + i * 8, sizeof(eight));
        u64 high = (((eight & low) + low) | eight) & ~low;
        bits |= ((high >> 7) * 0x0102040810204080 >> 56) << i * 8;
    }
    return bits;
}

/* masks[i] |= 1 << k where bit i is set; masks[i] = 0 where it is not. */
void bytes_add_bits(u8 *masks, i64 count, const u64 *bits, i32 k);
void bytes_keep_bits(u8 *masks, i64 count, const u64 *bits);

/* The places of the set bits; returns how many. Room for `count` and 64 more. */
i64 bits_list(const u64 *bits, i64 count, i32 *out);
