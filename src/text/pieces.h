/* A text as a list of pieces: words, emoji and signs, each in a form that can be compared.
 *
 * A word's form has its letters in lower case and its tone behind them, so that the old and the new place of the mark
 * (hoà, hòa), composed and decomposed letters and any case are one form: h o a + tone 2. Beside it stands its bare form
 * without tone and hat (đ as d): what is left when somebody types without marks. Letters that are repeated three times
 * and more ("ngonnnn") count once.
 */
#pragma once

#include "base/str.h"

enum { PIECE_LETTERS = 24 }; /* of a longer word the first ones count: addresses, rows of random letters */

struct piece {
    i32 at, len;          /* the bytes in the text */
    bool is_word;         /* letters and digits; otherwise an emoji or a run of signs */
    u8 count, bare_count; /* letters of the two forms */
    u32 form[PIECE_LETTERS + 1];
    u32 bare[PIECE_LETTERS];
};

/* The next piece from `*at` on, which moves behind it; false at the end. Bad bytes and commas are passed over. */
bool piece_next(str text, i64 *at, struct piece *out);

/* A letter in small, with its tone and hat. */
u32 piece_small(u32 letter);
