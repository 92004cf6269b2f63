/* What staff do with feedback: status, who looks after it, what was read wrong, which pain points it is evidence of.
 *
 * A correction wins over what is read from the words, now and whenever they are read again; it is also what the company's
 * own model learns from (feedback_labels).
 */
#pragma once

#include "listen/voices/filter.h"

struct events;

/* One or many at once. Members that are not given stay. */
struct feedback_change {
    i32 status;            /* enum feedback_status */
    str owner;             /* an id; "none" */
    str corrected;         /* JSON: members of a correction */
    struct str_list reset; /* members of the correction that are as read again */
    i64 pain;              /* evidence of this pain point from now on */
    i64 not_pain;          /* and of this one no more */
};
extern const struct shape feedback_change_shape;

struct feedback_changing {
    struct store *store;
    struct events *events;
    const struct feedback_change *change;
    shape_seen seen; /* which members were given */
    str by;          /* who, for readers */
};

/* ERR_INVALID at the member: an owner who is no user, a correction that is none, a pain point that is not there. */
err feedback_change_check(struct ctx *ctx, const struct feedback_changing *changing);

enum { CHANGE_ROWS_MAX = 500 };

/* Changes at most CHANGE_ROWS_MAX feedbacks, all or none; those that are not there are left out. Not inside store_write.
 * `keep` is called inside the transaction for each, before it changes: what it was. May be NULL. */
struct feedback_before {
    i64 id, owner;
    str status, corrected; /* corrected: none, nothing was */
    bool had_pain;         /* of the change's pain point */
};
err feedback_change_rows(struct ctx *ctx, const struct feedback_changing *changing, const i64 *ids, i64 count,
                         err (*keep)(void *self, struct ctx *ctx, const struct feedback_before *before), void *self,
                         i64 *changed);

/* Puts one back as it was before a change. Inside store_write. */
err feedback_put_back(struct ctx *ctx, const struct feedback_changing *changing, const struct feedback_before *before);

/* What is known of one feedback beside its row. */
struct feedback_pain {
    i64 id;
    str name;
    str how; /* hand, rule */
};
struct feedback_worked {
    str corrected; /* JSON; none: nothing */
    i64 changed_ms;
    str by;
    struct shape_list pains; /* struct feedback_pain */
};
extern const struct shape feedback_worked_shape;
err feedback_worked(struct ctx *ctx, struct store *store, i64 id, struct feedback_worked *out);

/* Every feedback that somebody corrected, with its words: what a model may learn from. */
struct feedback_label {
    i64 id;
    str text, language, class, emotion; /* as they are now */
    bool complaint;
    str corrected; /* JSON: which of them somebody set */
    struct maybe_f64 score;
    str metric, scale;
};
err feedback_labels(struct ctx *ctx, struct store *store,
                    err (*each)(void *self, struct ctx *ctx, const struct feedback_label *label), void *self);
