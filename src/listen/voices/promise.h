/* What the company promised its customers, and whether it is kept.
 *
 * A promise has words ("Giao trong 2 ngày"), where and by whom it was made, since
 * when, the touchpoint it is about, and a test: a question that counts how often it
 * was kept. What is kept is the test, never its figures: whoever looks asks anew.
 *
 *     {"kind":"follows","when":[…],"then":[…],"within":"2d"}   after each event of `when` the person has one of `then` in time
 *     {"kind":"share","of":[…],"kept":[…]}                     of these events, those that also satisfy `kept`
 *     {"kind":"gap","expected":"Q1","experienced":"Q2"}        what was expected beforehand against what was experienced
 *
 * `follows` counts visits as planned against actual does (docs/ask.md): events of
 * one person within the time limit are one occasion, and an occasion whose time has
 * not run out is open and outside the rate. The gap is that of Parasuraman,
 * Zeithaml and Berry (1988), "SERVQUAL": experience less expectation, the mean of
 * each first; an answer keeps the promise when it is not below what was expected.
 */
#pragma once

#include "guard/guard.h"
#include "store/store.h"

struct asked_rooms;
struct behind_page;
struct question_defaults;
struct sight;

enum { PROMISES_MAX = 500, PROMISE_TEXT_MAX = 1000, PROMISE_TEST_MAX = 16 * 1024 };

struct promise {
    i64 id;
    str text_vi, text_en; /* at least one of them */
    str touchpoint;       /* its id in the map; or none */
    str made_where, made_by;
    str since;    /* ISO date from which on it holds; or none: always */
    f64 target;   /* the least share that must be kept, 0 to 1 */
    bool retired; /* not promised any more */
    str test;     /* JSON, see above */
    str by;       /* who wrote it down */
    i64 created_ms, changed_ms;
};
extern const struct shape promise_shape;

/* ERR_INVALID below "test" for what cannot be asked, and (error.saved.names) for one that names somebody; `rooms` knows what
 * properties hold. ERR_CONFLICT (error.promise.full) when there are too many. */
err promise_add(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms, const struct principal *who,
                const struct question_defaults *defaults, struct promise *promise);
err promise_list(struct ctx *ctx, struct store *store, str touchpoint, struct shape_list *out);
err promise_get(struct ctx *ctx, struct store *store, i64 id, struct promise *out);
err promise_change(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms,
                   const struct question_defaults *defaults, struct promise *promise);
err promise_remove(struct ctx *ctx, struct store *store, i64 id, struct promise *removed);

/* Removes all, for starting over. Inside store_write. */
err promise_clear(struct ctx *ctx, struct store *store);

/* A test that was read; members of other kinds are none. */
enum promise_kind { PROMISE_FOLLOWS, PROMISE_SHARE, PROMISE_GAP };
struct promise_test {
    i32 kind;
    str when, then, within;
    str of, kept;
    str expected, experienced;
};
err promise_test_read(struct ctx *ctx, str text, struct promise_test *out);

/* How often a promise was kept in a span of time, or in one period of it. */
struct promise_figures {
    str period;                       /* none: the whole span */
    i64 n, kept, broken;              /* n = kept + broken */
    i64 late, open;                   /* follows: kept too late (of the broken); not over yet (outside n) */
    struct maybe_f64 rate, low, high; /* kept / n, with Wilson's 95 % interval */
    bool few;
    struct maybe_f64 gap, gap_low, gap_high; /* gap: experience less expectation, 95 % (Welch) */
    struct maybe_f64 expected, experienced;  /* gap: means on their scale */
};
extern const struct shape promise_figures_shape;

enum promise_state { PROMISE_UNKNOWN, PROMISE_KEPT, PROMISE_UNSURE, PROMISE_BROKEN };
extern const char *const promise_states[];

struct promise_answer {
    struct promise_figures whole;
    struct shape_list rows; /* of periods, oldest first; empty without `every` */
    i32 state;              /* enum promise_state: is the target met? Broken: surely not */
    str kept_where,
        broken_where; /* JSON: the conditions of these events; none for follows, whose people promise_behind names */
};
extern const struct shape promise_answer_shape;

/* The span and the periods of a question, as its members are written: none is not said. */
struct promise_span {
    str from, to, every, where;
};

/* ERR_INVALID (error.promise.scales) where the answers of a gap have no common scale of whole numbers. */
err promise_ask(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *sight,
                const struct question_defaults *defaults, const struct promise *promise,
                const struct promise_span *span, struct promise_answer *out);

/* Who is behind a figure: kept, broken, late, never, open; follows alone. */
struct promise_behind {
    struct promise_span span;
    str what, period;
    i64 limit, after;
};
err promise_behind(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *sight,
                   const struct question_defaults *defaults, const struct promise *promise,
                   const struct promise_behind *asked, struct behind_page *out);
