/* The next acts of a map, made ready to be looked for. */
#pragma once

#include "journey/asking.h"
#include "journey/visits.h"

struct acts {
    struct program *programs; /* of each touchpoint */
    bool *has;                /* does it have a next act? */
    struct visit_rule *rules; /* of each touchpoint */
    struct touch_set *may;    /* by kind of event: whose act it may be */
    struct touch_set *ask;    /* by kind of event: of these, where more than the kind decides */
    i32 count;
};

/* Compiles the acts of a version in the memory of the asking's context; the kind of event is taken up by its lens. */
err acts_prepare(const struct asking *asking, const struct journey_version *version, struct acts *out);
