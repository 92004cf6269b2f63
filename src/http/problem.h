/* Problems: what went wrong as application/problem+json (RFC 9457), in the reader's language.
 *
 * `type` is "urn:cham:problem:NAME", `title` the sentence of the code, `detail` the sentence of the fault's key,
 * `errors` the place in the input. Nothing of the input, no path, no SQL is repeated.
 */
#pragma once

#include "base/progress.h"
#include "json/shape.h"
#include "text/sentence.h"

struct problem_error {
    str pointer, detail;
};

/* How far the rooms are while they open. */
struct problem_progress {
    f64 share;      /* of the way to being ready, 0 to 1 */
    str doing;      /* a word: people, snapshot, events, index … */
    i64 events, of; /* read from the log so far, and about how many there are; 0: not counting */
};
struct problem_progress problem_progress(const struct progress *progress);

struct problem {
    str type, title;
    i64 status;
    str detail, instance;
    struct shape_list errors;                /* struct problem_error */
    const struct problem_progress *progress; /* with error.starting; NULL otherwise */
};

extern const struct shape problem_shape;

/* 400 … 503. */
i32 problem_status(err code);

/* What happened: the code, its status (0: the code's), how it was described, and the id of the request. */
struct problem_case {
    err code;
    i32 status;
    const struct fault *fault;
    const struct problem_progress *progress; /* may be NULL */
    str request;
};

/* The whole text. */
str problem_text(struct arena *arena, enum language language, const struct problem_case *what);
