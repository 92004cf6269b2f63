#include "listen/demo/deck.h"
#include "test.h"

static const str text = STR("# a remark\n[colours]\n3: red\nblue\n\n[empty words]\nTrần: yes\n12:  two  \n");

static struct decks read_all(struct arena *arena)
{
    struct decks decks = {0};
    decks_read(arena, &decks, text);
    return decks;
}

TEST(a_deck_has_its_cards_with_their_weights)
{
    struct arena arena = {0};
    struct decks decks = read_all(&arena);
    const struct deck *deck = decks_find(&decks, STR("colours"));
    assert_int_equal(deck->count, 2);
    assert_int_equal(deck->cards[0].sum, 3);
    assert_int_equal(deck->cards[1].sum, 4);
    arena_free(&arena);
}

TEST(a_colon_behind_words_is_part_of_the_card)
{
    struct arena arena = {0};
    struct decks decks = read_all(&arena);
    const struct deck *deck = decks_find(&decks, STR("empty words"));
    assert_true(str_eq(deck->cards[0].text, STR("Trần: yes")));
    assert_true(str_eq(deck->cards[1].text, STR("two")));
    arena_free(&arena);
}

TEST(a_second_text_adds_to_the_first)
{
    struct arena arena = {0};
    struct decks decks = read_all(&arena);
    decks_read(&arena, &decks, STR("[more]\none\n"));
    assert_int_equal(decks.count, 3);
    assert_int_equal(decks_find(&decks, STR("colours"))->count, 2);
    assert_int_equal(decks_find(&decks, STR("more"))->count, 1);
    arena_free(&arena);
}

TEST(cards_are_drawn_as_often_as_they_weigh)
{
    struct arena arena = {0};
    struct decks decks = read_all(&arena);
    struct dice dice = dice_new(7, 1);
    i64 red = 0;
    for (int i = 0; i < 4000; i++) {
        red += str_eq(decks_pick(&decks, STR("colours"), &dice), STR("red"));
    }
    assert_in_range(red, 2850, 3150);
    arena_free(&arena);
}
