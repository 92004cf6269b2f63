#include "base/random.h"

#include <assert.h>
#include <math.h>
#include <sodium.h>

void random_bytes(void *out, i64 len)
{
    randombytes_buf(out, (size_t)len);
}

str random_token(struct arena *arena, i64 bytes)
{
    enum { BYTES_MAX = 64 };
    assert(bytes > 0 && bytes <= BYTES_MAX);
    u8 secret[BYTES_MAX];
    random_bytes(secret, bytes);
    size_t len = sodium_base64_encoded_len((size_t)bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(arena, (i64)len, 1);
    (void)sodium_bin2base64(text, len, secret, (size_t)bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof(secret));
    return (str){text, (i64)len - 1};
}

static const u64 multiplier = 6364136223846793005u;

struct dice dice_new(u64 seed, u64 stream)
{
    struct dice dice = {.state = 0, .stream = stream << 1 | 1};
    (void)dice_u32(&dice);
    dice.state += seed;
    (void)dice_u32(&dice);
    return dice;
}

u32 dice_u32(struct dice *dice)
{
    u64 old = dice->state;
    dice->state = old * multiplier + dice->stream;
    u32 mixed = (u32)((old >> 18 ^ old) >> 27);
    u32 turn = (u32)(old >> 59);
    return mixed >> turn | mixed << (-turn & 31);
}

i64 dice_below(struct dice *dice, i64 bound)
{
    assert(bound > 0 && bound <= UINT32_MAX);
    u32 limit = (u32)bound;
    u32 unfair = -limit % limit; /* this many values at the bottom would be drawn too often */
    u32 draw;
    do {
        draw = dice_u32(dice);
    } while (draw < unfair);
    return draw % limit;
}

f64 dice_unit(struct dice *dice)
{
    u64 high = dice_u32(dice) >> 5;
    u64 low = dice_u32(dice) >> 6;
    return (f64)(high << 26 | low) / 9007199254740992.0; /* 2^53 */
}

/* Box and Muller 1958; one of the pair is enough. */
f64 dice_normal(struct dice *dice)
{
    f64 radius = sqrt(-2.0 * log(1.0 - dice_unit(dice)));
    return radius * cos(2.0 * 3.14159265358979323846 * dice_unit(dice));
}

f64 dice_exponential(struct dice *dice, f64 mean)
{
    return -mean * log(1.0 - dice_unit(dice));
}
