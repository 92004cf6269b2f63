/* Do people know of what was done for them? A proposal names a survey; its question about awareness is read before and after.
 *
 *     asked (knew 12 %) ──► done, told ──► asked again (knew 64 %): + 52 points
 *
 * The question is the first of the survey with one answer to choose whose adjective is "awareness"; whoever chose its first option
 * knew. The border is the moment people were told, without that the moment the proposal was done; before it everything is "before".
 */
#pragma once

#include "listen/survey/results.h"
#include "prove/proposal.h"

struct awareness_part {
    i64 answers, knew;
    struct maybe_f64 share, low, high; /* 0 to 1, Wilson's interval; none without answers */
    bool few;
};

struct awareness {
    i64 survey;
    str name;     /* of the survey */
    str question; /* its id in the survey; empty: the survey has none about awareness */
    i64 since_ms; /* the border; 0: neither done nor told */
    struct awareness_part before, after;
    /* After minus before, with Newcombe's interval; none where one of the sides has no answers. */
    struct maybe_f64 change, change_low, change_high;
};
extern const struct shape awareness_shape;

/* `filter` has the sight of whoever asks. ERR_NOT_FOUND (error.proposal.no_survey) where the proposal names no survey that is
 * there. */
err awareness_read(struct ctx *ctx, struct surveys *surveys, const struct proposal *proposal,
                   struct results_filter filter, i64 minimum_n, struct awareness *out);
