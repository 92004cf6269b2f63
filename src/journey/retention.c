#include "journey/retention.h"

static const u64 each_byte = 0x0101010101010101;

/* Eight marks from `at` on, those at or behind `to` and all other bits taken out: bit 0 of each byte is left. */
static u64 eight(const struct retention_rows *rows, i64 at, u8 mark)
{
    u64 marks;
    memcpy(&marks, rows->marks + at, sizeof(marks));
    marks = marks >> (mark == MARK_RETURN) & each_byte;
    i64 left = rows->to - at;
    return left >= 8 ? marks : marks & (((u64)1 << left * 8) - 1);
}

i64 retention_find(const struct retention_rows *rows, i64 from, u8 mark)
{
    for (i64 at = from; at < rows->to; at += 8) {
        u64 marks = eight(rows, at, mark);
        if (marks != 0) {
            return at + (__builtin_ctzll(marks) >> 3);
        }
    }
    return rows->to;
}

static void put(struct period_set *set, i64 period)
{
    set->words[period >> 6] |= (u64)1 << (period & 63);
}

void retention_calendar(const struct retention_rows *rows, i64 start, const i64 *ends, i64 periods,
                        struct period_set *out)
{
    memset(out, 0, sizeof(*out));
    i64 period = 0;
    for (i64 at = start; at < rows->to; at += 8) {
        for (u64 marks = eight(rows, at, MARK_RETURN); marks != 0; marks &= marks - 1) {
            i64 at_ms = rows->at_ms[at + (__builtin_ctzll(marks) >> 3)];
            while (at_ms >= ends[period]) {
                if (++period == periods) {
                    return;
                }
            }
            put(out, period);
        }
    }
}

void retention_elapsed(const struct retention_rows *rows, i64 start, i64 length_ms, i64 periods, struct period_set *out)
{
    memset(out, 0, sizeof(*out));
    u64 start_ms = (u64)rows->at_ms[start], end = (u64)length_ms;
    i64 period = 0;
    for (i64 at = start; at < rows->to; at += 8) {
        for (u64 marks = eight(rows, at, MARK_RETURN); marks != 0; marks &= marks - 1) {
            u64 after = (u64)rows->at_ms[at + (__builtin_ctzll(marks) >> 3)] - start_ms;
            while (after >= end) {
                if (++period == periods) {
                    return;
                }
                end += (u64)length_ms;
            }
            put(out, period);
        }
    }
}
