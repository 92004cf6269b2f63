#include "test.h"

#include "base/random.h"
#include "measure/quantile.h"

#include <stdlib.h>

enum { MANY = 5000 };

static int by_value(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

static i64 some_value(struct dice *dice)
{
    u64 bits = (u64)dice_u32(dice) << 32 | dice_u32(dice);
    return (i64)(bits >> (14 + dice_below(dice, 50)));
}

TEST(a_bucket_holds_the_numbers_of_its_range)
{
    struct dice dice = dice_new(11, 1);
    for (i32 bucket = 0; bucket < QUANTILE_BUCKETS; bucket++) {
        struct quantile_range range = quantile_range(bucket);
        assert_int_equal(quantile_bucket(range.low), bucket);
        assert_int_equal(quantile_bucket(range.high - 1), bucket);
        assert_true(range.high == INT64_MAX || quantile_bucket(range.high) == bucket + 1);
    }
    for (i32 i = 0; i < MANY; i++) {
        i64 value = some_value(&dice);
        struct quantile_range range = quantile_range(quantile_bucket(value));
        assert_true(range.low <= value && value < range.high);
    }
    assert_int_equal(quantile_bucket(INT64_MAX), QUANTILE_BUCKETS - 1);
}

TEST(the_rank_is_the_floor_of_q_times_n)
{
    assert_int_equal(quantile_rank(50, 1), 0);
    assert_int_equal(quantile_rank(50, 4), 2);
    assert_int_equal(quantile_rank(90, 10), 9);
    assert_int_equal(quantile_rank(90, 11), 9);
}

TEST(the_selected_number_is_that_of_the_sorted_list)
{
    struct dice dice = dice_new(12, 1);
    static i64 values[MANY], sorted[MANY];
    for (i32 round = 0; round < 300; round++) {
        i64 count = 1 + dice_below(&dice, round % 3 == 0 ? MANY : 40);
        i64 rank = dice_below(&dice, count);
        bool equal = round % 7 == 0;
        for (i64 i = 0; i < count; i++) {
            values[i] = sorted[i] = equal ? 60000 : some_value(&dice);
        }
        qsort(sorted, (size_t)count, sizeof(i64), by_value);
        assert_int_equal(quantile_select(values, count, rank), sorted[rank]);
        assert_int_equal(quantile_select(values, count, count - 1 - rank), sorted[count - 1 - rank]);
    }
}

TEST(the_bucket_of_a_rank_leads_to_the_same_number)
{
    struct dice dice = dice_new(13, 1);
    static i64 values[MANY], sorted[MANY];
    static u32 counts[QUANTILE_BUCKETS];
    for (i64 i = 0; i < MANY; i++) {
        values[i] = sorted[i] = some_value(&dice);
        counts[quantile_bucket(values[i])]++;
    }
    qsort(sorted, MANY, sizeof(i64), by_value);
    for (i64 wanted = 0; wanted < MANY; wanted += 97) {
        i64 rank = wanted, inside[MANY], count = 0;
        struct quantile_range range = quantile_range(quantile_find(counts, &rank));
        for (i64 i = 0; i < MANY; i++) {
            if (values[i] >= range.low && values[i] < range.high) {
                inside[count++] = values[i];
            }
        }
        assert_int_equal(quantile_select(inside, count, rank), sorted[wanted]);
    }
}
