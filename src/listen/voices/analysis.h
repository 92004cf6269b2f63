/* What feedback means: what moves a score, what comes next, how two groups differ, who is served worst, what is new.
 *
 * Everything is computed from the rows that a filter finds (listen/voices/filter.h), with the kernels of measure/, and is
 * answered the same on both set-ups. What cannot be said honestly (too few rows, too short a history) is said to be so, and
 * no figure stands in its place.
 */
#pragma once

#include "base/zone.h"
#include "journey/tally.h"
#include "listen/voices/filter.h"
#include "measure/compare.h"

enum {
    ANALYSIS_ROWS_MAX = 500 * 1000
}; /* answers that drivers look at: the newest; the others are counted as left out */

/* What moves a score. */
enum drivers_by { BY_TOPICS, BY_QUESTIONS, BY_TOUCHPOINTS };
extern const char *const drivers_by_words[]; /* topics, questions, touchpoints */

struct driver_row {
    str key;                   /* the topic, question or touchpoint */
    f64 importance, low, high; /* its part of R² over the whole of it, 0 to 1, with the 95 % interval */
    f64 effect;    /* the score's change for one step: from unspoken to praised; over the whole scale of a question */
    i64 n;         /* answers that speak of it; answers with a value */
    bool few;      /* fewer than minimum n of them */
    i64 good, bad; /* topics: spoken well and badly of */
    struct maybe_f64 mean; /* of a question or touchpoint: 0 to 1 on its scale */
};

struct drivers_answer {
    i32 by;
    str metric, question, scale; /* of the score that is explained */
    i64 n;                       /* answers the regression rests on */
    i64 left_out;                /* on other scales, without a value of a driver, or beyond ANALYSIS_ROWS_MAX */
    bool few;                    /* too few: there are no drivers */
    i64 need;                    /* how many it takes */
    i32 method;                  /* enum drivers_method */
    f64 r2, r2_low, r2_high;
    struct shape_list drivers; /* struct driver_row, the weightiest first */
    str caveat;                /* what this does not say, in the reader's language; filled in by the route */
};
extern const struct shape drivers_answer_shape;

/* `score` finds the answers to explain; `around` all answers in which drivers are looked for (questions, touchpoints). */
err analysis_drivers(struct ctx *ctx, const struct feedback_chosen *score, const struct feedback_chosen *around,
                     enum drivers_by by, i64 minimum_n, struct drivers_answer *out);

/* What comes next. */
enum forecast_what { FORECAST_OF_SCORE, FORECAST_OF_COUNT };
extern const char *const forecast_what_words[]; /* score, count */

struct forecast_point {
    str period;
    i64 n;                                     /* of the history: feedback in it */
    struct maybe_f64 value;                    /* none: nobody answered */
    struct maybe_f64 low, high, low80, high80; /* of the forecast */
};

struct forecast_check {
    i64 origins, horizon;
    f64 mae, naive_mae, mase, coverage95, coverage80;
    bool better;
};

struct forecast_answer {
    i32 of;
    str every, unit; /* unit: points, percent, mean, feedback */
    bool few;
    i64 need, have;                      /* periods */
    str method;                          /* enum forecast_method's word; none when few */
    struct shape_list history, forecast; /* struct forecast_point */
    struct forecast_check *backtest;     /* NULL when few */
};
extern const struct shape forecast_answer_shape;

struct forecast_asked {
    enum forecast_what of;
    enum period every;
    i64 horizon;
    const struct zone *zone;
    i64 until_ms; /* periods that end behind it are not over */
};
err analysis_forecast(struct ctx *ctx, const struct feedback_chosen *chosen, const struct forecast_asked *asked,
                      struct forecast_answer *out);

/* How two groups differ. */
struct compare_side {
    i64 n, texts;
};

struct compare_row {
    str what, key;            /* score, class, emotion, complaint, topic, topic_bad, phrase */
    i64 first_n, second_n;    /* what the figures rest on */
    f64 first, second, delta; /* first less second */
    f64 low, high, p;
    bool found; /* a discovery at a false discovery rate of 5 %: phrases among phrases, the others among them */
};

struct compare_answer {
    struct compare_side first, second;
    i64 compared;
    struct shape_list rows; /* struct compare_row, the surest first */
};
extern const struct shape compare_answer_shape;

/* Phrases are compared only where `words`: they may name people. */
err analysis_compare(struct ctx *ctx, const struct feedback_chosen *first, const struct feedback_chosen *second,
                     bool words, struct compare_answer *out);

/* Who is served worst. */
struct demanding_row {
    str touchpoint;       /* none: all */
    i64 n, people;        /* answers; persons as far as they are known, an answer of nobody known counting as one */
    f64 mean, tenth, gap; /* mean of persons; of the worst tenth; their difference */
    i64 tenth_n;
    f64 worst_below; /* the border: persons up to this mean belong to the tenth */
    bool few;
};

struct demanding_answer {
    str metric, question, scale;
    i64 left_out;
    struct shape_list rows; /* struct demanding_row: all, then touchpoints with the widest gap first */
};
extern const struct shape demanding_answer_shape;

err analysis_demanding(struct ctx *ctx, const struct feedback_chosen *chosen, i64 minimum_n,
                       struct demanding_answer *out);

/* The metric, question and scale that most rows have: scales are never pooled. */
struct analysed {
    str metric, question, scale;
    i64 n, others;
};
err analysis_series(struct ctx *ctx, const struct feedback_chosen *chosen, struct analysed *out);
bool analysis_is(const struct analysed *series, str metric, str question, str scale);

/* The first score less the second, by the test of their metric. ERR_EMPTY when one has too few answers. */
err analysis_difference(const struct tally *first, const struct tally *second, struct difference *out);

/* Where on its scale an answer lies, 0 to 1; false without a scale. */
bool analysis_place(str scale, f64 score, f64 *out);
