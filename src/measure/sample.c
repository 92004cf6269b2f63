#include "measure/sample.h"

#include "measure/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static bool is_share(f64 share)
{
    return share > 0 && share < 1;
}

/* Whole answers, and never more than there are people. A sum a hair above a whole number is that number. */
static i64 whole(f64 needed, i64 population)
{
    f64 size = population > 0 ? needed / (1 + (needed - 1) / (f64)population) : needed;
    i64 answers = (i64)ceil(size - 1e-9);
    answers = answers < 1 ? 1 : answers;
    return population > 0 && answers > population ? population : answers;
}

static err from_variance(f64 variance, f64 margin, i64 population, i64 *answers)
{
    f64 needed = Z95 * Z95 * variance / (margin * margin);
    if (!(needed < 1e12) || population < 0) {
        return ERR_INVALID;
    }
    *answers = whole(needed, population);
    return OK;
}

err sample_for_share(f64 share, f64 margin, i64 population, i64 *answers)
{
    if (!is_share(share) || !is_share(margin)) {
        return ERR_INVALID;
    }
    return from_variance(share * (1 - share), margin, population, answers);
}

err sample_for_nps(f64 promoters, f64 detractors, f64 margin, i64 population, i64 *answers)
{
    f64 variance = promoters + detractors - (promoters - detractors) * (promoters - detractors);
    bool sensible = promoters >= 0 && detractors >= 0 && promoters + detractors <= 1 && variance > 0;
    if (!sensible || !(margin > 0 && margin < 200)) {
        return ERR_INVALID;
    }
    return from_variance(variance, margin / 100, population, answers);
}

err sample_for_difference(f64 share, f64 other, f64 power, i64 *answers)
{
    if (!is_share(share) || !is_share(other) || share == other || !(power >= 0.5 && power <= 0.999)) {
        return ERR_INVALID;
    }
    f64 middle = (share + other) / 2, gap = share - other;
    f64 root = Z95 * sqrt(2 * middle * (1 - middle)) +
               gsl_cdf_ugaussian_Pinv(power) * sqrt(share * (1 - share) + other * (1 - other));
    f64 needed = root * root / (gap * gap);
    if (!(needed < 1e12)) {
        return ERR_INVALID;
    }
    *answers = whole(needed, 0);
    return OK;
}

err sample_invitations(i64 answers, f64 response_rate, i64 *invitations)
{
    if (answers < 1 || !(response_rate > 0 && response_rate <= 1)) {
        return ERR_INVALID;
    }
    *invitations = (i64)ceil((f64)answers / response_rate - 1e-9);
    return OK;
}
