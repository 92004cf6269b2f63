/* The questions that are being answered right now: who asked what, how far it is, and how to stop it.
 *
 * Processes that share their records tell each other what they answer, a few times
 * a second at most: a question that is answered at once is never told. So the list
 * has those of all processes and is read from memory; stopping is passed on to the
 * process that answers.
 */
#pragma once

#include "base/ctx.h"
#include "json/shape.h"

struct running;

struct processes;
struct running *running_open(struct processes *processes); /* NULL: nobody else answers */
void running_close(struct running *running);               /* nobody asks any more; NULL is fine */

/* A question that is being answered. */
struct run {
    str run; /* its name: what the asker gave it, or an id */
    str ask; /* its kind */
    str who; /* the asker's e-mail, key or "local" */
    i64 started_ms;
    f64 progress; /* 0 to 1 */
};
extern const struct shape run_shape;

enum { RUN_NAME_MAX = 64 };

/* May a run be called so: 1 to 64 of [A-Za-z0-9_-]? */
bool run_name_valid(str name);

struct asker_id {
    i64 id;   /* of the user or key; 0 for the command line */
    str name; /* shown */
};

/* Enters a question, until the context ends: the context can be stopped from outside and says how far it is. `name` none: it gets
 * an id. ERR_CONFLICT (error.ask.run_taken) when the asker has one of this name running in this process. */
err running_begin(struct ctx *ctx, struct running *running, const struct asker_id *asker, str name, str ask);

/* Why a question ended that was stopped through running_cancel: error.ask.cancelled; other codes stay as they are. */
err running_end(struct ctx *ctx, err code);

/* All of them, of all processes, oldest first; of one asker, or with NULL of everybody. */
err running_list(struct ctx *ctx, struct running *running, const struct asker_id *asker, struct shape_list *out);

/* Stops a question of this asker, or with NULL anybody's; false when none is known. It ends soon, not at once. One that another
 * process has begun in this moment and not told yet is stopped too. */
bool running_cancel(struct running *running, const struct asker_id *asker, str name);
