#include "events/filter.h"

#include "test.h"

#include "base/random.h"

static struct u128 hash_of(struct dice *dice)
{
    return (struct u128){(u64)dice_u32(dice) << 32 | dice_u32(dice), (u64)dice_u32(dice) << 32 | dice_u32(dice)};
}

TEST(a_hash_is_new_once)
{
    struct filter filter = {0};
    struct u128 hash = {1, 2};
    assert_false(filter_has(&filter, hash));
    assert_true(filter_add(&filter, hash, 100));
    assert_false(filter_add(&filter, hash, 101));
    assert_true(filter_has(&filter, hash));
    filter_remove(&filter, hash);
    filter_remove(&filter, hash);
    assert_false(filter_has(&filter, hash));
    assert_true(filter_add(&filter, hash, 101));
    filter_free(&filter);
}

TEST(random_adds_and_removes_agree_with_a_plain_table)
{
    enum { HASHES = 20000, STEPS = 200000 };
    static struct u128 hashes[HASHES];
    static bool there[HASHES];
    struct filter filter = {0};
    struct dice dice = dice_new(7, 1);
    for (i64 i = 0; i < HASHES; i++) {
        hashes[i] = hash_of(&dice);
        hashes[i].high &= 0x03ffffffffffffff; // few shards, so that they are crowded
    }
    for (i64 step = 0; step < STEPS; step++) {
        i64 at = dice_below(&dice, HASHES);
        if (dice_below(&dice, 3) > 0) {
            assert_int_equal(filter_add(&filter, hashes[at], 5), !there[at]);
            there[at] = true;
        } else {
            filter_remove(&filter, hashes[at]);
            there[at] = false;
        }
    }
    i64 count = 0;
    for (i64 i = 0; i < HASHES; i++) {
        assert_int_equal(filter_has(&filter, hashes[i]), there[i]);
        count += there[i];
    }
    assert_int_equal(filter.count, count);
    filter_free(&filter);
}

TEST(a_sweep_forgets_the_days_before_and_keeps_the_rest)
{
    struct filter filter = {0};
    struct dice dice = dice_new(8, 1);
    static struct u128 hashes[5000];
    for (i64 i = 0; i < countof(hashes); i++) {
        hashes[i] = hash_of(&dice);
        assert_true(filter_add(&filter, hashes[i], (u16)(100 + i % 10)));
    }
    filter_sweep(&filter, 105);
    assert_int_equal(filter.count, 2500);
    for (i64 i = 0; i < countof(hashes); i++) {
        assert_int_equal(filter_has(&filter, hashes[i]), i % 10 >= 5);
    }
    filter_free(&filter);
}

TEST(an_entry_takes_at_most_29_bytes_when_there_are_many)
{
    struct filter filter = {0};
    struct dice dice = dice_new(9, 1);
    for (i64 i = 1; i <= 300000; i++) {
        assert_true(filter_add(&filter, hash_of(&dice), 1));
        if (i % 50000 == 0) {
            assert_true(filter_bytes(&filter) / i <= 29);
        }
    }
    filter_free(&filter);
}

TEST(days_stay_in_their_range)
{
    assert_int_equal(filter_day(-5), 1);
    assert_int_equal(filter_day(0), 1);
    assert_int_equal(filter_day(86400000LL * 20000 + 5), 20000);
    assert_int_equal(filter_day(INT64_MAX), UINT16_MAX);
}
