/* Logistic regression over sparse rows with one set of weights a label (multinomial, "softmax"), L2 regularised.
 *
 * Minimised is ½‖W‖² + Σ strength · weight(label) · −log p(label | row), the bias being the weight of a feature that is
 * always 1. The solver goes over the rows again and again and maximises the dual problem in one row's part at a time,
 * exactly (Yu, Huang and Lin 2011, "Dual coordinate descent methods for logistic regression and maximum entropy models",
 * Machine Learning 85:41; Shalev-Shwartz and Zhang 2013, JMLR 14:567). A row is read once for all labels together, so the
 * time hardly grows with their number. The order of the rows comes from a fixed seed: the same rows give the same weights.
 */
#pragma once

#include "base/types.h"

struct regress_rows {
    i64 count, feature_count, label_count;
    const i64 *start;  /* [count + 1] into places and values */
    const i32 *places; /* features from 0, each once within a row */
    const f32 *values;
    const i32 *labels;
};

struct regress_options {
    f64 strength; /* C: how much an example counts against small weights */
    f64 balance;  /* labels count (mean count / count)^balance */
    f64 stop;     /* the gap to the best possible, as a share of what knowing nothing costs; smaller is more exact */
};

/* `weights[feature * label_count + label]` and `bias[label]`; a label without rows is never the likeliest. Thread-safe. */
void regress(const struct regress_rows *rows, const struct regress_options *options, f32 *weights, f32 *bias);
