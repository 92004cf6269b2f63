/* Answers to the questions. Each writes its rows into a list that is open, and counts them row by row (answer_use). */
#pragma once

#include "journey/asking.h"
#include "json/write.h"

/* Counts what has been written so far. ERR_INVALID (error.ask.memory). */
err answer_use(const struct asking *asking, const struct json_writer *writer);

/* A length of time in seconds; null for -1. */
void answer_pair_seconds(struct json_writer *writer, const char *name, i64 ms);

err answer_score(const struct asking *asking, struct json_writer *writer);
err answer_count(const struct asking *asking, struct json_writer *writer);
err answer_funnel(const struct asking *asking, struct json_writer *writer);
err answer_retention(const struct asking *asking, struct json_writer *writer);
err answer_paths(const struct asking *asking, struct json_writer *writer);
err answer_adherence(const struct asking *asking, struct json_writer *writer);

/* `next` is the cursor of the page behind this one, or left alone. */
err answer_features(const struct asking *asking, struct json_writer *writer, str *next);

/* The ids of the newest events that the question takes, before its cursor, at most its limit; with the touchpoint and
 * person of each. `more` says whether older ones follow. */
struct found_row {
    i64 id, at_ms;
    str touchpoint, stage; /* none: on no touchpoint */
    i64 person;            /* 0: nobody */
};
err answer_rows(const struct asking *asking, struct found_row **rows, i64 *count, bool *more);

/* The same, fetched from the log; gives the locks back. Items are struct row (ask.h). */
err answer_list(struct asking *asking, struct shape_list *out, str *next);
