/* What the handlers of voices share: whose feedback the asker may see. */
#pragma once

#include "api/app.h"
#include "http/http.h"
#include "listen/survey/sight.h"
#include "listen/voices/filter.h"

/* The rooms a filter looks into, with the sight of whoever asks: places, and the declared touchpoints of departments. */
err voices_source(struct request *request, struct feedback_source_of *out);

/* The same sight of surveys, their links and responses. */
err voices_survey_sight(struct request *request, struct survey_sight *out);

/* "me" is the id of whoever asks; everything else stays. */
str voices_owner(const struct request *request, str owner);

/* A filter made ready for whoever asks. */
err voices_choose(struct request *request, const struct feedback_filter *filter, struct feedback_chosen **out);

/* One feedback that the asker may see; ERR_NOT_FOUND otherwise. */
err voices_one(struct request *request, i64 id, struct feedback *out);

/* Cursors of pages: the position as text. */
str voices_cursor(struct arena *arena, i64 position);
err voices_read_cursor(struct ctx *ctx, str text, i64 *before);
