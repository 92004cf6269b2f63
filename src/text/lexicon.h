/* The lexicon: words and phrases with what they say, in one table that is made while building.
 *
 * tools/lexicon reads src/text/lexicon/ (docs/understanding.md describes the files) and the English list. A phrase is a
 * chain of keys: the key of "giao hàng chậm" is made from the key of "giao hàng" and the word "chậm", so the longest
 * phrase at a place is found by following the chain as far as the table has it. Each list has its own first key.
 */
#pragma once

#include "base/str.h"

/* What an entry does to the words around it, beside its own valence. */
enum role {
    ROLE_PLAIN,
    ROLE_NOT,    /* turns what follows: không, chẳng, not */
    ROLE_MORE,   /* rất, cực kỳ, lắm, very */
    ROLE_LESS,   /* hơi, khá, cũng, a bit */
    ROLE_BUT,    /* what follows weighs more: nhưng, mỗi tội, but */
    ROLE_THOUGH, /* what follows, up to a comma, weighs less: tuy, mặc dù, although */
    ROLE_WISH,   /* what follows is not there: mong, cần, nếu, should */
    ROLE_ASK,    /* a question: sao, bao giờ, why */
    ROLE_HINT,   /* a weak sign, which decides only where nothing else does */
    ROLE_GAP,    /* may stand inside a phrase: thì, là, lại */
    ROLE_SPAM,   /* what advertisements say; its valence is how much */
    ROLE_STAR,   /* behind a number: stars of five */
    ROLE_POINT,  /* beside a number: points of ten */
    ROLE_COUNT_,
};

enum entry_flags {
    ENTRY_COMPLAINT = 1, /* a fact that people complain of */
    ENTRY_FIRM = 2,      /* a negation before it changes nothing */
    ENTRY_VAGUE = 4,     /* without tones it is as likely another word: not read there */
    ENTRY_WEAK = 8,      /* its topic counts only where the sentence has named none */
};

struct entry {
    i8 valence; /* tenths, -30 … 30 */
    u8 role, emotion, topic, flags;
};

/* An abbreviation and what it stands for, at most four words. */
enum { EXPANSION_WORDS = 4 };
struct expansion {
    u16 at, len; /* of its text in the pool */
    u8 word_count;
    u64 words[EXPANSION_WORDS], bares[EXPANSION_WORDS];
};

/* The first keys of the lists. */
enum lexicon_list {
    LIST_TONED = 1,     /* Vietnamese as it is written */
    LIST_BARE,          /* the same without tones and marks */
    LIST_ENGLISH,       /* English */
    LIST_SHORT,         /* abbreviations */
    LIST_EMOJI,         /* code points */
    LIST_SYLLABLE,      /* what can be a Vietnamese syllable, without its tone */
    LIST_BARE_SYLLABLE, /* the same without marks */
    LIST_COMMON,        /* common English words, for the language */
    LIST_WORDS,         /* dictionary words of several syllables */
};

enum { LEXICON_NONE = 0xFFFF };

static inline u64 lexicon_mix(u64 key, u64 word)
{
    u64 mixed = key ^ (word * 0x9E3779B97F4A7C15u);
    mixed ^= mixed >> 32;
    mixed *= 0xD6E8FEB86659FD93u;
    return mixed ^ (mixed >> 32);
}

/* FNV-1a, 64 bits, one letter at a time. */
enum { WORD_LETTERS_MAX = 40 };
#define WORD_BEGIN 0xCBF29CE484222325u
static inline u64 word_add(u64 hash, u8 letter)
{
    return (hash ^ letter) * 0x100000001B3u;
}

/* The value of a key: an entry's number, 0 for the beginning of longer phrases, LEXICON_NONE without the key. */
u16 lexicon_find(u64 key);

const struct entry *lexicon_entry(u16 number);
const struct expansion *lexicon_expansion(u16 number);
str lexicon_text(const struct expansion *expansion);

/* How many phrases each list has, for those who want to know. */
i64 lexicon_count(enum lexicon_list list);

/* False where the program was built without the English list. */
bool lexicon_has_english(void);
