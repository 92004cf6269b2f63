#include "test.h"

#include "base/random.h"
#include "journey/retention.h"

enum { ROUNDS = 5000, EVENTS = 40, ENDS = 90 };

static bool has(const struct period_set *set, i64 period)
{
    return (set->words[period >> 6] >> (period & 63) & 1) != 0;
}

struct life {
    i64 at_ms[EVENTS];
    u8 marks[EVENTS + 8];
    i64 ends[ENDS];
    struct retention_rows rows;
};

static void live(struct dice *dice, struct life *life)
{
    i64 now = 0, end = 0;
    i64 stride = 1 + dice_below(dice, 30);
    for (i64 i = 0; i < EVENTS; i++) {
        life->at_ms[i] = now += dice_below(dice, stride);
        life->marks[i] = (u8)dice_below(dice, 4);
    }
    for (i64 i = 0; i < ENDS; i++) {
        life->ends[i] = end += 3 + dice_below(dice, 9);
    }
    i64 from = dice_below(dice, 10);
    life->rows = (struct retention_rows){life->at_ms, life->marks, from, from + dice_below(dice, EVENTS - from + 1)};
}

static i64 period_of(const struct life *life, i64 at_ms)
{
    i64 period = 0;
    while (at_ms >= life->ends[period]) {
        period++;
    }
    return period;
}

TEST(the_first_event_with_a_mark_is_found)
{
    struct dice dice = dice_new(7, 1);
    struct life life = {0};
    for (i32 round = 0; round < ROUNDS; round++) {
        live(&dice, &life);
        i64 i = life.rows.from;
        while (i < life.rows.to && (life.marks[i] & MARK_START) == 0) {
            i++;
        }
        assert_int_equal(retention_find(&life.rows, life.rows.from, MARK_START), i);
    }
}

TEST(returns_fall_into_the_periods_of_the_calendar)
{
    struct dice dice = dice_new(8, 1);
    struct life life = {0};
    i64 found = 0;
    for (i32 round = 0; round < ROUNDS; round++) {
        live(&dice, &life);
        i64 start = retention_find(&life.rows, life.rows.from, MARK_START);
        if (start == life.rows.to || period_of(&life, life.at_ms[start]) + 13 > 60) {
            continue;
        }
        i64 first = period_of(&life, life.at_ms[start]), periods = 1 + dice_below(&dice, 13);
        struct period_set set, slow = {0};
        retention_calendar(&life.rows, start, life.ends + first, periods, &set);
        for (i64 i = start; i < life.rows.to; i++) {
            i64 k = life.at_ms[i] >= life.ends[ENDS - 1] ? periods : period_of(&life, life.at_ms[i]) - first;
            if ((life.marks[i] & MARK_RETURN) != 0 && k < periods) {
                slow.words[k >> 6] |= (u64)1 << (k & 63);
                found++;
            }
        }
        assert_memory_equal(&set, &slow, sizeof(set));
    }
    assert_true(found > ROUNDS);
}

TEST(elapsed_periods_are_counted_from_the_start_event)
{
    struct dice dice = dice_new(9, 1);
    struct life life = {0};
    for (i32 round = 0; round < ROUNDS; round++) {
        live(&dice, &life);
        i64 start = retention_find(&life.rows, life.rows.from, MARK_START);
        if (start == life.rows.to) {
            continue;
        }
        i64 periods = 1 + dice_below(&dice, 100), length = 1 + dice_below(&dice, 12);
        struct period_set set, slow = {0};
        retention_elapsed(&life.rows, start, length, periods, &set);
        for (i64 i = start; i < life.rows.to; i++) {
            i64 k = (life.at_ms[i] - life.at_ms[start]) / length;
            if ((life.marks[i] & MARK_RETURN) != 0 && k < periods) {
                slow.words[k >> 6] |= (u64)1 << (k & 63);
            }
        }
        assert_memory_equal(&set, &slow, sizeof(set));
    }
}

TEST(the_start_event_counts_as_a_return_when_it_is_one)
{
    const i64 at_ms[] = {5};
    const u8 marks[9] = {MARK_START | MARK_RETURN}, only[9] = {MARK_START};
    struct period_set set;
    retention_elapsed(&(struct retention_rows){at_ms, marks, 0, 1}, 0, 10, 3, &set);
    assert_true(has(&set, 0));
    retention_elapsed(&(struct retention_rows){at_ms, only, 0, 1}, 0, 10, 3, &set);
    assert_false(has(&set, 0));
}
