/* Problems: what went wrong as application/problem+json (RFC 9457), in the reader's language.
 *
 * `type` is "urn:cham:problem:NAME", `title` the sentence of the code, `detail` the sentence of the fault's key,
 * `errors` the place in the input. Nothing of the input, no path, no SQL is repeated.
 */
#pragma once

#include "json/shape.h"
#include "text/sentence.h"

struct problem_error {
    str pointer, detail;
};

struct problem {
    str type, title;
    i64 status;
    str detail, instance;
    struct shape_list errors; /* struct problem_error */
};

extern const struct shape problem_shape;

/* 400 … 503. */
i32 problem_status(err code);

/* The whole text; `instance` is the request's id ("urn:cham:request:…"). `status` 0 takes the code's. */
str problem_text(struct arena *arena, enum language language, err code, i32 status, const struct fault *fault,
                 str instance);
