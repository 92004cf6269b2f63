/* Counting responses one by one into the tallies of their questions. */
#pragma once

#include "listen/survey/tallies.h"

enum { ENDS_MAX = 60, VERSION_WORDS = 16 };

/* The versions of a survey, and one tally for each question and series among them. */
struct pass {
    struct ctx *ctx; /* of what is kept */
    struct ctx here; /* of one response */
    const struct survey_document *versions;
    i64 version_count;
    i64 **tally_of; /* by version and place of the question: which tally */
    struct question_tally *tallies;
    i64 tally_count;
    struct numbers_kept seconds;
    struct result_count *ends;
    struct results *out;
};

/* Columns of SQL_RESULTS_EACH. */
enum {
    COL_VERSION,
    COL_STATE,
    COL_ANSWERED,
    COL_COUNTED,
    COL_SEEN,
    COL_SPENT,
    COL_END,
    COL_KIND,
    COL_STARTED,
    COL_FINISHED,
    COL_ID,     /* of SQL_RESULTS_FOLD */
    COL_PENDING /* likewise */
};

/* Reads the versions and lays the tallies out: the same for the same versions. */
err pass_begin(struct ctx *ctx, struct surveys *surveys, i64 survey, struct results *out, struct pass *pass);
void pass_end(struct pass *pass);

/* Counts one response: a row of SQL_RESULTS_EACH or SQL_RESULTS_FOLD. */
void pass_row(struct pass *pass, const struct store_row *row);

/* Adds what another pass over the same versions counted. */
void pass_merge(struct pass *into, const struct pass *more);

/* Everything that a survey was answered (results_kept.c). */
err results_kept(struct ctx *ctx, struct surveys *surveys, i64 survey, struct pass *pass);
void results_kept_close(struct surveys *surveys);

/* Counts the largest surveys before anybody looks. */
void results_kept_warm(struct surveys *surveys);
