/* The way through a survey: order, branches, ends, earlier answers in later texts.
 *
 * The respondent's page walks the same way (ui/respond/logic.ts); test/golden/survey-logic.json holds both to it. What a page
 * says is never believed: the server walks again over the answers that it got.
 */
#pragma once

#include "listen/survey/document.h"

/* The order in which the questions of a document are asked of one respondent: places in document->questions. Groups of
 * document->shuffle are mixed, each within the places it has; what the page chose as its response's key decides how, so the same
 * respondent always sees the same order. */
void survey_order(struct ctx *ctx, const struct survey_document *document, str key, i64 **out);

/* The order of a question's options (`options`) or rows, likewise. Options that ask for words stay last. */
void survey_options_order(struct ctx *ctx, const struct survey_question *question, const struct shape_list *options,
                          str key, i64 **out);

struct survey_way {
    i64 *questions; /* those on the way, in the order they are asked */
    i64 count;
    bool *on; /* by place in the document */
    str end;  /* id of the end it leads to; "thanks" where the document has no ends */
};

/* Where the answers lead. `on.way` is filled in here. */
struct survey_walk {
    const struct survey_document *document;
    const struct survey_answer *answers;
    const struct hidden_field *hidden;
    i64 hidden_count;
    str language;
    str key; /* of the response */
};
void survey_way(struct ctx *ctx, const struct survey_walk *walk, struct survey_way *out);

/* What conditions see after the walk. */
struct branch_on survey_on(const struct survey_walk *walk, const struct survey_way *way);

/* A text with {{q1}} and {{hidden.name}} replaced by what was answered: plain text, to be escaped by whoever shows it. An answer
 * that is not there is empty; what is no such name stays. */
str survey_pipe(struct ctx *ctx, const struct survey_walk *walk, const struct survey_way *way, str text);

/* Calls `each` for every name in {{…}} of a text. */
void survey_pipe_names(str text, void (*each)(void *self, str name), void *self);
