/* Can the answers of a survey be trusted? Who was asked, who stays silent, who answers for others.
 *
 * A rate is the share of sent invitations whose own link was answered through, with
 * Wilson's interval. A group is `apart` when its interval and that of all others do not
 * meet. Earlier scores and traits are those under the very alias that was invited.
 */
#pragma once

#include "json/shape.h"
#include "store/store.h"

struct honest_group {
    str field, value; /* value none: the person has none, or nobody but a hand chose */
    i64 invited, answered;
    f64 rate, low, high;
    bool apart;
};

struct honest_count {
    str state, reason;
    i64 count;
};

struct honesty {
    i64 invited, answered; /* sent invitations, and those answered through */
    f64 rate, low, high;
    struct shape_list outcomes; /* struct honest_count: of all invitations, with those that were refused */
    struct shape_list groups;   /* struct honest_group: who is silent */
    struct shape_list
        selective; /* struct honest_group: who chose by hand, how many of the chosen had given 9 or 10 before; the
                                    first is everybody */
    struct id_list staff; /* responses of people who work here */
};
extern const struct shape honesty_shape;

err honesty_read(struct ctx *ctx, struct store *store, i64 survey, str trait, struct honesty *out);
