/* The e-mail that invites: the first question stands in it, with a link for each answer.
 *
 * A link only opens the survey with that answer chosen; nothing is answered before the
 * person says so there, because mail programs open links too. Nothing
 * in it tells that it was read. Its words come from the survey and the catalogue
 * alone: names and other words of the person stay out, as others may have written them.
 */
#pragma once

#include "listen/survey/document.h"
#include "text/sentence.h"

struct invitation {
    const struct survey_document *document;
    enum language language; /* the person's; the document's first where it lacks it */
    str url;                /* https://…/s/TOKEN */
    str opt_out;            /* https://…/o/TOKEN */
    str organisation;
};

struct invitation_words {
    str subject, text, html;
    str language; /* the one that was used */
};

void invitation_write(struct ctx *ctx, const struct invitation *invitation, struct invitation_words *out);
