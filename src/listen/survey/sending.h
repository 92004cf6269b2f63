/* Answers become events.
 *
 * Each counted answer is one event `Survey Answered` from the source `survey`, with the message id RESPONSE:QUESTION. A finished
 * response is sent before it is acknowledged; `pending_ms` in its row is cleared afterwards. Whatever is still pending when its
 * moment comes (the process died in between, the log was away; or the answers are partial and were left alone for
 * `partial_after`) is sent by a thread, here or in another process. Sent twice it counts once.
 */
#pragma once

#include "events/event.h"
#include "listen/survey/response.h"

#define SURVEY_SOURCE "survey"
#define SURVEY_ANSWERED "Survey Answered"

/* Sends a finished response at once. Failing does no harm: it stays pending. */
void sending_now(struct ctx *ctx, struct surveys *surveys, const struct response *response,
                 const struct survey_document *document);

/* The events of a response's counted answers, in the order of the document. */
err sending_events(struct ctx *ctx, const struct response *response, const struct survey_link *link,
                   const struct survey_document *document, struct event **out, i64 *count);
