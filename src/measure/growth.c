#include "measure/growth.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Where a beta distribution has so much below it. GSL 2.7's own inverse gives up on lopsided ones, such as 20 against
 * 10,000: halving always ends, and after 60 steps nothing is left to halve. */
static f64 beta_quantile(f64 share, f64 a, f64 b)
{
    f64 low = 0.0, high = 1.0;
    for (int i = 0; i < 60; i++) {
        f64 middle = (low + high) / 2.0;
        if (gsl_cdf_beta_P(middle, a, b) < share) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2.0;
}

err growth_of(const struct growth_counts *counts, struct growth *out)
{
    f64 k = (f64)counts->now, all = (f64)(counts->now + counts->before);
    *out = (struct growth){0};
    if (counts->now_of < 1 || counts->before_of < 1 || counts->now + counts->before < 1) {
        return ERR_EMPTY;
    }
    f64 share = (f64)counts->now_of / (f64)(counts->now_of + counts->before_of);
    f64 odds = (1.0 - share) / share; // a share s of the hits is a ratio of s / (1 - s) times this
    f64 low = counts->now == 0 ? 0.0 : beta_quantile(0.025, k, all - k + 1.0);
    f64 high = counts->before == 0 ? 1.0 : beta_quantile(0.975, k + 1.0, all - k);
    *out = (struct growth){
        .ratio = counts->before == 0 ? (f64)INFINITY : k / (all - k) * odds,
        .low = low / (1.0 - low) * odds,
        .high = high >= 1.0 ? (f64)INFINITY : high / (1.0 - high) * odds,
        .p = counts->now == 0 ? 1.0 : gsl_cdf_binomial_Q((unsigned)counts->now - 1, share, (unsigned)all),
    };
    return OK;
}
