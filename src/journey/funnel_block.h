/* How deep everybody in a block of lives gets into a funnel of up to 7 steps in loose order.
 *
 * Most people get to the first step or nowhere, and which is which cannot be
 * guessed; a jump that is guessed wrong costs more than all the arithmetic for
 * a person. So the events with a step are listed first, and then every one of
 * them goes through the same operations whoever and whatever it is. Only those
 * who get further are looked at one by one (funnel.h).
 *
 *     masks      . . 1 . 2 . | 3 . . | . 1 . 1 . 2     bits of steps
 *     listed         1   2   |         1   1   2       steps that some attempt may take, and each person's first row
 */
#pragma once

#include "journey/funnel.h"
#include "journey/scratch.h"

#include "journey/block.h"

enum { FUNNEL_QUICK_STEPS = 7 };

/* Times that count: [from_ms, to_ms). */
struct funnel_span {
    i64 from_ms, to_ms;
};

struct funnel_listed {
    i64 count;
    i32 *rows; /* places in the block */
    u16 *
        masks; /* steps, but without what has no step before it; 0 where the event is out of time, or only begins a person */
    i64 *at_ms;
    i32 *begins; /* [person of the block], and one behind: where theirs begin in the list */
    i32 *lasts;  /* [person of the block]: the place in the list at which its depth was reached first */
    u8 *reached; /* [person of the block]: bit k: step k + 1 was reached in time */
};

/* `masks` has a byte for each row of the block and up to the next multiple of 64, and is changed. Memory is the scratch's. */
void funnel_block(const struct funnel_rule *rule, const struct funnel_span *span, const struct block *block, u8 *masks,
                  struct scratch *scratch, struct funnel_listed *out);
