/* The stars below an article: how many voted and what they gave on average, for everybody to see.
 *
 * Only a widget's link whose survey begins with satisfaction in stars has a rating; what any other survey found out is nobody's
 * affair outside.
 */
#pragma once

#include "listen/survey/response.h"

struct rating {
    i64 votes;
    struct maybe_f64 average; /* on the question's scale; none without votes: a zero would be a claim */
    str scale;                /* "1-5" */
};

/* ERR_NOT_FOUND (error.survey.no_link) where there is none. Reckoned from the counted answers (results.h) and kept until the
 * link has another finished response, or for RATING_MS. */
err survey_rating(struct ctx *ctx, struct surveys *surveys, str token, struct rating *out);
