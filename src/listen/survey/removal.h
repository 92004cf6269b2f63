/* Removing one response, because whoever answered asks for it, or because it is none: a test, an answer of staff.
 *
 * It goes from the records with its files, from the log with its events, and so from figures, feedback and evidence. The place that
 * it took (of a link, of a quota) stays taken, so that nobody answers again by having an answer removed; and what was agreed to in
 * it stays said. What remains is a removal: who did it and when, and nothing of what was answered.
 */
#pragma once

#include "listen/survey/response.h"

struct response_removal {
    i64 id, survey, response;
    str by;
    i64 asked_ms, done_ms, events, files;
    str digest;  /* SHA-256 over the removed events' ids in order */
    str pending; /* JSON list of questions, while it goes on */
};
extern const struct shape response_removal_shape;

/* ERR_NOT_FOUND (error.survey.no_response). Interrupted by a crash, it goes on with response_removals_finish. */
err response_remove(struct ctx *ctx, struct surveys *surveys, i64 response, str by, struct response_removal *out);

/* The newest first, with ids below `before` (0: all). */
err response_removals(struct ctx *ctx, struct surveys *surveys, i64 survey, i64 before, i64 limit,
                      struct shape_list *out);

/* Ends what was interrupted. */
err response_removals_finish(struct ctx *ctx, struct surveys *surveys);

/* Takes the events of a response out of the log, where it was removed while they were on their way. `questions`: JSON list. */
err response_unsend(struct ctx *ctx, struct surveys *surveys, i64 response, str questions);
