#include "test.h"

#include "base/random.h"
#include "measure/forecast.h"

#include <math.h>

static struct forecast made(struct arena *arena, const f64 *values, i64 count, i64 season, i64 horizon)
{
    struct forecast out;
    struct forecast_input input = {values, count, season, horizon, -1e9, 1e9};
    assert_int_equal(forecast_of(arena, &input, &out), OK);
    for (i64 i = 0; i < horizon; i++) {
        const struct forecast_value *value = &out.values[i];
        assert_true(value->low <= value->low80 && value->low80 <= value->value);
        assert_true(value->value <= value->high80 && value->high80 <= value->high);
    }
    return out;
}

TEST(seasons_are_learnt_and_beat_the_naive_forecast)
{
    static const f64 week[] = {10, 12, 11, 13, 15, 30, 28};
    struct arena arena = {0};
    struct dice dice = dice_new(5, 5);
    f64 values[84];
    for (i64 i = 0; i < 84; i++) {
        values[i] = week[i % 7] + 0.5 * dice_normal(&dice);
    }
    struct forecast forecast = made(&arena, values, 84, 7, 7);
    for (i64 i = 0; i < 7; i++) {
        assert_true(fabs(forecast.values[i].value - week[i]) < 2.0);
    }
    assert_true(forecast.backtest.better && forecast.backtest.mase < 0.5);
    assert_true(forecast.backtest.mae < forecast.backtest.naive_mae);
    arena_free(&arena);
}

TEST(ninety_five_in_a_hundred_values_fall_inside)
{
    struct arena arena = {0};
    struct dice dice = dice_new(6, 6);
    f64 inside = 0.0, all = 0.0, inside80 = 0.0;
    for (i64 run = 0; run < 60; run++) {
        f64 values[48], level = 50.0;
        for (i64 i = 0; i < 48; i++) {
            level += 0.3 * dice_normal(&dice);
            values[i] = level + 2.0 * dice_normal(&dice);
        }
        struct forecast forecast = made(&arena, values, 44, 0, 4);
        for (i64 i = 0; i < 4; i++) {
            f64 came = values[44 + i];
            inside += came >= forecast.values[i].low && came <= forecast.values[i].high ? 1.0 : 0.0;
            inside80 += came >= forecast.values[i].low80 && came <= forecast.values[i].high80 ? 1.0 : 0.0;
            all += 1.0;
        }
        arena_reset(&arena);
    }
    assert_true(inside / all > 0.88 && inside / all < 0.99);
    assert_true(inside80 / all > 0.70 && inside80 / all < 0.90);
    arena_free(&arena);
}

TEST(a_trend_is_followed)
{
    struct arena arena = {0};
    f64 values[30];
    for (i64 i = 0; i < 30; i++) {
        values[i] = 100.0 + 2.0 * (f64)i;
    }
    struct forecast forecast = made(&arena, values, 30, 0, 3);
    assert_true(forecast.values[0].value > 158.5 && forecast.values[2].value > 160.0);
    assert_true(forecast.backtest.better);
    arena_free(&arena);
}

TEST(a_flat_series_stays_flat)
{
    struct arena arena = {0};
    f64 values[20];
    for (i64 i = 0; i < 20; i++) {
        values[i] = 7.0;
    }
    struct forecast forecast = made(&arena, values, 20, 7, 5);
    assert_true(fabs(forecast.values[4].value - 7.0) < 1e-9);
    assert_false(forecast.backtest.better);
    assert_true(forecast.backtest.coverage95 == 1.0);
    arena_free(&arena);
}

TEST(little_history_is_refused_and_limits_hold)
{
    struct arena arena = {0};
    struct forecast out;
    f64 values[40];
    for (i64 i = 0; i < 40; i++) {
        values[i] = i % 2 == 0 ? 0.0 : 3.0;
    }
    assert_int_equal(forecast_of(&arena, &(struct forecast_input){values, 11, 0, 4, 0, 100}, &out), ERR_EMPTY);
    assert_int_equal(forecast_of(&arena, &(struct forecast_input){values, 40, 0, 61, 0, 100}, &out), ERR_INVALID);
    assert_int_equal(forecast_of(&arena, &(struct forecast_input){values, 40, 0, 4, 0, 3}, &out), OK);
    for (i64 i = 0; i < 4; i++) {
        assert_true(out.values[i].low >= 0.0 && out.values[i].high <= 3.0);
    }
    arena_free(&arena);
}
