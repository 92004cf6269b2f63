/* What comes next in a series of equal periods, how sure that is, and how well such forecasts did in the past.
 *
 * Two methods are tried beside the naive ones (the last value; the value one season ago): exponential smoothing with a damped
 * trend and, where there are at least two seasons, additive seasons (ETS(A,Ad,A); Gardner and McKenzie 1985, Management
 * Science 31:1237; Hyndman et al. 2008, "Forecasting with exponential smoothing", table 6.1 for the variances), and the
 * theta method as smoothing with drift (Assimakopoulos and Nikolopoulos 2000; Hyndman and Billah 2003, International
 * Journal of Forecasting 19:287). Each is tried from many points of the past (rolling origin: Tashman 2000,
 * International Journal of Forecasting 16:437), and the one with the smallest mean absolute error forecasts. Its error
 * stands beside the naive one's, scaled as MASE (Hyndman and Koehler 2006, same journal 22:679), with the share of values
 * that really fell inside the intervals.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/types.h"

enum {
    FORECAST_PERIODS_LEAST = 12, /* less history is refused */
    FORECAST_HORIZON_MAX = 60,
    FORECAST_ORIGINS_MAX = 30,
};

enum forecast_method { FORECAST_NAIVE, FORECAST_SEASONAL_NAIVE, FORECAST_THETA, FORECAST_DAMPED };
extern const char *const forecast_method_words[]; /* naive, seasonal, theta, damped, NULL */

struct forecast_input {
    const f64 *values; /* oldest first, without gaps */
    i64 count;
    i64 season;      /* periods of a season; below 2: none */
    i64 horizon;     /* periods to forecast */
    f64 least, most; /* what a value can be: limits are cut there */
};

struct forecast_value {
    f64 value, low, high, low80, high80; /* with the 95 % and the 80 % interval */
};

struct backtest {
    i64 origins, horizon;       /* forecasts made; periods ahead each */
    f64 mae, naive_mae;         /* mean absolute errors of the method and of the last value */
    f64 mase;                   /* mae over the mean change from one period to the next; below 1: better than that */
    f64 coverage95, coverage80; /* share of values inside the intervals */
    bool better;                /* than naive */
};

struct forecast {
    enum forecast_method method;
    struct forecast_value *values; /* horizon of them, in the arena */
    struct backtest backtest;
};

/* ERR_EMPTY with fewer than FORECAST_PERIODS_LEAST periods; a season that came less than twice is not used. ERR_INVALID
 * for a horizon outside 1 … FORECAST_HORIZON_MAX. The same series gives the same forecast. */
err forecast_of(struct arena *arena, const struct forecast_input *input, struct forecast *out);
