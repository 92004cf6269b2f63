/* What keeps a draft from being published: missing translations, answers that lead nowhere, conditions on what comes later.
 *
 * An author sees all of it at once, beside the fields; publishing refuses with the first.
 */
#pragma once

#include "listen/survey/document.h"

enum { SURVEY_PROBLEMS_MAX = 200 };

struct survey_problem {
    str pointer; /* "/questions/3/title/vi" */
    struct fault fault;
};

struct survey_problems {
    struct survey_problem *items;
    i64 count;
};

/* Finishes a document that shape_read has read (conditions, groups) and finds what is wrong with it. */
void survey_check(struct ctx *ctx, struct survey_document *document, struct survey_problems *out);

/* ERR_INVALID with the first problem, if there is one. */
err survey_refuse(struct ctx *ctx, const struct survey_problems *problems);
