/* What a filter finds, counted: how many of what, and the scores of it. */
#pragma once

#include "listen/voices/filter.h"

struct facet_value {
    str value;
    i64 n;
};

struct facet {
    str name;                 /* source, channel, place, touchpoint … topic, topic_good (spoken well of), topic_bad */
    struct shape_list values; /* struct facet_value, the most frequent first, at most FACET_VALUES_MAX */
    i64 none;                 /* rows without a value */
};
enum { FACET_VALUES_MAX = 100 };

struct feedback_counts {
    i64 n, with_text, complaints, spam;
    struct shape_list facets; /* struct facet */
    str scores; /* JSON: a row for each metric and scale, else question and scale; scales are never pooled */
};
extern const struct shape feedback_counts_shape;

err feedback_count(struct ctx *ctx, const struct feedback_chosen *chosen, i64 minimum_n, struct feedback_counts *out);
