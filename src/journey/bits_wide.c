#include "journey/bits_wide.h"

#include <string.h>

static void plain_seconds(const u32 *seconds, i64 count, i64 first_ms, i64 *at_ms)
{
    for (i64 i = 0; i < count; i++) {
        at_ms[i] = first_ms + (i64)seconds[i] * 1000;
    }
}

#ifdef __x86_64__
#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))

bool wide_can(void)
{
    return __builtin_cpu_supports("avx2");
}

static WIDE inline __m256i twice(const void *sixteen)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(sixteen));
}

/* A code's bit: its upper five bits choose one of the set's 32 bytes, its lower three the bit in it. */
static WIDE inline u32 found(__m256i cells, __m256i low, __m256i high)
{
    const __m256i powers = _mm256_set1_epi64x((long long)0x8040201008040201);
    __m256i byte_of = _mm256_and_si256(_mm256_srli_epi16(cells, 3), _mm256_set1_epi8(0x1f));
    __m256i byte = _mm256_blendv_epi8(_mm256_shuffle_epi8(low, byte_of), _mm256_shuffle_epi8(high, byte_of), cells);
    __m256i bit = _mm256_shuffle_epi8(powers, _mm256_and_si256(cells, _mm256_set1_epi8(7)));
    return (u32)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_and_si256(byte, bit), bit));
}

WIDE void wide_bits(const u8 *cells, i64 count, const struct codes *codes, u64 *bits)
{
    u64 set[4] = {0};
    memcpy(set, codes->bits, (size_t)(codes->count + 63) / 64 * sizeof(u64));
    __m256i low = twice(set), high = twice(set + 2);
    for (; count >= 64; count -= 64, cells += 64) {
        const __m256i *at = (const __m256i *)(const void *)cells;
        *bits++ = found(_mm256_loadu_si256(at), low, high) | (u64)found(_mm256_loadu_si256(at + 1), low, high) << 32;
    }
}

WIDE void wide_bytes(const u8 *cells, i64 count, const u8 *table, u32 codes, bool more, u8 *masks)
{
    __m256i tables[WIDE_CODES / 16];
    i32 used = (i32)(codes + 15) / 16;
    for (i32 t = 0; t < used; t++) {
        tables[t] = twice(table + t * 16);
    }
    for (; count >= 32; count -= 32, cells += 32, masks += 32) {
        __m256i in = _mm256_loadu_si256((const __m256i *)(const void *)cells);
        __m256i out = more ? _mm256_loadu_si256((const __m256i *)(const void *)masks) : _mm256_setzero_si256();
        for (i32 t = 0; t < used; t++) {
            // Codes of this table keep their low bits, all others get the top bit, for which a shuffle gives 0.
            __m256i here = _mm256_adds_epu8(_mm256_sub_epi8(in, _mm256_set1_epi8((char)(t * 16))),
                                            _mm256_set1_epi8(0x70));
            out = _mm256_or_si256(out, _mm256_shuffle_epi8(tables[t], here));
        }
        _mm256_storeu_si256((__m256i *)(void *)masks, out);
    }
}

WIDE void wide_times(const i64 *at_ms, i64 count, i64 from, i64 to, u64 *bits)
{
    __m256i first = _mm256_set1_epi64x(from), end = _mm256_set1_epi64x(to);
    for (; count >= 64; count -= 64, at_ms += 64) {
        u64 word = 0;
        for (i32 i = 0; i < 16; i++) {
            __m256i four = _mm256_loadu_si256((const __m256i *)(const void *)(at_ms + i * 4));
            __m256i in = _mm256_andnot_si256(_mm256_cmpgt_epi64(first, four), _mm256_cmpgt_epi64(end, four));
            word |= (u64)(u32)_mm256_movemask_pd(_mm256_castsi256_pd(in)) << (4 * i);
        }
        *bits++ = word;
    }
}

static WIDE void four_seconds(const u32 *seconds, i64 count, i64 first_ms, i64 *at_ms)
{
    const __m256i thousand = _mm256_set1_epi64x(1000), first = _mm256_set1_epi64x(first_ms);
    for (i64 i = 0; i < count; i += 4) {
        __m256i four = _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)(seconds + i)));
        _mm256_storeu_si256((__m256i *)(void *)(at_ms + i), _mm256_add_epi64(first, _mm256_mul_epu32(four, thousand)));
    }
}

void wide_seconds(const u32 *seconds, i64 count, i64 first_ms, i64 *at_ms)
{
    i64 whole = wide_can() ? count / 4 * 4 : 0;
    if (whole > 0) {
        four_seconds(seconds, whole, first_ms, at_ms);
    }
    plain_seconds(seconds + whole, count - whole, first_ms, at_ms + whole);
}

#else

bool wide_can(void)
{
    return false;
}

void wide_bits([[maybe_unused]] const u8 *cells, [[maybe_unused]] i64 count, [[maybe_unused]] const struct codes *codes,
               [[maybe_unused]] u64 *bits)
{
}

void wide_bytes([[maybe_unused]] const u8 *cells, [[maybe_unused]] i64 count, [[maybe_unused]] const u8 *table,
                [[maybe_unused]] u32 codes, [[maybe_unused]] bool more, [[maybe_unused]] u8 *masks)
{
}

void wide_times([[maybe_unused]] const i64 *at_ms, [[maybe_unused]] i64 count, [[maybe_unused]] i64 from,
                [[maybe_unused]] i64 to, [[maybe_unused]] u64 *bits)
{
}

void wide_seconds(const u32 *seconds, i64 count, i64 first_ms, i64 *at_ms)
{
    plain_seconds(seconds, count, first_ms, at_ms);
}
#endif
