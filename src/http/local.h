/* The command line's way to a data folder: requests to the server that holds it.
 *
 * A server listens on DIR/cham.sock for commands of its own account; they act
 * as the owner. One process at a time holds a folder, so a command never opens
 * the files beside a running server.
 */
#pragma once

#include "base/ctx.h"

struct local_request {
    str folder; /* the data folder */
    const char *method;
    str path;                             /* "/api/v1/ask" with its query */
    str body;                             /* JSON; none without */
    str file;                             /* instead of a body: the path of a file to send */
    str language;                         /* for the sentences of problems */
    bool (*piece)(void *self, str bytes); /* takes the answer as it arrives, false ends it; NULL: it is collected */
    void *self;
};

struct local_answer {
    i32 status;
    str body; /* in the context's arena */
};

enum local_state { LOCAL_NONE, LOCAL_STARTING, LOCAL_SERVES };

/* Does a server of this machine hold the folder and answer? While it starts, `*share` is how far it is. */
enum local_state local_state(struct ctx *ctx, str folder, f64 *share);

/* ERR_UNAVAILABLE (error.local) when nobody answers. Any HTTP status is an answer. */
err local_ask(struct ctx *ctx, const struct local_request *request, struct local_answer *out);
