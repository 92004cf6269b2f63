/* Tallies of one question of a survey, under one series. */
#pragma once

#include "listen/survey/results.h"
#include "measure/ces.h"
#include "measure/csat.h"
#include "measure/nps.h"

/* Numbers that grow in an arena. */
struct numbers_kept {
    f64 *items;
    i64 count, capacity;
};
void numbers_keep(struct arena *arena, struct numbers_kept *numbers, f64 number);

/* Adds the numbers of another list. */
void numbers_merge(struct arena *arena, struct numbers_kept *into, const struct numbers_kept *more);

/* The element floor(q·n) of the sorted numbers; none without any. Changes their order. */
struct maybe_f64 numbers_quantile(struct numbers_kept *numbers, i64 hundredths);

enum { TALLY_SCORES = 11 };

struct question_tally {
    const struct survey_question *question; /* as it was asked last */
    str series;
    u64 *versions; /* bit k: version k + 1 had it */
    i64 seen, answered, skipped, left, texts;
    struct nps_tally nps;
    struct csat_tally csat;
    struct ces_tally ces;
    i64 scores[TALLY_SCORES];
    i64 *chosen; /* by option; of a matrix row by row */
    i64 *ranks;  /* by option: the sum of its ranks */
    i64 emotions[SURVEY_EMOTIONS], strengths[SURVEY_EMOTIONS];
    struct numbers_kept values; /* of a slider */
    struct numbers_kept spent;  /* milliseconds */
};

/* Counts one answer. */
void tally_answer(struct arena *arena, struct question_tally *tally, const struct survey_answer *answer);

/* Adds what was counted elsewhere of the same question. */
void tally_join(struct arena *arena, struct question_tally *into, const struct question_tally *more);

/* What it says. */
void tally_figure(struct ctx *ctx, const struct question_tally *tally, i64 minimum_n, struct result_figure *out);
void tally_say(struct ctx *ctx, struct question_tally *tally, i64 minimum_n, struct result_question *out);
