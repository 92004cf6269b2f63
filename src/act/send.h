/* Everything that goes out to people, or about them: one gate.
 *
 *   send_put ─► sends (waiting) ─► job ─► gate ─► transport ─► sent
 *                                          │ consent, address, fatigue: refused
 *                                          └ quiet hours: later
 *
 * A send is a row that stays, whatever becomes of it, with the reason. What it
 * follows from (cause) makes it exist once. The gate is passed in the moment of
 * sending and inside one transaction over all processes, so that what was
 * withdrawn meanwhile is not sent and two messages cannot both be the last that
 * is allowed.
 */
#pragma once

#include "people/consent.h"

struct act;

enum send_state { SEND_WAITING, SEND_SENDING, SEND_SENT, SEND_REFUSED, SEND_FAILED, SEND_CANCELLED, SEND_STATE_COUNT };
extern const char *const send_state_words[SEND_STATE_COUNT + 1];

/* Why: kept in the row, and words in the catalogue (ui.send.reason.…). */
#define SEND_NO_CONSENT "no_consent"     /* nobody ever agreed */
#define SEND_WITHDRAWN "withdrawn"       /* agreed, and withdrew */
#define SEND_PURPOSE "purpose"           /* a survey for another purpose than surveys */
#define SEND_NO_ADDRESS "no_address"     /* no verified address for the channel */
#define SEND_SHARED "shared_address"     /* the address is another person's, under whom it is written to */
#define SEND_SUPPRESSED "suppressed"     /* the address refused mail for good */
#define SEND_FATIGUE "fatigue"           /* had as many messages as the limits allow */
#define SEND_GAP "gap"                   /* was asked the same survey too lately */
#define SEND_QUIET "quiet_hours"         /* waits for the morning */
#define SEND_NOBODY "nobody"             /* the person is not known (any more) */
#define SEND_CLOSED "closed"             /* what it invites to is not open */
#define SEND_NO_TRANSPORT "no_transport" /* no mail server, or no such target */
#define SEND_UNREACHABLE "unreachable"   /* tried for as long as it makes sense */
#define SEND_BAD "bad_address"           /* refused for good by the receiver */
#define SEND_NOT_TAKEN "server_refused"  /* the mail server did not want this message; the address may be right */

struct send {
    i64 id;
    str cause;     /* unique: "rule:R:event:E:0", "hand:…" */
    i64 rule, run; /* 0: by hand */
    str alias;     /* of the person; none: about nobody */
    i32 purpose;   /* enum purpose */
    i32 channel;   /* enum reach */
    str what;      /* who makes the message: "survey", "webhook" */
    i64 object;    /* the survey; 0: none */
    i64 target;    /* the webhook target; 0: none */
    i64 link;      /* the personal link it carries, once there is one: the same at every attempt */
    str input;     /* JSON: what the message is made from */
    i32 state;     /* enum send_state */
    str reason;
    i64 attempts, created_ms, due_ms, passed_ms, sent_ms;
    str by; /* who sent it by hand; empty: a rule */
};
extern const struct shape send_shape;

/* May a message of this purpose go out in quiet hours, where the rule says so? */
static inline bool purpose_is_urgent(i32 purpose)
{
    return purpose == PURPOSE_SERVICE;
}

/* The kinds of the jobs that send begin so: one kind for each receiver. */
#define SEND_LANES "send."

/* How it ended: SENT, REFUSED or FAILED, with the reason (NULL: none); fills in sent_ms. The run it belongs to has fired as long as
 * something of it may have an effect, and else is "unsent". Inside store_write it is part of that transaction. */
err send_end(struct ctx *ctx, struct store *store, struct send *send, enum send_state state, const char *reason);

/* Is a run still "fired" or "unsent"? Inside store_write, after one of its sends changed. 0: it belongs to none. */
err run_settle(struct ctx *ctx, struct store *store, i64 run);

/* Notes the personal link that a message carries. */
err send_note_link(struct ctx *ctx, struct store *store, i64 id, i64 link);

/* The kind of the job that sends it. */
str send_lane_of(struct ctx *ctx, const struct send *send);

/* Queues a send; fills in id, state and times. The same cause finds the send that is there. Inside store_write it is part of that
 * transaction. */
err send_put(struct ctx *ctx, struct store *store, struct send *send);
