#include "text/score.h"

/* Finding phrases: at each token the longest one that the lexicon has, passing over words of degree inside it, so that
 * "giao hàng chậm" is found in "giao hàng rất là chậm". */

enum { GAPS_MOST = 4, PHRASE_TOKENS_MAX = 12 };

enum column { COLUMN_WORD, COLUMN_BARE, COLUMN_RAW };

/* What may be passed over at each token. */
struct gap {
    u8 tokens; /* 0: nothing */
    f32 strength;
};

struct finder {
    const struct tokens *tokens;
    struct manner manner;
    struct gap gaps[TOKENS_MAX];
};

struct found {
    u16 entry;
    i32 last;
    f32 strength;
};

static u64 column_of(const struct token *token, enum column column)
{
    return column == COLUMN_WORD ? token->word : column == COLUMN_BARE ? token->bare : token->raw;
}

static bool goes_on(const struct tokens *tokens, i32 at)
{
    return at < tokens->count && tokens->items[at].kind <= TOKEN_NUMBER && tokens->items[at].before != BREAK_HARD;
}

static u64 list_key(enum lexicon_list list)
{
    return lexicon_mix(0, list);
}

/* A place in a phrase: behind `at` tokens, with the key of what was taken. */
struct walk {
    i32 at, gaps;
    u64 key;
    f32 strength;
};

/* The key and the value when the phrase goes on with this token. */
static u16 step(const struct token *token, enum column column, u64 *key)
{
    u64 next = lexicon_mix(*key, column_of(token, column));
    u16 value = lexicon_find(next);
    if (value == LEXICON_NONE && (token->flags & TOKEN_LONG) != 0 && column == COLUMN_RAW) {
        next = lexicon_mix(*key, token->word);
        value = lexicon_find(next);
    }
    *key = value != LEXICON_NONE ? next : *key;
    return value;
}

static bool may_go_on(const struct finder *finder, i32 first, const struct walk *walk)
{
    i32 at = walk->at;
    return at == first || (at - first < PHRASE_TOKENS_MAX && walk->gaps <= GAPS_MOST && goes_on(finder->tokens, at) &&
                           finder->tokens->items[at].before != BREAK_SOFT);
}

/* The longest phrase of a list that begins at a token. A word of degree is part of the phrase where the lexicon has it so ("giao
 * hàng cực nhanh"); when that leads nowhere it is passed over once ("giao hàng cực kỳ chậm"). */
static struct found longest(const struct finder *finder, i32 first, enum lexicon_list list, enum column column)
{
    struct found out = {0};
    struct walk walk = {.at = first, .key = list_key(list), .strength = 1}, back = {.at = -1};
    while (true) {
        if (!may_go_on(finder, first, &walk)) {
            if (back.at < 0 || out.last >= back.at) {
                return out;
            }
            walk = back;
            back.at = -1;
            continue;
        }
        const struct gap *gap = &finder->gaps[walk.at];
        struct walk over = {walk.at + gap->tokens, walk.gaps + 1, walk.key, walk.strength * gap->strength};
        bool may_pass = walk.at > first && gap->tokens > 0;
        u16 value = step(&finder->tokens->items[walk.at], column, &walk.key);
        if (value == LEXICON_NONE) {
            walk = may_pass ? over : (struct walk){.at = first + PHRASE_TOKENS_MAX};
            continue;
        }
        back = may_pass && value == 0 ? over : back;
        if (value != 0) {
            out = (struct found){value, walk.at, walk.strength};
        }
        walk.at++;
    }
}

/* No tone in any of the tokens: what somebody typed without them inside a text that has them. */
static bool all_bare(const struct tokens *tokens, i32 first, i32 last)
{
    for (i32 i = first; i <= last; i++) {
        if ((tokens->items[i].flags & (TOKEN_MARKED | TOKEN_SHORT)) != 0) {
            return false;
        }
    }
    return true;
}

static bool bare_counts(const struct finder *finder, i32 first, const struct found *found)
{
    bool vague = (lexicon_entry(found->entry)->flags & ENTRY_VAGUE) != 0;
    if (found->entry == 0) {
        return false;
    }
    if (finder->manner.toneless) {
        return !vague;
    }
    return !vague && found->last > first && all_bare(finder->tokens, first, found->last);
}

static struct found find_vietnamese(const struct finder *finder, i32 at)
{
    const struct token *token = &finder->tokens->items[at];
    struct found best = longest(finder, at, LIST_TONED, COLUMN_WORD);
    if ((token->flags & TOKEN_MARKED) != 0) {
        return best;
    }
    bool open = finder->manner.toneless && best.last == at && (token->flags & TOKEN_SHORT) == 0 &&
                (lexicon_entry(best.entry)->flags & ENTRY_VAGUE) != 0;
    if (open) {
        best = (struct found){.last = at};
    }
    struct found bare = longest(finder, at, LIST_BARE, COLUMN_BARE);
    if (bare_counts(finder, at, &bare) &&
        (best.entry == 0 || bare.last > best.last || (finder->manner.toneless && bare.last == best.last))) {
        best = bare;
    }
    bool foreign = (token->flags & (TOKEN_SYLLABLE | TOKEN_SHORT)) == 0;
    if (best.entry == 0 && foreign) {
        best = longest(finder, at, LIST_ENGLISH, COLUMN_RAW);
    }
    return best;
}

static struct found find(const struct finder *finder, i32 at)
{
    const struct token *token = &finder->tokens->items[at];
    bool marked = (token->flags & TOKEN_MARKED) != 0;
    if (finder->manner.language == TEXT_EN && !marked) {
        return longest(finder, at, LIST_ENGLISH, COLUMN_RAW);
    }
    return find_vietnamese(finder, at);
}

/* Words of degree and filling words, of one or two tokens. */
static void note_gaps(struct finder *finder)
{
    const struct tokens *tokens = finder->tokens;
    bool english = finder->manner.language == TEXT_EN;
    enum lexicon_list list = english ? LIST_ENGLISH : finder->manner.toneless ? LIST_BARE : LIST_TONED;
    enum column column = english ? COLUMN_RAW : finder->manner.toneless ? COLUMN_BARE : COLUMN_WORD;
    for (i32 i = 0; i < tokens->count; i++) {
        finder->gaps[i] = (struct gap){0, 1};
        u64 key = list_key(list);
        for (i32 k = i; k < i + 2 && (k == i ? tokens->items[k].kind == TOKEN_WORD : goes_on(tokens, k)); k++) {
            key = lexicon_mix(key, column_of(&tokens->items[k], column));
            u16 value = lexicon_find(key);
            if (value == LEXICON_NONE) {
                break;
            }
            const struct entry *entry = lexicon_entry(value);
            bool degree = entry->role == ROLE_MORE || entry->role == ROLE_LESS;
            bool open = finder->manner.toneless && k == i && (entry->flags & ENTRY_VAGUE) != 0;
            if ((degree && !open) || entry->role == ROLE_GAP) {
                f32 strength = degree ? (f32)entry->valence / 10 : 1;
                finder->gaps[i] = (struct gap){(u8)(k - i + 1), strength > 0 ? strength : 1};
            }
        }
    }
}

/* A star or a point beside a number. */
static bool is_rated(const struct tokens *tokens, i32 at, const struct entry *entry, f32 *out)
{
    enum { STARS = 5, POINTS = 10 };
    const struct token *before = at > 0 ? &tokens->items[at - 1] : NULL;
    const struct token *after = at + 1 < tokens->count ? &tokens->items[at + 1] : NULL;
    if (entry->role == ROLE_STAR && before != NULL && before->kind == TOKEN_NUMBER && before->value <= STARS) {
        *out = before->value <= 1 ? 0 : (before->value - 1) / (STARS - 1);
        return true;
    }
    if (entry->role != ROLE_POINT) {
        return false;
    }
    const struct token *number = before != NULL && before->kind == TOKEN_NUMBER ? before : after;
    if (number == NULL || number->kind != TOKEN_NUMBER || number->value > POINTS) {
        return false;
    }
    *out = number->value / POINTS;
    return true;
}

static f32 weight_of_rating(f32 share)
{
    return share >= 0.99F ? 2.4F : share >= 0.7F ? 1.0F : share >= 0.5F ? -0.5F : share >= 0.25F ? -1.8F : -2.8F;
}

static const struct entry rating_entry;

static i32 put(struct hit *hits, i32 count, i32 at, struct found found)
{
    hits[count] = (struct hit){
        .first = at, .last = found.last, .entry = lexicon_entry(found.entry), .strength = found.strength};
    return count + 1;
}

i32 hits_find(const struct tokens *tokens, struct manner manner, struct hit *hits)
{
    struct finder finder;
    finder.tokens = tokens;
    finder.manner = manner;
    note_gaps(&finder);
    i32 count = 0;
    for (i32 at = 0; at < tokens->count;) {
        const struct token *token = &tokens->items[at];
        struct found found = {.last = at};
        f32 share = 0;
        if (token->kind <= TOKEN_NUMBER) {
            found = find(&finder, at);
        }
        if (token->kind == TOKEN_EMOJI) {
            count = put(hits, count, at, (struct found){token->entry, at, 1});
            hits[count - 1].why = WHY_EMOJI;
        } else if (token->kind == TOKEN_RATING) {
            hits[count++] = (struct hit){at,         at,    &rating_entry, 1, weight_of_rating(token->value),
                                         WHY_RATING, false, false};
        } else if (found.entry != 0 && is_rated(tokens, at, lexicon_entry(found.entry), &share)) {
            hits[count++] = (struct hit){at, at, &rating_entry, 1, weight_of_rating(share), WHY_RATING, false, false};
        } else if (found.entry != 0) {
            count = put(hits, count, at, found);
        }
        at = found.entry != 0 ? found.last + 1 : at + 1;
    }
    return count;
}
