/* Which touchpoint an event is on: derived from a journey's map, never stored with the event.
 *
 * The first touchpoint in map order whose condition holds. Of several versions
 * the one in force at the event's moment decides. Codes count over all
 * touchpoints of all versions taken into account; a touchpoint that moved to
 * another stage or department has one code for each. They lie beside the rows as
 * an attached column (attachment.h), which is filled in layer by layer and goes
 * along when layers are merged.
 */
#pragma once

#include "journey/journey_map.h"
#include "journey/view.h"

struct touch {
    str id, stage, department;
    i64 order; /* place in the newest map that has it */
};

/* As one question sees it. */
struct derived {
    const struct touch *touches; /* [code]; [0] is "on no touchpoint" */
    u32 touch_count;             /* the highest code */
    i32 column;                  /* place in the view's columns */
};

static inline u32 derived_code(const struct view *view, const struct derived *derived, i64 row)
{
    return derived == NULL ? 0 : view_attached(view, derived->column, row);
}

/* A version that takes part. */
struct derive_version {
    const struct journey_map *map;
    const struct condition *where; /* of each touchpoint */
    const u16 *codes;              /* of each touchpoint */
    i64 from_ms;                   /* in force from here on, until the next one; the first from ever */
};

/* Codes of the rows of a layer. Versions are ordered by from_ms. ERR_EMPTY when a property that they look at has no column in the
 * view. */
err derive_layer(struct ctx *ctx, struct view *view, i32 layer, const struct derive_version *versions,
                 i64 version_count, struct column *out);
