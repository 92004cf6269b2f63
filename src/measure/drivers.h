/* Key drivers: how much each of several things that vary together goes with a score.
 *
 * The score is explained by a linear regression; its R² is shared among the drivers. With few drivers by their average gain over
 * all orders in which they can enter (Lindeman, Merenda and Gold 1980, "Introduction to bivariate and multivariate analysis",
 * p. 119 ff.; the Shapley value of R²), with more by relative weights (Johnson 2000, Multivariate Behavioral Research 35:1),
 * which come close to that and cost no 2^p regressions. The shares are never negative and add up to R².
 *
 * Intervals are those of the bootstrap (Efron 1979): rows are dealt to blocks by chance, and blocks are drawn with
 * replacement, so that a replicate costs the same however many rows there are.
 *
 * None of this says that a driver causes the score: what varies together may have a common cause.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/types.h"

enum {
    DRIVERS_MAX = 40,
    DRIVERS_ORDERS_MAX = 10, /* up to so many, all orders */
    DRIVERS_REPLICATES = 400,
};

enum drivers_method { DRIVERS_LMG, DRIVERS_RELATIVE_WEIGHTS };

/* `values[row * driver_count + driver]`, `scores[row]`. */
struct drivers_input {
    const f64 *values, *scores;
    i64 row_count, driver_count;
};

struct driver {
    f64 part, low, high; /* of R²; all parts add up to it; the 95 % interval is the bootstrap's */
    f64 effect;          /* coefficient of the regression: the score's change when the driver alone goes up by 1 */
    bool varies;         /* false: it has the same value in all rows; its part is 0 */
};

struct drivers {
    enum drivers_method method;
    f64 r2, r2_low, r2_high, adjusted_r2;
    struct driver items[DRIVERS_MAX];
};

/* ERR_EMPTY with fewer rows than driver_count + 2, or when the scores do not vary; ERR_INVALID with more than DRIVERS_MAX
 * drivers or none. The same input gives the same intervals. */
err drivers_of(struct arena *arena, const struct drivers_input *input, struct drivers *out);
