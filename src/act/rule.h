/* Rules: when something happens, if it holds for the person, then do something.
 *
 *     {"when": {"event": [conditions]}            an event that is stored: what it says itself, and its touchpoint
 *            | {"alert": ["spike"]}               what analysis noticed (act_tell)
 *            | {"time": {"every":"day","at":"09:00"}},   for everybody who satisfies "if"
 *      "if": [conditions],                        on the event and the person, looked at when it fires
 *      "wait": "2h", "share": 0.5, "hold_out": 0.1,
 *      "once": {"per":"person"|"prop:NAME","in":"30d"}, "fresh": "24h",
 *      "then": [{"do":"survey", …}, …]}
 *
 * What an action means is known to whoever gives it (act/act.h).
 */
#pragma once

#include "base/zone.h"
#include "journey/condition.h"
#include "json/shape.h"
#include "store/store.h"

enum { RULES_MAX = 500, RULE_NAME_MAX = 200, RULE_PART_MAX = 32 * 1024, RULE_ACTIONS_MAX = 8 };

/* An event that is older than this when it arrives fires nothing, unless the rule says otherwise: imports of old events and
 * replays would send what nobody expects any more. */
enum { FRESH_HOURS_DEFAULT = 24, FRESH_HOURS_MAX = 14 * 24, WAIT_DAYS_MAX = 90, ONCE_DAYS_MAX = 400 };

/* A rule as it is kept and edited. */
struct rule {
    i64 id;
    str name;
    bool enabled;
    str when, condition, actions; /* JSON: "when", "if", "then" */
    str wait;                     /* "2h"; none: at once */
    f64 share;                    /* of people, the same ones always; 0 means 1 */
    f64 hold_out;                 /* of people, by lot, once */
    str once;                     /* JSON, or none */
    str fresh;                    /* "24h"; none: FRESH_HOURS_DEFAULT */
    i64 since_ms;                 /* what arrived earlier does not fire it */
    i64 created_ms, changed_ms;
    str by;
};
extern const struct shape rule_shape;

enum rule_when { WHEN_EVENT, WHEN_ALERT, WHEN_TIME };

/* A rule made ready to run, in the memory of whoever reads it. */
struct rule_ready {
    i64 id, since_ms;
    enum rule_when on;
    struct condition event;         /* WHEN_EVENT */
    struct str_list alerts;         /* WHEN_ALERT */
    enum period every;              /* WHEN_TIME: day, week, month */
    i32 minute, day;                /* of the day; of the week (1: Monday) or month */
    bool everybody;                 /* WHEN_TIME: once for each person who satisfies "if"; else once about nobody */
    struct condition condition;     /* "if" */
    i64 wait_ms, fresh_ms, once_ms; /* once_ms 0: ever */
    f64 share, hold_out;
    bool once;
    str once_prop; /* none: per person */
    str actions;   /* JSON list, each with "do" */
};

/* Reads the parts of a rule. ERR_INVALID with the pointer into it. No condition may name a person by an address or number
 * (error.rule.names). What actions hold is not looked at, but that each has a "do". Texts live as long as those of the rule and
 * the context. */
err rule_prepare(struct ctx *ctx, const struct rule *rule, struct rule_ready *out);

/* Keeping. Inside store_write. add fills in id and times; ERR_CONFLICT (error.rule.full) when there are too many. A rule that is
 * switched on, or whose "when" changed, fires for what comes from now on. */
err rule_add(struct ctx *ctx, struct store *store, struct rule *rule);
err rule_change(struct ctx *ctx, struct store *store, const struct rule *before, struct rule *rule);
err rule_remove(struct ctx *ctx, struct store *store, i64 id);
err rule_get(struct ctx *ctx, struct store *store, i64 id, struct rule *out);
err rule_list(struct ctx *ctx, struct store *store, struct shape_list *out);
