#include "text/normal.h"

#include "base/buf.h"
#include "text/fold.h"
#include "text/letters.h"
#include "text/tokens.h"

enum { STROKE = 4, WORDS_MOST = 5 };

/* The letters of one word, each base with its mark, and the word's tone. */
struct syllable {
    u8 bases[WORD_LETTERS_MAX], marks[WORD_LETTERS_MAX];
    i32 count;
    u8 tone;
};

static void put_letter(struct syllable *syllable, struct letter letter)
{
    syllable->tone = letter.tone != 0 ? letter.tone : syllable->tone;
    u8 mark = (u8)(letter.code >= 0x80 ? (letter.code - 0x80) / 26 + 1 : 0);
    if (syllable->count > 0 && syllable->bases[syllable->count - 1] == letter.base) { // a repeated letter
        u8 *last = &syllable->marks[syllable->count - 1];
        *last = mark != 0 ? mark : *last;
    } else if (syllable->count < WORD_LETTERS_MAX) {
        syllable->bases[syllable->count] = letter.base;
        syllable->marks[syllable->count++] = mark;
    }
}

static struct syllable syllable_of(str word)
{
    struct syllable out = {0};
    for (i64 at = 0; at < word.len;) {
        struct letter letter = letter_of(utf8_next(word, &at));
        if (letter.kind == LETTER_LATIN) {
            put_letter(&out, letter);
        } else if (letter.kind == LETTER_MARK && letter.code != 0 && out.count > 0) {
            out.marks[out.count - 1] = letter.code;
        } else if (letter.kind == LETTER_MARK && letter.tone != 0) {
            out.tone = letter.tone;
        }
    }
    if (out.count == 2 && out.bases[1] == 'y' && strchr("hklmst", out.bases[0]) != NULL) {
        out.bases[1] = 'i';
    }
    return out;
}

static bool is_vowel(u8 base)
{
    return strchr("aeiouy", base) != NULL;
}

/* The letter that carries the tone: one with a mark; else the last vowel before a consonant, the first of two, the middle
 * one of three. The u of "qu" and the i of "gi" belong to the beginning. */
static i32 tone_place(const struct syllable *syllable)
{
    i32 first = 0;
    while (first < syllable->count && !is_vowel(syllable->bases[first])) {
        first++;
    }
    i32 last = first;
    while (last < syllable->count && is_vowel(syllable->bases[last])) {
        last++;
    }
    bool begins = first == 1 && last - first > 1 &&
                  ((syllable->bases[0] == 'q' && syllable->bases[1] == 'u') ||
                   (syllable->bases[0] == 'g' && syllable->bases[1] == 'i'));
    first += begins;
    for (i32 i = last - 1; i >= first; i--) {
        if (syllable->marks[i] != 0) {
            return i;
        }
    }
    i32 vowels = last - first;
    return last < syllable->count ? last - 1 : vowels == 3 ? first + 1 : first;
}

/* The base, its mark and the tone as code points, composed in the end. */
static void put_syllable(struct buf *out, const struct syllable *syllable)
{
    static const u32 marks[] = {0, 0x302, 0x306, 0x31B}, tones[] = {0, 0x300, 0x301, 0x309, 0x303, 0x323};
    i32 place = syllable->tone > 0 && syllable->tone <= LETTER_TONES ? tone_place(syllable) : -1;
    for (i32 i = 0; i < syllable->count; i++) {
        char bytes[4];
        u8 mark = syllable->marks[i];
        if (mark == STROKE) {
            buf_add(out, STR("đ"));
        } else {
            buf_char(out, (char)syllable->bases[i]);
        }
        if (mark != 0 && mark < STROKE) {
            buf_add(out, (str){bytes, utf8_put(bytes, marks[mark])});
        }
        if (i == place) {
            buf_add(out, (str){bytes, utf8_put(bytes, tones[syllable->tone])});
        }
    }
}

/* A word of another language: lower case, as it is. */
static void put_as_is(struct buf *out, struct arena *arena, str word)
{
    str composed = fold_nfc(arena, word);
    for (i64 at = 0; at < composed.len;) {
        i64 from = at;
        struct letter letter = letter_of(utf8_next(composed, &at));
        if (letter.kind == LETTER_LATIN && letter.upper && at - from == 1) {
            buf_char(out, (char)letter.base);
        } else {
            buf_add(out, str_slice(composed, from, at));
        }
    }
}

static void put_token(struct buf *out, struct arena *arena, str text, const struct tokens *tokens, i32 at)
{
    const struct token *token = &tokens->items[at];
    const struct expansion *expansion = tokens_expansion(tokens, at);
    str slice = str_slice(text, token->at, token->at + token->len);
    if (expansion != NULL) {
        buf_add(out, lexicon_text(expansion));
    } else if (token->kind == TOKEN_WORD && (token->flags & TOKEN_SYLLABLE) != 0) {
        struct syllable syllable = syllable_of(slice);
        put_syllable(out, &syllable);
    } else {
        put_as_is(out, arena, slice);
    }
}

static bool is_wordlike(const struct token *token)
{
    return token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER || token->kind == TOKEN_FOREIGN ||
           token->kind == TOKEN_RATING || token->kind == TOKEN_PHONE;
}

str text_normal(struct arena *arena, str text)
{
    struct tokens tokens;
    struct buf out = buf_in(arena);
    for (i64 at = 0; at < text.len;) {
        tokens_read(text, &at, &tokens);
        for (i32 i = 0; i < tokens.count; i++) {
            if (is_wordlike(&tokens.items[i])) {
                buf_add(&out, out.len > 0 ? STR(" ") : STR(""));
                put_token(&out, arena, text, &tokens, i);
            }
        }
    }
    return fold_nfc(arena, buf_str(&out));
}

/* How many tokens a dictionary word takes that begins here; 1 without. */
static i32 word_length(const struct tokens *tokens, i32 first)
{
    i32 longest = 1;
    u64 key = lexicon_mix(0, LIST_WORDS);
    for (i32 i = first; i < tokens->count && i - first < WORDS_MOST; i++) {
        const struct token *token = &tokens->items[i];
        if (token->kind != TOKEN_WORD || (i > first && token->before != BREAK_NONE)) {
            break;
        }
        key = lexicon_mix(key, token->word);
        u16 value = lexicon_find(key);
        if (value == LEXICON_NONE) {
            break;
        }
        longest = value != 0 ? i - first + 1 : longest;
    }
    return longest;
}

struct text_tokens text_tokens(struct arena *arena, str text)
{
    struct tokens tokens;
    struct text_tokens out = {0};
    i64 room = 0;
    for (i64 at = 0; at < text.len;) {
        tokens_read(text, &at, &tokens);
        i64 had = room;
        room += tokens.count;
        out.items = arena_grow(arena, out.items, had * (i64)sizeof *out.items, room * (i64)sizeof *out.items,
                               _Alignof(struct text_token));
        for (i32 i = 0; i < tokens.count;) {
            i32 words = word_length(&tokens, i);
            const struct token *first = &tokens.items[i], *last = &tokens.items[i + words - 1];
            struct buf normal = buf_in(arena);
            for (i32 k = i; k < i + words; k++) {
                buf_add(&normal, k > i ? STR(" ") : STR(""));
                put_token(&normal, arena, text, &tokens, k);
            }
            out.items[out.count++] = (struct text_token){first->at, last->at + last->len - first->at, words,
                                                         fold_nfc(arena, buf_str(&normal))};
            i += words;
        }
    }
    return out;
}
