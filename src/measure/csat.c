#include "measure/csat.h"

static void note_scale(struct csat_tally *tally, struct scale scale)
{
    if (tally->scale.high == 0) {
        tally->scale = scale;
    } else if (tally->scale.low != scale.low || tally->scale.high != scale.high) {
        tally->mixed = true;
    }
}

err csat_add(struct csat_tally *tally, struct scale scale, f64 answer)
{
    f64 score;
    struct answer given = {.metric = METRIC_CSAT, .scale = scale, .given = answer};
    TRY(metric_admit(&given, &score, &scale));
    if (score >= (scale.high == 5 ? 4.0 : 8.0)) {
        tally->top++;
    } else {
        tally->other++;
    }
    note_scale(tally, scale);
    moments_add(&tally->moments, score);
    return OK;
}

void csat_merge(struct csat_tally *into, const struct csat_tally *more)
{
    into->top += more->top;
    into->other += more->other;
    moments_merge(&into->moments, &more->moments);
    if (more->scale.high > 0) {
        note_scale(into, more->scale);
    }
    into->mixed |= more->mixed;
}

err csat_score(const struct csat_tally *tally, struct csat_score *out)
{
    struct interval share;
    i64 n = tally->top + tally->other;
    TRY(interval_share(tally->top, n, &share));
    *out = (struct csat_score){
        .percent = 100.0 * share.value,
        .low = 100.0 * share.low,
        .high = 100.0 * share.high,
        .answer_count = n,
    };
    if (!tally->mixed) {
        out->mean = (struct maybe_f64){tally->moments.sum / (f64)n, true};
    }
    return OK;
}
