/* Responses one by one: the rows behind every figure, and all of them as a table.
 *
 * The same filter as of results (results.h); with a question, and perhaps an answer, exactly those that the figure counted.
 */
#pragma once

#include "listen/survey/results.h"

struct listing {
    struct results_filter filter;
    str state;            /* partial, finished, over; none: all */
    str question, series; /* only those that answered it; a question of one series alone where `series` is given */
    str answer;           /* and so: "9", an option, "row:option", an emotion; none: anything */
    i64 before, limit;    /* newest first, ids below `before` (0: all) */
    bool personal;        /* the reader may see who it was, and what they wrote */
};

struct listed_response {
    struct response response;
    str link_name;
    i32 link_kind;
    struct maybe_f64 seconds;
    str answers; /* JSON: what counts, else what stands there */
};
extern const struct shape listed_response_shape;

/* `next` (0: there is no more) is the cursor of the next page. */
err response_list(struct ctx *ctx, struct surveys *surveys, const struct listing *listing, struct shape_list *out,
                  i64 *next);

/* One response as listed. ERR_NOT_FOUND (error.survey.no_response) for one of another survey or out of sight. */
err response_show(struct ctx *ctx, struct surveys *surveys, const struct listing *listing, i64 id,
                  struct listed_response *out, struct survey_document *document);

/* Writes all that the filter lets through as CSV (RFC 4180, UTF-8 with a mark), one column for each question and series, into an
 * open file. */
err response_export(struct ctx *ctx, struct surveys *surveys, const struct listing *listing, str language, int file,
                    i64 *bytes);
