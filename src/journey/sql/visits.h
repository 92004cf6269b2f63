/* Visits in the large set-up: ClickHouse finds and orders the steps of the persons whose visits may count, we walk them.
 *
 * A visit begins where the one before it ended: by its limit, counted from its first event, or by its act. That is a fold
 * over a person's events, which ClickHouse 18.16 has no words for (docs/why/32-visits-walked-here.md). So its servers
 * filter, derive and order; what travels is some twenty bytes a step, of persons with a step that counts alone; and the
 * same kernel as ever (journey/visits.h) reads them. Persons come in pages, so that neither side holds many at a time.
 */
#pragma once

#include "journey/adherence.h"
#include "journey/sql/sql.h"

enum { ACT_WORDS = 4 };

/* What is to be read. */
struct sql_visits {
    struct sql_asking *sql;
    const struct journey_version *version; /* not NULL */
    struct steps_plan plan;                /* version, touchpoint_count and acts' rules: what adherence.h judges by */
    str acts[ACT_WORDS];                   /* the different next acts as bits; none: no more */
    i64 act_count;
    struct touch_set *act_of; /* [bit]: whose it is */

    /* Set by the caller: */
    struct sql_expr takes; /* which events count; those that the question takes unless it says another thing */
    const bool *wanted;    /* by place: only these touchpoints' visits are; NULL: all */
    str more;              /* ", if(counts, …)": what else is said of a step, or none */
    u32 needs;             /* of `more` */
    err (*read)(void *self, struct click_rows *rows, i64 step, bool counts); /* reads that; NULL: there is nothing */
    err (*person)(void *self, i64 person, const struct visits *visits);      /* the visits of the next person */
    void *self;
};

/* Prepares what does not depend on the caller; memory is the context's. */
err sql_visits_begin(struct sql_asking *sql, const struct journey_version *version, struct sql_visits *out);

/* The place of an event in the newest map as SQL (UInt8; the number of touchpoints: on none). */
struct sql_expr sql_spot(struct sql_asking *sql, const struct journey_version *version);

/* Reads all persons who have a visit that counts; in no order. */
err sql_visits_run(struct sql_visits *visits);

/* More for a step: the keys of its group, read by sql_visits_group. */
str sql_visits_keys(const struct sql_groups *groups);
err sql_visits_group(struct sql_groups *groups, struct click_rows *rows, bool counts, i64 *group);
