#include "test.h"

#include "journey/bits.h"

#include "base/random.h"

enum { ROWS_MOST = 300 };

/* Sets of few and of many codes over cells of each width, against one cell at a time. */
static void compare_sets(struct dice *dice, struct arena *arena, u8 width, u32 codes_in_all, i64 count)
{
    u32 cells[ROWS_MOST] = {0};
    u64 *wanted = arena_new(arena, u64, codes_in_all / 64 + 1);
    u32 wishes = (u32)dice_below(dice, 6) * (u32)dice_below(dice, 6);
    for (u32 i = 0; i < wishes; i++) {
        u32 code = (u32)dice_below(dice, codes_in_all);
        wanted[code >> 6] |= (u64)1 << (code & 63);
    }
    struct codes codes = codes_make(arena, wanted, codes_in_all);
    for (i64 i = 0; i < count; i++) {
        u32 code = width == 0 ? 0 : (u32)dice_below(dice, codes_in_all);
        switch (width) {
        case 1: ((u8 *)cells)[i] = (u8)code; break;
        case 2: ((u16 *)cells)[i] = (u16)code; break;
        case 4: cells[i] = code; break;
        default: break;
        }
    }
    u64 bits[ROWS_MOST / 64 + 1] = {~(u64)0, ~(u64)0, ~(u64)0, ~(u64)0, ~(u64)0};
    bits_of_cells((struct cells){cells, width}, count, &codes, bits);
    for (i64 i = 0; i < bits_words(count) * 64; i++) {
        bool should = i < count && codes_has(&codes, cells_get((struct cells){cells, width}, i));
        assert_int_equal(bits_has(bits, i), should);
    }
}

TEST(a_bit_is_set_for_every_cell_with_a_wanted_code)
{
    struct dice dice = dice_new(7, 0);
    static const struct {
        u8 width;
        u32 codes;
    } sorts[] = {{0, 5}, {1, 1}, {1, 20}, {1, 256}, {2, 100}, {2, 1000}, {4, 1000}, {4, 70000}};
    for (i32 again = 0; again < 400; again++) {
        struct arena arena = {0};
        i64 sort = again % countof(sorts);
        compare_sets(&dice, &arena, sorts[sort].width, sorts[sort].codes, (i64)dice_below(&dice, ROWS_MOST));
        arena_free(&arena);
    }
}

TEST(bytes_are_looked_up_and_joined_with_bits)
{
    u8 cells[100], table[256], masks[128];
    u64 bits[2] = {0};
    for (i64 i = 0; i < 256; i++) {
        table[i] = (u8)(i % 5);
    }
    for (i64 i = 0; i < 100; i++) {
        cells[i] = (u8)(i * 7);
    }
    bits_set(bits, 10, 90);
    bytes_of_cells((struct cells){cells, 1}, 100, table, 256, false, masks);
    bytes_add_bits(masks, 100, bits, 3);
    for (i64 i = 0; i < 128; i++) {
        u8 should = i < 100 ? (u8)(table[cells[i]] | (i >= 10 && i < 90 ? 8 : 0)) : 0;
        assert_int_equal(masks[i], should);
    }
    bytes_keep_bits(masks, 100, bits);
    bytes_of_cells((struct cells){0}, 100, table, 256, true, masks);
    for (i64 i = 0; i < 128; i++) {
        u8 should = i >= 10 && i < 90 ? (u8)(table[cells[i]] | 8 | table[0]) : 0;
        assert_int_equal(masks[i], should);
    }
}

TEST(bytes_are_looked_up_in_small_tables_too)
{
    struct dice dice = dice_new(3, 0);
    for (u32 codes = 1; codes <= 70; codes++) {
        u8 cells[200], table[256] = {0}, masks[256];
        i64 count = dice_below(&dice, 200);
        for (u32 code = 0; code < codes; code++) {
            table[code] = (u8)dice_u32(&dice);
        }
        for (i64 i = 0; i < 200; i++) {
            cells[i] = (u8)dice_below(&dice, codes);
        }
        bytes_of_cells((struct cells){cells, 1}, count, table, codes, false, masks);
        for (i64 i = 0; i < bits_words(count) * 64; i++) {
            assert_int_equal(masks[i], i < count ? table[cells[i]] : 0);
        }
        table[0] = 1;
        bytes_of_cells((struct cells){cells, 1}, count, table, codes, true, masks);
        for (i64 i = 0; i < count; i++) {
            assert_int_equal(masks[i] & table[cells[i]], table[cells[i]]);
        }
    }
}

TEST(moments_within_bounds_have_a_bit)
{
    i64 at_ms[150];
    u64 bits[3];
    for (i64 i = 0; i < 150; i++) {
        at_ms[i] = (i * 37) % 150 - 20;
    }
    for (i64 count = 0; count <= 150; count += 25) {
        bits_of_times(at_ms, count, -3, 90, bits);
        for (i64 i = 0; i < bits_words(count) * 64; i++) {
            assert_int_equal(bits_has(bits, i), i < count && at_ms[i] >= -3 && at_ms[i] < 90);
        }
    }
}

TEST(ranges_of_bits_are_set_and_listed)
{
    for (i64 from = 0; from < 200; from += 13) {
        for (i64 to = from; to <= 200; to += 7) {
            u64 bits[4] = {0};
            i32 rows[264];
            bits_set(bits, from, to);
            assert_int_equal(bits_list(bits, 200, rows), to - from);
            for (i64 i = from; i < to; i++) {
                assert_int_equal(rows[i - from], i);
            }
        }
    }
}

TEST(scratch_memory_is_aligned_and_grows_to_what_is_needed)
{
    struct scratch scratch = {0};
    for (i32 again = 0; again < 3; again++) {
        for (i64 size = 1; size < 5000; size += 777) {
            u8 *room = scratch_alloc(&scratch, size);
            assert_int_equal((uintptr_t)room % SCRATCH_ALIGN, 0);
            memset(room, again, (size_t)((size + SCRATCH_ALIGN - 1) / SCRATCH_ALIGN * SCRATCH_ALIGN));
        }
        assert_int_equal(scratch.spilled_count > 0, again == 0);
        scratch_reset(&scratch);
    }
    scratch_free(&scratch);
}
