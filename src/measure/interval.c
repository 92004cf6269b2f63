#include "measure/interval.h"

#include <math.h>

static const f64 half_pi = 1.5707963267948966;

void moments_add(struct moments *moments, f64 value)
{
    moments->count++;
    moments->sum += value;
    moments->sum_squares += value * value;
}

void moments_merge(struct moments *into, const struct moments *more)
{
    into->count += more->count;
    into->sum += more->sum;
    into->sum_squares += more->sum_squares;
}

err interval_share(i64 hits, i64 count, struct interval *out)
{
    if (count <= 0) {
        return ERR_EMPTY;
    }
    f64 n = (f64)count;
    f64 share = (f64)hits / n;
    f64 squared = Z95 * Z95;
    f64 centre = (share + squared / (2.0 * n)) / (1.0 + squared / n);
    f64 margin = Z95 * sqrt(share * (1.0 - share) / n + squared / (4.0 * n * n)) / (1.0 + squared / n);

    // At shares of 0 and 1 the bound equals the share but for rounding.
    *out = (struct interval){
        .value = share,
        .low = fmin(share, fmax(centre - margin, 0.0)),
        .high = fmax(share, fmin(centre + margin, 1.0)),
    };
    return OK;
}

f64 t_quantile_95(i64 freedom)
{
    f64 p = 0.05; // both tails together
    f64 n = (f64)freedom;
    if (freedom == 1) {
        return cos(p * half_pi) / sin(p * half_pi);
    }
    if (freedom == 2) {
        return sqrt(2.0 / (p * (2.0 - p)) - 2.0);
    }
    f64 a = 1.0 / (n - 0.5);
    f64 b = (48.0 / a) / a;
    f64 c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
    f64 d = ((94.5 / (b + c) - 3.0) / b + 1.0) * sqrt(a * half_pi) * n;
    f64 x = d * p;
    f64 y = pow(x, 2.0 / n);
    if (y > 0.05 + a) {
        x = -Z95;
        y = x * x;
        if (freedom < 5) {
            c += 0.3 * (n - 4.5) * (x + 0.6);
        }
        c = (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b + c;
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
        y = expm1(a * y * y);
    } else {
        y = ((1.0 / (((n + 6.0) / (n * y) - 0.089 * d - 0.822) * (n + 2.0) * 3.0) + 0.5 / (n + 4.0)) * y - 1.0) *
                (n + 1.0) / (n + 2.0) +
            1.0 / y;
    }
    return sqrt(n * y);
}

err interval_mean(const struct moments *moments, f64 low, f64 high, struct interval *out)
{
    if (moments->count <= 0) {
        return ERR_EMPTY;
    }
    f64 n = (f64)moments->count;
    f64 mean = moments->sum / n;
    *out = (struct interval){mean, low, high};
    if (moments->count == 1) {
        return OK;
    }
    f64 variance = fmax((moments->sum_squares - moments->sum * mean) / (n - 1.0), 0.0);
    f64 down, up;
    if (variance < 1e-12) {
        f64 unseen = fmin(3.0 / n, 1.0);
        down = unseen * (mean - low);
        up = unseen * (high - mean);
    } else {
        down = up = t_quantile_95(moments->count - 1) * sqrt(variance / n);
    }
    out->low = fmin(mean, fmax(mean - down, low));
    out->high = fmax(mean, fmin(mean + up, high));
    return OK;
}
