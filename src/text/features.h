/* What the classifier sees of a text: which runs of words and letters occur in it.
 *
 *     group        what                                             example
 *     words        runs of 1 to 3 words, signs and emoji            "không ngon"
 *     letters      runs of 2 to 5 letters inside a word's borders   "<ngon>"
 *     bare words   runs of 1 and 2 words without tones and hats     "khong ngon"
 *     bare letters runs of 3 to 5 letters of these                  "<ngon>"
 *     reading      what the built-in reader found                   class, emotion, how strong
 *
 * The bare groups hold what a text written without marks still has, so that a model learnt from one kind of writing
 * understands the other. A feature is a 64-bit hash; two that meet in one are no harm among 2^64.
 */
#pragma once

#include "text/pieces.h"
#include "text/reading.h"

/* Another number for every change of what the features are: a model holds those of one version. */
enum { FEATURES_VERSION = 1000 + TEXT_READER_VERSION };

enum feature_group {
    FEATURES_WORDS,
    FEATURES_LETTERS,
    FEATURES_BARE_WORDS,
    FEATURES_BARE_LETTERS,
    FEATURES_READING,
    FEATURE_GROUPS
};

struct feature {
    u64 key;
    i32 at, len; /* the bytes of the text it comes from; of the whole text for a reading */
    u8 group;    /* enum feature_group */
    f32 weight;  /* how often it counts: 1, of a reading its strength */
};

struct features {
    struct feature *items; /* in the order of the text, repeated as often as they occur */
    i64 count;
};

/* All features of the first FEATURES_TEXT_MAX bytes, in the arena. */
enum { FEATURES_TEXT_MAX = 16 * 1024 };
struct features features_of(struct arena *arena, str text);
