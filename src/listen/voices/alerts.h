/* Alerts: what was noticed in feedback without anybody asking.
 *
 *     spike, drop   a day with many more, or fewer, than the same weekday of the weeks before (measure/spike.h)
 *     drift         a weekly score or share that has changed for good
 *
 * Looked for again and again by every process; a cause (kind, what, key, period) is kept once over all of them. What is
 * kept has the filter that finds the feedback behind it. Few enough that each is worth a look: a day must be out of the
 * ordinary at p < 0.001, by at least five feedbacks.
 */
#pragma once

#include "base/zone.h"
#include "listen/voices/filter.h"

struct noticed {
    i64 id;
    str kind, what, key, period;
    f64 observed, expected;
    struct maybe_f64 low, high, p;
    str filter; /* JSON */
    i64 created_ms, seen_ms;
    str by;
};
extern const struct shape noticed_shape;

struct alerts_looking {
    struct store *store;
    const struct zone *zone;
    void *self;
    err (*tell)(void *self, struct ctx *ctx, str kind, str cause, str told); /* inside the transaction; may be NULL */
};

/* Looks at the newest feedback; `found` counts what was not known. ERR_CANCELLED. */
err alerts_look(struct ctx *ctx, const struct alerts_looking *looking, i64 *found);

/* Newest first, below the id `before` (0: all); `open`: only those nobody has put aside. Whoever sees some places or touchpoints
 * sees what was noticed of one of these alone: what is counted over all says how others do. */
struct alerts_asked {
    const struct feedback_sight *sight; /* NULL: everything */
    bool open;
    i64 before, limit;
};
err alerts_list(struct ctx *ctx, struct store *store, const struct alerts_asked *asked, struct shape_list *out);

/* ERR_NOT_FOUND, also for what is not in sight. */
err alerts_find(struct ctx *ctx, struct store *store, const struct feedback_sight *sight, i64 id, struct noticed *out);

/* Removes all, for starting over. Inside store_write. */
err alerts_clear(struct ctx *ctx, struct store *store);

/* Puts one aside, or back. */
err alerts_put_aside(struct ctx *ctx, struct store *store, i64 id, bool seen, str by);
