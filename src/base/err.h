/* Errors: one code for the program, one sentence for the person.
 *
 * A function that can fail returns `err`; forgetting to look at it does not
 * compile. The lowest layer that knows what was wrong describes it once in the
 * context (base/ctx.h); everybody above passes the code on with TRY.
 */
#pragma once

// Version 14 of the formatter glues the brace to a name behind an attribute.
/* clang-format off */
typedef enum [[nodiscard]] err {
    OK = 0,
    ERR_MALFORMED,       /* the bytes are not what they claim to be: 400 */
    ERR_INVALID,         /* understood, but not allowed: 422, names the field */
    ERR_EMPTY,           /* there is nothing to answer from; not a failure of the caller */
    ERR_UNAUTHENTICATED, /* nobody is signed in: 401 */
    ERR_FORBIDDEN,       /* signed in, but without the right: 403 */
    ERR_NOT_FOUND,       /* 404 */
    ERR_METHOD,          /* the path exists, the method does not: 405 */
    ERR_CONFLICT,        /* the present state does not allow it: 409 */
    ERR_GONE,            /* it is over, for good: 410 */
    ERR_STALE,           /* somebody changed it in between (If-Match): 412 */
    ERR_TOO_LARGE,       /* over a named limit: 413 */
    ERR_BUSY,            /* too much at once; try again later: 429 */
    ERR_UNAVAILABLE,     /* not now: starting, stopping, read-only: 503 */
    ERR_CANCELLED,       /* somebody asked us to stop */
    ERR_IO,              /* the disk or the system failed: 500 */
    ERR_CORRUPT,         /* stored bytes are damaged: 500 */
    ERR_COUNT_,
} err;
/* clang-format on */

/* Passes any failure on to the caller. The only macro that hides a return. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        err try_code_ = (call);                                                                                        \
        if (try_code_ != OK) {                                                                                         \
            return try_code_;                                                                                          \
        }                                                                                                              \
    } while (0)

/* The code's name without ERR_, in lower case ("not_found"), for logs and problem types. */
const char *err_name(err code);
