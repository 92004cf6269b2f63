/* The cohorts of a question about retention, and their rows: the same whoever counts them. */
#pragma once

#include "journey/groups.h"
#include "json/write.h"

/* The calendar of the cohorts and of the periods behind them. */
struct cohorts {
    struct periods periods; /* more than there are cohorts, for the returns of the last */
    i64 count;              /* cohorts */
};

/* Those that have begun; `first_ms` and `last_ms` are the bounds of all events, for a question without `from` or `to`. ERR_INVALID
 * (error.ask.periods). */
err cohorts_make(const struct asking *asking, i64 first_ms, i64 last_ms, struct cohorts *out);

/* How long a period is that is counted from the start event; 0: periods are those of the calendar. */
i64 retention_length(const struct question *question);

/* Who started in a cohort, and how many of them came back in each period. */
struct retention_row {
    i64 cohort, size;
    const i64 *returned;
};

/* `grouping` NULL: there are no groups. */
err retention_write(const struct asking *asking, const struct cohorts *cohorts, const struct grouping *grouping,
                    i64 group, const struct retention_row *row, struct json_writer *writer);

/* Without groups: every period between the first and the last, with people or without. `returned` holds those of cohort 0, then
 * of cohort 1 … */
err retention_write_all(const struct asking *asking, const struct cohorts *cohorts, const i64 *sizes,
                        const i64 *returned, struct json_writer *writer);
