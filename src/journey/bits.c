#include "journey/bits.h"

#include "journey/bits_wide.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

void bits_fill(u64 *bits, i64 count, bool value)
{
    i64 words = bits_words(count);
    memset(bits, value ? 0xff : 0, (size_t)words * sizeof(u64));
    if (value && (count & 63) != 0) {
        bits[words - 1] = ((u64)1 << (count & 63)) - 1;
    }
}

void bits_set(u64 *bits, i64 from, i64 to)
{
    if (from >= to) {
        return;
    }
    i64 first = from >> 6, last = (to - 1) >> 6;
    u64 head = ~(u64)0 << (from & 63), tail = ~(u64)0 >> (63 - ((to - 1) & 63));
    if (first == last) {
        bits[first] |= head & tail;
        return;
    }
    bits[first] |= head;
    for (i64 word = first + 1; word < last; word++) {
        bits[word] = ~(u64)0;
    }
    bits[last] |= tail;
}

struct codes codes_make(struct arena *arena, const u64 *bits, u32 count)
{
    struct codes codes = {.bits = bits, .count = count};
    for (u32 code = 0; code < count && codes.few_count <= CODES_FEW; code++) {
        if (codes_has(&codes, code)) {
            if (codes.few_count < CODES_FEW) {
                codes.few[codes.few_count] = code;
            }
            codes.few_count++;
        }
    }
    if (count <= CODES_TABLE_MAX) {
        u8 *table = arena_new(arena, u8, count <= 256 ? 256 : CODES_TABLE_MAX);
        for (u32 code = 0; code < count; code++) {
            table[code] = codes_has(&codes, code) ? 0x80 : 0;
        }
        codes.table = table;
    }
    return codes;
}

/* The highest bits of 64 bytes. */
static inline u64 tops(const u8 *bytes)
{
#ifdef __SSE2__
    const __m128i *at = (const __m128i *)(const void *)bytes;
    return (u64)(u32)_mm_movemask_epi8(_mm_loadu_si128(at)) |
           (u64)(u32)_mm_movemask_epi8(_mm_loadu_si128(at + 1)) << 16 |
           (u64)(u32)_mm_movemask_epi8(_mm_loadu_si128(at + 2)) << 32 |
           (u64)(u32)_mm_movemask_epi8(_mm_loadu_si128(at + 3)) << 48;
#else
    u64 word = 0;
    for (i32 i = 0; i < 64; i++) {
        word |= (u64)(bytes[i] >> 7) << i;
    }
    return word;
#endif
}

#define CELLS(name, type)                                                                                              \
    static void name##_table(const type *cells, i64 count, const u8 *table, u64 *bits)                                 \
    {                                                                                                                  \
        u8 bytes[64];                                                                                                  \
        for (; count >= 64; count -= 64, cells += 64) {                                                                \
            for (i32 i = 0; i < 64; i++) {                                                                             \
                bytes[i] = table[cells[i]];                                                                            \
            }                                                                                                          \
            *bits++ = tops(bytes);                                                                                     \
        }                                                                                                              \
        if (count > 0) {                                                                                               \
            u64 word = 0;                                                                                              \
            for (i64 i = 0; i < count; i++) {                                                                          \
                word |= (u64)(table[cells[i]] >> 7) << i;                                                              \
            }                                                                                                          \
            *bits = word;                                                                                              \
        }                                                                                                              \
    }                                                                                                                  \
    static void name##_set(const type *cells, i64 count, const struct codes *codes, u64 *bits)                         \
    {                                                                                                                  \
        for (i64 word = 0; word < bits_words(count); word++) {                                                         \
            u64 found = 0;                                                                                             \
            for (i64 i = word * 64; i < lesser(count, word * 64 + 64); i++) {                                          \
                found |= (u64)codes_has(codes, cells[i]) << (i & 63);                                                  \
            }                                                                                                          \
            bits[word] = found;                                                                                        \
        }                                                                                                              \
    }                                                                                                                  \
    static void name##_bytes(const type *cells, i64 count, const u8 *table, u8 *masks)                                 \
    {                                                                                                                  \
        for (i64 i = 0; i < count; i++) {                                                                              \
            masks[i] = table[cells[i]];                                                                                \
        }                                                                                                              \
    }                                                                                                                  \
    static void name##_more_bytes(const type *cells, i64 count, const u8 *table, u8 *masks)                            \
    {                                                                                                                  \
        for (i64 i = 0; i < count; i++) {                                                                              \
            masks[i] |= table[cells[i]];                                                                               \
        }                                                                                                              \
    }
CELLS(ones, u8)
CELLS(twos, u16)
CELLS(fours, u32)

#ifdef __SSE2__
/* Few wanted codes are compared with 16 cells at a time. */
static void ones_few(const u8 *cells, i64 count, const struct codes *codes, u64 *bits)
{
    __m128i wanted[CODES_FEW];
    for (i32 k = 0; k < CODES_FEW; k++) {
        wanted[k] = _mm_set1_epi8((char)codes->few[lesser(k, codes->few_count - 1)]);
    }
    for (; count >= 64; count -= 64, cells += 64) {
        u64 word = 0;
        for (i32 i = 0; i < 4; i++) {
            __m128i sixteen = _mm_loadu_si128((const __m128i *)(const void *)cells + i);
            __m128i found = _mm_or_si128(_mm_cmpeq_epi8(sixteen, wanted[0]), _mm_cmpeq_epi8(sixteen, wanted[1]));
            found = _mm_or_si128(found, _mm_cmpeq_epi8(sixteen, wanted[2]));
            word |= (u64)(u32)_mm_movemask_epi8(found) << (16 * i);
        }
        *bits++ = word;
    }
    if (count > 0) {
        ones_table(cells, count, codes->table, bits);
    }
}
#endif

static void bits_of_ones(const u8 *cells, i64 count, const struct codes *codes, u64 *bits)
{
    bool narrow = codes->count <= 256;
    i64 whole = count / 64 * 64;
    if (narrow && whole > 0 && wide_can()) {
        wide_bits(cells, whole, codes, bits);
        ones_table(cells + whole, count - whole, codes->table, bits + whole / 64);
        return;
    }
#ifdef __SSE2__
    if (narrow && codes->few_count > 0 && codes->few_count <= CODES_FEW) {
        ones_few(cells, count, codes, bits);
        return;
    }
#endif
    if (codes->table != NULL) {
        ones_table(cells, count, codes->table, bits);
    } else {
        ones_set(cells, count, codes, bits);
    }
}

void bits_of_cells(struct cells cells, i64 count, const struct codes *codes, u64 *bits)
{
    switch (cells.width) {
    case 0: bits_fill(bits, count, codes_has(codes, 0)); return;
    case 1: bits_of_ones(cells.at, count, codes, bits); return;
    case 2:
        if (codes->table != NULL) {
            twos_table(cells.at, count, codes->table, bits);
        } else {
            twos_set(cells.at, count, codes, bits);
        }
        return;
    default:
        if (codes->table != NULL) {
            fours_table(cells.at, count, codes->table, bits);
        } else {
            fours_set(cells.at, count, codes, bits);
        }
        return;
    }
}

static void same_bytes(i64 count, u8 value, bool more, u8 *masks)
{
    if (!more) {
        memset(masks, value, (size_t)count);
        return;
    }
    for (i64 i = 0; i < count; i++) {
        masks[i] |= value;
    }
}

static void bytes_of_ones(const u8 *cells, i64 count, const u8 *table, u32 codes, bool more, u8 *masks)
{
    i64 whole = codes <= WIDE_CODES && wide_can() ? count / 32 * 32 : 0;
    if (whole > 0) {
        wide_bytes(cells, whole, table, codes, more, masks);
    }
    (more ? ones_more_bytes : ones_bytes)(cells + whole, count - whole, table, masks + whole);
}

void bytes_of_cells(struct cells cells, i64 count, const u8 *table, u32 codes, bool more, u8 *masks)
{
    switch (cells.width) {
    case 0: same_bytes(count, table[0], more, masks); break;
    case 1: bytes_of_ones(cells.at, count, table, codes, more, masks); break;
    case 2: (more ? twos_more_bytes : twos_bytes)(cells.at, count, table, masks); break;
    default: (more ? fours_more_bytes : fours_bytes)(cells.at, count, table, masks); break;
    }
    memset(masks + count, 0, (size_t)(bits_words(count) * 64 - count));
}

void bits_of_times(const i64 *at_ms, i64 count, i64 from, i64 to, u64 *bits)
{
    i64 whole = wide_can() ? count / 64 * 64 : 0;
    if (whole > 0) {
        wide_times(at_ms, whole, from, to, bits);
    }
    for (i64 word = whole / 64; word < bits_words(count); word++) {
        u64 in = 0;
        for (i64 i = word * 64; i < lesser(count, word * 64 + 64); i++) {
            in |= (u64)((at_ms[i] >= from) & (at_ms[i] < to)) << (i & 63);
        }
        bits[word] = in;
    }
}

/* Eight bits as eight bytes of 0 or 1. */
static inline u64 bytes_of(u64 bits)
{
    u64 each = (bits & 0xff) * 0x0101010101010101 & 0x8040201008040201;
    return (each + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101;
}

void bytes_add_bits(u8 *masks, i64 count, const u64 *bits, i32 k)
{
    for (i64 i = 0; i < count; i += 8) {
        u64 eight;
        memcpy(&eight, masks + i, 8);
        eight |= bytes_of(bits[i >> 6] >> (i & 63)) << k;
        memcpy(masks + i, &eight, 8);
    }
}

void bytes_keep_bits(u8 *masks, i64 count, const u64 *bits)
{
    for (i64 i = 0; i < count; i += 8) {
        u64 eight;
        memcpy(&eight, masks + i, 8);
        eight &= bytes_of(bits[i >> 6] >> (i & 63)) * 0xff;
        memcpy(masks + i, &eight, 8);
    }
}

i64 bits_list(const u64 *bits, i64 count, i32 *out)
{
    i64 found = 0;
    for (i64 word = 0; word < bits_words(count); word++) {
        i32 base = (i32)(word * 64);
        u64 rest = bits[word];
        if (rest == ~(u64)0) {
            for (i32 i = 0; i < 64; i++) {
                out[found + i] = base + i;
            }
            found += 64;
            continue;
        }
        for (; rest != 0; rest &= rest - 1) {
            out[found++] = base + __builtin_ctzll(rest);
        }
    }
    return found;
}
