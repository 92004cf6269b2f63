/* The same as in bits.h for processors with AVX2, 32 cells at a time. */
#pragma once

#include "journey/bits.h"

/* Can this processor? */
bool wide_can(void);

/* Whole words of bits: the first count / 64 * 64 cells; the set has at most 256 codes. */
void wide_bits(const u8 *cells, i64 count, const struct codes *codes, u64 *bits);

/* The first count / 32 * 32 masks; `codes` <= WIDE_CODES. `more`: |= instead of =. */
enum { WIDE_CODES = 64 };
void wide_bytes(const u8 *cells, i64 count, const u8 *table, u32 codes, bool more, u8 *masks);

/* at_ms[i] = first_ms + seconds[i] * 1000; any count, any processor. */
void wide_seconds(const u32 *seconds, i64 count, i64 first_ms, i64 *at_ms);

/* Whole words: is from <= at < to? */
void wide_times(const i64 *at_ms, i64 count, i64 from, i64 to, u64 *bits);
