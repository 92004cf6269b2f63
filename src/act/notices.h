/* What rules tell people of the company: a list for each role, ticked off by whoever saw to it. */
#pragma once

#include "store/store.h"

struct notice {
    i64 id;
    str role, text; /* the text is the rule's own */
    i64 rule, run, event;
    i64 created_ms, done_ms;
    str done_by;
};
extern const struct shape notice_shape;

struct notice_query {
    str role; /* empty: of all roles */
    bool open;
    i64 before, limit;
};
err notices_list(struct ctx *ctx, struct store *store, const struct notice_query *query, struct shape_list *out);

/* ERR_NOT_FOUND for one that is none, or of another role. Ticked off twice the first counts. */
err notice_end(struct ctx *ctx, struct store *store, i64 id, str role, str by);
