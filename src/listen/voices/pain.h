/* Pain points: what hurts customers, as an object with evidence, size and trend.
 *
 * Evidence is feedback that somebody linked, and feedback that the pain point's own rule (a filter) finds; what a person took
 * out is not found again. Its size is counted from that evidence whenever somebody looks, never typed in.
 */
#pragma once

#include "listen/voices/filter.h"

enum { PAINS_MAX = 1000, PAIN_NAME_MAX = 200, PAIN_TEXT_MAX = 4000 };

enum pain_status { PAIN_NEW, PAIN_CONFIRMED, PAIN_WORKING, PAIN_SOLVED, PAIN_DROPPED };
extern const char *const pain_status_words[];

struct pain {
    i64 id;
    str name, description, touchpoint;
    i32 status;
    i64 owner;   /* a user */
    str matches; /* JSON: a filter; none: only what is linked by hand */
    i64 merged;  /* the one it became a part of */
    str by;
    i64 created_ms, changed_ms;
    i64 matched;  /* the newest event its rule has looked at */
    i64 evidence; /* how much feedback */
};
extern const struct shape pain_shape;

/* Fills in id, times and who. ERR_INVALID below "matches" for a filter that is none; ERR_CONFLICT (error.pain.full). */
err pain_add(struct ctx *ctx, const struct feedback_source_of *from, str by, struct pain *pain);

/* `evidence` counts what is in sight; NULL: everything is. */
err pain_list(struct ctx *ctx, struct store *store, const struct feedback_sight *sight, struct shape_list *out);
err pain_get(struct ctx *ctx, struct store *store, const struct feedback_sight *sight, i64 id, struct pain *out);
err pain_change(struct ctx *ctx, const struct feedback_source_of *from, struct pain *pain);
err pain_remove(struct ctx *ctx, struct store *store, i64 id, struct pain *removed);

/* All evidence of `id` becomes that of `into`, and `id` refers to it. Inside store_write. ERR_INVALID ("into") for itself, for one
 * that is not there or was merged. */
err pain_merge(struct ctx *ctx, struct store *store, i64 id, i64 into);

/* Has rules find what came since they looked last: one pain point's, or with NULL everybody's. */
err pain_match(struct ctx *ctx, const struct feedback_source_of *from, const struct pain *pain);

/* How large it is in [from_ms, to_ms). */
struct pain_week {
    i64 from_ms;
    i64 n, of;                         /* evidence, and all feedback with words in that week */
    struct maybe_f64 share, low, high; /* of it, with the 95 % interval; none in a week without words */
};
struct pain_size {
    i64 feedback, people, nobody, complaints; /* nobody: rows that no person is known of */
    i64 of;                                   /* all feedback with words */
    struct maybe_f64 share, low, high;
    struct shape_list weeks; /* struct pain_week, oldest first, at most PAIN_WEEKS_MAX of the newest */
};
enum { PAIN_WEEKS_MAX = 104 };
extern const struct shape pain_size_shape;
err pain_measure(struct ctx *ctx, const struct feedback_source_of *from, i64 id, i64 from_ms, i64 to_ms,
                 struct pain_size *out);

/* Pairs that may be one: much of their evidence is the same, or their names and descriptions use the same words. */
struct pain_pair {
    i64 a, b;
    str a_name, b_name;
    str why;   /* evidence, words */
    f64 share; /* of the smaller one's evidence; of their words */
};
extern const struct shape pain_pair_shape;
err pain_proposals(struct ctx *ctx, const struct feedback_source_of *from, struct shape_list *out);
