#include "journey/funnel_block.h"

#include "journey/bits.h"

enum { BEGINS = 0x80 }; /* on the first row of each person */

/* Rows with a step that may follow another one, and first rows. */
static void list_rows(const struct block *block, const u8 *masks, struct funnel_listed *out)
{
    const i64 *times = block->at_ms;
    i32 *rows = out->rows, *ends = out->begins;
    u16 *kept = out->masks;
    i64 count = 0, person = 0;
    u32 reached = 0;
    for (i64 from = 0; from < block->count; from += 64) {
        for (u64 bits = bits_of_bytes(masks + from); bits != 0; bits &= bits - 1) {
            i64 row = from + __builtin_ctzll(bits);
            u32 mask = masks[row], begins = mask >> 7;
            reached &= begins - 1; // all of it, or nothing where a person begins
            u32 useful = mask & (BEGINS - 1) & (reached << 1 | 1);
            reached |= useful;
            person += begins;
            rows[count] = (i32)row;
            kept[count] = (u16)(useful | begins << 15);
            __builtin_prefetch(&times[useful != 0 ? row : 0]);
            count += (useful != 0) | begins;
            ends[person] = (i32)count; // so far
        }
    }
    out->count = count;
}

/* For every depth the start of the latest attempt that got there, as in funnel.c. */
__attribute__((always_inline)) static inline void reach(const struct funnel_rule *rule, const struct funnel_span *span,
                                                        const struct block *block, struct funnel_listed *out, i32 steps)
{
    const i64 *times = block->at_ms;
    i64 starts[FUNNEL_QUICK_STEPS] = {0}, person = -1, from_ms = span->from_ms, to_ms = span->to_ms;
    u64 within = (u64)rule->within_ms;
    i32 *rows = out->rows;
    u16 *masks = out->masks;
    i64 *at = out->at_ms;
    i32 *lasts = out->lasts, last = 0;
    u8 *reached_by = out->reached;
    u32 reached = 0;
    for (i64 i = 0; i < out->count; i++) {
        u32 begins = masks[i] >> 15, mask = masks[i] & (BEGINS - 1);
        i64 at_ms = times[mask != 0 ? rows[i] : 0];
        mask &= -(u32)((at_ms >= from_ms) & (at_ms < to_ms));
        masks[i] = (u16)mask;
        at[i] = at_ms;
        reached &= begins - 1;
        person += begins;
        u32 before = reached, may = mask & (reached << 1 | 1);
#pragma GCC unroll 8
        for (i32 step = steps - 1; step > 0; step--) {
            bool fits = ((may >> step & 1) != 0) & ((u64)at_ms - (u64)starts[step - 1] <= within);
            starts[step] = fits ? starts[step - 1] : starts[step];
            reached |= (u32)fits << step;
        }
        starts[0] = (may & 1) != 0 ? at_ms : starts[0];
        reached |= may & 1;
        last = reached != before ? (i32)i : last;
        lasts[person] = last;
        reached_by[person] = (u8)reached;
    }
}

void funnel_block(const struct funnel_rule *rule, const struct funnel_span *span, const struct block *block, u8 *masks,
                  struct scratch *scratch, struct funnel_listed *out)
{
    *out = (struct funnel_listed){
        .rows = scratch_new(scratch, i32, block->count + 64),
        .masks = scratch_new(scratch, u16, block->count + 64),
        .at_ms = scratch_new(scratch, i64, block->count + 64),
        .begins = scratch_new(scratch, i32, block->person_count + 2),
        .lasts = scratch_new(scratch, i32, block->person_count + 1),
        .reached = scratch_new(scratch, u8, block->person_count + 1),
    };
    for (i64 i = 0; i < block->person_count; i++) {
        masks[block->people[i].from] |= BEGINS;
    }
    out->begins[0] = 0;
    list_rows(block, masks, out);
    switch (rule->step_count) { // known beforehand, they need no loop
    case 2: reach(rule, span, block, out, 2); break;
    case 3: reach(rule, span, block, out, 3); break;
    case 4: reach(rule, span, block, out, 4); break;
    case 5: reach(rule, span, block, out, 5); break;
    default: reach(rule, span, block, out, rule->step_count); break;
    }
}
