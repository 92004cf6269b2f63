/* The link in every message that ends such messages.
 *
 * It names one send, so one address and one purpose, and nobody can make
 * another: the token is the id of the send and a keyed hash of it. Looking at it
 * changes nothing, as programs open links too; saying so with POST does
 * (RFC 8058).
 */
#pragma once

#include "act/act.h"

/* https://…/o/TOKEN, in the arena. */
str opt_out_url(struct ctx *ctx, struct act *act, i64 send);

struct opt_out {
    i64 send;
    str alias; /* whose word it will be: "email:a@b.vn", or the alias the message went to */
    str shown; /* the address, mostly hidden: "l…@vidu.vn" */
    i32 purpose, channel;
    bool out; /* nothing is sent for this purpose now */
};

/* ERR_NOT_FOUND for a token that is none, or whose message is gone. */
err opt_out_look(struct ctx *ctx, struct act *act, str token, struct opt_out *out);

/* Withdraws: for the message's purpose, or for all. Inside store_write. */
err opt_out_do(struct ctx *ctx, struct act *act, const struct opt_out *what, bool all);
