/* Acting: rules that follow the event log, and everything that is sent.
 *
 *   event stored ─► follower: "when" ─► run (once for each rule and event)
 *                                         │ wait
 *                                         ▼
 *                    "if", share, lot ─► actions ─► sends ─► gate ─► transport
 *
 * The room knows no surveys and no pages: what an action does and what a message
 * says come from tables of functions that src/api wires. Every step is a row in
 * the records, written in the same transaction as the step after it, so a
 * process that is killed leaves nothing half done and another goes on.
 */
#pragma once

#include "act/rule.h"
#include "act/send.h"
#include "events/log.h"
#include "text/sentence.h"

struct act;
struct asked_rooms;
struct mailer;
struct out;

/* What a run is about, for actions. */
struct firing {
    i64 rule, run;
    str rule_name;
    str cause;                 /* of the run; with the action's place a cause of its own */
    i64 index;                 /* of the action in "then" */
    str alias;                 /* the person's, as the event came; none: nobody */
    i64 person;                /* 0: nobody */
    const struct event *event; /* NULL: an alert or a time */
    str told;                  /* JSON of an alert; none */
};

/* Something a rule can do: {"do":WORD, …}. */
struct act_action {
    const char *word;
    void *self;

    /* When a rule is saved: ERR_INVALID names the member. */
    err (*check)(void *self, struct ctx *ctx, struct json action);

    /* Inside the transaction that ends the run: writes what is to be done, keyed by the cause. */
    err (*fire)(void *self, struct ctx *ctx, const struct firing *firing, struct json action);
};

/* Whom a message goes to. */
struct receiver {
    i64 person; /* 0: nobody */
    struct str_list aliases;
    str name, traits; /* JSON object */
    str email;        /* verified; none: there is no such */
    bool shared;      /* none, because the address they gave is another person's */
    enum language language;
};

struct message {
    str subject, text, html; /* of an e-mail */
    str payload;             /* of a webhook: JSON */
    const char *refused;     /* not to be sent, and why (SEND_…) */
};

/* Who makes messages of a sort: the `what` of a send. */
struct act_maker {
    const char *what;
    void *self;
    err (*make)(void *self, struct ctx *ctx, const struct send *send, const struct receiver *to, str opt_out,
                struct message *out);

    /* After it was sent, once or more: what is noted about it must be keyed by the send. May be NULL. */
    err (*sent)(void *self, struct ctx *ctx, const struct send *send, const struct receiver *to);
};

struct act_options {
    struct store *store;
    struct people *people;
    struct journeys *journeys;
    struct out *out;
    struct mailer *mailer;
    u8 key[HASH_KEY_LEN]; /* of the installation: seals secrets, signs links */
    void *self;
    str (*base)(void *self, struct arena *arena); /* how browsers reach the server, without a slash at the end */
    bool runs;                                    /* fires and sends; else it only follows and keeps */
};

enum { ACT_ACTIONS_MAX = 24, ACT_MAKERS_MAX = 8 };

struct act *act_open(const struct act_options *options);

/* Before act_start. */
void act_add_action(struct act *act, const struct act_action *action);
void act_add_maker(struct act *act, const struct act_maker *maker);

/* The room as a follower of the log: matches events against "when". */
struct event_follower act_follower(struct act *act);

/* Begins to fire and to send. */
err act_start(struct ctx *ctx, struct act *act, struct events *log, const struct asked_rooms *rooms);

/* Finishes what is in hand. NULL is allowed. */
void act_stop(struct act *act);
void act_close(struct act *act);

/* There may be work. */
void act_wake(struct act *act);

/* Can this rule run, and does every action know what it says? */
err act_check(struct ctx *ctx, struct act *act, const struct rule *rule);

/* Something was noticed: rules about such alerts fire once for each `id`. `told` is JSON: what is passed on. Inside store_write it
 * is part of that transaction. */
struct alert {
    str word; /* "spike" */
    str id;
    str told;
};
err act_tell(struct ctx *ctx, struct act *act, const struct alert *alert);

/* Forgets persons who are erased: `aliases` whole ("user:U1"). */
err act_forget(struct ctx *ctx, struct act *act, const struct str_list *aliases);
