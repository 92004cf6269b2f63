/* Whose visits a figure of planned against actual counts, wherever the visits come from. */
#pragma once

#include "journey/adherence.h"
#include "journey/behind.h"

/* The place of the row's touchpoint; that of "on none" for null. ERR_INVALID for one that has no such figure, or that the asker
 * may not see. */
err behind_touchpoint(struct ctx *ctx, const struct behind *behind, const struct journey_version *version,
                      const struct sight *scope, i64 *out);

/* The visits of a person that the figure counts, one after the other, whatever their group; NULL behind the last one. `at_ms` is
 * the moment that decided. */
struct sought_visits {
    const struct adherence *adherence;
    const struct visits *visits;
    enum behind_what what;
    i32 touchpoint;
    i64 at;
    bool visited; /* was the touchpoint, before `at`? */
};
struct sought_visits behind_visits(const struct adherence *adherence, const struct visits *visits,
                                   enum behind_what what, i64 touchpoint);
const struct visit *sought_next(struct sought_visits *sought, i64 *at_ms);
