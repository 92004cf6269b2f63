/* The context of one piece of work: a request, a job, a command.
 *
 * It owns the memory, what must be given back at the end (statements, files,
 * locks), and the description of what went wrong. Because the context cleans
 * up, leaving a function early is always safe.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { FAULT_ARGS_MAX = 6 };

struct fault_arg {
    const char *name; /* the placeholder in the sentence: {name} */
    str value;
};

/* Why something failed, as a locale key with arguments: it becomes a sentence only where the reader's
 * language is known. */
struct fault {
    err code;
    const char *key; /* "error.score_range"; NULL: nothing more is known than the code */
    str pointer;     /* the place in the input as a JSON pointer ("/batch/3/score"); may be none */
    struct fault_arg args[FAULT_ARGS_MAX];
    i32 arg_count;
    i32 retry_after_s; /* > 0: when trying again makes sense */
};

struct ctx_cleanup;
struct progress;

struct ctx {
    struct arena arena;
    struct fault fault;
    struct ctx_cleanup *cleanups;
    str pointer;               /* prefix for fault pointers while descending into an input */
    i64 now_ms;                /* when the work began: one moment for all it writes; 0 = not taken yet */
    const bool *stop;          /* long work looks here and returns ERR_CANCELLED; may be NULL */
    const bool *cancel;        /* the same, for this piece of work alone */
    struct progress *progress; /* and says here how far it is; may be NULL */
};

/* Runs the cleanups, last one first, and frees the memory. */
void ctx_end(struct ctx *ctx);

/* The same, but keeps one memory block for the next piece of work. */
void ctx_reset(struct ctx *ctx);

/* Has `give_back(object)` called when the work ends. */
void ctx_defer(struct ctx *ctx, void (*give_back)(void *object), void *object);

/* Now in milliseconds UTC: the same answer during the whole piece of work. */
i64 ctx_now_ms(struct ctx *ctx);

/* Describes a failure and returns `code`. The first description wins: lower layers know more.
 * `field` is appended to the context's pointer; NULL or "" for the whole input. Values are copied. */
err ctx_fail_args(struct ctx *ctx, err code, const char *field, const char *key, const struct fault_arg *args,
                  i32 arg_count);

/* FAIL(ctx, ERR_INVALID, "score", "error.range", {"low", STR("0")}, {"high", STR("10")}) */
#define FAIL(ctx, code, field, key, ...)                                                                               \
    ctx_fail_args((ctx), (code), (field), (key),                                                                       \
                  (const struct fault_arg[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}},                             \
                  (i32)(sizeof((const struct fault_arg[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}}) /              \
                        sizeof(struct fault_arg)) -                                                                    \
                      1)

/* Forgets the description (after a failure that was handled). */
void ctx_forgive(struct ctx *ctx);

bool ctx_stopped(const struct ctx *ctx);
