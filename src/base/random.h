/* Randomness: the system's for secrets, a seeded one for repeatable worlds. */
#pragma once

#include "base/str.h"

/* Fills with bytes nobody can guess. */
void random_bytes(void *out, i64 len);

/* A secret of `bytes` random bytes as unpadded base64url text in the arena. */
str random_token(struct arena *arena, i64 bytes);

/* PCG-XSH-RR 64/32 (O'Neill 2014): the same seed gives the same sequence on every machine. */
struct dice {
    u64 state, stream;
};
struct dice dice_new(u64 seed, u64 stream);
u32 dice_u32(struct dice *dice);
i64 dice_below(struct dice *dice, i64 bound); /* 0 … bound-1, without bias */
f64 dice_unit(struct dice *dice);             /* [0, 1) */
f64 dice_normal(struct dice *dice);           /* mean 0, deviation 1 */
f64 dice_exponential(struct dice *dice, f64 mean);
