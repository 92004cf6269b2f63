#include "text/fold.h"

#include "base/buf.h"

struct class_range {
    u32 first, last;
    u8 combining_class;
};
struct composition {
    u32 first, second, composed;
};
struct decomposition {
    u32 code, parts[4];
};
struct replacement {
    u32 code;
    u16 offset;
    u8 len;
};

#include "text/unicode_tables.h"

enum { REPLACEMENT = 0xFFFD };
enum {
    FIRST_MARK = 0x300, /* below it every character is composed and class 0 */
    HANGUL_FIRST = 0xAC00,
    HANGUL_COUNT = 11172,
    LEAD_FIRST = 0x1100,
    LEAD_COUNT = 19,
    VOWEL_FIRST = 0x1161,
    VOWEL_COUNT = 21,
    TAIL_FIRST = 0x11A7,
    TAIL_COUNT = 28,
    EMAIL_MAX = 254, /* RFC 5321 4.5.3.1.3, less the brackets */
};

/* The range that holds the code, or NULL. */
static const struct class_range *range_of(const struct class_range *ranges, i64 count, u32 code)
{
    i64 low = 0, high = count;
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (code > ranges[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && code >= ranges[low].first ? &ranges[low] : NULL;
}

static u8 class_of(u32 code)
{
    const struct class_range *range = code < FIRST_MARK ? NULL : range_of(classes, countof(classes), code);
    return range ? range->combining_class : 0;
}

static const struct replacement *replacement_of(const struct replacement *list, i64 count, u32 code)
{
    i64 low = 0, high = count;
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (code > list[middle].code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && list[low].code == code ? &list[low] : NULL;
}

static const u32 *parts_of(u32 code)
{
    i64 low = 0, high = countof(decompositions);
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (code > decompositions[middle].code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < countof(decompositions) && decompositions[low].code == code;
    return found ? decompositions[low].parts : NULL;
}

/* The composed character of a pair, or 0 (The Unicode Standard 3.12 for Hangul). */
static u32 composed_of(u32 first, u32 second)
{
    u32 lead = first - LEAD_FIRST, vowel = second - VOWEL_FIRST;
    if (lead < LEAD_COUNT && vowel < VOWEL_COUNT) {
        return HANGUL_FIRST + (lead * VOWEL_COUNT + vowel) * TAIL_COUNT;
    }
    u32 syllable = first - HANGUL_FIRST, tail = second - TAIL_FIRST;
    if (syllable < HANGUL_COUNT && syllable % TAIL_COUNT == 0 && tail > 0 && tail < TAIL_COUNT) {
        return first + tail;
    }
    i64 low = 0, high = countof(compositions);
    while (low < high) {
        i64 middle = (low + high) / 2;
        const struct composition *at = &compositions[middle];
        if (at->first < first || (at->first == first && at->second < second)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < countof(compositions) && compositions[low].first == first && compositions[low].second == second;
    return found ? compositions[low].composed : 0;
}

struct codes {
    u32 *at;
    i64 count;
};

static void put_parts(struct codes *codes, u32 code)
{
    u32 syllable = code - HANGUL_FIRST;
    const u32 *parts = code < 0xC0 ? NULL : parts_of(code);
    if (syllable < HANGUL_COUNT) {
        codes->at[codes->count++] = LEAD_FIRST + syllable / (VOWEL_COUNT * TAIL_COUNT);
        codes->at[codes->count++] = VOWEL_FIRST + syllable % (VOWEL_COUNT * TAIL_COUNT) / TAIL_COUNT;
        if (syllable % TAIL_COUNT != 0) {
            codes->at[codes->count++] = TAIL_FIRST + syllable % TAIL_COUNT;
        }
    } else if (parts == NULL) {
        codes->at[codes->count++] = code;
    } else {
        for (i64 i = 0; i < 4 && parts[i] != 0; i++) {
            codes->at[codes->count++] = parts[i];
        }
    }
}

/* Sorts each run of marks by class, stably. A counting sort per run keeps a hostile run of many marks
 * linear. */
static void order_marks(struct arena *arena, struct codes *codes)
{
    for (i64 start = 0; start < codes->count;) {
        if (class_of(codes->at[start]) == 0) {
            start++;
            continue;
        }
        i64 end = start, places[256] = {0};
        while (end < codes->count && class_of(codes->at[end]) != 0) {
            places[class_of(codes->at[end++])]++;
        }
        for (i64 i = 0, sum = 0; i < 256; i++) {
            i64 count = places[i];
            places[i] = sum;
            sum += count;
        }
        u32 *sorted = arena_new(arena, u32, end - start);
        for (i64 i = start; i < end; i++) {
            sorted[places[class_of(codes->at[i])]++] = codes->at[i];
        }
        memcpy(codes->at + start, sorted, (size_t)(end - start) * sizeof *sorted);
        start = end;
    }
}

/* Canonical composition (The Unicode Standard 3.11, D117), in place. */
static void compose(struct codes *codes)
{
    i64 out = 0, starter = -1;
    u8 last_class = 0;
    for (i64 i = 0; i < codes->count; i++) {
        u32 code = codes->at[i];
        u8 mark_class = class_of(code);
        bool blocked = starter < 0 || (out > starter + 1 && last_class >= mark_class);
        u32 composed = blocked ? 0 : composed_of(codes->at[starter], code);
        if (composed != 0) {
            codes->at[starter] = composed;
            continue;
        }
        if (mark_class == 0) {
            starter = out;
        }
        last_class = mark_class;
        codes->at[out++] = code;
    }
    codes->count = out;
}

/* Behind a character that is composed for certain: ASCII, Latin letters with one mark (U+0080 to U+02FF) and the Vietnamese ones
 * (U+1E00 to U+1EFF). The same place when it takes a look into the tables. */
static i64 skip_composed(const u8 *bytes, i64 left)
{
    u8 first = bytes[0];
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first < 0xCC) {
        return left >= 2 && (bytes[1] & 0xC0) == 0x80 ? 2 : 0;
    }
    bool letter = first == 0xE1 && left >= 3 && bytes[1] >= 0xB8 && bytes[1] <= 0xBB;
    return letter && (bytes[2] & 0xC0) == 0x80 ? 3 : 0;
}

static bool is_nfc(str text)
{
    for (i64 at = 0; at < text.len;) {
        u64 word;
        if (at + 8 <= text.len && (memcpy(&word, text.data + at, 8), (word & 0x8080808080808080u) == 0)) {
            at += 8;
            continue;
        }
        i64 len = skip_composed((const u8 *)text.data + at, text.len - at);
        if (len > 0) {
            at += len;
            continue;
        }
        i64 from = at;
        u32 code = utf8_next(text, &at);
        bool bad = code == REPLACEMENT && at - from != 3;
        if (bad || (code >= FIRST_MARK && range_of(suspects, countof(suspects), code) != NULL)) {
            return false;
        }
    }
    return true;
}

str fold_nfc(struct arena *arena, str text)
{
    if (is_nfc(text)) {
        return text;
    }
    struct codes codes = {.at = arena_new(arena, u32, text.len * 4 + 4)};
    for (i64 at = 0; at < text.len;) {
        put_parts(&codes, utf8_next(text, &at));
    }
    order_marks(arena, &codes);
    compose(&codes);
    struct buf out = buf_in(arena);
    char *room = buf_room(&out, codes.count * 4 + 1);
    for (i64 i = 0; i < codes.count; i++) {
        out.len += utf8_put(room + out.len, codes.at[i]);
    }
    return buf_str(&out);
}

static void put_char(struct buf *out, char c)
{
    bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (blank && (out->len == 0 || out->data[out->len - 1] == ' ')) {
        return;
    }
    buf_char(out, blank ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
}

str fold_search(struct arena *arena, str text)
{
    struct buf out = buf_in(arena);
    buf_room(&out, text.len + 1);
    for (i64 at = 0; at < text.len;) {
        u8 byte = (u8)text.data[at];
        if (byte < 0x80) {
            put_char(&out, (char)byte);
            at++;
            continue;
        }
        u32 code = utf8_next(text, &at);
        const struct replacement *new = replacement_of(search_replacements, countof(search_replacements), code);
        char whole[4]; // written again, so that a bad byte comes out as U+FFFD
        const char *bytes = new ? search_pool + new->offset : whole;
        i64 len = new ? new->len : utf8_put(whole, code);
        for (i64 i = 0; i < len; i++) {
            put_char(&out, bytes[i]);
        }
    }
    if (out.len > 0 && out.data[out.len - 1] == ' ') {
        out.len--;
    }
    return buf_str(&out);
}

static str fold_identity(struct arena *arena, str text)
{
    struct buf out = buf_in(arena);
    buf_room(&out, text.len + 1);
    for (i64 at = 0; at < text.len;) {
        i64 from = at;
        u32 code = utf8_next(text, &at);
        const struct replacement *new = code < 0x80 ? NULL
                                                    : replacement_of(identity_replacements,
                                                                     countof(identity_replacements), code);
        if (new != NULL) {
            buf_add(&out, (str){identity_pool + new->offset, new->len});
        } else if (code < 0x80) {
            buf_char(&out, code >= 'A' && code <= 'Z' ? (char)(code + 32) : (char)code);
        } else {
            buf_add(&out, str_slice(text, from, at));
        }
    }
    return fold_nfc(arena, buf_str(&out));
}

/* "a.b" or "xn--…": labels of at least one byte, at least one dot. */
static bool is_domain(str text)
{
    bool dotted = false;
    for (str rest = text; str_is(rest);) {
        str label = str_cut(&rest, '.');
        if (label.len == 0) {
            return false;
        }
        dotted = dotted || str_is(rest);
    }
    return dotted;
}

str fold_email(struct arena *arena, str text)
{
    if (!utf8_valid(text)) {
        return STR_NONE;
    }
    str address = str_trim(fold_identity(arena, text));
    i64 at = str_find_char(address, '@');
    if (at <= 0 || address.len > EMAIL_MAX) {
        return STR_NONE;
    }
    for (i64 i = 0; i < address.len; i++) {
        u8 byte = (u8)address.data[i];
        if (byte <= ' ' || byte == 0x7F || strchr("<>()[],;:\\\"", byte) != NULL) {
            return STR_NONE;
        }
    }
    str domain = str_slice(address, at + 1, address.len);
    if (str_find_char(domain, '@') >= 0 || !is_domain(domain)) {
        return STR_NONE;
    }
    return address;
}
