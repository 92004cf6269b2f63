/* Which touchpoint an event is on: derived from a journey's map, never stored with the event.
 *
 * The first touchpoint in map order whose condition holds. Of several versions
 * the one in force at the event's moment decides. Codes count over all
 * touchpoints of all versions taken into account; a touchpoint that moved to
 * another stage or department has one code for each.
 */
#pragma once

#include "journey/index.h"
#include "journey/journey_map.h"

struct touch {
    str id, stage, department;
    i64 order; /* place in the newest map that has it */
};

struct derived {
    const struct touch *touches; /* [code]; [0] is "on no touchpoint" */
    u32 touch_count;             /* the highest code */
    u16 *codes;                  /* [row] */
    i64 row_count;               /* rows it knows */
    u64 generation;              /* of the index when it was made */
    i32 users;                   /* who still reads it; journey/maps.h counts */
};

static inline u32 derived_code(const struct derived *derived, i64 row)
{
    return derived == NULL ? 0 : derived->codes[row];
}

/* A version that takes part. */
struct derive_version {
    const struct journey_map *map;
    const struct condition *where; /* of each touchpoint */
    const u16 *codes;              /* of each touchpoint */
    i64 from_ms;                   /* in force from here on, until the next one; the first from ever */
};

/* Fills codes for the rows from `first` on. Versions are ordered by from_ms. */
err derive_rows(struct ctx *ctx, const struct index *index, const struct derive_version *versions, i64 version_count,
                i64 first, u16 *codes);
