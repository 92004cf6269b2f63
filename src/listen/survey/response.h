/* Answers on their way in: taken step by step, kept at once, counted once.
 *
 *     POST ─► one transaction: who may, which version, what is on the way, quotas, room ─► on disk ─► acknowledged
 *                                       │
 *                                       └ finished (or left alone for `partial_after`): the answers become events
 *                                         with the message ids RESPONSE:QUESTION, at once or, after a crash, later (sending.h)
 *
 * `answers` is what stands there now and may still change; `counted` is what became events and figures. What was counted never
 * changes, so nothing counts twice and every figure is that of its rows.
 */
#pragma once

#include "listen/survey/answer.h"
#include "listen/survey/link.h"

enum response_state { RESPONSE_PARTIAL, RESPONSE_FINISHED, RESPONSE_OVER, RESPONSE_STATE_COUNT_ };
extern const char *const response_state_words[RESPONSE_STATE_COUNT_ + 1];

enum {
    RESPONSE_CONTINUE_DAYS =
        30, /* an unfinished response can be continued for so long: well below the window of repeats */
    RESPONSE_AGAIN_MS = 15000, /* when a response whose events did not get through is tried again */
    RESPONSE_AT_DAYS = 30,     /* a kiosk was without a network for at most that long */
    RESPONSES_EMPTY_MAX =
        10000, /* of a link: begun more than a day ago, nothing answered; the newest stay, for "who stopped where" */
};

struct response {
    i64 id, survey, version, link;
    i32 state; /* enum response_state */
    str edit;  /* digest */
    str request_key, language, alias, channel, place, device;
    str answers, counted, hidden, seen, spent; /* JSON */
    str sent; /* digest of the answers with which it was finished: is it the same again? */
    i64 answered;
    str end;
    bool contact;
    i64 started_ms, changed_ms, finished_ms, pending_ms;
};
extern const struct shape response_row_shape; /* as it is stored */

/* What a respondent's page sends. */
struct submission {
    i64 response;
    str edit, pin, key;
    i64 version;
    str language, answers, spent, hidden, anonymous;
    struct str_list seen;
    bool finished;
    i64 at_ms; /* of a kiosk: when it was answered */

    str token;
    str address, agent; /* where it came from; kept only as a keyed hash */
};

struct receipt {
    i64 response;
    str edit;
    i32 state;
    str end;      /* id of the end, once it is finished or a quota is full */
    bool created; /* a new response */
};

/* Takes a submission. ERR_NOT_FOUND for a token that is none; ERR_FORBIDDEN (error.survey.pin, error.survey.invited,
 * error.survey.edit); ERR_CONFLICT (error.survey.used, paused, finished); ERR_GONE (error.survey.closed, expired, full);
 * ERR_INVALID with the field. */
err response_take(struct ctx *ctx, struct surveys *surveys, const struct submission *submission, struct receipt *out);

enum gate_state { GATE_OPEN, GATE_PIN, GATE_CLOSED, GATE_PAUSED, GATE_FULL, GATE_USED, GATE_EXPIRED, GATE_INVITED };
extern const char *const gate_words[]; /* open, pin, closed, paused, full, used, expired, invited */

/* What a link leads to now. Changes nothing. */
struct gate {
    i32 state; /* enum gate_state */
    struct survey_link link;
    i64 version;
    bool loaded; /* `document` is read: the survey is open to whoever asks */
    struct survey_document document;
};
struct gate_asked {
    str token, pin;
    i64 at_ms; /* of a kiosk: when it was answered; ends and closings are compared with that. 0: now */
};
err survey_gate(struct ctx *ctx, struct surveys *surveys, const struct gate_asked *asked, struct gate *out);

/* The unfinished response that this edit secret belongs to; ERR_NOT_FOUND without one. */
err response_by_edit(struct ctx *ctx, struct surveys *surveys, i64 link, str edit, struct response *out);

/* Who may continue a response: a secret that follows from the installation's key and from the page's key of the response, which
 * changes when another device takes it over. */
str response_edit(struct ctx *ctx, const struct surveys *surveys, const struct response *response);

/* Leaves out of `answers` what counts already, where the link works once: somebody else may have said it on another device. */
err response_unseen(struct ctx *ctx, const struct survey_link *link, struct response *response);

/* One response; ERR_NOT_FOUND (error.survey.no_response). */
err response_get(struct ctx *ctx, struct surveys *surveys, i64 id, struct response *out);

/* The moment at which unfinished answers of a document become events, counted from the last of them. */
i64 response_partial_ms(const struct survey_document *document);

/* Removes what was begun more than a day ago and holds no answer, but for the newest `most` of each link. */
err response_clean(struct ctx *ctx, struct surveys *surveys, i64 most);
