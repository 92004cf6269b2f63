/* The next acts of a map, made ready to be looked for. */
#pragma once

#include "journey/asking.h"
#include "journey/visits.h"

struct acts {
    const struct view *view;
    struct program *programs; /* of each touchpoint */
    bool *has;                /* does it have a next act? */
    struct visit_rule *rules; /* of each touchpoint */
    struct touch_set *may;    /* by kind of event: whose act it may be */
    i32 count;
    const struct walk *walk; /* the person being read; set by whoever reads */
};

/* Compiles the acts of a version in the memory of the asking's context. */
err acts_prepare(const struct asking *asking, const struct journey_version *version, struct acts *out);

/* For visits_new: steps are the rows of `walk`. */
struct visit_acts acts_of(struct acts *acts);
