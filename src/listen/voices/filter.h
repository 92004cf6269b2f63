/* Which feedback is meant, and everything that is done with what a filter finds: a page, all of it, its counts.
 *
 * One filter serves the inbox, saved views, bulk actions, pain points and the analyses, so that a figure and the rows it opens are
 * the same ones.
 */
#pragma once

#include "listen/voices/feedback.h"

/* As it comes: from the parameters of a request, a saved view, the rule of a pain point. Lists are "or", members are "and". */
struct feedback_filter {
    str q; /* words, all of which it holds, without case, tone and đ; "giao h*": the last one begins so */
    struct str_list source, kind, channel, place, touchpoint, metric, question, survey, response, class, emotion, topic,
        language, status, scale, label;
    i32 polarity;        /* of the topics, else of any topic: enum polarity */
    i32 complaint, spam; /* enum either */
    i32 has_text;        /* enum either */
    str owner;           /* an id; "none": nobody's */
    i64 pain;
    str person; /* an id or an alias ("user:U1"): whatever its person said */
    struct maybe_f64 score_gte, score_lte;
    str from, to; /* ISO dates in the installation's zone, half-open */
    struct id_list ids;
};
extern const struct shape feedback_filter_shape;

enum polarity { POLARITY_ANY, POLARITY_GOOD, POLARITY_BAD };
enum either { EITHER, ONLY_TRUE, ONLY_FALSE };
extern const char *const feedback_either_words[];   /* any, true, false */
extern const char *const feedback_polarity_words[]; /* any, positive, negative */

/* What the asker may see (design 11.15); empty: everything. */
struct feedback_sight {
    struct str_list places, touchpoints;
    bool some_touchpoints; /* only those, also when there are none */
    bool personal;         /* texts and people: without it a filter may not ask for words or a person (ERR_FORBIDDEN) */
};

struct zone;
struct feedback_source_of {
    struct store *store;
    struct people *people; /* NULL: no filter by person */
    const struct zone *zone;
    struct feedback_sight sight;
};

/* A filter made ready. Lives as long as the context. */
struct feedback_chosen;
err feedback_choose(struct ctx *ctx, const struct feedback_source_of *from, const struct feedback_filter *filter,
                    struct feedback_chosen **out);

/* Only what arrived after this event. */
void feedback_since(struct feedback_chosen *chosen, i64 event);

/* The newest below the position `before` (INT64_MAX: from the newest on), at most `limit`, in the context's arena. */
err feedback_page(struct ctx *ctx, const struct feedback_chosen *chosen, i64 before, i64 limit, struct shape_list *out);

/* Every row, the newest first; strings live until `each` returns. Anything but OK from it ends the reading and is returned. */
err feedback_each(struct ctx *ctx, const struct feedback_chosen *chosen,
                  err (*each)(void *self, struct ctx *ctx, const struct feedback *row), void *self);

/* What is counted of the rows, without texts: rows that are equal in all of it may come as one with n > 1. */
struct feedback_tally {
    str source, channel, place, touchpoint, metric, question, survey, scale;
    struct maybe_f64 score;
    bool has_text, complaint, spam;
    str language, class, emotion, label, status;
    i64 topics, topics_good, topics_bad, owner, n;
};
err feedback_tally(struct ctx *ctx, const struct feedback_chosen *chosen,
                   err (*each)(void *self, struct ctx *ctx, const struct feedback_tally *tally), void *self);
