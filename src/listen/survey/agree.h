/* What a contact question asks people to agree to.
 *
 * A question with a purpose has a box under it that nobody ticks but the person, beside the words that were written for the
 * purpose (people/consent.h). Without the tick the details are not kept; with it they are, and the agreement is written as a word
 * of the address, and of the invited person: in the same transaction as the answer begins to count, once.
 */
#pragma once

#include "listen/survey/check.h"
#include "listen/survey/response.h"

/* Adds to the problems each purpose that is none or has no words yet. */
err survey_agree_check(struct ctx *ctx, struct store *store, const struct survey_document *document,
                       struct survey_problems *problems);

/* Puts the newest words beside each question that asks: for survey_document_public. */
err survey_agree_show(struct ctx *ctx, struct store *store, struct survey_document *document);

/* Drops the details of those who did not tick: as if the question had been skipped. */
err survey_agree_keep(struct ctx *ctx, const struct survey_document *document, struct survey_answer *answers);

/* Writes what was agreed to in a response's answers and not in `before`, those that counted already. Inside store_write. */
err survey_agree_write(struct ctx *ctx, struct store *store, const struct survey_document *document,
                       const struct response *response, str before);
