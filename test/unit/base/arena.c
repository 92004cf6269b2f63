#include "test.h"

#include "base/arena.h"
#include "base/buf.h"

TEST(memory_is_zeroed_and_aligned)
{
    struct arena arena = {0};
    for (i64 size = 1; size < 5000; size += 37) {
        char *block = arena_alloc(&arena, size, 16);
        assert_int_equal((uintptr_t)block % 16, 0);
        for (i64 i = 0; i < size; i++) {
            assert_int_equal(block[i], 0);
        }
        memset(block, 0xFF, (size_t)size);
    }
    arena_free(&arena);
}

TEST(a_reset_arena_hands_out_zeroed_memory_again)
{
    struct arena arena = {0};
    memset(arena_alloc(&arena, 1000, 1), 0xFF, 1000);
    arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    const char *again = arena_alloc(&arena, 1000, 1);
    for (i64 i = 0; i < 1000; i++) {
        assert_int_equal(again[i], 0);
    }
    arena_free(&arena);
}

TEST(growing_the_newest_block_keeps_its_place)
{
    struct arena arena = {0};
    char *first = arena_alloc(&arena, 100, 1);
    first[99] = 'x';
    char *grown = arena_grow(&arena, first, 100, 200, 1);
    assert_ptr_equal(grown, first);
    assert_int_equal(grown[99], 'x');
    (void)arena_alloc(&arena, 1, 1);
    char *moved = arena_grow(&arena, grown, 200, 300, 1);
    assert_ptr_not_equal(moved, grown);
    assert_int_equal(moved[99], 'x');
    assert_int_equal(moved[299], 0);
    arena_free(&arena);
}

TEST(a_buffer_keeps_what_was_added)
{
    struct arena arena = {0};
    struct buf buf = buf_in(&arena);
    for (i64 i = -500; i < 500; i++) {
        buf_i64(&buf, i);
        buf_char(&buf, ' ');
        if (i % 50 == 0) {
            (void)arena_alloc(&arena, 10, 1); /* forces a move */
        }
    }
    buf_i64(&buf, INT64_MIN);
    str text = buf_str(&buf);
    assert_true(str_starts(text, STR("-500 -499 ")));
    assert_true(str_ends(text, STR(" 499 -9223372036854775808")));
    arena_free(&arena);
}
