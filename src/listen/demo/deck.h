/* Decks of cards: weighted lists read from the texts of the demo company.
 *
 *     # a remark
 *     [family.north]
 *     390: Nguyễn
 *     118: Trần
 *     Lý                 a line without a weight counts 1
 */
#pragma once

#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"

struct card {
    str text;
    i64 sum; /* of the weights up to and including this one */
};

struct deck {
    str name;
    const struct card *cards;
    i64 count;
};

struct decks {
    struct deck *items; /* in the order of the text */
    i64 count;
};

/* Reads a text, adding to what is there. Texts are part of the program, so a mistake in them ends it. */
void decks_read(struct arena *arena, struct decks *decks, str text);

/* The deck of this name; asking for one that does not exist ends the program. */
const struct deck *decks_find(const struct decks *decks, str name);

str deck_pick(const struct deck *deck, struct dice *dice);

static inline str decks_pick(const struct decks *decks, str name, struct dice *dice)
{
    return deck_pick(decks_find(decks, name), dice);
}
