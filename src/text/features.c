#include "text/features.h"

#include "text/reading.h"

#include <math.h>

enum { WORD_RUN = 3, BARE_WORD_RUN = 2, LETTERS_LEAST = 2, BARE_LETTERS_LEAST = 3, LETTERS_MOST = 5 };
enum { BORDER_LEFT = 6, BORDER_RIGHT = 7 }; /* codes no letter and no tone has */

struct gather {
    struct arena *arena;
    struct feature *items;
    i64 count, room;
};

static u64 mix(u64 hash, u64 value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
    return hash ^ hash >> 29;
}

static u64 done(u64 hash)
{
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93U;
    return hash ^ hash >> 32;
}

static void put(struct gather *gather, struct feature feature)
{
    if (gather->count == gather->room) {
        i64 room = gather->room == 0 ? 1024 : gather->room * 2;
        gather->items = arena_grow(gather->arena, gather->items, gather->room * (i64)sizeof(struct feature),
                                   room * (i64)sizeof(struct feature), _Alignof(struct feature));
        gather->room = room;
    }
    gather->items[gather->count++] = feature;
}

static u64 hash_of(u8 group, const u32 *codes, i32 count)
{
    u64 hash = mix(0x63686D, (u64)group);
    for (i32 i = 0; i < count; i++) {
        hash = mix(hash, codes[i]);
    }
    return hash;
}

/* Runs of letters between the word's borders. */
static void letters(struct gather *gather, const struct piece *piece, const u32 *codes, i32 count, u8 group, i32 least)
{
    u32 framed[PIECE_LETTERS + 3];
    i32 n = 0;
    framed[n++] = BORDER_LEFT;
    for (i32 i = 0; i < count; i++) {
        framed[n++] = codes[i];
    }
    framed[n++] = BORDER_RIGHT;
    for (i32 from = 0; from < n; from++) {
        for (i32 run = least; run <= LETTERS_MOST && from + run <= n; run++) {
            u64 key = done(hash_of(group, framed + from, run));
            put(gather, (struct feature){key, piece->at, piece->len, group, 1.0F});
        }
    }
}

/* Runs of words that end with the newest of `pieces`. */
static void words(struct gather *gather, const struct piece *pieces, i32 count, u8 group, i32 most)
{
    const struct piece *last = &pieces[count - 1];
    u64 hash = mix(0x776F7264, group);
    for (i32 run = 1; run <= most && run <= count; run++) {
        const struct piece *first = &pieces[count - run];
        bool bare = group == FEATURES_BARE_WORDS;
        hash = mix(hash,
                   bare ? hash_of(group, first->bare, first->bare_count) : hash_of(group, first->form, first->count));
        put(gather, (struct feature){done(hash), first->at, last->at + last->len - first->at, group, 1.0F});
    }
}

/* What the built-in reader says, as features that count with their strength. */
static void put_reading(struct gather *gather, str text)
{
    enum { CLASS, SAID_GOOD, SAID_BAD, EMOTION, COMPLAINT, TOPIC, TOPIC_GOOD, TOPIC_BAD };
    struct reading reading;
    reading_of(text, &reading);
    const struct {
        u64 what, which;
        f32 weight;
    } found[] = {
        {CLASS, (u64)reading.class, 1.0F},
        {SAID_GOOD, 0, fmaxf(reading.sentiment, 0.0F)},
        {SAID_BAD, 0, fmaxf(-reading.sentiment, 0.0F)},
        {EMOTION, (u64)reading.emotion, 1.0F},
        {COMPLAINT, reading.complaint, 1.0F},
    };
    i32 len = (i32)text.len;
    for (i64 i = 0; i < countof(found); i++) {
        u64 key = done(mix(mix(0x72656164, found[i].what), found[i].which));
        if (found[i].weight > 0.0F) {
            put(gather, (struct feature){key, 0, len, FEATURES_READING, found[i].weight});
        }
    }
    for (i32 i = 0; i < reading.topic_count; i++) {
        f32 polarity = reading.topics[i].polarity;
        u64 what = polarity > 0.1F ? TOPIC_GOOD : polarity < -0.1F ? TOPIC_BAD : TOPIC;
        u64 key = done(mix(mix(0x72656164, what), reading.topics[i].topic));
        put(gather, (struct feature){key, 0, len, FEATURES_READING, 0.5F});
    }
}

struct features features_of(struct arena *arena, str text)
{
    struct gather gather = {.arena = arena};
    struct piece recent[WORD_RUN] = {0};
    i32 count = 0;
    i64 at = 0;
    struct piece piece;
    text = utf8_prefix(text, FEATURES_TEXT_MAX);
    while (piece_next(text, &at, &piece)) {
        if (count == WORD_RUN) {
            recent[0] = recent[1];
            recent[1] = recent[2];
            count--;
        }
        recent[count++] = piece;
        words(&gather, recent, count, FEATURES_WORDS, WORD_RUN);
        words(&gather, recent, count, FEATURES_BARE_WORDS, BARE_WORD_RUN);
        if (piece.is_word) {
            letters(&gather, &piece, piece.form, piece.count, FEATURES_LETTERS, LETTERS_LEAST);
            letters(&gather, &piece, piece.bare, piece.bare_count, FEATURES_BARE_LETTERS, BARE_LETTERS_LEAST);
        }
    }
    if (gather.count > 0) {
        put_reading(&gather, text);
    }
    return (struct features){gather.items, gather.count};
}
