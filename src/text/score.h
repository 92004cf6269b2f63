/* From tokens to findings: phrases of the lexicon, what stands around them, and the sums over a text.
 *
 *     tokens ─ hits (longest phrases) ─ weights (negation, strength, contrast, wishes) ─ findings
 *
 * Everything is added into one sum, so a long text is read window by window. The rules and their numbers are in
 * docs/understanding.md.
 */
#pragma once

#include "text/reading.h"
#include "text/tokens.h"

/* How the words of a text are looked up. */
struct manner {
    enum text_language language;
    bool toneless; /* Vietnamese without tones and marks */
};

/* A phrase of the lexicon in the text, an emoji, or a rating. */
struct hit {
    i32 first, last; /* tokens */
    const struct entry *entry;
    f32 strength; /* of words like "very" inside and beside it; 1 without */
    f32 weight;   /* what it adds in the end */
    u8 why;
    bool negated, used; /* used: a negation that has turned something */
};

enum { TOPIC_SURE = 2 }; /* how much a word of several syllables says of a topic; one syllable says half */

struct findings {
    f32 sum, praise, blame; /* blame is not negative: the size of what was bad */
    f32 hints;              /* weak signs, which decide where nothing else does */
    f32 complaint, abuse;   /* evidence of a complaint; how much of it is words that are said of anybody */
    f32 spam;
    f32 emotions[EMOTION_COUNT_];
    f32 topic_sums[TOPIC_COUNT_];
    i32 topic_hits[TOPIC_COUNT_];
    i32 hits, words, known, mash, links, phones, faces, ratings, foreign, negations, asks;
    i32 outcries; /* blame with an exclamation mark, indignant questions */
    f32 last;     /* the judgement that came last */
    i32 because_count;
    struct text_because because[TEXT_BECAUSE_MAX];
};

/* The phrases of a window, at most one beginning at each token; returns how many. */
i32 hits_find(const struct tokens *tokens, struct manner manner, struct hit *hits);

/* What each adds, given the others. */
void hits_weigh(const struct tokens *tokens, struct hit *hits, i32 count);

/* Adds a window to the findings. */
void findings_add(struct findings *findings, const struct tokens *tokens, const struct hit *hits, i32 count);
