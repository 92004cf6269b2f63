#include "text/letters.h"

struct latin {
    u8 code, base, tone, upper;
};

#include "text/letters_table.h"

enum {
    MARKS_FIRST = 0x300,
    MARKS_LAST = 0x36F,
    FULL_FIRST = 0xFF01,
    FULL_LAST = 0xFF5E,
    FULL_SHIFT = 0xFEE0,
    OTHER_SCRIPTS = 0x370,
};

static struct letter of_ascii(u32 point)
{
    if (point >= 'a' && point <= 'z') {
        return (struct letter){LETTER_LATIN, (u8)point, (u8)point, 0, false};
    }
    if (point >= 'A' && point <= 'Z') {
        return (struct letter){LETTER_LATIN, (u8)(point + 32), (u8)(point + 32), 0, true};
    }
    if (point >= '0' && point <= '9') {
        return (struct letter){LETTER_DIGIT, (u8)point, (u8)point, 0, false};
    }
    return (struct letter){.kind = LETTER_NOT};
}

/* Combining marks: tones as numbers, the marks of â ă ơ as theirs; any other is strange to Vietnamese. */
static struct letter of_mark(u32 point)
{
    struct letter out = {.kind = LETTER_MARK};
    switch (point) {
    case 0x300:
    case 0x340: out.tone = 1; break;
    case 0x301:
    case 0x341: out.tone = 2; break;
    case 0x309: out.tone = 3; break;
    case 0x303: out.tone = 4; break;
    case 0x323: out.tone = 5; break;
    case 0x302: out.code = 1; break;
    case 0x306: out.code = 2; break;
    case 0x31B: out.code = 3; break;
    default: out.tone = LETTER_STRANGE;
    }
    return out;
}

static struct letter of_latin(const struct latin *at)
{
    u8 kind = at->code == 0 ? LETTER_NOT : LETTER_LATIN;
    return (struct letter){kind, at->code, at->base, at->tone, at->upper != 0};
}

/* Scripts that write words: all but symbols, punctuation, arrows, emoji and what lies in the private areas. */
static bool is_foreign(u32 point)
{
    return (point >= OTHER_SCRIPTS && point < 0x1E00) || (point >= 0x1F00 && point < 0x2000) ||
           (point >= 0x2C00 && point < 0x2E00) || (point >= 0x3040 && point < 0xD7FF) ||
           (point >= 0xF900 && point < 0xFE00) || (point >= 0xFE70 && point < 0xFF00) ||
           (point >= 0xFF66 && point < 0xFFE0) || (point >= 0x10000 && point < 0x1D000) ||
           (point >= 0x20000 && point < 0x30000);
}

struct letter letter_of(u32 point)
{
    if (point >= FULL_FIRST && point <= FULL_LAST) {
        point -= FULL_SHIFT;
    }
    if (point < 0x80) {
        return of_ascii(point);
    }
    if (point >= LATIN_FIRST && point < LATIN_FIRST + (u32)countof(latin)) {
        return of_latin(&latin[point - LATIN_FIRST]);
    }
    if (point >= MORE_FIRST && point < MORE_FIRST + (u32)countof(more_latin)) {
        return of_latin(&more_latin[point - MORE_FIRST]);
    }
    if (point >= MARKS_FIRST && point <= MARKS_LAST) {
        return of_mark(point);
    }
    return (struct letter){.kind = is_foreign(point) ? LETTER_FOREIGN : LETTER_NOT};
}
