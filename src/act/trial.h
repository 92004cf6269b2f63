/* What a rule would have done in the past: the newest events that match, each held against "if" as of its own moment. Nothing
 * is written and nothing is sent. Traits and consents are those of now, which is said in docs/rules.md. */
#pragma once

#include "act/act.h"

enum { TRIAL_EVENTS_MAX = 1000, TRIAL_SAMPLE = 20 };

struct trial_fired {
    i64 event, person, at_ms;
    str person_name;
};

struct trial {
    i64 events; /* that match "when" */
    i64 fires, people;
    i64 condition, sampled_out, no_consent; /* no_consent is part of fires */
    bool more;                              /* older events were not looked at */
    struct shape_list sample;               /* struct trial_fired, newest first */
};
extern const struct shape trial_shape;

/* Over the events since `from_ms`. ERR_INVALID (error.rule.trial) for a rule that is not about events. */
err trial_run(struct ctx *ctx, struct act *act, const struct rule *rule, i64 from_ms, struct trial *out);
