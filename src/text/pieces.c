#include "text/pieces.h"

enum { VOWELS = 12, TONES = 6 };

/* The vowels in their six tones: level, huyền, sắc, hỏi, ngã, nặng. */
static const u16 lower_vowels[VOWELS][TONES] = {
    {0x61, 0xE0, 0xE1, 0x1EA3, 0xE3, 0x1EA1},        {0x103, 0x1EB1, 0x1EAF, 0x1EB3, 0x1EB5, 0x1EB7},
    {0xE2, 0x1EA7, 0x1EA5, 0x1EA9, 0x1EAB, 0x1EAD},  {0x65, 0xE8, 0xE9, 0x1EBB, 0x1EBD, 0x1EB9},
    {0xEA, 0x1EC1, 0x1EBF, 0x1EC3, 0x1EC5, 0x1EC7},  {0x69, 0xEC, 0xED, 0x1EC9, 0x129, 0x1ECB},
    {0x6F, 0xF2, 0xF3, 0x1ECF, 0xF5, 0x1ECD},        {0xF4, 0x1ED3, 0x1ED1, 0x1ED5, 0x1ED7, 0x1ED9},
    {0x1A1, 0x1EDD, 0x1EDB, 0x1EDF, 0x1EE1, 0x1EE3}, {0x75, 0xF9, 0xFA, 0x1EE7, 0x169, 0x1EE5},
    {0x1B0, 0x1EEB, 0x1EE9, 0x1EED, 0x1EEF, 0x1EF1}, {0x79, 0x1EF3, 0xFD, 0x1EF7, 0x1EF9, 0x1EF5},
};
static const u16 upper_vowels[VOWELS][TONES] = {
    {0x41, 0xC0, 0xC1, 0x1EA2, 0xC3, 0x1EA0},        {0x102, 0x1EB0, 0x1EAE, 0x1EB2, 0x1EB4, 0x1EB6},
    {0xC2, 0x1EA6, 0x1EA4, 0x1EA8, 0x1EAA, 0x1EAC},  {0x45, 0xC8, 0xC9, 0x1EBA, 0x1EBC, 0x1EB8},
    {0xCA, 0x1EC0, 0x1EBE, 0x1EC2, 0x1EC4, 0x1EC6},  {0x49, 0xCC, 0xCD, 0x1EC8, 0x128, 0x1ECA},
    {0x4F, 0xD2, 0xD3, 0x1ECE, 0xD5, 0x1ECC},        {0xD4, 0x1ED2, 0x1ED0, 0x1ED4, 0x1ED6, 0x1ED8},
    {0x1A0, 0x1EDC, 0x1EDA, 0x1EDE, 0x1EE0, 0x1EE2}, {0x55, 0xD9, 0xDA, 0x1EE6, 0x168, 0x1EE4},
    {0x1AF, 0x1EEA, 0x1EE8, 0x1EEC, 0x1EEE, 0x1EF0}, {0x59, 0x1EF2, 0xDD, 0x1EF6, 0x1EF8, 0x1EF4},
};

enum {
    BREVE = 0x306,
    CIRCUMFLEX = 0x302,
    HORN = 0x31B,
    MARK_FIRST = 0x300,
    MARK_LAST = 0x36F,
    FIRST_EMOJI = 0x2190, /* arrows, and from there on signs and pictures */
    SECOND_EMOJI = 0x1F000,
    LAST_EMOJI = 0x1FAFF,
    SKIN_FIRST = 0x1F3FB,
    SKIN_LAST = 0x1F3FF,
    JOINER = 0x200D,
    SELECTOR = 0xFE0F,
    CJK_FIRST = 0x2E80,
    PRIVATE_FIRST = 0xE000,
    FORMS_FIRST = 0xF900,
};

static const u32 tone_marks[TONES] = {0, 0x300, 0x301, 0x309, 0x303, 0x323};

struct letter {
    u32 code;
    i32 tone; /* 0: level or no vowel */
};

static bool vowel_of(const u16 rows[VOWELS][TONES], u32 code, struct letter *out)
{
    for (i32 row = 0; row < VOWELS; row++) {
        for (i32 tone = 0; tone < TONES; tone++) {
            if (rows[row][tone] == code) {
                *out = (struct letter){lower_vowels[row][0], tone};
                return true;
            }
        }
    }
    return false;
}

/* A letter in lower case and its tone. */
static struct letter letter_of(u32 code)
{
    struct letter out = {code, 0};
    if (code < 0x80) {
        out.code = code >= 'A' && code <= 'Z' ? code + 32 : code;
    } else if (vowel_of(lower_vowels, code, &out) || vowel_of(upper_vowels, code, &out)) {
        return out;
    } else if (code == 0x110 || code == 0xD0) {
        out.code = 0x111; // Đ, and the Icelandic letter that looks like it
    } else if (code >= 0xC0 && code <= 0xDE) {
        out.code = code + 32;
    } else if (code >= 0x410 && code <= 0x42F) {
        out.code = code + 32;
    }
    return out;
}

u32 piece_small(u32 letter)
{
    struct letter plain = letter_of(letter);
    if (plain.tone == 0) {
        return plain.code;
    }
    for (i32 row = 0; row < VOWELS; row++) {
        if (lower_vowels[row][0] == plain.code) {
            return lower_vowels[row][plain.tone];
        }
    }
    return plain.code;
}

static u32 bare_of(u32 code)
{
    static const u16 pairs[][2] = {{0x103, 'a'}, {0xE2, 'a'},  {0xEA, 'e'}, {0xF4, 'o'},
                                   {0x1A1, 'o'}, {0x1B0, 'u'}, {0x111, 'd'}};
    for (i64 i = 0; code >= 0x80 && i < countof(pairs); i++) {
        if (pairs[i][0] == code) {
            return pairs[i][1];
        }
    }
    return code;
}

/* The letter under a hat that came as a mark of its own. */
static u32 under(u32 code, u32 mark)
{
    if (mark == CIRCUMFLEX) {
        return code == 'a' ? 0xE2 : code == 'e' ? 0xEA : code == 'o' ? 0xF4 : code;
    }
    if (mark == BREVE) {
        return code == 'a' ? 0x103 : code;
    }
    return mark != HORN ? code : code == 'o' ? 0x1A1 : code == 'u' ? 0x1B0 : code;
}

enum sort { SPACE, WORD, SIGN, EMOJI, NOTHING };

static enum sort sort_of(u32 code)
{
    if (code < 0x80) {
        bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9');
        return letter ? WORD : code <= ' ' ? SPACE : SIGN;
    }
    if (code == JOINER || code == SELECTOR || (code >= SKIN_FIRST && code <= SKIN_LAST) || code == 0xFFFD) {
        return NOTHING;
    }
    if (code < 0xC0) {
        return code == 0xA0 ? SPACE : SIGN;
    }
    if (code == 0xD7 || code == 0xF7 || (code >= 0x2010 && code < FIRST_EMOJI)) {
        return SIGN;
    }
    if (code >= 0x2000 && code < 0x2010) {
        return SPACE;
    }
    bool emoji = (code >= FIRST_EMOJI && code < CJK_FIRST) || (code >= SECOND_EMOJI && code <= LAST_EMOJI) ||
                 (code >= PRIVATE_FIRST && code < FORMS_FIRST);
    return emoji ? EMOJI : WORD;
}

/* The tones of a word's letters. */
struct tones {
    i32 count, last;
    u8 at[PIECE_LETTERS];
};

static void put_letter(struct piece *piece, struct tones *tones, struct letter letter)
{
    i32 n = piece->count;
    if (n == PIECE_LETTERS) {
        return;
    }
    piece->form[n] = letter.code;
    tones->at[n] = (u8)letter.tone;
    piece->count++;
}

static void put_mark(struct piece *piece, struct tones *tones, u32 mark)
{
    if (piece->count == 0) {
        return;
    }
    u32 *last = &piece->form[piece->count - 1];
    *last = under(*last, mark);
    for (i32 tone = 1; tone < TONES; tone++) {
        if (tone_marks[tone] == mark) {
            tones->at[piece->count - 1] = (u8)tone;
        }
    }
}

/* Bare form, and the tones: one goes behind the word, several stay behind their letters as far as there is room. */
static void finish(struct piece *piece, struct tones *tones)
{
    u32 letters[PIECE_LETTERS];
    i32 count = piece->count, toned = 0, out = 0;
    for (i32 i = 0; i < count; i++) {
        letters[i] = piece->form[i];
        piece->bare[i] = bare_of(letters[i]);
        toned += tones->at[i] > 0;
        tones->last = tones->at[i] > 0 ? tones->at[i] : tones->last;
    }
    piece->bare_count = (u8)count;
    for (i32 i = 0; i < count && out < PIECE_LETTERS; i++) {
        piece->form[out++] = letters[i];
        if (toned > 1 && tones->at[i] > 0 && out < PIECE_LETTERS) {
            piece->form[out++] = tones->at[i];
        }
    }
    if (toned == 1) {
        piece->form[out++] = (u32)tones->last;
    }
    piece->count = (u8)out;
}

/* A word's letters up to its end. Three times the same letter is once: `run` counts. */
static i64 take_word(str text, i64 at, struct piece *out)
{
    struct tones tones = {0};
    u32 last = 0;
    i32 run = 0;
    while (at < text.len) {
        i64 next = at;
        u32 code = utf8_next(text, &next);
        enum sort sort = sort_of(code);
        if (sort != WORD && sort != NOTHING) {
            break;
        }
        at = next;
        if (sort == NOTHING) {
            continue;
        }
        if (code >= MARK_FIRST && code <= MARK_LAST) {
            put_mark(out, &tones, code);
            continue;
        }
        struct letter letter = letter_of(code);
        run = letter.code == last ? run + 1 : 1;
        last = letter.code;
        if (run == 3 && out->count > 1 && letter.code > '9' && out->form[out->count - 1] == letter.code) {
            out->count--; // the second goes too
        }
        if (run < 3 || letter.code <= '9') {
            put_letter(out, &tones, letter);
        } else if (letter.tone > 0) {
            tones.at[out->count - 1] = (u8)letter.tone;
        }
    }
    finish(out, &tones);
    return at;
}

/* A run of signs: ":)" and "!!!"; of equal ones two are kept. */
static i64 take_signs(str text, i64 at, struct piece *out)
{
    while (at < text.len) {
        i64 next = at;
        u32 code = utf8_next(text, &next);
        if (sort_of(code) != SIGN) {
            break;
        }
        at = next;
        i32 n = out->count;
        bool repeats = n >= 2 && out->form[n - 1] == code && out->form[n - 2] == code;
        if (n < PIECE_LETTERS && !repeats) {
            out->bare[n] = code;
            out->form[out->count++] = code;
        }
    }
    out->bare_count = out->count;
    return at;
}

/* A single comma or bracket says nothing. */
static bool is_dull(const struct piece *piece)
{
    return !piece->is_word && piece->count == 1 && piece->form[0] < 0x80 &&
           memchr(",.-/;:\"'()[]{}_&*+#@|", (int)piece->form[0], 21) != NULL;
}

static bool take(str text, i64 *at, struct piece *out)
{
    i64 begin = *at;
    u32 code = utf8_next(text, at);
    enum sort sort = sort_of(code);
    if (sort == SPACE || sort == NOTHING) {
        return false;
    }
    *out = (struct piece){.at = (i32)begin, .is_word = sort == WORD};
    if (sort == WORD) {
        *at = take_word(text, begin, out);
    } else if (sort == SIGN) {
        *at = take_signs(text, begin, out);
    } else {
        out->form[0] = out->bare[0] = code;
        out->count = out->bare_count = 1;
    }
    out->len = (i32)(*at - begin);
    return out->count > 0 && !is_dull(out);
}

bool piece_next(str text, i64 *at, struct piece *out)
{
    while (*at < text.len) {
        if (take(text, at, out)) {
            return true;
        }
    }
    return false;
}
