/* Vietnamese in one spelling, and texts cut into words.
 *
 * For whoever compares or learns from texts: NFC, the tone where the old spelling puts it (hòa, thúy), i for a lone y
 * behind h, k, l, m, s, t (kỹ → kĩ), lower case, no repeated letters, abbreviations written out (ko → không).
 */
#pragma once

#include "base/str.h"

/* Words with single blanks between them; punctuation, emoji and links are left out. */
str text_normal(struct arena *arena, str text);

struct text_token {
    i32 at, len; /* bytes of the text */
    i32 words;   /* syllables; more than one for a dictionary word */
    str normal;  /* as text_normal spells it */
};

struct text_tokens {
    struct text_token *items;
    i64 count;
};

/* Dictionary words by longest match, else syllables, in order. */
struct text_tokens text_tokens(struct arena *arena, str text);
