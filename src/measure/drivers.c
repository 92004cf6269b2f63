#include "measure/drivers.h"

#include "base/random.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <stdlib.h>

enum { BLOCKS = 400, SUMS_MAX = (DRIVERS_MAX + 2) * (DRIVERS_MAX + 2) };

/* Below this share of a driver's variance nothing is left beside the others. */
#define SINGULAR 1e-10

/* Sums of products of (1, drivers, score), the upper half: everything a regression needs; sums of parts are added. */
struct sums {
    i64 width;
    f64 at[SUMS_MAX];
};

struct correlations {
    i64 count; /* drivers that vary */
    i64 of[DRIVERS_MAX];
    f64 among[DRIVERS_MAX][DRIVERS_MAX];
    f64 with[DRIVERS_MAX]; /* the score */
    f64 deviation[DRIVERS_MAX], score_deviation;
};

static void sums_add_row(struct sums *sums, const f64 *shifts, const f64 *values, i64 drivers, f64 score)
{
    f64 row[DRIVERS_MAX + 2];
    row[0] = 1.0;
    for (i64 i = 0; i < drivers; i++) {
        row[i + 1] = values[i] - shifts[i];
    }
    row[drivers + 1] = score - shifts[drivers];
    for (i64 i = 0; i < sums->width; i++) {
        for (i64 j = i; j < sums->width; j++) {
            sums->at[i * sums->width + j] += row[i] * row[j];
        }
    }
}

static void sums_merge(struct sums *into, const struct sums *more)
{
    for (i64 i = 0; i < into->width * into->width; i++) {
        into->at[i] += more->at[i];
    }
}

static f64 covariance(const struct sums *sums, i64 i, i64 j)
{
    f64 n = sums->at[0], both = sums->at[lesser(i, j) * sums->width + greater(i, j)];
    return both / n - sums->at[i] / n * (sums->at[j] / n);
}

/* False when the score does not vary. */
static bool correlate(const struct sums *sums, struct correlations *out)
{
    i64 drivers = sums->width - 2, score = sums->width - 1;
    f64 deviations[DRIVERS_MAX];
    out->count = 0;
    out->score_deviation = sqrt(fmax(covariance(sums, score, score), 0.0));
    if (out->score_deviation < 1e-12) {
        return false;
    }
    for (i64 i = 0; i < drivers; i++) {
        deviations[i] = sqrt(fmax(covariance(sums, i + 1, i + 1), 0.0));
        if (deviations[i] > 1e-9) {
            out->of[out->count++] = i;
        }
    }
    for (i64 a = 0; a < out->count; a++) {
        i64 i = out->of[a];
        out->deviation[a] = deviations[i];
        out->with[a] = covariance(sums, i + 1, score) / deviations[i] / out->score_deviation;
        for (i64 b = 0; b < out->count; b++) {
            i64 j = out->of[b];
            out->among[a][b] = a == b ? 1.0 : covariance(sums, i + 1, j + 1) / deviations[i] / deviations[j];
        }
    }
    return true;
}

/* R² and coefficients (standardised, may be NULL) of the drivers in `mask`, by Cholesky; what hangs on others linearly
 * is left out. */
static f64 regress(const struct correlations *from, u64 mask, f64 *coefficients)
{
    f64 lower[DRIVERS_MAX][DRIVERS_MAX], solved[DRIVERS_MAX];
    i64 used[DRIVERS_MAX], n = 0;
    f64 r2 = 0.0;
    for (i64 a = 0; a < from->count; a++) {
        if ((mask >> a & 1) == 0) {
            continue;
        }
        f64 left = 1.0, with = from->with[a];
        for (i64 k = 0; k < n; k++) {
            f64 sum = from->among[a][used[k]];
            for (i64 m = 0; m < k; m++) {
                sum -= lower[n][m] * lower[k][m];
            }
            lower[n][k] = sum / lower[k][k];
            left -= lower[n][k] * lower[n][k];
            with -= lower[n][k] * solved[k];
        }
        if (left > SINGULAR) {
            lower[n][n] = sqrt(left);
            solved[n] = with / lower[n][n];
            r2 += solved[n] * solved[n];
            used[n++] = a;
        }
    }
    for (i64 k = n - 1; coefficients != NULL && k >= 0; k--) {
        f64 sum = solved[k];
        for (i64 m = k + 1; m < n; m++) {
            sum -= lower[m][k] * coefficients[used[m]];
        }
        coefficients[used[k]] = sum / lower[k][k];
    }
    return fmin(r2, 1.0);
}

/* Each driver's gain over all subsets of the others, a subset of k out of p - 1 others with weight k! (p-1-k)! / p!. */
static void share_by_orders(const struct correlations *from, f64 *parts)
{
    f64 r2[1 << DRIVERS_ORDERS_MAX], weights[DRIVERS_ORDERS_MAX + 1];
    i64 p = from->count;
    for (i64 size = 0; size < p; size++) {
        weights[size] = exp(lgamma((f64)size + 1.0) + lgamma((f64)(p - size)) - lgamma((f64)p + 1.0));
    }
    for (u64 mask = 0; mask < 1ULL << p; mask++) {
        r2[mask] = regress(from, mask, NULL);
    }
    for (i64 a = 0; a < p; a++) {
        parts[a] = 0.0;
        for (u64 mask = 0; mask < 1ULL << p; mask++) {
            if ((mask >> a & 1) == 0) {
                parts[a] += weights[__builtin_popcountll(mask)] * fmax(r2[mask | 1ULL << a] - r2[mask], 0.0);
            }
        }
    }
}

/* Johnson: the drivers' closest orthogonal counterparts Z (by the root of their correlations, R = Λ²) explain the score with
 * β = Λ⁻¹ r; a driver's weight is the sum over them of λ² β². */
static void share_by_weights(const struct correlations *from, f64 *parts)
{
    size_t p = (size_t)from->count;
    gsl_matrix *matrix = gsl_matrix_alloc(p, p), *vectors = gsl_matrix_alloc(p, p);
    gsl_vector *values = gsl_vector_alloc(p);
    gsl_eigen_symmv_workspace *room = gsl_eigen_symmv_alloc(p);
    f64 root[DRIVERS_MAX][DRIVERS_MAX] = {0}, beta[DRIVERS_MAX] = {0};
    for (size_t i = 0; i < p * p; i++) {
        gsl_matrix_set(matrix, i / p, i % p, from->among[i / p][i % p]);
    }
    (void)gsl_eigen_symmv(matrix, values, vectors, room);
    for (size_t k = 0; k < p; k++) {
        f64 value = gsl_vector_get(values, k), along = 0.0;
        if (value < 1e-9) {
            continue;
        }
        for (size_t i = 0; i < p; i++) {
            along += gsl_matrix_get(vectors, i, k) * from->with[i];
            for (size_t j = 0; j < p; j++) {
                root[i][j] += gsl_matrix_get(vectors, i, k) * gsl_matrix_get(vectors, j, k) * sqrt(value);
            }
        }
        for (size_t i = 0; i < p; i++) {
            beta[i] += gsl_matrix_get(vectors, i, k) * along / sqrt(value);
        }
    }
    for (size_t i = 0; i < p; i++) {
        parts[i] = 0.0;
        for (size_t j = 0; j < p; j++) {
            parts[i] += root[i][j] * root[i][j] * beta[j] * beta[j];
        }
    }
    gsl_eigen_symmv_free(room);
    gsl_vector_free(values);
    gsl_matrix_free(vectors);
    gsl_matrix_free(matrix);
}

/* Parts of R² by driver as given; returns R², negative when the score does not vary. */
static f64 share(const struct sums *sums, enum drivers_method method, f64 *parts, f64 *effects)
{
    struct correlations from;
    f64 mine[DRIVERS_MAX] = {0}, coefficients[DRIVERS_MAX] = {0};
    memset(parts, 0, (size_t)(sums->width - 2) * sizeof *parts);
    if (!correlate(sums, &from)) {
        return -1.0;
    }
    if (from.count == 0) {
        return 0.0;
    }
    f64 r2 = regress(&from, ~0ULL, coefficients);
    if (method == DRIVERS_LMG) {
        share_by_orders(&from, mine);
    } else {
        share_by_weights(&from, mine);
    }
    for (i64 a = 0; a < from.count; a++) {
        parts[from.of[a]] = mine[a];
        if (effects != NULL) {
            effects[from.of[a]] = coefficients[a] * from.score_deviation / from.deviation[a];
        }
    }
    return r2;
}

static int by_value(const void *a, const void *b)
{
    f64 left = *(const f64 *)a, right = *(const f64 *)b;
    return (left > right) - (left < right);
}

static void limits(f64 *values, i64 count, f64 value, f64 *low, f64 *high)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    *low = fmin(values[(i64)floor(0.025 * (f64)(count - 1))], value);
    *high = fmax(values[(i64)ceil(0.975 * (f64)(count - 1))], value);
}

/* The rows, dealt to blocks in turn after a shuffle. */
static struct sums *deal(struct arena *arena, const struct drivers_input *input, const f64 *shifts, i64 *block_count)
{
    i64 blocks = lesser(input->row_count, BLOCKS), drivers = input->driver_count;
    struct sums *out = arena_new(arena, struct sums, blocks);
    struct dice dice = dice_new(1980, 7);
    i64 *order = arena_new(arena, i64, input->row_count);
    for (i64 row = 0; row < input->row_count; row++) {
        i64 other = dice_below(&dice, row + 1);
        order[row] = order[other];
        order[other] = row;
    }
    for (i64 i = 0; i < input->row_count; i++) {
        struct sums *block = &out[i % blocks];
        block->width = drivers + 2;
        sums_add_row(block, shifts, input->values + order[i] * drivers, drivers, input->scores[order[i]]);
    }
    *block_count = blocks;
    return out;
}

static void bootstrap(struct arena *arena, const struct sums *blocks, i64 block_count, i64 drivers, struct drivers *out)
{
    f64 *r2 = arena_new(arena, f64, DRIVERS_REPLICATES), parts[DRIVERS_MAX];
    f64 *all = arena_new(arena, f64, DRIVERS_REPLICATES * drivers);
    struct dice dice = dice_new(1979, 1);
    i64 count = 0;
    for (i64 replicate = 0; replicate < DRIVERS_REPLICATES; replicate++) {
        struct sums sums = {.width = drivers + 2};
        for (i64 i = 0; i < block_count; i++) {
            sums_merge(&sums, &blocks[dice_below(&dice, block_count)]);
        }
        r2[count] = share(&sums, out->method, parts, NULL);
        if (r2[count] >= 0.0) {
            for (i64 driver = 0; driver < drivers; driver++) {
                all[driver * DRIVERS_REPLICATES + count] = parts[driver];
            }
            count++;
        }
    }
    if (count == 0) {
        return;
    }
    limits(r2, count, out->r2, &out->r2_low, &out->r2_high);
    for (i64 driver = 0; driver < drivers; driver++) {
        struct driver *item = &out->items[driver];
        limits(all + driver * DRIVERS_REPLICATES, count, item->part, &item->low, &item->high);
    }
}

err drivers_of(struct arena *arena, const struct drivers_input *input, struct drivers *out)
{
    i64 drivers = input->driver_count, blocks = 0;
    f64 shifts[DRIVERS_MAX + 1], parts[DRIVERS_MAX], effects[DRIVERS_MAX] = {0};
    *out = (struct drivers){.method = drivers <= DRIVERS_ORDERS_MAX ? DRIVERS_LMG : DRIVERS_RELATIVE_WEIGHTS};
    if (drivers < 1 || drivers > DRIVERS_MAX) {
        return ERR_INVALID;
    }
    if (input->row_count < drivers + 2) {
        return ERR_EMPTY;
    }
    for (i64 i = 0; i < drivers; i++) {
        shifts[i] = input->values[i]; // near the mean: small numbers lose no digits
    }
    shifts[drivers] = input->scores[0];
    struct sums *dealt = deal(arena, input, shifts, &blocks), whole = {.width = drivers + 2};
    for (i64 i = 0; i < blocks; i++) {
        sums_merge(&whole, &dealt[i]);
    }
    out->r2 = share(&whole, out->method, parts, effects);
    if (out->r2 < 0.0) {
        return ERR_EMPTY;
    }
    for (i64 i = 0; i < drivers; i++) {
        bool varies = covariance(&whole, i + 1, i + 1) > 1e-18;
        out->items[i] = (struct driver){parts[i], parts[i], parts[i], effects[i], varies};
    }
    f64 n = (f64)input->row_count;
    out->adjusted_r2 = 1.0 - (1.0 - out->r2) * (n - 1.0) / (n - (f64)drivers - 1.0);
    out->r2_low = out->r2_high = out->r2;
    bootstrap(arena, dealt, blocks, drivers, out);
    return OK;
}
