/* Logistic regression over sparse rows, one label against the rest: the one file that knows liblinear.
 *
 * The solver is the trust region Newton method on the primal problem (Lin, Weng and Keerthi 2008, JMLR 9:627): it draws no
 * random numbers, so the same rows give the same weights.
 */
#pragma once

#include "base/types.h"

struct regress_rows {
    i64 count, feature_count, label_count;
    const i64 *start;  /* [count + 1] into places and values */
    const i32 *places; /* features from 0, ascending within a row */
    const f32 *values;
    const i32 *labels;
};

struct regress_options {
    f64 strength; /* C: how much an example counts against small weights */
    f64 balance;  /* labels count (mean count / count)^balance */
    f64 stop;     /* of the gradient; smaller is more exact */
};

/* `weights[feature * label_count + label]` and `bias[label]`; a label without rows is never the likeliest. Thread-safe. */
void regress(const struct regress_rows *rows, const struct regress_options *options, f32 *weights, f32 *bias);
