#include "measure/ces.h"

#include "measure/metric.h"

err ces_add(struct ces_tally *tally, f64 answer)
{
    f64 score;
    struct scale scale;
    struct answer given = {.metric = METRIC_CES, .given = answer};
    TRY(metric_admit(&given, &score, &scale));
    if (score >= 5.0) {
        tally->easy++;
    } else {
        tally->other++;
    }
    moments_add(&tally->moments, score);
    return OK;
}

void ces_merge(struct ces_tally *into, const struct ces_tally *more)
{
    into->easy += more->easy;
    into->other += more->other;
    moments_merge(&into->moments, &more->moments);
}

err ces_score(const struct ces_tally *tally, struct ces_score *out)
{
    struct interval mean, share;
    TRY(interval_mean(&tally->moments, 1.0, 7.0, &mean));
    TRY(interval_share(tally->easy, tally->easy + tally->other, &share));
    *out = (struct ces_score){
        .mean = mean.value,
        .low = mean.low,
        .high = mean.high,
        .percent = 100.0 * share.value,
        .percent_low = 100.0 * share.low,
        .percent_high = 100.0 * share.high,
        .answer_count = tally->easy + tally->other,
    };
    return OK;
}
