/* The one door of the engine: a question in, its answer as JSON out. */
#pragma once

#include "journey/asking.h"
#include "json/write.h"

/* Answers a question that was read. The text {"rows":[…],"asked":{…},"as_of":ms,"took_ms":…} lives in the context's arena.
 * A timeline needs `scope->personal` (ERR_FORBIDDEN). */
err ask_answer(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
               const struct question *question, str *out);

/* Parses, reads and answers. */
err ask_text(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
             const struct question_defaults *defaults, str json, str *out);

/* An event as the pages show it. */
struct row_person {
    i64 id;
    str name;
};

struct row {
    i64 id, at_ms, received_ms;
    struct row_person *person; /* NULL: nobody's */
    str alias, source, kind, channel, place;
    str touchpoint, stage; /* derived */
    str metric, question;
    struct maybe_i64 version;
    struct maybe_f64 score;
    str scale;
    struct maybe_i64 amount;
    str currency, text;
    str props; /* as the sender sent them */
};
extern const struct shape row_shape; /* person, alias and text are personal */

/* Newest first: the items of POST /rows and of a timeline. `next` is the cursor, or none. */
err ask_rows(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
             const struct question *question, struct shape_list *out, str *next);
