/* Requests to others: the one way out of the house.
 *
 * Whoever configures a receiver (a webhook, an address to fetch from) is a user
 * of ours, not the operator of the machines around us, so an address may
 * only lead to the public internet, or to the networks that the operator named
 * (configuration `outbound_allow`):
 *
 *   - https, or http inside these networks; no user or password in the address; no port of another protocol
 *   - every address a name stands for is looked at where the connection is made, so a name that changes between
 *     the check and the connection gains nothing
 *   - redirects are not followed and no proxy of the environment is used
 *   - ten seconds and 64 KiB of answer; what was answered is for the log of the sender, never for a reader
 */
#pragma once

#include "base/ctx.h"

struct out;

struct out_options {
    str allow;      /* networks inside the house that may be called, separated by commas; none: only public ones */
    str user_agent; /* none: "Cham" */
};

/* ERR_INVALID (error.config_network) when a network cannot be read. */
err out_open(struct ctx *ctx, const struct out_options *options, struct out **out);
void out_close(struct out *out); /* NULL is allowed; nothing may be sending any more */

enum { OUT_REPLY_MAX = 64 << 10, OUT_LIMIT_MS = 10 * 1000, OUT_URL_MAX = 2000 };

/* May this address be called? For the moment somebody saves it: ERR_INVALID at `pointer` says why not (error.out_url,
 * error.out_scheme, error.out_port, error.out_inside). A name that cannot be resolved now is no failure: it is looked at again
 * whenever something is sent. Asks the name server; nobody is connected to. */
err out_check(struct ctx *ctx, struct out *out, str url, const char *pointer);

struct out_header {
    const char *name;
    str value; /* without line breaks */
};

struct out_request {
    const char *method; /* NULL: POST */
    str url;
    const struct out_header *headers;
    i64 header_count;
    str body;
    i64 limit_ms; /* of the whole exchange; 0: OUT_LIMIT_MS */
};

struct out_reply {
    i32 status;
    i32 retry_after_s; /* as the receiver asked; 0: it did not */
    str body;          /* at most OUT_REPLY_MAX bytes, cut there */
};

/* Sends one request; OK for any answer with a status, also 4xx, 5xx and redirects. ERR_INVALID as out_check says; ERR_UNAVAILABLE
 * (error.out_away) when nobody answered in time; ERR_CANCELLED when the context was stopped. */
err out_send(struct ctx *ctx, struct out *out, const struct out_request *request, struct out_reply *reply);

/* True for an address of the public internet, or of an allowed network. `text` is "203.0.113.7" or "2001:db8::1". */
bool out_may_reach(const struct out *out, str text);

/* May the house itself be reached there without encryption? For what the operator configures, such as the mail server. */
bool out_is_inside(const struct out *out, str text);
