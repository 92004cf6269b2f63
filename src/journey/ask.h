/* The one door of the engine: a question in, its answer as JSON out. */
#pragma once

#include "journey/asking.h"
#include "json/write.h"

/* Answers a question that was read. The text {"rows":[…],"asked":{…},"as_of":ms,"took_ms":…} lives in the context's arena.
 * A timeline needs `scope->personal` (ERR_FORBIDDEN). */
err ask_answer(struct ctx *ctx, const struct asked_rooms *rooms, const struct scope *scope,
               const struct question *question, str *out);

/* Parses, reads and answers. */
err ask_text(struct ctx *ctx, const struct asked_rooms *rooms, const struct scope *scope,
             const struct question_defaults *defaults, str json, str *out);

/* Events as the pages show them, newest first: the items of POST /rows and of a timeline. `next` is the cursor, or none. */
err ask_rows(struct ctx *ctx, const struct asked_rooms *rooms, const struct scope *scope,
             const struct question *question, struct json_writer *writer, str *next);
