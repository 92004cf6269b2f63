/* Chance in whole numbers.
 *
 * The demo company must be the same on every machine, so nothing here rounds:
 * no floating point, and no function whose last digit depends on the C library.
 * For the same reason no expression draws twice: compilers choose the order in
 * which operands, arguments and initialisers are computed.
 */
#pragma once

#include "base/random.h"

/* True so many times in a thousand. */
static inline bool chance(struct dice *dice, i64 per_mille)
{
    return dice_below(dice, 1000) < per_mille;
}

/* Both ends included. */
static inline i64 chance_between(struct dice *dice, i64 low, i64 high)
{
    return low + dice_below(dice, high - low + 1);
}

/* Somewhere in a span of time, which may be longer than the dice can count in milliseconds. */
static inline i64 chance_within(struct dice *dice, i64 span_ms)
{
    i64 seconds = dice_below(dice, span_ms / 1000);
    return seconds * 1000 + dice_below(dice, 1000);
}

/* A bell around `centre`, never further away than `reach`. */
static inline i64 chance_bell(struct dice *dice, i64 centre, i64 reach)
{
    i64 sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += chance_between(dice, -reach, reach);
    }
    return centre + sum / 4;
}

/* An exponential waiting time: a table of its quantiles, so that no logarithm is needed. */
i64 chance_wait(struct dice *dice, i64 mean);

/* An index of a list of weights. */
i64 chance_pick(struct dice *dice, const u16 *weights, i64 count);

#define CHANCE_PICK(dice, weights) chance_pick((dice), (weights), countof(weights))
