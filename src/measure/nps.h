/* Net Promoter Score: eleven possible answers, one number from -100 to 100.
 *
 * A tally is plain data: merge days, segments or shards freely and ask for the
 * score last. The mean of two scores is not the score of the two groups
 * together, so a score is never stored and never averaged. Definition:
 * Reichheld (2003), "The one number you need to grow", HBR 81(12); the
 * interval is the adjusted Wald of Rocks (2016), "Interval estimation for the
 * Net Promoter Score", The American Statistician 70(4):365.
 */
#pragma once

#include "base/err.h"
#include "base/types.h"

struct nps_tally {
    i64 detractors, passives, promoters; /* answers 0-6, 7-8, 9-10 */
};

struct nps_score {
    f64 points, low, high; /* the score and its 95 % interval */
    i64 answer_count;      /* what the score rests on; show it beside the score */
};

/* Counts one answer. ERR_INVALID outside 0 to 10 or with a fraction (6.5 lies in no group); the tally is then
 * unchanged. A skipped question is no answer and is not counted at all. */
err nps_add(struct nps_tally *tally, f64 answer);

void nps_merge(struct nps_tally *into, const struct nps_tally *more);

/* ERR_EMPTY without answers: a score of zero would be a claim, not a gap. */
err nps_score(const struct nps_tally *tally, struct nps_score *out);
