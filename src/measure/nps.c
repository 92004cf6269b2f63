#include "measure/nps.h"

#include "measure/interval.h"

#include <math.h>

err nps_add(struct nps_tally *tally, f64 answer)
{
    if (!(answer >= 0.0 && answer <= 10.0) || answer != floor(answer)) {
        return ERR_INVALID;
    }
    if (answer >= 9.0) {
        tally->promoters++;
    } else if (answer >= 7.0) {
        tally->passives++;
    } else {
        tally->detractors++;
    }
    return OK;
}

void nps_merge(struct nps_tally *into, const struct nps_tally *more)
{
    into->detractors += more->detractors;
    into->passives += more->passives;
    into->promoters += more->promoters;
}

err nps_score(const struct nps_tally *tally, struct nps_score *out)
{
    i64 n = tally->detractors + tally->passives + tally->promoters;
    if (n == 0) {
        return ERR_EMPTY;
    }
    // The plain Wald interval has no width when everybody agrees, as small
    // surveys often do. Three imagined answers, 3/4 of one at either end, cure
    // that (adjusted Wald; compared with its rivals in Rocks 2016).
    f64 size = (f64)n + 3.0;
    f64 plus = ((f64)tally->promoters + 0.75) / size;
    f64 minus = ((f64)tally->detractors + 0.75) / size;
    f64 centre = plus - minus;
    f64 margin = Z95 * sqrt((plus + minus - centre * centre) / size);
    f64 points = (f64)(tally->promoters - tally->detractors) / (f64)n;

    *out = (struct nps_score){
        .points = 100.0 * points,
        .low = 100.0 * fmin(points, fmax(centre - margin, -1.0)),
        .high = 100.0 * fmax(points, fmin(centre + margin, 1.0)),
        .answer_count = n,
    };
    return OK;
}
