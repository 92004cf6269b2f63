/* The scalars every room speaks.
 *
 * Lengths and counts are signed, so that a difference of two never wraps.
 * Values that may be missing say so in their type instead of using a magic
 * number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef float f32;
typedef double f64;

/* A 128-bit fingerprint; two halves so that it needs no alignment of its own. */
struct u128 {
    u64 high, low;
};

struct maybe_i64 {
    i64 value;
    bool is; /* false: there is no value; `value` is then 0 */
};

struct maybe_f64 {
    f64 value;
    bool is;
};

#define countof(array) ((i64)(sizeof(array) / sizeof((array)[0])))
#define lesser(a, b) ((a) < (b) ? (a) : (b))
#define greater(a, b) ((a) > (b) ? (a) : (b))
