/* The gate for answers: what a metric or question may be answered with. */
#pragma once

#include "events/event.h"
#include "measure/metric.h"

/* Checks an answer to `event->metric` (nps, csat, ces or a question's own id) and fills the event's score, scale and
 * `reversed`. A question's own id needs a scale of 0-10, 1-5, 1-7 or 1-10. ERR_INVALID names `column` and what is allowed. */
err answer_admit(struct ctx *ctx, const struct answer *answer, str column, struct event *event);
