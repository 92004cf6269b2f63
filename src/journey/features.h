/* What persons have lived through, in figures, wherever they were gathered, and how they are written. */
#pragma once

#include "journey/asking.h"
#include "json/write.h"
#include "measure/metric.h"

/* The sum of a person's amounts in one currency. */
struct feature_sum {
    str currency;
    i64 sum;
};

struct feature_figures {
    i64 person;
    i64 first_ms, last_ms, events, answers, days, kinds, channels;
    i64 orders, first_order_ms, last_order_ms;
    struct feature_sum *sums; /* ordered by currency here */
    i64 sum_count;
    struct maybe_f64 newest[METRIC_COUNT]; /* the newest score of each metric */
};

/* Persons that are looked at first, before everybody is searched. */
enum { FEATURES_FIRST_LOOK = 2048 };

/* Writes a page: the question's limit at most; `next` is set when there are more. */
err features_write(const struct asking *asking, struct feature_figures *people, i64 count, struct json_writer *writer,
                   str *next);
