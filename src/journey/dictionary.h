/* Few texts, many uses: each different text gets a small number.
 *
 * Codes count from 1 in the order of first sight and never change; 0 is "no
 * value". The index keeps codes in its columns and compares numbers.
 */
#pragma once

#include "base/str.h"

struct dictionary {
    struct arena texts;
    str *values; /* [code] */
    u32 count;   /* the highest code */
    u32 capacity;
    u32 *slots; /* hash table: codes, 0 = free; its size is a power of two */
    u32 slot_count;
};

void dictionary_free(struct dictionary *dictionary);

/* The code of a text, which is added where it is new; 0 for none and for empty. */
u32 dictionary_put(struct dictionary *dictionary, str value);

/* The code of a text; 0 when it is not in there. */
u32 dictionary_find(const struct dictionary *dictionary, str value);

/* The text of a code; none for 0. */
static inline str dictionary_text(const struct dictionary *dictionary, u32 code)
{
    return code == 0 ? STR_NONE : dictionary->values[code];
}
