/* The answers of one group, whatever their metric: added one by one, merged, and scored last. */
#pragma once

#include "json/write.h"
#include "measure/ces.h"
#include "measure/csat.h"
#include "measure/nps.h"

struct tally {
    enum metric metric; /* METRIC_NONE: a question of no metric, scored by its mean */
    struct nps_tally nps;
    struct csat_tally csat;
    struct ces_tally ces;
    struct moments other;
    struct scale scale; /* of `other` */
};

/* What an answer to a question says about one group. */
struct score {
    i64 n;
    bool is; /* false: no answers, no score */
    f64 score, low, high;
    struct maybe_f64 mean;
};

/* Adds an answer; one that its scale does not allow is left out. */
void tally_add(struct tally *tally, struct scale scale, f64 answer);
/* The same answer many times. */
void tally_add_many(struct tally *tally, struct scale scale, f64 answer, i64 times);
void tally_merge(struct tally *into, const struct tally *more);
struct score tally_score(const struct tally *tally);

/* Members n, score, low, high, mean, counts and few of the object that is being written. */
void tally_write(struct json_writer *writer, const struct tally *tally, i64 minimum_n);

/* n, score, low, high alone, as an object; null without answers. */
void score_write(struct json_writer *writer, const struct score *score);

/* A number or null. */
void json_pair_number(struct json_writer *writer, const char *name, bool is, f64 number);
