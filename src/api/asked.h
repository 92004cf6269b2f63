/* What the handlers of questions share: the rooms a question looks into, and what its asker may see. */
#pragma once

#include "api/app.h"
#include "http/http.h"
#include "journey/asking.h"
#include "journey/running.h"

/* The rooms, once all of them are open; lives as long as the application. */
struct asked_rooms *asked_open(struct app *app);

/* Design 11.15 for the API: places, departments and the right to see people, of whoever asks. */
struct sight asked_scope(const struct principal *who);

/* Under which name a question runs. */
struct asker_id asked_by(const struct principal *who);

/* What every route that answers a question takes beside it: how this run is called. */
struct run_query {
    str run;
};
extern const struct shape run_query_shape;

/* Enters the request, whose query is a run_query, among the questions that can be seen and stopped (api/asks.c); end it with
 * running_end. `ask` says what is asked. */
err asked_run(struct request *request, str ask);

/* Time zone and minimum n of the installation. */
err asked_defaults(struct ctx *ctx, struct app *app, struct question_defaults *out);

/* An empty question in the installation's zone, over [from, to) given as ISO dates, either of which may be none. `pointers`
 * "from" and "to" name the faults. */
struct asked_span {
    str from, to;
};
extern const struct shape asked_span_shape;
err asked_question(struct ctx *ctx, struct app *app, const struct asked_span *span, i64 journey, struct question *out);

/* A page of the people behind a figure. */
extern const struct shape behind_page_shape;
