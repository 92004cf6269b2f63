/* The inside of act/: what its files share. Nobody outside act/ includes this. */
#pragma once

#include "act/act.h"
#include "act/match.h"
#include "act/seal.h"

#include <pthread.h>

/* The rules that are on, made ready, by the kinds of events that can set them off. */
struct book {
    i64 version; /* of the rules it was made from */
    struct rule_ready *rules;
    i64 count;
    i64 since_ms; /* no event older than this fires anything */
    bool any;     /* is there one about events? */
    struct ctx ctx;
    i32 users;
};

enum { SENDERS = 8, MAILERS = 3, LANES_MAX = 256 };

/* A receiver that is being called, or rests after failures. */
struct send_lane {
    str kind; /* of its jobs */
    i32 busy; /* threads */
    i64 rest_until_ms;
    i32 failures; /* in a row */
};

struct act {
    struct act_options options;
    struct store *store;
    struct people *people;
    struct events *log;
    const struct asked_rooms *rooms;
    struct act_action actions[ACT_ACTIONS_MAX];
    i64 action_count;
    struct act_maker makers[ACT_MAKERS_MAX];
    i64 maker_count;
    bool shared;

    pthread_mutex_t lock; /* book, lanes, threads */
    struct book *book;

    /* Following alone: the newest event that was looked at, as written down and in memory. */
    i64 cursor, kept_cursor, unkept;

    pthread_cond_t wake;
    bool stop;
    u64 calls; /* of act_wake */
    pthread_t runner, senders[SENDERS];
    i32 running, sending;
    struct send_lane lanes[LANES_MAX];
    i32 lane_count;
    struct arena memory; /* of the lanes' names */
};

/* book.c: the rules as they are now; give it back. */
err book_take(struct ctx *ctx, struct act *act, struct book **out);
void book_leave(struct act *act, struct book *book);

/* A run, as it is kept. */
enum run_outcome {
    RUN_WAITING,
    RUN_FIRED,
    RUN_CONDITION,   /* "if" did not hold */
    RUN_SAMPLED_OUT, /* not among the share */
    RUN_HELD_OUT,    /* left out by lot */
    RUN_REPEATED,    /* it fires once, and had */
    RUN_NOBODY,      /* it is about a person, and nobody is known */
    RUN_GONE,        /* the event was deleted meanwhile */
    RUN_OFF,         /* the rule was switched off meanwhile */
    RUN_FAILED,
    RUN_UNSENT, /* it fired, and nothing of it went out or was told */
    RUN_OUTCOME_COUNT,
};

/* follow.c: writes a run and the job that carries it out. Inside store_write. */
struct run_new {
    i64 rule;
    str cause;
    i64 event;
    str alias, told;
    i64 due_ms;
};
#define RUN_JOBS "rule"
err run_put(struct ctx *ctx, struct store *store, const struct run_new *run);

/* fire.c: is this person among a rule's share? */
bool rule_samples(i64 rule, f64 share, i64 person, str cause);

/* fire.c: carries out a taken job of RUN_JOBS. */
struct job;
err run_carry_out(struct ctx *ctx, struct act *act, const struct job *job);

/* tick.c: rules by time whose moment has come. */
err tick(struct ctx *ctx, struct act *act);
/* For everybody who satisfies it: a run for each. */
err tick_everybody(struct ctx *ctx, struct act *act, const struct rule_ready *rule, str cause);

/* receiver.c: who has an alias now. ERR_NOT_FOUND when nobody has. */
err receiver_find(struct ctx *ctx, struct act *act, str alias, struct receiver *out);

/* deliver.c: carries out a taken job of a lane. `rest_ms` is how long the lane should rest, 0 for not at all. */
err deliver(struct ctx *ctx, struct act *act, const struct job *job, i64 *rest_ms);
