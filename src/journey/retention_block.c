#include "journey/retention_block.h"

#include "journey/bits.h"

enum { BEGINS = 0x80 }; /* on the first row of each person */

/* Everybody's first start, and the returns from there on. */
struct listed {
    i64 count;
    i32 *rows;
    u8 *marks;
};

static void list_rows(const struct block *block, const u8 *marks, struct listed *out)
{
    const i64 *times = block->at_ms;
    i32 *rows = out->rows;
    u8 *kept = out->marks;
    i64 count = 0;
    u32 started = 0;
    for (i64 from = 0; from < block->count; from += 64) {
        for (u64 bits = bits_of_bytes(marks + from); bits != 0; bits &= bits - 1) {
            i64 row = from + __builtin_ctzll(bits);
            u32 mark = marks[row];
            started &= (mark >> 7) - 1; // not yet, where a person begins
            u32 start = mark & MARK_START & ~started;
            started |= start;
            u32 useful = start | (mark & (started << 1));
            rows[count] = (i32)row;
            kept[count] = (u8)useful;
            count += useful != 0;
            __builtin_prefetch(&times[useful != 0 ? row : 0]);
        }
    }
    out->count = count;
}

static void count_rows(const struct retention_quick *quick, const struct block *block, const struct listed *listed,
                       i64 *sizes, i64 *returned)
{
    const struct periods periods = *quick->periods;
    i64 first_ms = periods.starts[0], last_ms = periods.starts[periods.count] - 1;
    i64 nowhere = quick->cohorts, counted = quick->counted, cohort = nowhere;
    u64 came = 0; // bit k: in period k already
    for (i64 i = 0; i < listed->count; i++) {
        i64 at_ms = block->at_ms[listed->rows[i]];
        i64 period = periods_find(&periods, lesser(greater(at_ms, first_ms), last_ms));
        bool start = (listed->marks[i] & MARK_START) != 0, known = at_ms < quick->asked_ms;
        bool counts = known & (at_ms >= quick->from_ms) & (at_ms < quick->to_ms);
        i64 begun = counts ? period : nowhere;
        cohort = start ? begun : cohort;
        came = start ? 0 : came;
        sizes[cohort] += start;
        u64 after = lesser((u64)(period - cohort), RETENTION_QUICK_PERIODS);
        bool here = (cohort != nowhere) & (after < (u64)counted);
        u64 returns = (u64)((listed->marks[i] & MARK_RETURN) != 0) & (u64)known;
        returned[here ? cohort * counted + (i64)after : nowhere * counted] += (i64)(returns & ~(came >> after));
        came |= returns << after;
    }
}

void retention_block(const struct retention_quick *quick, const struct block *block, u8 *marks, struct scratch *scratch,
                     i64 *sizes, i64 *returned)
{
    struct listed listed = {.rows = scratch_new(scratch, i32, block->count + 1),
                            .marks = scratch_new(scratch, u8, block->count + 1)};
    for (i64 i = 0; i < block->person_count; i++) {
        marks[block->people[i].from] |= BEGINS;
    }
    list_rows(block, marks, &listed);
    count_rows(quick, block, &listed, sizes, returned);
}
