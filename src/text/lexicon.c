#include "text/lexicon.h"

#include "text/lexicon_table.h"

u16 lexicon_find(u64 key)
{
    for (u64 at = (key >> 32) * LEXICON_SLOTS >> 32;; at = at + 1 < LEXICON_SLOTS ? at + 1 : 0) {
        if (values[at] == LEXICON_NONE || prints[at] == (u32)key) {
            return values[at];
        }
    }
}

const struct entry *lexicon_entry(u16 number)
{
    return &entries[number];
}

const struct expansion *lexicon_expansion(u16 number)
{
    return &expansions[number];
}

str lexicon_text(const struct expansion *expansion)
{
    return (str){pool + expansion->at, expansion->len};
}

i64 lexicon_count(enum lexicon_list list)
{
    return counts[list];
}

bool lexicon_has_english(void)
{
    return LEXICON_ENGLISH != 0;
}
