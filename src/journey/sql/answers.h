/* Answers from ClickHouse: what the functions of answer.h and their like do where there is no index. */
#pragma once

#include "journey/answer.h"

err sql_score(const struct asking *asking, struct json_writer *writer);
err sql_count(const struct asking *asking, struct json_writer *writer);
err sql_adherence(const struct asking *asking, struct json_writer *writer);
err sql_features(const struct asking *asking, struct json_writer *writer, str *next);
err sql_rows(const struct asking *asking, struct found_row **rows, i64 *count, bool *more);
err sql_funnel(const struct asking *asking, struct json_writer *writer);
err sql_retention(const struct asking *asking, struct json_writer *writer);
err sql_paths(const struct asking *asking, struct json_writer *writer);

/* unmapped.h: at most as many as are suggested. */
struct bunch;
err sql_unmapped(const struct asking *asking, struct bunch **bunches, i64 *count);
struct profile;
err sql_profiles(const struct asking *asking, const struct id_list *persons, struct profile *out);

struct catalogue;
err sql_catalogue(const struct asking *asking, bool samples, struct catalogue *out);

/* Every word of one sort among the events that count, in the order of their first event: for hints. */
err sql_words(const struct asking *asking, enum word word, struct str_list *out);
