#include "text/signs.h"

#include "text/lexicon.h"
#include "text/tokens.h"

/* Faces are looked up as the emoji they stand for. */
enum {
    FACE_SMILE = 0x1F642,
    FACE_LAUGH = 0x1F602,
    FACE_SAD = 0x1F641,
    FACE_CRY = 0x1F62D,
    FACE_HEART = 0x2764,
    FACE_FLAT = 0x1F611,
    FACE_ANGRY = 0x1F620,
    FACE_WOW = 0x1F62E,
    FACE_TONGUE = 0x1F61B,
    FACE_UNSURE = 0x1F615
};

u8 signs_break(u32 point)
{
    switch (point) {
    case '.':
    case '!':
    case '?':
    case ';':
    case '\n':
    case 0x2026:
    case 0x3002:
    case 0x2029: return BREAK_HARD;
    case ',':
    case ':':
    case '(':
    case ')':
    case '/':
    case '|':
    case '+':
    case 0x2013:
    case 0x2014:
    case 0x2022:
    case 0xFF0C: return BREAK_SOFT;
    default: return BREAK_NONE;
    }
}

static char lower_at(str text, i64 at)
{
    char byte = at < text.len ? text.data[at] : 0;
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

static bool is_name(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

static bool begins(str text, i64 at, str word)
{
    for (i64 i = 0; i < word.len; i++) {
        if (lower_at(text, at + i) != word.data[i]) {
            return false;
        }
    }
    return true;
}

static i64 to_blank(str text, i64 at)
{
    while (at < text.len && (u8)text.data[at] > ' ') {
        at++;
    }
    return at;
}

/* Behind a dotted name with a known ending: "shop.vn", "abc.com/x". */
static i64 dotted_end(str text, i64 at)
{
    static const str endings[] = {STR(".com"), STR(".vn"), STR(".net"), STR(".org"),  STR(".info"),
                                  STR(".me"),  STR(".ly"), STR(".gl"),  STR(".shop"), STR(".store"),
                                  STR(".xyz"), STR(".io"), STR(".top"), STR(".ee")};
    i64 end = at;
    while (is_name(lower_at(text, end))) {
        end++;
    }
    if (end == at || lower_at(text, end) != '.') {
        return 0;
    }
    for (i64 i = 0; i < countof(endings); i++) {
        char behind = lower_at(text, end + endings[i].len);
        if (begins(text, end, endings[i]) && !is_name(behind) && (u8)behind < 0x80) {
            return to_blank(text, end);
        }
    }
    return 0;
}

i64 signs_link(str text, i64 at)
{
    char first = lower_at(text, at);
    if (!is_name(first) || (at > 0 && is_name(lower_at(text, at - 1)))) {
        return 0;
    }
    if (first == 'h' && (begins(text, at, STR("http://")) || begins(text, at, STR("https://")))) {
        return to_blank(text, at) - at;
    }
    if (first == 'w' && begins(text, at, STR("www."))) {
        return to_blank(text, at) - at;
    }
    i64 name = at;
    while (is_name(lower_at(text, name)) || lower_at(text, name) == '.') {
        name++;
    }
    i64 end = dotted_end(text, lower_at(text, name) == '@' ? name + 1 : at);
    return end > 0 ? end - at : 0;
}

static i64 run_of(str text, i64 at, char byte)
{
    i64 end = at;
    while (end < text.len && text.data[end] == byte) {
        end++;
    }
    return end - at;
}

/* What a mouth says beside eyes; 0 for none. */
static u32 mouth(char byte, bool crying, bool alone)
{
    switch (byte) {
    case ')':
    case ']':
    case '>': return FACE_SMILE;
    case '(':
    case '[':
    case '<': return crying ? FACE_CRY : FACE_SAD;
    case 'D':
    case 'd': return alone ? FACE_LAUGH : 0;
    case '3':
    case 'v':
    case 'V': return alone ? FACE_SMILE : 0;
    case 'P':
    case 'p': return alone ? FACE_TONGUE : 0;
    case 'o':
    case 'O': return alone ? FACE_WOW : 0;
    case '|':
    case '/': return FACE_UNSURE;
    case '*': return FACE_HEART;
    default: return 0;
    }
}

/* Eyes, perhaps a nose or a tear, a mouth: ":)", "=((", ":'(", ";-D". */
static i64 face_with_eyes(str text, i64 at, u32 *face)
{
    char eyes = text.data[at];
    if (eyes != ':' && eyes != '=' && eyes != ';') {
        return 0;
    }
    i64 end = at + 1;
    char nose = lower_at(text, end);
    bool crying = nose == '\'';
    if (nose == '-' || nose == '^' || crying) {
        end++;
    }
    char byte = end < text.len ? text.data[end] : 0;
    bool behind_word = at > 0 && (u8)text.data[at - 1] > ' ' && text.data[at - 1] != '.' && text.data[at - 1] != ',';
    i64 run = byte == 0 ? 0 : run_of(text, end, byte);
    char after = lower_at(text, end + run);
    bool alone = !behind_word && !is_name(after);
    if ((byte == '/' && (run > 1 || behind_word || eyes == '=')) || (eyes == ';' && byte != ')' && byte != '(')) {
        return 0;
    }
    *face = mouth(byte, crying || run > 1, alone);
    return *face != 0 ? end + run - at : 0;
}

struct typed {
    str sign;
    u32 face;
};

static i64 face_typed(str text, i64 at, u32 *face)
{
    static const struct typed all[] = {
        {STR("<3"), FACE_HEART},  {STR("</3"), FACE_SAD},  {STR("^_^"), FACE_SMILE}, {STR("^-^"), FACE_SMILE},
        {STR("^.^"), FACE_SMILE}, {STR("^^"), FACE_SMILE}, {STR("-_-"), FACE_FLAT},  {STR("-.-"), FACE_FLAT},
        {STR("t_t"), FACE_CRY},   {STR("t.t"), FACE_CRY},  {STR("y_y"), FACE_CRY},   {STR(">_<"), FACE_CRY},
        {STR(">.<"), FACE_CRY},   {STR("=="), FACE_FLAT},  {STR("@@"), FACE_WOW},    {STR("o_o"), FACE_WOW},
        {STR(">:("), FACE_ANGRY}, {STR("(y)"), 0x1F44D},   {STR("(n)"), 0x1F44E},    {STR("❤"), FACE_HEART},
    };
    for (i64 i = 0; i < countof(all); i++) {
        if (all[i].sign.data[0] == lower_at(text, at) && begins(text, at, all[i].sign)) {
            *face = all[i].face;
            return all[i].sign.len;
        }
    }
    return 0;
}

/* Signs that only change how an emoji looks. */
static bool is_variation(u32 point)
{
    return point == 0xFE0F || point == 0xFE0E || point == 0x200D || point == 0x20E3 ||
           (point >= 0x1F3FB && point <= 0x1F3FF);
}

static i64 emoji_at(str text, i64 at, u16 *entry)
{
    i64 end = at;
    u32 point = utf8_next(text, &end);
    if (point < 0x2000) {
        return 0;
    }
    *entry = lexicon_find(lexicon_mix(lexicon_mix(0, LIST_EMOJI), point));
    if (*entry == LEXICON_NONE) {
        return 0;
    }
    for (i64 next = end; next < text.len && is_variation(utf8_next(text, &next));) {
        end = next;
    }
    return end - at;
}

i64 signs_face(str text, i64 at, u16 *entry)
{
    u8 first = (u8)text.data[at];
    if (first >= 0x80) {
        return emoji_at(text, at, entry);
    }
    bool letter = is_name(lower_at(text, at)) && first != '-' && first != '_';
    if (first <= ' ' || (letter && at > 0 && (u8)text.data[at - 1] > ' ')) {
        return 0;
    }
    u32 face = 0;
    i64 len = letter ? 0 : face_with_eyes(text, at, &face);
    if (len == 0) {
        len = face_typed(text, at, &face);
    }
    if (len > 0 && letter && is_name(lower_at(text, at + len))) {
        return 0;
    }
    *entry = len > 0 ? lexicon_find(lexicon_mix(lexicon_mix(0, LIST_EMOJI), face)) : LEXICON_NONE;
    return *entry != LEXICON_NONE ? len : 0;
}
