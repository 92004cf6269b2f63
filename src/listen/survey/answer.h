/* Answers as they arrive: read against the question they answer, never repaired.
 *
 *     nps, csat, ces, slider   9              emotion   {"emotion":"joy","strength":2}
 *     single                   "a"            other     {"option":"x","other":"…"}
 *     multiple                 ["a",{"option":"x","other":"…"}]
 *     matrix                   {"r1":"a"}     ranking   ["b","a"]
 *     text                     "…"            contact   {"email":"…"}     file   ["FILE"]
 *
 * null and absence are a skip: no answer, in no denominator.
 */
#pragma once

#include "listen/survey/document.h"

enum { SURVEY_WORDS_MAX = 10000, SURVEY_OTHER_MAX = 500, SURVEY_FILES_MAX = 10, SURVEY_HIDDEN_MAX = 20 };

/* Reads {"q1":…} into one answer for each question of the document (zeroed where nothing was said). Unknown questions, answers
 * that the question does not allow, numbers in quotes are ERR_INVALID with the pointer "/answers/q1". */
err survey_answers_read(struct ctx *ctx, const struct survey_document *document, str json, struct survey_answer *out);

/* The JSON object of those that are given; with `way` only of questions on it. */
str survey_answers_text(struct ctx *ctx, const struct survey_document *document, const struct survey_answer *answers,
                        const bool *way);

/* Reads {"plan":"vip"}: at most SURVEY_HIDDEN_MAX texts under names of [a-z0-9_-], none of which is ours. */
err survey_hidden_read(struct ctx *ctx, str json, struct hidden_field **out, i64 *count);
