#include "text/regress.h"

#include "base/arena.h"
#include "base/random.h"

#include <math.h>

enum { LANES = 4, PASSES_MAX = 200, ROOT_STEPS = 20, LAMBERT_STEPS = 3 };

#define NEVER (-30.0F)  /* log odds of a label without rows */
#define ABSENT (-1e30F) /* the same while learning: its share is exactly 0 */
#define TINY_STEP (1e-6F)

/* The labels of one feature lie together, filled up to whole groups of four that are worked on at once. */
typedef f32 lanes __attribute__((vector_size(LANES * sizeof(f32))));

struct solver {
    const struct regress_rows *rows;
    i64 labels, groups; /* groups: of lanes */
    lanes *weights;     /* [feature, the bias last][group] */
    f32 *shares;        /* [row][groups * LANES]: the dual variables, one distribution over the labels a row */
    f32 *cost;          /* [label]: what a row of it counts */
    f32 *squares;       /* [row]: its length squared, with the bias */
    lanes *sums, *step; /* of the row at hand */
    i32 *order;
};

static void weigh_labels(struct solver *solver, const struct regress_options *options)
{
    const struct regress_rows *rows = solver->rows;
    i64 *counts = mem_new(rows->label_count * (i64)sizeof(i64));
    for (i64 row = 0; row < rows->count; row++) {
        counts[rows->labels[row]]++;
    }
    f64 mean = (f64)rows->count / (f64)rows->label_count;
    for (i64 label = 0; label < rows->label_count; label++) {
        if (counts[label] > 0) {
            solver->cost[label] = (f32)(options->strength * pow(mean / (f64)counts[label], options->balance));
        }
    }
    mem_free(counts);
}

static void prepare(struct solver *solver, const struct regress_options *options)
{
    const struct regress_rows *rows = solver->rows;
    i64 width = solver->groups * LANES;
    solver->weights = mem_new((rows->feature_count + 1) * solver->groups * (i64)sizeof(lanes));
    solver->shares = mem_new((rows->count + 1) * width * (i64)sizeof(f32));
    solver->cost = mem_new(width * (i64)sizeof(f32));
    solver->squares = mem_new((rows->count + 1) * (i64)sizeof(f32));
    solver->sums = mem_new(solver->groups * (i64)sizeof(lanes));
    solver->step = mem_new(solver->groups * (i64)sizeof(lanes));
    solver->order = mem_new((rows->count + 1) * (i64)sizeof(i32));
    weigh_labels(solver, options);
    for (i64 row = 0; row < rows->count; row++) {
        solver->shares[row * width + rows->labels[row]] = 1.0F; // all weights 0
        solver->order[row] = (i32)row;
        solver->squares[row] = 1.0F;
        for (i64 i = rows->start[row]; i < rows->start[row + 1]; i++) {
            solver->squares[row] += rows->values[i] * rows->values[i];
        }
    }
}

static void release(struct solver *solver)
{
    mem_free(solver->weights);
    mem_free(solver->shares);
    mem_free(solver->cost);
    mem_free(solver->squares);
    mem_free(solver->sums);
    mem_free(solver->step);
    mem_free(solver->order);
}

/* What the weights say about a row. */
static void sum_row(struct solver *solver, i64 row)
{
    const struct regress_rows *rows = solver->rows;
    i64 groups = solver->groups;
    lanes *sums = solver->sums;
    memcpy(sums, solver->weights + rows->feature_count * groups, (size_t)groups * sizeof(lanes));
    for (i64 i = rows->start[row]; i < rows->start[row + 1]; i++) {
        const lanes *weights = solver->weights + rows->places[i] * groups;
        f32 value = rows->values[i];
        for (i64 g = 0; g < groups; g++) {
            sums[g] += weights[g] * value;
        }
    }
}

static void move_weights(struct solver *solver, i64 row)
{
    const struct regress_rows *rows = solver->rows;
    i64 groups = solver->groups;
    const lanes *step = solver->step;
    for (i64 i = rows->start[row]; i < rows->start[row + 1]; i++) {
        lanes *weights = solver->weights + rows->places[i] * groups;
        f32 value = rows->values[i];
        for (i64 g = 0; g < groups; g++) {
            weights[g] -= step[g] * value;
        }
    }
    lanes *bias = solver->weights + rows->feature_count * groups;
    for (i64 g = 0; g < groups; g++) {
        bias[g] -= step[g];
    }
}

/* The w with w + ln w = x (Lambert's function of e^x). */
static f32 lambert(f32 x)
{
    if (x < -12.0F) {
        return expf(x);
    }
    f32 w = x > 1.0F ? x - logf(x) : expf(x) / (1.0F + expf(x));
    for (i32 i = 0; i < LAMBERT_STEPS; i++) {
        w *= (1.0F + x - logf(w)) / (1.0F + w);
    }
    return w;
}

/* The distribution that is best for one row while all others stay: share ∝ exp(sum − curve · share). Its logarithm
 * is a concave function of the offset that makes the shares add up to 1, so Newton's method finds that offset. */
static void best_shares(const f32 *sums, i64 labels, f32 curve, f32 offset, f32 *shares)
{
    f32 scale = logf(curve);
    for (i32 step = 0; step < ROOT_STEPS; step++) {
        f32 total = 0.0F, slope = 0.0F;
        for (i64 label = 0; label < labels; label++) {
            f32 w = lambert(sums[label] + offset + scale);
            shares[label] = w / curve;
            total += shares[label];
            slope += shares[label] / (1.0F + w);
        }
        f32 off = logf(total);
        if (fabsf(off) < 1e-5F) {
            return;
        }
        offset -= off * total / slope;
    }
}

/* How far a row's distribution is from what the weights say about it, in nats: the sum over all rows, each times its
 * cost, is the gap between the problem and its dual. */
static f64 divergence(const f32 *shares, const f32 *sums, i64 labels)
{
    f32 most = ABSENT;
    f64 total = 0.0, out = 0.0;
    for (i64 label = 0; label < labels; label++) {
        most = sums[label] > most ? sums[label] : most;
    }
    for (i64 label = 0; label < labels; label++) {
        total += (f64)expf(sums[label] - most);
    }
    for (i64 label = 0; label < labels; label++) {
        if (shares[label] > 0.0F) {
            out += (f64)(shares[label] * (logf(shares[label]) - sums[label] + most));
        }
    }
    return fmax(out + log(total), 0.0);
}

/* Makes one row's part of the dual problem best; returns its part of the gap before. */
static f64 improve(struct solver *solver, i64 row)
{
    i64 labels = solver->labels, label = solver->rows->labels[row];
    f32 *shares = solver->shares + row * solver->groups * LANES, *sums = (f32 *)solver->sums,
        *step = (f32 *)solver->step;
    f32 cost = solver->cost[label], curve = cost * solver->squares[row];
    sum_row(solver, row);
    i64 top = label;
    for (i64 k = 0; k < labels; k++) {
        sums[k] = solver->cost[k] > 0.0F ? sums[k] : ABSENT;
        top = shares[k] > shares[top] ? k : top;
    }
    f64 gap = divergence(shares, sums, labels) * (f64)cost;
    for (i64 k = 0; k < labels; k++) {
        sums[k] += curve * shares[k]; // without the row's own part
        step[k] = shares[k];
    }
    best_shares(sums, labels, curve, logf(shares[top]) + curve * shares[top] - sums[top], shares);
    f32 most = 0.0F;
    for (i64 k = 0; k < labels; k++) {
        step[k] = cost * (shares[k] - step[k]);
        most = fmaxf(most, fabsf(step[k]));
    }
    if (most > TINY_STEP) {
        move_weights(solver, row);
    }
    return gap;
}

static void solve(struct solver *solver, f64 stop)
{
    const struct regress_rows *rows = solver->rows;
    struct dice dice = dice_new(20, 26);
    f64 nothing = 0.0;
    for (i64 row = 0; row < rows->count; row++) {
        nothing += (f64)solver->cost[rows->labels[row]] * log((f64)rows->label_count);
    }
    for (i32 pass = 0; pass < PASSES_MAX; pass++) {
        f64 gap = 0.0;
        for (i64 left = rows->count; left > 0; left--) {
            i64 drawn = dice_below(&dice, left);
            i32 row = solver->order[drawn];
            solver->order[drawn] = solver->order[left - 1];
            solver->order[left - 1] = row;
            gap += improve(solver, row);
        }
        if (gap <= stop * nothing) {
            return;
        }
    }
}

void regress(const struct regress_rows *rows, const struct regress_options *options, f32 *weights, f32 *bias)
{
    i64 labels = rows->label_count, groups = (labels + LANES - 1) / LANES;
    struct solver solver = {.rows = rows, .labels = labels, .groups = groups};
    prepare(&solver, options);
    solve(&solver, options->stop);
    for (i64 feature = 0; feature <= rows->feature_count; feature++) {
        f32 *out = feature == rows->feature_count ? bias : weights + feature * labels;
        memcpy(out, solver.weights + feature * groups, (size_t)labels * sizeof(f32));
    }
    for (i64 label = 0; label < labels; label++) {
        bias[label] = solver.cost[label] > 0.0F ? bias[label] : NEVER;
    }
    release(&solver);
}
