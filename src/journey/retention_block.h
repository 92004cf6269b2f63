/* Who of a block of lives starts and in which periods they come back, by the calendar, for cohorts of first starts.
 *
 * As in funnel_block.h: events with a mark are listed first, then all of them
 * go through the same operations, because nobody can guess who comes back.
 */
#pragma once

#include "journey/block.h"
#include "journey/periods.h"
#include "journey/retention.h"

enum { RETENTION_QUICK_PERIODS = 63 };

struct retention_quick {
    const struct periods *periods; /* of the cohorts and so many behind the last as are counted */
    i64 cohorts, counted;          /* counted: at most RETENTION_QUICK_PERIODS */
    i64 from_ms, to_ms,
        asked_ms; /* a start lies in [from_ms, to_ms); what comes at or after asked_ms is not known yet */
};

/* Adds to sizes[cohort] and returned[cohort · counted + k]; one more cohort than there are takes in what counts nowhere. `marks`
 * has a byte for each row of the block and up to the next multiple of 64, and is changed. */
void retention_block(const struct retention_quick *quick, const struct block *block, u8 *marks, struct scratch *scratch,
                     i64 *sizes, i64 *returned);
