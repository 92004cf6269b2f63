/* Letters of Vietnamese without regard to how they are encoded or where the tone is put.
 *
 * A letter is its base ("a" … "z"), a mark (circumflex, breve, horn, stroke) and perhaps a tone. A syllable has one tone,
 * whatever letter carries it: "hoà", "hòa" and their decomposed forms are h, o, a with the same tone.
 */
#pragma once

#include "base/str.h"

enum letter_kind {
    LETTER_NOT,     /* no letter: punctuation, blanks, emoji */
    LETTER_LATIN,   /* code, base and tone are set */
    LETTER_MARK,    /* a combining mark: changes the letter before it */
    LETTER_DIGIT,   /* base is '0' … '9' */
    LETTER_FOREIGN, /* a letter of another script */
};

enum { LETTER_TONES = 5, LETTER_STRANGE = 7 /* the tone of letters with marks that Vietnamese has not */ };

struct letter {
    u8 kind, code, base, tone; /* code: base and mark as one byte; of a combining mark its number, 1 to 4, or 0 */
    bool upper;
};

/* What a code point is. */
struct letter letter_of(u32 point);

/* The code of a base letter with a mark (1 circumflex, 2 breve, 3 horn, 4 stroke). */
static inline u8 letter_code(u8 base, u8 mark)
{
    return mark == 0 ? base : (u8)(0x80 + (mark - 1) * 26 + (base - 'a'));
}
