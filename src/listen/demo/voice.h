/* What a customer writes in the field below the score.
 *
 * A sentence is put together from the decks ({in.braces} names another deck),
 * then written the way this person writes: with the words of the region, with
 * the short forms of the young, hastily, or without any accents.
 */
#pragma once

#include "listen/demo/flow.h"

struct speaker {
    const struct decks *decks;
    const struct shopper *shopper;
    enum cause cause;
    str product; /* as people call it; may be none */
    const char *version;
    i64 late_days; /* 0: not known */
    bool pleased;  /* the score beside it is a good one */
    struct dice dice;
};

/* The text in the arena, in NFC. */
str voice_write(struct arena *arena, struct speaker *speaker);
