/* How many answers are needed, before anybody is asked.
 *
 * Everything here is for simple random samples at 95 %. It says nothing
 * about who stays silent: a large sample of the wrong people is no better
 * than a small one.
 */
#pragma once

#include "base/err.h"
#include "base/types.h"

/* Answers for a share to be known to within ± `margin` (0 to 1, both exclusive): n0 = z²·p·(1-p)/margin². With a population the
 * finite correction n0 / (1 + (n0-1)/N) follows (Cochran 1977, Sampling Techniques, 4.4). `share` 0.5 is the most careful guess;
 * `population` 0: very many. ERR_INVALID outside these. */
err sample_for_share(f64 share, f64 margin, i64 population, i64 *answers);

/* The same for a Net Promoter Score to within ± `margin` points (0 to 200): its variance for one answer is
 * P + D - (P - D)², in shares. ERR_INVALID where the shares are none or more than the whole. */
err sample_for_nps(f64 promoters, f64 detractors, f64 margin, i64 population, i64 *answers);

/* Answers in each of two groups, so that a real difference between two shares is seen with `power` (0.5 to 0.999) by a two-sided
 * test at 5 % (Fleiss 1981, Statistical Methods for Rates and Proportions, 3.2, without continuity correction). */
err sample_for_difference(f64 share, f64 other, f64 power, i64 *answers);

/* Invitations for that many answers when so large a share of those who are asked responds (0 to 1]. */
err sample_invitations(i64 answers, f64 response_rate, i64 *invitations);
