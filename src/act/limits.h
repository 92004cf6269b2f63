/* How much one person gets, and when: over all surveys, rules and channels together. */
#pragma once

#include "act/send.h"
#include "base/zone.h"

/* For one purpose. */
struct send_limit {
    i32 purpose;
    i64 most, days; /* at most so many messages within so many days; most 0: no limit */
    i64 gap_days;   /* between two invitations to the same survey; 0: none */
};
extern const struct shape send_limit_shape;

struct send_hours {
    bool quiet;   /* nothing goes out between the two */
    str from, to; /* "21:00", "08:00" in the zone of the installation */
    bool sundays; /* nothing goes out on Sundays */
};

struct sending {
    struct send_hours hours;
    struct shape_list limits; /* struct send_limit: one for each purpose */
};
extern const struct shape sending_shape;

/* What is in force; where nobody decided: surveys and research at most twice in 30 days and the same survey not within 30,
 * advertising four times in 30; quiet from 21:00 to 08:00. */
err sending_read(struct ctx *ctx, struct store *store, struct sending *out);

/* ERR_INVALID for hours that are none, or a purpose twice. Purposes that are not named stay. Inside store_write. */
err sending_write(struct ctx *ctx, struct store *store, const struct sending *sending);

/* The first moment from `at_ms` on at which something may go out. */
i64 sending_moment(const struct send_hours *hours, const struct zone *zone, i64 at_ms);
