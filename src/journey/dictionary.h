/* Few texts, many uses: each different text gets a small number.
 *
 * Codes count from 1 in the order of first sight and never change; 0 is "no
 * value". The index keeps codes in its columns and compares numbers.
 *
 * One thread at a time puts; any number look, without a lock: what grows is
 * copied to a larger place and published, and the old places stay until the
 * dictionary goes (together no more than the present one). Who looks more than
 * once at a growing dictionary takes its texts as they are at one moment:
 *
 *     struct texts kinds = dictionary_texts(&dictionary);   codes 1 .. kinds.count
 */
#pragma once

#include "base/str.h"

struct dictionary_table;

struct dictionary {
    struct arena texts;
    str *values;                    /* [code] */
    u32 count;                      /* the highest code */
    u32 capacity;                   /* of values */
    struct dictionary_table *table; /* finds the code of a text */
    void *old;                      /* former places, a list */
    i64 old_bytes;
};

/* The texts of a dictionary at one moment. */
struct texts {
    const str *values; /* [code]; [0] is no text */
    u32 count;         /* the highest code */
    const struct dictionary *dictionary;
};

void dictionary_free(struct dictionary *dictionary);

/* The code of a text, which is added where it is new; 0 for none and for empty. */
u32 dictionary_put(struct dictionary *dictionary, str value);

/* The code of a text; 0 when it is not in there. */
u32 dictionary_find(const struct dictionary *dictionary, str value);

/* The text of a code that the reader has seen in a row; none for 0. */
static inline str dictionary_text(const struct dictionary *dictionary, u32 code)
{
    return code == 0 ? STR_NONE : __atomic_load_n(&dictionary->values, __ATOMIC_ACQUIRE)[code];
}

static inline u32 dictionary_count(const struct dictionary *dictionary)
{
    return __atomic_load_n(&dictionary->count, __ATOMIC_ACQUIRE);
}

/* NULL gives no texts. */
struct texts dictionary_texts(const struct dictionary *dictionary);

static inline str texts_text(const struct texts *texts, u32 code)
{
    return code == 0 ? STR_NONE : texts->values[code];
}

/* The code of a text among these; 0 when it is not. */
u32 texts_find(const struct texts *texts, str value);

i64 dictionary_bytes(const struct dictionary *dictionary);
