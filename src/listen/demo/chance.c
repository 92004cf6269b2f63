#include "listen/demo/chance.h"

/* -ln(1 - q) at the middles of 64 equal parts, in thousandths, scaled to the mean 1. */
static const u16 quantiles[64] = {
    8,    24,   40,   56,   73,   90,   108,  126,  144,  162,  180,  199,  218,  238,  258,  279,
    300,  321,  343,  365,  388,  411,  435,  460,  486,  511,  538,  565,  592,  621,  651,  682,
    713,  745,  778,  813,  850,  887,  925,  965,  1007, 1051, 1097, 1144, 1194, 1248, 1304, 1363,
    1426, 1493, 1564, 1642, 1726, 1818, 1918, 2030, 2156, 2299, 2467, 2669, 2922, 3261, 3773, 4878,
};

i64 chance_wait(struct dice *dice, i64 mean)
{
    i64 k = dice_below(dice, 64);
    i64 from = k > 0 ? (quantiles[k - 1] + quantiles[k]) / 2 : 0;
    i64 to = k < 63 ? (quantiles[k] + quantiles[k + 1]) / 2 : 6000;
    return mean * chance_between(dice, from, to) / 1000;
}

i64 chance_pick(struct dice *dice, const u16 *weights, i64 count)
{
    i64 sum = 0;
    for (i64 i = 0; i < count; i++) {
        sum += weights[i];
    }
    i64 at = dice_below(dice, sum);
    i64 index = 0;
    while (at >= weights[index]) {
        at -= weights[index++];
    }
    return index;
}
