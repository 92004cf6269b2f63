/* What rules did, and what was sent: lists for the eyes. */
#pragma once

#include "act/act.h"

/* A run with what became of it. */
struct run_shown {
    i64 id, rule;
    str cause;
    i64 event, person; /* 0: none */
    str person_name;   /* none: nobody, or not to be seen */
    str alias;
    str outcome;
    i64 at_ms, due_ms, done_ms;
    struct shape_list sends; /* struct run_send */
};
extern const struct shape run_shown_shape;

struct runs_wanted {
    i64 rule;
    str outcome; /* none: any */
    i64 before, limit;
};
err runs_list(struct ctx *ctx, struct act *act, const struct runs_wanted *query, struct shape_list *out);

/* How often a rule came to which end, and its sends to which state and reason. */
struct run_figures {
    struct shape_list outcomes, sends; /* struct run_count */
};
struct run_count {
    str what, reason;
    i64 count;
};
extern const struct shape run_figures_shape;
err runs_figures(struct ctx *ctx, struct act *act, i64 rule, i64 since_ms, struct run_figures *out);

/* Sends: by hand, by rules; newest first. */
struct sends_wanted {
    i64 rule, object;
    str state, reason;              /* none: any */
    const struct str_list *aliases; /* NULL: anybody */
    i64 before, limit;
};
struct send_shown {
    struct send send;
    i64 person;
    str person_name;
};
extern const struct shape send_shown_shape;
err sends_list(struct ctx *ctx, struct act *act, const struct sends_wanted *query, struct shape_list *out);

/* One of them. ERR_NOT_FOUND. */
err send_show(struct ctx *ctx, struct act *act, i64 id, struct send_shown *out);

/* Takes a send back that waits; has one that failed or waits tried now. ERR_CONFLICT (error.send.state) in another state. */
err send_cancel(struct ctx *ctx, struct act *act, i64 id);
err send_retry(struct ctx *ctx, struct act *act, i64 id);
