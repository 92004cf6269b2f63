/* Scores group by group, wherever the answers were counted, and how they are written. */
#pragma once

#include "journey/groups.h"
#include "journey/tally.h"

/* Answers to one question may have come under several metrics and scales: never added up, a row each. These are the dimensions
 * behind those of a question that scores one. */
enum { SCORE_SPLIT = 2 };
extern const struct field score_split[SCORE_SPLIT];

struct scored {
    const struct grouping *grouping; /* NULL: nobody answered */
    const u8 *has;                   /* which groups there are */
    struct tally (*tally)(const void *self, i64 group);
    const void *self;
};

err scored_write(const struct asking *asking, const struct scored *scored, struct json_writer *writer);

/* METRIC_NONE for a word that is none. */
enum metric score_metric(str word);
