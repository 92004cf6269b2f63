#include "measure/compare.h"

#include <math.h>
#include <stdlib.h>

static f64 two_sided(f64 z)
{
    return erfc(fabs(z) / sqrt(2.0));
}

err compare_shares(i64 hits, i64 count, i64 other_hits, i64 other_count, struct difference *out)
{
    struct interval a, b;
    TRY(interval_share(hits, count, &a));
    TRY(interval_share(other_hits, other_count, &b));
    f64 delta = a.value - b.value;
    f64 down = hypot(a.value - a.low, b.high - b.value);
    f64 up = hypot(a.high - a.value, b.value - b.low);
    f64 pooled = (f64)(hits + other_hits) / (f64)(count + other_count);
    f64 error = sqrt(pooled * (1.0 - pooled) * (1.0 / (f64)count + 1.0 / (f64)other_count));
    *out = (struct difference){delta, delta - down, delta + up, error > 0.0 ? two_sided(delta / error) : 1.0};
    return OK;
}

/* Variance of a score in points, over the three imagined answers of nps_score. */
static f64 nps_variance(const struct nps_tally *tally)
{
    f64 size = (f64)(tally->detractors + tally->passives + tally->promoters) + 3.0;
    f64 plus = ((f64)tally->promoters + 0.75) / size;
    f64 minus = ((f64)tally->detractors + 0.75) / size;
    f64 centre = plus - minus;
    return 10000.0 * (plus + minus - centre * centre) / size;
}

err compare_nps(const struct nps_tally *tally, const struct nps_tally *other, struct difference *out)
{
    struct nps_score a, b;
    TRY(nps_score(tally, &a));
    TRY(nps_score(other, &b));
    f64 delta = a.points - b.points;
    f64 error = sqrt(nps_variance(tally) + nps_variance(other));
    *out = (struct difference){delta, delta - Z95 * error, delta + Z95 * error, two_sided(delta / error)};
    return OK;
}

static f64 mean_variance(const struct moments *moments)
{
    f64 n = (f64)moments->count;
    f64 mean = moments->sum / n;
    return fmax((moments->sum_squares - moments->sum * mean) / (n - 1.0), 0.0) / n;
}

err compare_means(const struct moments *moments, const struct moments *other, struct difference *out)
{
    if (moments->count < 2 || other->count < 2) {
        return ERR_EMPTY;
    }
    f64 delta = moments->sum / (f64)moments->count - other->sum / (f64)other->count;
    f64 error = sqrt(mean_variance(moments) + mean_variance(other));
    f64 p = error > 0.0 ? two_sided(delta / error) : (delta == 0.0 ? 1.0 : 0.0);
    *out = (struct difference){delta, delta - Z95 * error, delta + Z95 * error, p};
    return OK;
}

static int by_size(const void *a, const void *b)
{
    f64 x = *(const f64 *)a, y = *(const f64 *)b;
    return (x > y) - (x < y);
}

f64 discovery_limit(f64 *p, i64 count, f64 rate)
{
    qsort(p, (size_t)count, sizeof p[0], by_size);
    for (i64 i = count; i > 0; i--) {
        if (p[i - 1] <= rate * (f64)i / (f64)count) {
            return p[i - 1];
        }
    }
    return -1.0;
}
