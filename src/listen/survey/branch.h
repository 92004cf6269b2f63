/* Conditions on answers: when a question is shown, where its answer leads, which quota counts.
 *
 *     [{"question":"q1","lte":6}, {"any":[{"question":"q2","is":["a"]}, {"not":{"hidden":"plan","is":["vip"]}}]}]
 *
 * A list is "and". What nobody answered (or what is not on the way) is no answer: every comparison with it is false, so
 * `is_not`, the opposite of `is`, is true. The same rules stand in ui/respond/logic.ts, and test/golden/survey-logic.json
 * holds both to them.
 */
#pragma once

#include "json/shape.h"

enum branch_op {
    BRANCH_IS,
    BRANCH_IS_NOT,
    BRANCH_GT,
    BRANCH_GTE,
    BRANCH_LT,
    BRANCH_LTE,
    BRANCH_CONTAINS,
    BRANCH_ANSWERED,
    BRANCH_OP_COUNT_,
};

enum branch_of { BRANCH_ALL, BRANCH_ANY, BRANCH_NOT, BRANCH_QUESTION, BRANCH_HIDDEN, BRANCH_LANGUAGE };

enum { BRANCH_DEPTH_MAX = 5, BRANCHES_MAX = 100 };

struct branch {
    i32 of;     /* enum branch_of */
    i32 op;     /* enum branch_op; of a question, hidden field or language */
    str name;   /* of the question or hidden field */
    str at;     /* JSON pointer inside the list, for what is wrong with it */
    f64 number; /* what gt … lte compare with */
    bool truth; /* what answered asks for */
    struct str_list values;
    struct branch *parts;
    i64 part_count;
};

/* An answer as conditions, pipes and events see it. */
struct survey_answer {
    bool given;
    bool has_number;
    f64 number;             /* scores and sliders as given; strength of an emotion */
    struct str_list chosen; /* ids of options in the order given; "row:option" of a matrix; the emotion; ids of files */
    str other;              /* what was written for an option that asks for it */
    str text;               /* words; an object for a contact */
    str json;               /* as it is kept */
};

struct hidden_field {
    str name, value;
};

/* What conditions look at. `way` says which questions are on it; answers of others do not count. */
struct branch_on {
    const struct survey_document *document;
    const struct survey_answer *answers; /* one for each question */
    const bool *way;
    const struct hidden_field *hidden;
    i64 hidden_count;
    str language;
};

/* Reads a list of conditions (none: a condition that always holds). ERR_INVALID with the pointer inside `json`. */
err branch_read(struct ctx *ctx, str json, struct branch *out);

bool branch_holds(const struct branch *condition, const struct branch_on *on);

/* Calls `each` for every comparison in it. */
void branch_each(const struct branch *condition, void (*each)(void *self, const struct branch *part), void *self);
