#include "listen/demo/deck.h"

#include <assert.h>

static bool names_deck(str line)
{
    return str_starts(line, STR("[")) && str_ends(line, STR("]"));
}

/* "12: text" → 12 and "text". */
static i64 take_weight(str *line)
{
    i64 colon = str_find_char(*line, ':');
    i64 weight = 0;
    if (colon <= 0 || !str_i64(str_slice(*line, 0, colon), &weight)) {
        return 1;
    }
    *line = str_trim(str_slice(*line, colon + 1, line->len));
    return weight;
}

static bool next_line(str *rest, str *line)
{
    while (str_is(*rest)) {
        *line = str_trim(str_cut(rest, '\n'));
        if (line->len > 0 && line->data[0] != '#') {
            return true;
        }
    }
    return false;
}

static void count_lines(str text, i64 *decks, i64 *cards)
{
    for (str line; next_line(&text, &line);) {
        *(names_deck(line) ? decks : cards) += 1;
    }
}

void decks_read(struct arena *arena, struct decks *decks, str text)
{
    i64 deck_count = decks->count, card_count = 0;
    count_lines(text, &deck_count, &card_count);
    struct deck *items = arena_new(arena, struct deck, deck_count);
    struct card *cards = arena_new(arena, struct card, card_count);
    for (i64 i = 0; i < decks->count; i++) {
        items[i] = decks->items[i];
    }
    struct deck *deck = NULL;
    for (str line; next_line(&text, &line);) {
        if (names_deck(line)) {
            deck = &items[decks->count++];
            *deck = (struct deck){.name = str_slice(line, 1, line.len - 1), .cards = cards};
            continue;
        }
        assert(deck != NULL);
        i64 weight = take_weight(&line);
        i64 before = deck->count > 0 ? cards[-1].sum : 0;
        *cards = (struct card){line, before + weight};
        cards++;
        deck->count++;
    }
    decks->items = items;
}

const struct deck *decks_find(const struct decks *decks, str name)
{
    for (i64 i = 0; i < decks->count; i++) {
        if (str_eq(decks->items[i].name, name)) {
            return &decks->items[i];
        }
    }
    assert(false && "a deck of this name");
    return NULL;
}

str deck_pick(const struct deck *deck, struct dice *dice)
{
    i64 at = dice_below(dice, deck->cards[deck->count - 1].sum);
    i64 low = 0, high = deck->count - 1;
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (deck->cards[middle].sum > at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return deck->cards[low].text;
}
