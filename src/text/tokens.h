/* A text as a row of tokens: words (syllables), numbers, emoji, links, each with its place in the text.
 *
 * The tokens lie in a buffer of fixed size on the caller's stack; a longer text is read in windows, cut at the end of a
 * sentence where there is one. Tokens that are abbreviations are replaced by the words they stand for.
 */
#pragma once

#include "text/lexicon.h"

enum token_kind {
    TOKEN_WORD,
    TOKEN_NUMBER,  /* value is set */
    TOKEN_RATING,  /* "9/10", "5*": value is 0 … 1 */
    TOKEN_EMOJI,   /* entry is set */
    TOKEN_LINK,    /* an address of the web or of e-mail */
    TOKEN_PHONE,   /* a run of digits that can be dialled */
    TOKEN_FOREIGN, /* a word of another script */
};

enum token_flags {
    TOKEN_MARKED = 1,    /* it has a tone or a mark */
    TOKEN_SYLLABLE = 2,  /* it can be a Vietnamese syllable */
    TOKEN_STRANGE = 4,   /* it has marks that Vietnamese has not */
    TOKEN_LONG = 8,      /* letters were repeated: đẹpppp */
    TOKEN_CAPITALS = 16, /* all of at least two letters are capitals */
    TOKEN_JOINED = 32,   /* stands behind a number without a blank: 10k */
    TOKEN_SHORT = 64,    /* came from an abbreviation */
    TOKEN_COMMON = 128,  /* a common English word */
    TOKEN_MASH = 256,    /* no word of any language: sdkfjh */
};

enum token_breaks {
    BREAK_NONE,
    BREAK_SOFT, /* comma, dash, bracket */
    BREAK_HARD, /* full stop, line's end */
};

struct token {
    i32 at, len;    /* bytes of the text */
    u64 word, bare; /* as written, collapsed; without marks and tone */
    u64 raw;        /* as written, but for runs of more than two */
    f32 value;
    u16 entry; /* of an emoji */
    u16 flags;
    u8 kind;
    u8 before;         /* enum token_breaks between it and the token before */
    u8 letters;        /* how many */
    u8 exclaims, asks; /* marks behind it, before the next token */
};

enum { TOKENS_MAX = 768 };

struct tokens {
    struct token items[TOKENS_MAX];
    i32 count;
    u8 ends; /* breaks behind the last token */
};

/* Reads tokens from `*at` on until the text or the room ends, and moves `*at` there. */
void tokens_read(str text, i64 *at, struct tokens *out);

/* What an abbreviation stands for; NULL for any other token. */
const struct expansion *tokens_expansion(const struct tokens *tokens, i32 at);

/* Replaces abbreviations; for texts that are Vietnamese. Leaves what has no room as it is. */
void tokens_expand(struct tokens *tokens);
