#include "text/regress.h"
#include "base/arena.h"
#include "base/random.h"
#include "test.h"

#include <math.h>

enum { ROWS = 400, FEATURES = 60, EACH = 8 };

/* Rows of a few features; which features depends a little on the label. */
struct sample {
    i64 start[ROWS + 1];
    i32 places[ROWS * EACH], labels[ROWS];
    f32 values[ROWS * EACH];
    struct regress_rows rows;
};

static struct sample *sample_of(struct arena *arena, i32 labels, i32 without)
{
    struct sample *sample = arena_new(arena, struct sample, 1);
    struct dice dice = dice_new(7, (u64)labels);
    for (i32 row = 0; row < ROWS; row++) {
        i32 label = (i32)dice_below(&dice, labels);
        sample->labels[row] = label == without ? 0 : label;
        i32 place = (i32)dice_below(&dice, 4);
        for (i32 i = 0; i < EACH; i++) {
            sample->places[row * EACH + i] = place;
            sample->values[row * EACH + i] = 0.2F + (f32)dice_unit(&dice) * (place % labels == label ? 1.0F : 0.4F);
            place += 1 + (i32)dice_below(&dice, 6);
        }
        sample->start[row + 1] = (row + 1) * EACH;
    }
    sample->rows = (struct regress_rows){.count = ROWS,
                                         .feature_count = FEATURES,
                                         .label_count = labels,
                                         .start = sample->start,
                                         .places = sample->places,
                                         .values = sample->values,
                                         .labels = sample->labels};
    return sample;
}

static void shares_of(const struct sample *sample, i64 row, const f32 *weights, const f32 *bias, f64 *shares)
{
    i64 labels = sample->rows.label_count;
    f64 total = 0.0;
    for (i64 k = 0; k < labels; k++) {
        shares[k] = (f64)bias[k];
        for (i64 i = sample->start[row]; i < sample->start[row + 1]; i++) {
            shares[k] += (f64)sample->values[i] * (f64)weights[sample->places[i] * labels + k];
        }
        shares[k] = exp(shares[k]);
        total += shares[k];
    }
    for (i64 k = 0; k < labels; k++) {
        shares[k] /= total;
    }
}

/* At the optimum the weights are what the rows pull them to: W = C Σ x (truth − share). */
static void is_optimum(i32 labels, f64 strength)
{
    struct arena arena = {0};
    struct sample *sample = sample_of(&arena, labels, -1);
    f32 *weights = arena_new(&arena, f32, FEATURES * labels), *bias = arena_new(&arena, f32, labels);
    f64 *pull = arena_new(&arena, f64, (FEATURES + 1) * labels), *shares = arena_new(&arena, f64, labels);
    struct regress_options options = {.strength = strength, .stop = 1e-9};
    regress(&sample->rows, &options, weights, bias);
    for (i64 row = 0; row < ROWS; row++) {
        shares_of(sample, row, weights, bias, shares);
        for (i64 k = 0; k < labels; k++) {
            f64 wrong = strength * ((f64)(sample->labels[row] == k) - shares[k]);
            for (i64 i = sample->start[row]; i < sample->start[row + 1]; i++) {
                pull[sample->places[i] * labels + k] += wrong * (f64)sample->values[i];
            }
            pull[FEATURES * labels + k] += wrong;
        }
    }
    for (i64 i = 0; i < FEATURES * labels; i++) {
        assert_true(fabs(pull[i] - (f64)weights[i]) < 0.005);
    }
    for (i64 k = 0; k < labels; k++) {
        assert_true(fabs(pull[FEATURES * labels + k] - (f64)bias[k]) < 0.02 * (1.0 + fabs((f64)bias[k])));
    }
    arena_free(&arena);
}

TEST(the_weights_are_the_optimum)
{
    is_optimum(2, 1.0);
    is_optimum(3, 4.0);
    is_optimum(7, 0.25);
    is_optimum(77, 1.0);
}

TEST(a_label_without_rows_is_never_the_likeliest)
{
    struct arena arena = {0};
    struct sample *sample = sample_of(&arena, 3, 1);
    f32 weights[FEATURES * 3], bias[3];
    f64 shares[3];
    struct regress_options options = {.strength = 4.0, .balance = 1.0, .stop = 1e-3};
    regress(&sample->rows, &options, weights, bias);
    for (i64 row = 0; row < ROWS; row++) {
        shares_of(sample, row, weights, bias, shares);
        assert_true(shares[1] < 1e-6);
    }
    arena_free(&arena);
}

TEST(balance_lifts_a_rare_label)
{
    struct arena arena = {0};
    struct sample *sample = sample_of(&arena, 2, -1);
    f32 weights[FEATURES * 2], bias[2];
    f64 shares[2], rare[2] = {0};
    for (i64 row = 0; row < ROWS; row++) {
        sample->labels[row] = sample->labels[row] == 1 && row % 8 == 0;
    }
    for (i32 round = 0; round < 2; round++) {
        struct regress_options options = {.strength = 1.0, .balance = round, .stop = 1e-3};
        regress(&sample->rows, &options, weights, bias);
        for (i64 row = 0; row < ROWS; row++) {
            shares_of(sample, row, weights, bias, shares);
            rare[round] += shares[1] / ROWS;
        }
    }
    assert_true(rare[1] > 2.0 * rare[0]);
    arena_free(&arena);
}
