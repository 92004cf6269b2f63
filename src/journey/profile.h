/* What a person has lived through, in figures: the head of a person's page and of a list of people. */
#pragma once

#include "journey/asking.h"

struct profile_amount {
    str currency;
    i64 amount; /* minor units */
};

struct profile_score {
    str metric;
    i64 n;
    struct maybe_f64 score, low, high; /* none without answers */
    bool few;
};
extern const struct shape profile_amount_shape, profile_score_shape;

struct profile {
    i64 first_ms, last_ms, events; /* answers included */
    i64 orders;                    /* events with an amount above zero */
    struct shape_list amounts;     /* struct profile_amount: sums by currency, never added to each other */
    struct shape_list scores;      /* struct profile_score: nps, csat, ces with at least one answer */
};

/* The profiles of persons by id, in the order given, as far as the asker may see; a person without visible events has zeros.
 * `question` bounds what is looked at. */
err profile_read(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                 const struct question *question, const struct id_list *persons, struct profile **out);
