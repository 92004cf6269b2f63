/* What events and people come to, group by group, wherever they were counted, and how that is written. */
#pragma once

#include "journey/groups.h"
#include "json/write.h"

/* What came together in one group. */
struct count_tally {
    i64 events;
    u32 people;
    alias_no last; /* the person counted last: a person's rows come one after the other */
};

struct amount_tally {
    i64 amount, events; /* events that have one */
};

/* Amounts of different currencies are never added: this is a dimension behind those of the question where there are any. */
extern const struct field count_currency;

struct counted {
    const struct grouping *grouping;
    const struct count_tally *tallies;
    const struct amount_tally *amounts; /* where the question asks for them */
    i64 count;                          /* groups with tallies */
};

err count_write(const struct asking *asking, const struct counted *counted, struct json_writer *writer);
