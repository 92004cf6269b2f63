#include "measure/spike.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct expected {
    f64 mean, size, chance; /* of a negative binomial: variance = mean + mean² / size */
};

/* P(X <= count). */
static f64 at_most(const struct expected *expected, i64 count)
{
    return count < 0 ? 0.0 : gsl_cdf_negative_binomial_P((unsigned)count, expected->chance, expected->size);
}

static i64 quantile(const struct expected *expected, f64 share)
{
    i64 low = 0, high = 1;
    while (at_most(expected, high) < share && high < 1 << 30) {
        high *= 2;
    }
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (at_most(expected, middle) < share) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

err spike_of(const i64 *history, i64 weeks, i64 observed, struct spike *out)
{
    f64 sum = 0.0, squares = 0.0;
    *out = (struct spike){0};
    if (weeks < SPIKE_WEEKS_LEAST) {
        return ERR_EMPTY;
    }
    for (i64 i = 0; i < weeks; i++) {
        sum += (f64)history[i];
    }
    // Half an event more (Jeffreys): a history of nothing does not make one event impossible.
    f64 n = (f64)weeks, mean = (sum + 0.5) / n, plain = sum / n;
    for (i64 i = 0; i < weeks; i++) {
        squares += ((f64)history[i] - plain) * ((f64)history[i] - plain);
    }
    f64 variance = fmax(mean, squares / (n - 1.0)) * (1.0 + 1.0 / n);
    struct expected expected = {.mean = mean, .size = mean * mean / (variance - mean)};
    expected.chance = expected.size / (expected.size + mean);
    *out = (struct spike){
        .expected = plain,
        .low = fmin((f64)quantile(&expected, 0.025), plain),
        .high = fmax((f64)quantile(&expected, 0.975), plain),
        .p_more = 1.0 - at_most(&expected, observed - 1),
        .p_less = at_most(&expected, observed),
    };
    return OK;
}

struct watch {
    f64 count, mean, squares; /* of the values so far (Welford 1962) */
    f64 up, down;
    i64 up_since, down_since;
};

static void learn(struct watch *watch, f64 value)
{
    watch->count += 1.0;
    f64 delta = value - watch->mean;
    watch->mean += delta / watch->count;
    watch->squares += delta * (value - watch->mean);
}

/* The value as a normal deviate, by those before it. */
static f64 deviate(const struct watch *watch, f64 value)
{
    f64 n = watch->count, deviation = sqrt(watch->squares / (n - 1.0));
    if (deviation < 1e-9) {
        return fabs(value - watch->mean) < 1e-9 ? 0.0 : value > watch->mean ? 3.0 : -3.0;
    }
    f64 t = (value - watch->mean) / deviation * sqrt(n / (n + 1.0));
    f64 share = fmin(fmax(gsl_cdf_tdist_P(t, n - 1.0), 1e-9), 1.0 - 1e-9);
    return gsl_cdf_ugaussian_Pinv(share);
}

static void add(struct watch *watch, f64 z, i64 at)
{
    watch->up_since = watch->up <= 0.0 ? at : watch->up_since;
    watch->down_since = watch->down <= 0.0 ? at : watch->down_since;
    watch->up = fmax(0.0, watch->up + z - DRIFT_SLACK);
    watch->down = fmax(0.0, watch->down - z - DRIFT_SLACK);
}

static f64 mean_of(const f64 *values, i64 from, i64 to)
{
    f64 sum = 0.0;
    for (i64 i = from; i < to; i++) {
        sum += values[i];
    }
    return to > from ? sum / (f64)(to - from) : 0.0;
}

err drift_of(const f64 *values, i64 count, struct drift *out)
{
    enum { WARM = 3 }; /* values before the first judgement */
    struct watch watch = {0};
    i64 begin = 0;
    *out = (struct drift){.alarm = -1};
    if (count < DRIFT_VALUES_LEAST) {
        return ERR_EMPTY;
    }
    for (i64 i = 0; i < count; i++) {
        if (watch.count >= WARM) {
            add(&watch, deviate(&watch, values[i]), i);
        }
        learn(&watch, values[i]);
        if (watch.up > DRIFT_LIMIT || watch.down > DRIFT_LIMIT) {
            bool up = watch.up > DRIFT_LIMIT;
            i64 since = up ? watch.up_since : watch.down_since;
            *out = (struct drift){i, since, up ? 1 : -1, mean_of(values, begin, since), mean_of(values, since, i + 1)};
            begin = since;
            watch = (struct watch){0};
            for (i64 k = since; k <= i; k++) {
                learn(&watch, values[k]);
            }
        }
    }
    return OK;
}
