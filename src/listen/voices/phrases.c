#include "listen/voices/phrases.h"

#include "base/buf.h"
#include "base/hash.h"
#include "measure/compare.h"
#include "measure/growth.h"
#include "text/fold.h"
#include "text/pieces.h"
#include "text/reading.h"

#include <math.h>
#include <stdlib.h>

enum { TEXT_WORDS_MAX = 200, BYTES_MAX = 4000, LETTERS_LEAST = 3, COVERS_MAX = 600 };

/* A phrase while it is counted. */
struct counted {
    u64 key;
    i32 now, before; /* texts */
    i32 newest;      /* the last text that counted it, + 1 */
    u8 words;
    str phrase; /* where it was read first, in small letters */
};

struct text_of {
    i64 id, at_ms;
    str text;
    bool now;
};

struct counting {
    struct arena *arena;
    struct text_of *texts;
    i64 count, room, left_out, now_count, before_count;
    struct counted *table;
    i64 size, used; /* size: a power of two */
};

/* Words that carry no topic by themselves: a phrase neither begins nor ends with one. */
static bool is_small(str bare)
{
    static const char *const small[] = {
        "va",    "la",   "thi",  "ma",   "cho",  "cua",   "co",    "khong", "ko",  "k",    "cung", "rat",   "qua",
        "lam",   "nay",  "kia",  "do",   "da",   "se",    "dang",  "duoc",  "bi",  "voi",  "tu",   "den",   "toi",
        "minh",  "em",   "anh",  "chi",  "ban",  "shop",  "ad",    "nha",   "nhe", "a",    "oi",   "roi",   "luon",
        "nhung", "nen",  "vi",   "con",  "the",  "vay",   "gi",    "nao",   "sao", "mot",  "cac",  "nhieu", "hon",
        "khi",   "nhu",  "ra",   "vao",  "len",  "xuong", "di",    "lai",   "hay", "hoac", "tai",  "trong", "ngoai",
        "tren",  "duoi", "moi",  "and",  "or",   "i",     "is",    "are",   "was", "were", "to",   "of",    "in",
        "on",    "for",  "it",   "this", "that", "my",    "we",    "you",   "but", "not",  "very", "so",    "with",
        "at",    "be",   "have", "has",  "had",  "they",  "their", "me",    "as",  "an",
    };
    for (i64 i = 0; i < countof(small); i++) {
        if (str_eq(bare, str_from(small[i]))) {
            return true;
        }
    }
    return false;
}

/* The same, of words that are others without their tones. */
static bool is_particle(const struct piece *piece)
{
    static const char *const particles[] = {
        "bên",   "chỗ",  "lúc",  "lần", "hôm",  "ngày", "giờ",  "phải", "vẫn", "chưa",  "chỉ",   "thôi", "mới",  "cả",
        "để",    "theo", "về",   "hết", "xong", "ấy",   "đây",  "đó",   "ừ",   "trước", "sau",   "nữa",  "thêm", "cần",
        "muốn",  "biết", "thấy", "nói", "hỏi",  "xin",  "cảm",  "ơn",   "cứ",  "đã",    "rằng",  "nếu",  "thể",  "mấy",
        "những", "bằng", "cùng", "đều", "vừa",  "bị",   "được", "ạ",    "à",   "ơi",    "nhỉ",   "hả",   "đi",   "tới",
        "nhận",  "gọi",  "làm",  "sẽ",  "lắm",  "quá",  "rất",  "việc", "cái", "con",   "người",
    };
    for (i64 i = 0; i < countof(particles); i++) {
        struct piece other;
        i64 at = 0;
        bool same = piece_next(str_from(particles[i]), &at, &other) && other.count == piece->count &&
                    memcmp(other.form, piece->form, sizeof(u32) * piece->count) == 0;
        if (same) {
            return true;
        }
    }
    return false;
}

struct word {
    i32 at, len;
    bool small, numeric;
    bool syllable; /* it has a tone or a hat, so it is one Vietnamese syllable */
    bool breaks;   /* no phrase goes over what stands before it */
    u64 hash;
};

/* The words of a text, in the composed small letters they are shown in. */
static i64 words_of(str text, struct word *words)
{
    struct piece piece;
    i64 at = 0, count = 0, last_end = 0;
    while (count < TEXT_WORDS_MAX && piece_next(text, &at, &piece)) {
        if (!piece.is_word) {
            last_end = -1;
            continue;
        }
        char bare[4 * PIECE_LETTERS];
        i64 len = 0;
        bool digits = true;
        for (i32 i = 0; i < piece.bare_count; i++) {
            len += utf8_put(bare + len, piece.bare[i]);
            digits = digits && piece.bare[i] >= '0' && piece.bare[i] <= '9';
        }
        str between = last_end < 0 ? STR(",") : str_trim(str_slice(text, last_end, piece.at));
        words[count++] = (struct word){
            .at = piece.at,
            .len = piece.len,
            .small = is_small((str){bare, len}) || is_particle(&piece),
            .numeric = digits,
            .syllable = piece.count != piece.bare_count ||
                        memcmp(piece.form, piece.bare, sizeof(u32) * piece.bare_count) != 0,
            .breaks = between.len > 0,
            .hash = hash64(piece.form, (i64)sizeof(u32) * piece.count),
        };
        last_end = piece.at + piece.len;
    }
    return count;
}

static void grow_table(struct counting *counting)
{
    i64 size = counting->size == 0 ? 1 << 14 : counting->size * 2;
    struct counted *table = mem_new(size * (i64)sizeof(struct counted));
    for (i64 i = 0; i < counting->size; i++) {
        if (counting->table[i].key != 0) {
            i64 at = (i64)(counting->table[i].key & (u64)(size - 1));
            while (table[at].key != 0) {
                at = (at + 1) & (size - 1);
            }
            table[at] = counting->table[i];
        }
    }
    mem_free(counting->table);
    counting->table = table;
    counting->size = size;
}

static struct counted *find(struct counting *counting, u64 key, bool add)
{
    if (add && counting->used * 2 >= counting->size) {
        grow_table(counting);
    }
    i64 at = (i64)(key & (u64)(counting->size - 1));
    while (counting->size > 0 && counting->table[at].key != 0) {
        if (counting->table[at].key == key) {
            return &counting->table[at];
        }
        at = (at + 1) & (counting->size - 1);
    }
    if (!add) {
        return NULL;
    }
    counting->used++;
    counting->table[at].key = key;
    return &counting->table[at];
}

/* Calls `each` with every phrase of a text. */
struct phrase_of {
    u64 key;
    i32 at, len, words;
};

static void each_phrase(const struct text_of *text, void (*each)(void *self, const struct phrase_of *phrase),
                        void *self)
{
    struct word words[TEXT_WORDS_MAX];
    i64 count = words_of(text->text, words);
    for (i64 first = 0; first < count; first++) {
        u64 key = 0x70687261;
        if (words[first].small || words[first].numeric) {
            continue;
        }
        for (i64 last = first; last < count && last - first < PHRASE_WORDS_MAX; last++) {
            if (last > first && words[last].breaks) {
                break;
            }
            key = (key ^ words[last].hash) * 0x9E3779B97F4A7C15U;
            key ^= key >> 31;
            i32 len = words[last].at + words[last].len - words[first].at;
            // A single Vietnamese syllable says little: it is half of a word.
            bool alone = last == first && (len < LETTERS_LEAST || words[first].syllable);
            if (!words[last].small && !words[last].numeric && !alone) {
                each(self, &(struct phrase_of){key == 0 ? 1 : key, words[first].at, len, (i32)(last - first + 1)});
            }
        }
    }
}

/* Counts the phrases of one text; new ones only where `add`. */
struct counting_text {
    struct counting *counting;
    i64 number;
    bool add;
};

static void count_phrase(void *self, const struct phrase_of *phrase)
{
    const struct counting_text *in = self;
    const struct text_of *text = &in->counting->texts[in->number];
    struct counted *counted = find(in->counting, phrase->key, in->add);
    if (counted == NULL || counted->newest == (i32)in->number + 1) {
        return;
    }
    counted->newest = (i32)in->number + 1;
    counted->now += text->now;
    counted->before += !text->now;
    if (counted->words == 0) {
        counted->words = (u8)phrase->words;
        counted->phrase = (str){text->text.data + phrase->at, phrase->len};
    }
}

static void count_text(struct counting *counting, i64 number, bool add)
{
    struct counting_text in = {counting, number, add};
    each_phrase(&counting->texts[number], count_phrase, &in);
}

struct taking {
    struct counting *counting;
    i64 since_ms;
    i32 side; /* 1: now, 0: before, -1: by the moment */
};

static err take(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct taking *taking = self;
    struct counting *counting = taking->counting;
    bool now = taking->side < 0 ? row->at_ms >= taking->since_ms : taking->side == 1;
    i64 *part = now ? &counting->now_count : &counting->before_count;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (!row->has_text || row->spam) {
        return OK;
    }
    if (*part == PHRASE_TEXTS_MAX) {
        counting->left_out++;
        return OK;
    }
    if (counting->count == counting->room) {
        i64 room = greater(1024, counting->room * 2), item = (i64)sizeof(struct text_of);
        counting->texts = arena_grow(counting->arena, counting->texts, counting->room * item, room * item, 8);
        counting->room = room;
    }
    str text = fold_nfc(counting->arena, utf8_prefix(row->text, BYTES_MAX));
    counting->texts[counting->count++] = (struct text_of){row->id, row->at_ms, str_copy(counting->arena, text), now};
    (*part)++;
    return OK;
}

static void release(void *self)
{
    struct counting *counting = self;
    mem_free(counting->table);
}

static struct counting *counting_new(struct ctx *ctx)
{
    struct counting *counting = arena_new(&ctx->arena, struct counting, 1);
    counting->arena = &ctx->arena;
    ctx_defer(ctx, release, counting);
    return counting;
}

/* Removes what too few texts have, so that the older texts are asked about little. */
static void prune(struct counting *counting, i32 least)
{
    struct counted *old = counting->table;
    i64 size = counting->size, kept = 0;
    for (i64 i = 0; i < size; i++) {
        kept += old[i].key != 0 && old[i].now + old[i].before >= least;
    }
    counting->size = 1 << 10;
    while (counting->size < kept * 2 + 2) {
        counting->size *= 2;
    }
    counting->table = mem_new(counting->size * (i64)sizeof(struct counted));
    counting->used = 0;
    for (i64 i = 0; i < size; i++) {
        if (old[i].key != 0 && old[i].now + old[i].before >= least) {
            *find(counting, old[i].key, true) = old[i];
        }
    }
    mem_free(old);
}

/* Is the phrase about a topic of the dictionary? */
static bool is_known(str phrase)
{
    struct reading reading;
    reading_of(phrase, &reading);
    return reading.topic_count > 0;
}

struct tested {
    struct counted *counted;
    struct growth growth;
};

static int by_p(const void *a, const void *b)
{
    const struct tested *left = a, *right = b;
    if (left->growth.p != right->growth.p) {
        return (left->growth.p > right->growth.p) - (left->growth.p < right->growth.p);
    }
    return left->counted->words != right->counted->words ? right->counted->words - left->counted->words
                                                         : str_cmp(left->counted->phrase, right->counted->phrase);
}

/* In small letters, tones kept, as it is shown. */
static str small_letters(struct arena *arena, str text)
{
    struct buf out = buf_in(arena);
    for (i64 at = 0; at < text.len;) {
        char code[4];
        u32 small = piece_small(utf8_next(text, &at));
        buf_add(&out, (str){code, utf8_put(code, small)});
    }
    return buf_str(&out);
}

/* Do the words of `part` stand in a row in `whole`? */
static bool lies_in(str part, str whole)
{
    i64 at = str_find(whole, part), end = at + part.len;
    return at >= 0 && part.len < whole.len && (at == 0 || whole.data[at - 1] == ' ') &&
           (end == whole.len || whole.data[end] == ' ');
}

/* Of two phrases inside each other the longer one is shown where most texts with the shorter one have it, else the shorter. */
static bool is_covered(const struct tested *all, i64 count, const struct counted *one)
{
    for (i64 i = 0; i < count; i++) {
        const struct counted *other = all[i].counted;
        bool inside = lies_in(one->phrase, other->phrase), around = lies_in(other->phrase, one->phrase);
        if ((inside && other->now * 10 >= one->now * 6) || (around && one->now * 10 < other->now * 6)) {
            return true;
        }
    }
    return false;
}

struct looking_for {
    u64 key;
    bool found;
};

static void look_for(void *self, const struct phrase_of *phrase)
{
    struct looking_for *looking = self;
    looking->found = looking->found || looking->key == phrase->key;
}

/* The newest texts that hold it, word by word. */
static struct shape_list examples_of(struct counting *counting, u64 key)
{
    struct phrase_example *items = arena_new(counting->arena, struct phrase_example, PHRASE_EXAMPLES);
    i64 count = 0;
    for (i64 i = 0; i < counting->count && count < PHRASE_EXAMPLES; i++) {
        const struct text_of *text = &counting->texts[i];
        struct looking_for looking = {.key = key};
        if (text->now) {
            each_phrase(text, look_for, &looking);
        }
        if (looking.found) {
            items[count++] = (struct phrase_example){text->id, text->at_ms, text->text};
        }
    }
    return (struct shape_list){items, count};
}

static struct maybe_f64 if_finite(f64 number)
{
    return (struct maybe_f64){isfinite(number) ? number : 0.0, isfinite(number) != 0};
}

/* Tests what has enough support; returns those that are discoveries, the surest first. */
static i64 test(struct counting *counting, struct tested *tested, i64 *discoveries)
{
    i64 count = 0;
    for (i64 i = 0; i < counting->size; i++) {
        struct counted *counted = &counting->table[i];
        struct growth_counts counts = {counted->now, counting->now_count, counted->before, counting->before_count};
        if (counted->key == 0 || counted->now < PHRASE_LEAST || growth_of(&counts, &tested[count].growth) != OK) {
            continue;
        }
        tested[count++].counted = counted;
    }
    f64 *p = arena_new(counting->arena, f64, count + 1);
    for (i64 i = 0; i < count; i++) {
        p[i] = tested[i].growth.p;
    }
    f64 limit = discovery_limit(p, count, 0.05);
    qsort(tested, (size_t)count, sizeof *tested, by_p);
    *discoveries = 0;
    while (*discoveries < count && tested[*discoveries].growth.p <= limit) {
        ++*discoveries;
    }
    return count;
}

err phrases_growing(struct ctx *ctx, const struct feedback_chosen *chosen, i64 since_ms, struct phrases_answer *out)
{
    struct counting *counting = counting_new(ctx);
    struct taking taking = {counting, since_ms, -1};
    TRY(feedback_each(ctx, chosen, take, &taking));
    for (i64 i = 0; i < counting->count; i++) {
        if (counting->texts[i].now) {
            count_text(counting, i, true);
        }
    }
    prune(counting, PHRASE_LEAST);
    for (i64 i = 0; i < counting->count; i++) {
        if (!counting->texts[i].now) {
            count_text(counting, i, false);
        }
    }
    struct tested *tested = arena_new(&ctx->arena, struct tested, counting->used + 1);
    i64 discoveries, kept = 0;
    out->tested = test(counting, tested, &discoveries);
    struct phrase_row *rows = arena_new(&ctx->arena, struct phrase_row, PHRASES_MAX);
    i64 compared = lesser(discoveries, COVERS_MAX);
    for (i64 i = 0; i < compared; i++) {
        tested[i].counted->phrase = small_letters(&ctx->arena, tested[i].counted->phrase);
    }
    for (i64 i = 0; i < compared && kept < PHRASES_MAX; i++) {
        struct tested one = tested[i];
        if (is_known(one.counted->phrase) || is_covered(tested, compared, one.counted)) {
            continue;
        }
        rows[kept] = (struct phrase_row){
            .phrase = one.counted->phrase,
            .now = one.counted->now,
            .before = one.counted->before,
            .ratio = if_finite(one.growth.ratio),
            .low = if_finite(one.growth.low),
            .high = if_finite(one.growth.high),
            .p = one.growth.p,
            .examples = examples_of(counting, one.counted->key),
        };
        kept++;
    }
    out->now_texts = counting->now_count;
    out->before_texts = counting->before_count;
    out->left_out = counting->left_out;
    out->rows = (struct shape_list){rows, kept};
    return OK;
}

err phrases_compare(struct ctx *ctx, const struct feedback_chosen *first, const struct feedback_chosen *second,
                    struct shape_list *out, i64 *first_texts, i64 *second_texts)
{
    struct counting *counting = counting_new(ctx);
    struct taking taking = {counting, 0, 1};
    i64 count = 0;
    TRY(feedback_each(ctx, first, take, &taking));
    taking.side = 0;
    TRY(feedback_each(ctx, second, take, &taking));
    for (i64 i = 0; i < counting->count; i++) {
        count_text(counting, i, true);
    }
    prune(counting, 2 * PHRASE_LEAST);
    struct phrase_count *rows = arena_new(&ctx->arena, struct phrase_count, counting->used + 1);
    for (i64 i = 0; i < counting->size; i++) {
        const struct counted *counted = &counting->table[i];
        if (counted->key != 0) {
            str phrase = small_letters(&ctx->arena, counted->phrase);
            rows[count++] = (struct phrase_count){phrase, counted->now, counted->before};
        }
    }
    *out = (struct shape_list){rows, count};
    *first_texts = counting->now_count;
    *second_texts = counting->before_count;
    return OK;
}
