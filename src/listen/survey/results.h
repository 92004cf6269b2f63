/* What came of a survey: figures by series, choices, where people leave, how long it takes.
 *
 * One pass over the responses that the filter lets through; what counts is `counted` of each, which is exactly what became events,
 * so a score here is that of `/ask` on the same rows. Scores are tallied and computed last, by measure/. A skip is no answer and in
 * no denominator; answers of two series are never added.
 */
#pragma once

#include "listen/survey/response.h"
#include "listen/survey/sight.h"

struct results_filter {
    i64 survey;
    i64 version;                  /* 0: all */
    i64 link;                     /* 0: all */
    str place, channel, language; /* none: all */
    i64 from_ms, to_ms;           /* of the answers; 0: unbounded */
    struct survey_sight sight;    /* what the asker may see */
    bool document_seen;           /* and where a link has no touchpoint of its own: is the survey in sight? */
};

/* The filter as parameters of a statement. */
struct store_args results_args(struct ctx *ctx, const struct results_filter *filter);

struct result_count {
    str id; /* of an option, an emotion, a row */
    i64 n;
    f64 mean; /* of ranks or strengths */
};

struct result_value {
    f64 value;
    i64 n;
};

struct result_row {
    str id;
    struct shape_list options; /* struct result_count */
};

/* A score with what it rests on. */
struct result_figure {
    str metric, scale;
    i64 n;
    struct maybe_f64 score, low, high, mean;
    bool few;
    struct shape_list counts; /* struct result_value */
};
extern const struct shape result_figure_shape;

struct result_question {
    str id, series, type;
    str question;                   /* JSON: as it was asked last */
    struct shape_list version_list; /* struct result_version */
    i64 seen, answered, skipped, left;
    struct maybe_f64 seconds_median;
    struct result_figure *figure;
    struct shape_list options, rows, ranks, emotions, histogram;
    struct maybe_f64 q25, median, q75; /* of a slider */
    i64 texts;
};

struct results {
    i64 invited, answered_invited, opened, started, finished, partial, over;
    struct maybe_f64 response_rate; /* of the invited, 0 to 1 */
    struct maybe_f64 seconds_median, seconds_p90;
    struct shape_list ends;      /* struct result_count */
    struct shape_list questions; /* struct result_question */
};
extern const struct shape results_shape;

err survey_results(struct ctx *ctx, struct surveys *surveys, const struct results_filter *filter, i64 minimum_n,
                   struct results *out);

/* Counts the answers to each of these versions (struct survey_version), of what the filter has in sight. */
err survey_version_answers(struct ctx *ctx, struct surveys *surveys, const struct results_filter *filter,
                           struct shape_list versions);

/* The first scored question of a survey's newest version, over everything that was answered; NULL in *out without one. It is
 * computed again only when there are other answers than last time. */
err survey_score(struct ctx *ctx, struct surveys *surveys, const struct survey *survey, i64 minimum_n,
                 const struct result_figure **out);
