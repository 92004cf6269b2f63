/* Conditions as a question or a map states them: read, checked, and kept as a tree.
 *
 *     {"field":"kind","is":["Order Completed"]}          one or more operators on a field
 *     {"any":[…]}  {"not":{…}}  [… , …]                  or, not, and
 *     {"did":{…},"at_least":2,"in_last":"30d"}           on the person's history
 *
 * journey/program.h makes a tree run over the index.
 */
#pragma once

#include "journey/field.h"
#include "json/read.h"
#include "json/write.h"

enum condition_op {
    CONDITION_ALL,
    CONDITION_ANY,
    CONDITION_NOT, /* of one child */
    CONDITION_DID, /* of one child */
    CONDITION_IS,
    CONDITION_IS_NOT,
    CONDITION_GT,
    CONDITION_GTE,
    CONDITION_LT,
    CONDITION_LTE,
    CONDITION_CONTAINS,
    CONDITION_EXISTS,
};

/* A value that is compared with: null, a text, or a number (which also has its text). */
struct operand {
    bool null, number;
    str text;
    f64 value;
};

struct condition {
    enum condition_op op;
    struct field field;
    struct operand *operands; /* of IS, IS_NOT, CONTAINS: any of them; of the others one */
    i64 operand_count;
    bool exists; /* CONDITION_EXISTS: should it? */
    struct condition *children;
    i64 child_count;
    i64 at_least;   /* CONDITION_DID: so many events */
    i64 in_last_ms; /* CONDITION_DID: not older than this; 0: ever */
};

enum { CONDITION_DEPTH_MAX = 6, CONDITIONS_MAX = 50, OPERANDS_MAX = 1000 };

/* Reads a condition or a list of them ("and") into the context's arena. ERR_INVALID names the place and what is allowed. No value
 * and null give a condition that always holds. */
err condition_read(struct ctx *ctx, struct json value, enum field_use use, struct condition *out);

/* The same from text, with a reader of its own. */
err condition_parse(struct ctx *ctx, str json, enum field_use use, struct condition *out);

/* The names of the properties and traits a tree mentions, added to a list of at most `max` (each once). */
struct names {
    str *items;
    i64 count, max;
};
void names_add(struct names *names, str name);
void condition_names(const struct condition *condition, enum field_kind kind, struct names *names);

/* False when the conditions that must all hold name kinds of events, and this is none of them: no event of this kind can
 * satisfy it. Only looks where it is sure. */
bool condition_may_be_kind(const struct condition *condition, str kind);

/* One more condition that must hold as well. */
struct condition condition_and(struct arena *arena, struct condition a, struct condition b);

/* True when it states nothing. */
static inline bool condition_empty(const struct condition *condition)
{
    return condition->op == CONDITION_ALL && condition->child_count == 0;
}
