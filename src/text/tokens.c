#include "text/tokens.h"

#include "text/letters.h"
#include "text/signs.h"

enum {
    RUN_MOST = 2,       /* of equal letters in `raw`: English has good, not goood */
    ROOM_LEFT = 8,      /* tokens one step can add */
    SENTENCE_ROOM = 96, /* near the end of the room a sentence's end closes the window */
    PHONE_DIGITS_MIN = 9,
    PHONE_DIGITS_MAX = 12,
};

/* A word while its letters are read. */
struct spelling {
    u8 codes[WORD_LETTERS_MAX], bases[WORD_LETTERS_MAX];
    i32 count, total; /* total also counts the letters for which there was no room */
    i32 capitals, run;
    u8 tone;
    bool marked, strange, is_long, foreign;
};

static void spell_mark(struct spelling *word, struct letter letter)
{
    if (word->count == 0) {
        return;
    }
    if (letter.code != 0) {
        u8 base = word->bases[word->count - 1];
        word->codes[word->count - 1] = base >= 'a' && base <= 'z' ? letter_code(base, letter.code) : base;
    } else {
        word->tone = letter.tone;
    }
    word->marked = true;
    word->strange = word->strange || letter.tone == LETTER_STRANGE;
}

static void spell(struct spelling *word, struct letter letter)
{
    word->total++;
    if (letter.kind == LETTER_FOREIGN) {
        word->foreign = true;
        return;
    }
    bool repeats = word->count > 0 && word->bases[word->count - 1] == letter.base;
    word->run = repeats ? word->run + 1 : 1;
    word->is_long = word->is_long || word->run > RUN_MOST;
    word->capitals += letter.upper;
    word->marked = word->marked || letter.tone != 0 || letter.code != letter.base;
    word->strange = word->strange || letter.tone == LETTER_STRANGE;
    word->tone = letter.tone != 0 ? letter.tone : word->tone;
    if (word->count < WORD_LETTERS_MAX) {
        word->codes[word->count] = letter.code;
        word->bases[word->count++] = letter.base;
    }
}

/* One letter for a run of the same base; a final y after a lone consonant is an i (kỹ, lý, quý). */
static i32 collapse(const struct spelling *word, u8 *codes, u8 *bases)
{
    i32 count = 0;
    for (i32 i = 0; i < word->count; i++) {
        if (count > 0 && bases[count - 1] == word->bases[i]) {
            codes[count - 1] = word->codes[i] != word->bases[i] ? word->codes[i] : codes[count - 1];
            continue;
        }
        codes[count] = word->codes[i];
        bases[count++] = word->bases[i];
    }
    bool lone = count == 2 && bases[1] == 'y' && strchr("hklmst", bases[0]) != NULL;
    if (lone || (count == 3 && memcmp(bases, "quy", 3) == 0)) {
        codes[count - 1] = bases[count - 1] = 'i';
    }
    return count;
}

static u64 raw_key(const struct spelling *word)
{
    u64 key = WORD_BEGIN;
    i32 run = 0;
    for (i32 i = 0; i < word->count; i++) {
        run = i > 0 && word->codes[i] == word->codes[i - 1] ? run + 1 : 1;
        key = run > RUN_MOST ? key : word_add(key, word->codes[i]);
    }
    return lexicon_mix(key, word->tone + 1u);
}

static bool listed(enum lexicon_list list, u64 key)
{
    return lexicon_find(lexicon_mix(lexicon_mix(0, list), key)) != LEXICON_NONE;
}

/* Hardly a vowel, five consonants in a row, or the same letter again and again. */
static bool is_mash(const struct spelling *word, bool syllable)
{
    enum { SHORTEST = 4, ROW = 5, VOWEL_SHARE = 5 };
    i32 vowels = 0, row = 0, longest = 0;
    u32 seen = 0;
    for (i32 i = 0; i < word->count; i++) {
        bool vowel = strchr("aeiouy", word->bases[i]) != NULL;
        vowels += vowel;
        row = vowel ? 0 : row + 1;
        longest = greater(longest, row);
        seen |= 1u << (word->bases[i] & 31);
    }
    bool same = word->is_long && word->count > SHORTEST && __builtin_popcount(seen) == 1;
    bool odd = !syllable && (vowels * VOWEL_SHARE < word->count || longest >= ROW);
    return word->count >= SHORTEST && !word->foreign && (odd || same);
}

static void finish_word(const struct spelling *word, struct token *token)
{
    u8 codes[WORD_LETTERS_MAX], bases[WORD_LETTERS_MAX];
    i32 count = collapse(word, codes, bases);
    u64 shape = WORD_BEGIN;
    token->bare = WORD_BEGIN;
    for (i32 i = 0; i < count; i++) {
        shape = word_add(shape, codes[i]);
        token->bare = word_add(token->bare, bases[i]);
    }
    token->word = lexicon_mix(shape, word->tone + 1u);
    token->raw = raw_key(word);
    token->kind = word->foreign && word->count == 0 ? TOKEN_FOREIGN : TOKEN_WORD;
    token->letters = (u8)lesser(word->total, 255);
    bool syllable = !word->strange && word->count == word->total &&
                    listed(word->marked ? LIST_SYLLABLE : LIST_BARE_SYLLABLE, word->marked ? shape : token->bare);
    token->flags |= (u16)((word->marked ? TOKEN_MARKED : 0) | (word->strange ? TOKEN_STRANGE : 0) |
                          (word->is_long ? TOKEN_LONG : 0) | (syllable ? TOKEN_SYLLABLE : 0) |
                          (word->total > 1 && word->capitals == word->total ? TOKEN_CAPITALS : 0) |
                          (!word->marked && listed(LIST_COMMON, token->raw) ? TOKEN_COMMON : 0) |
                          (is_mash(word, syllable) ? TOKEN_MASH : 0));
}

struct scan {
    str text;
    i64 at;
    struct tokens *out;
    u8 breaks;
};

static struct token *add(struct scan *scan, i64 from)
{
    struct token *token = &scan->out->items[scan->out->count++];
    *token = (struct token){.at = (i32)from, .len = (i32)(scan->at - from), .before = scan->breaks};
    scan->breaks = BREAK_NONE;
    return token;
}

static u8 byte_at(const struct scan *scan, i64 at)
{
    return at < scan->text.len ? (u8)scan->text.data[at] : 0;
}

static bool is_digit(u8 byte)
{
    return byte >= '0' && byte <= '9';
}

/* "k0" and "hk0" are typed for không. */
static bool zero_as_letter(const struct scan *scan, const struct spelling *word, i64 from)
{
    return word->count > 0 && word->bases[word->count - 1] == 'k' && byte_at(scan, from) == '0' &&
           !is_digit(byte_at(scan, from + 1));
}

static void read_word(struct scan *scan, bool joined)
{
    struct spelling word = {0};
    i64 from = scan->at;
    while (scan->at < scan->text.len) {
        i64 next = scan->at;
        u32 point = utf8_next(scan->text, &next);
        struct letter letter = letter_of(point);
        if (letter.kind == LETTER_MARK) {
            spell_mark(&word, letter);
        } else if (letter.kind == LETTER_LATIN || letter.kind == LETTER_FOREIGN) {
            spell(&word, letter);
        } else if (letter.kind == LETTER_DIGIT && zero_as_letter(scan, &word, scan->at)) {
            spell(&word, (struct letter){LETTER_LATIN, 'o', 'o', 0, false});
        } else if (!((point == '\'' || point == 0x2019) && word.count > 0 &&
                     letter_of(byte_at(scan, next)).kind == LETTER_LATIN)) {
            break;
        }
        scan->at = next;
    }
    if (word.total == 0) {
        return; // a mark without a letter
    }
    struct token *token = add(scan, from);
    token->flags = joined ? TOKEN_JOINED : 0;
    finish_word(&word, token);
}

static f32 read_value(const struct scan *scan, i64 from, i64 to)
{
    f32 whole = 0, unit = 1;
    bool fraction = false;
    for (i64 i = from; i < to; i++) {
        u8 byte = byte_at(scan, i);
        if (!is_digit(byte)) {
            fraction = true;
        } else if (fraction) {
            unit /= 10;
            whole += unit * (f32)(byte - '0');
        } else if (whole < 1e9F) {
            whole = whole * 10 + (f32)(byte - '0');
        }
    }
    return whole;
}

/* Digits with single separators between them; how many digits there are. */
static i32 skip_number(struct scan *scan)
{
    i64 from = scan->at;
    bool dialled = byte_at(scan, from) == '0' || (byte_at(scan, from) == '8' && byte_at(scan, from + 1) == '4');
    i32 digits = 0;
    while (scan->at < scan->text.len) {
        u8 byte = byte_at(scan, scan->at);
        bool between = byte == '.' || byte == ',' || (dialled && (byte == ' ' || byte == '-'));
        if (!is_digit(byte) && !(between && is_digit(byte_at(scan, scan->at + 1)))) {
            break;
        }
        digits += is_digit(byte);
        scan->at++;
    }
    if (digits < PHONE_DIGITS_MIN && dialled) { // not a number to dial: its first group alone
        for (scan->at = from, digits = 0;
             is_digit(byte_at(scan, scan->at)) || ((byte_at(scan, scan->at) == '.' || byte_at(scan, scan->at) == ',') &&
                                                   is_digit(byte_at(scan, scan->at + 1)));) {
            digits += is_digit(byte_at(scan, scan->at++));
        }
    }
    return digits;
}

/* "9/10", "5 *", "3/5": what a reader takes for a mark out of a best one. */
static bool read_rating(struct scan *scan, struct token *token)
{
    i64 at = scan->at;
    if (byte_at(scan, at) == '*' && token->value <= 5) {
        while (byte_at(scan, scan->at) == '*') {
            scan->at++;
        }
        token->value = (token->value - 1) / 4;
        return token->value >= 0;
    }
    if (byte_at(scan, at) != '/' || !is_digit(byte_at(scan, at + 1))) {
        return false;
    }
    i64 end = at + 1;
    while (is_digit(byte_at(scan, end))) {
        end++;
    }
    f32 best = read_value(scan, at + 1, end);
    bool known = best == 5 || best == 10 || best == 100; // exact: small whole numbers
    if (!known || token->value > best || byte_at(scan, end) == '/' || byte_at(scan, end) == ',') {
        return false;
    }
    token->value /= best;
    scan->at = end;
    return true;
}

static void read_number(struct scan *scan)
{
    i64 from = scan->at;
    i32 digits = skip_number(scan);
    bool phone = digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX &&
                 (byte_at(scan, from) == '0' || byte_at(scan, from) == '8' || byte_at(scan, from) == '1');
    struct token *token = add(scan, from);
    token->kind = phone ? TOKEN_PHONE : TOKEN_NUMBER;
    token->bare = word_add(WORD_BEGIN, '#'); // all numbers are one word
    token->word = token->raw = lexicon_mix(token->bare, 1);
    token->value = read_value(scan, from, scan->at);
    token->letters = (u8)lesser(digits, 255);
    if (!phone && read_rating(scan, token)) {
        token->kind = TOKEN_RATING;
    }
    token->len = (i32)(scan->at - from);
    i64 next = scan->at;
    if (next < scan->text.len && letter_of(utf8_next(scan->text, &next)).kind == LETTER_LATIN) {
        read_word(scan, true);
    }
}

static void read_emoji(struct scan *scan, u16 entry, i64 len)
{
    i64 from = scan->at;
    scan->at += len;
    struct token *token = add(scan, from);
    token->kind = TOKEN_EMOJI;
    token->entry = entry;
}

static void note_sign(struct scan *scan, u32 point)
{
    struct token *last = scan->out->count > 0 ? &scan->out->items[scan->out->count - 1] : NULL;
    if (last != NULL && point == '!' && last->exclaims < 255) {
        last->exclaims++;
    }
    if (last != NULL && point == '?' && last->asks < 255) {
        last->asks++;
    }
    u8 kind = signs_break(point);
    scan->breaks = greater(scan->breaks, kind);
}

/* One step: a word, a number, a link, an emoji, or a sign between them. */
static void step(struct scan *scan)
{
    i64 from = scan->at;
    i64 link = signs_link(scan->text, from);
    if (link > 0) {
        scan->at += link;
        add(scan, from)->kind = TOKEN_LINK;
        return;
    }
    i64 next = from;
    u32 point = utf8_next(scan->text, &next);
    struct letter letter = letter_of(point);
    u16 entry = LEXICON_NONE;
    i64 face = signs_face(scan->text, from, &entry);
    if (face > 0) {
        read_emoji(scan, entry, face);
    } else if (letter.kind == LETTER_LATIN || letter.kind == LETTER_FOREIGN) {
        read_word(scan, false);
    } else if (letter.kind == LETTER_DIGIT) {
        if (point < 0x80) {
            read_number(scan);
        } else {
            scan->at = next;
        }
    } else {
        note_sign(scan, point);
        scan->at = next;
    }
}

void tokens_read(str text, i64 *at, struct tokens *out)
{
    struct scan scan = {.text = text, .at = *at, .out = out};
    out->count = 0;
    while (scan.at < text.len && out->count < TOKENS_MAX - ROOM_LEFT) {
        step(&scan);
        if (scan.breaks == BREAK_HARD && out->count > TOKENS_MAX - SENTENCE_ROOM) {
            break;
        }
    }
    out->ends = scan.breaks;
    *at = scan.at;
}

/* Behind a number k, m and h are units. */
const struct expansion *tokens_expansion(const struct tokens *tokens, i32 at)
{
    const struct token *token = &tokens->items[at];
    bool unit = (token->flags & TOKEN_JOINED) != 0 ||
                (token->letters == 1 && at > 0 && tokens->items[at - 1].kind == TOKEN_NUMBER);
    if (token->kind != TOKEN_WORD || unit) {
        return NULL;
    }
    u16 found = lexicon_find(lexicon_mix(lexicon_mix(0, LIST_SHORT), token->raw));
    if (found == LEXICON_NONE && (token->flags & TOKEN_LONG) != 0) {
        found = lexicon_find(lexicon_mix(lexicon_mix(0, LIST_SHORT), token->word));
    }
    return found == LEXICON_NONE ? NULL : lexicon_expansion(found);
}

void tokens_expand(struct tokens *tokens)
{
    i32 more = 0;
    for (i32 i = 0; i < tokens->count; i++) {
        const struct expansion *expansion = tokens_expansion(tokens, i);
        more += expansion != NULL ? expansion->word_count - 1 : 0;
    }
    if (tokens->count + more > TOKENS_MAX) {
        more = 0; // a window full of abbreviations: those of one word only
    }
    bool longer = more > 0;
    for (i32 from = tokens->count - 1, to = from + more; from >= 0; from--) {
        struct token token = tokens->items[from];
        const struct expansion *expansion = tokens_expansion(tokens, from);
        if (expansion == NULL || (!longer && expansion->word_count > 1)) {
            tokens->items[to--] = token;
            continue;
        }
        for (i32 k = expansion->word_count - 1; k >= 0; k--, to--) {
            struct token *out = &tokens->items[to];
            *out = token;
            out->word = expansion->words[k];
            out->bare = expansion->bares[k];
            out->flags |= TOKEN_SHORT | TOKEN_SYLLABLE;
            out->before = k > 0 ? BREAK_NONE : token.before;
            out->exclaims = k + 1 < expansion->word_count ? 0 : token.exclaims;
            out->asks = k + 1 < expansion->word_count ? 0 : token.asks;
        }
    }
    tokens->count += more;
}
