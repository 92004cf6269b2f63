/* What is newly spoken of: phrases of one to four words that no topic of the dictionary knows and that come clearly more often
 * than before.
 *
 * A phrase counts once for each text. Those that at least PHRASE_LEAST newer texts have are looked for in the older ones
 * too; the growth of each is tested (measure/growth.h), and of all that were tested those are kept whose false discovery
 * rate is at most 5 %. Of phrases that lie inside each other and come equally often the longest is shown.
 */
#pragma once

#include "listen/voices/filter.h"

enum {
    PHRASE_WORDS_MAX = 4,
    PHRASE_LEAST = 5,
    PHRASE_TEXTS_MAX = 20 * 1000, /* of each part the newest; the others are counted as left out */
    PHRASES_MAX = 50,
    PHRASE_EXAMPLES = 3,
};

struct phrase_example {
    i64 feedback; /* its id */
    i64 at_ms;
    str text;
};

struct phrase_row {
    str phrase; /* as most texts have it, in small letters */
    i64 now, before;
    struct maybe_f64 ratio, low, high; /* rate now over rate before; none: without end, it was never there */
    f64 p;
    struct shape_list examples; /* struct phrase_example, the newest first */
};

struct phrases_answer {
    str since; /* ISO date from which on a text is new; filled in by the route */
    i64 weeks, now_texts, before_texts, left_out, tested;
    struct shape_list rows; /* struct phrase_row, the surest first */
};
extern const struct shape phrases_answer_shape;

/* `chosen` finds the texts of both parts. */
err phrases_growing(struct ctx *ctx, const struct feedback_chosen *chosen, i64 since_ms, struct phrases_answer *out);

/* Texts of two groups, counted by their phrases: for analysis_compare. */
struct phrase_count {
    str phrase;
    i64 first, second;
};
err phrases_compare(struct ctx *ctx, const struct feedback_chosen *first, const struct feedback_chosen *second,
                    struct shape_list *out, i64 *first_texts, i64 *second_texts);
