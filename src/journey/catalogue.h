/* What really occurs in the data: the words a question can be built from, with how often each occurs. */
#pragma once

#include "journey/asking.h"

struct counted {
    str value;
    i64 events;
};

struct counted_prop {
    str value;    /* the name of the property */
    i64 distinct; /* different values; PROP_VALUES_MAX: so many or more */
    i64 events;
    struct str_list sample; /* a few values; empty for those who may not see personal data */
};

struct catalogue {
    struct shape_list kinds, channels, places, sources, touchpoints, metrics, questions,
        currencies;          /* struct counted */
    struct shape_list props; /* struct counted_prop */
};
extern const struct shape catalogue_shape;

/* The most frequent first. `question` carries scope, journey and conditions. With conditions the properties are those with a
 * column (few values, or asked for before), counted over the events that satisfy them; without, all of them. */
err catalogue_read(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                   const struct question *question, struct catalogue *out);

/* What the index and ClickHouse share. */
enum { CATALOGUE_VALUES_MAX = 1000, CATALOGUE_SAMPLE_MAX = 8 };
struct shape_list catalogue_ordered(struct counted *items, i64 count);
struct shape_list catalogue_props(struct counted_prop *items, i64 count);
struct shape_list catalogue_touchpoints(struct arena *arena, const struct derived *derived,
                                        const i64 *events); /* [code] */
