#include "measure/forecast.h"

#include "measure/interval.h"

#include <math.h>
#include <string.h>

const char *const forecast_method_words[] = {"naive", "seasonal", "theta", "damped", NULL};

#define Z80 1.2815515655446004

/* How a model is tuned: a grid that is searched, then halved around the best, so that no start and no draw matters. */
struct tuning {
    f64 level, trend, damping, seasonal; /* alpha, beta*, phi, gamma */
};

struct fitted {
    f64 level, slope, damping, drift; /* where it stands at the end */
    f64 deviation;                    /* of the one-step errors */
    struct tuning tuning;
    const f64 *seasons; /* of the next `season` periods; NULL: none */
    i64 season;
};

/* A run of exponential smoothing over the values; the sum of squared one-step errors. */
struct smoothing {
    f64 level, slope;
    f64 *seasons; /* [season], by period modulo season */
    f64 squares;
};

static void start(struct smoothing *out, const struct forecast_input *input, i64 count)
{
    i64 season = input->season, first = lesser(count, greater(season, 4));
    f64 mean = 0.0;
    for (i64 i = 0; i < first; i++) {
        mean += input->values[i] / (f64)first;
    }
    out->level = mean;
    out->slope = 0.0;
    out->squares = 0.0;
    for (i64 i = 0; out->seasons != NULL && i < season; i++) {
        f64 sum = 0.0, rounds = 0.0;
        for (i64 at = i; at < count; at += season) { // each against the mean of its own season
            i64 from = at - i, to = lesser(from + season, count);
            f64 own = 0.0;
            for (i64 k = from; k < to; k++) {
                own += input->values[k] / (f64)(to - from);
            }
            if (to - from == season) {
                sum += input->values[at] - own;
                rounds += 1.0;
            }
        }
        out->seasons[i] = rounds > 0.0 ? sum / rounds : 0.0;
    }
}

static void smooth(struct smoothing *state, const struct forecast_input *input, i64 count, const struct tuning *tuning)
{
    start(state, input, count);
    for (i64 i = 0; i < count; i++) {
        f64 season = state->seasons != NULL ? state->seasons[i % input->season] : 0.0;
        f64 damped = tuning->damping * state->slope, error = input->values[i] - (state->level + damped + season);
        state->squares += error * error;
        state->level += damped + tuning->level * error;
        state->slope = damped + tuning->level * tuning->trend * error;
        if (state->seasons != NULL) {
            state->seasons[i % input->season] += tuning->seasonal * error;
        }
    }
}

static f64 *member(struct tuning *tuning, i64 which)
{
    f64 *members[] = {&tuning->level, &tuning->trend, &tuning->damping, &tuning->seasonal};
    return members[which];
}

static f64 within(f64 value, f64 low, f64 high)
{
    return fmin(fmax(value, low), high);
}

/* Coordinate search with shrinking steps. */
static struct tuning tune(struct smoothing *state, const struct forecast_input *input, i64 count, bool trend)
{
    const f64 lows[] = {0.01, 0.0, 0.8, 0.0}, highs[] = {0.99, 0.9, 0.98, 0.6};
    struct tuning best = {0.3, trend ? 0.1 : 0.0, trend ? 0.9 : 0.0, state->seasons != NULL ? 0.1 : 0.0};
    f64 steps[] = {0.3, 0.2, 0.05, 0.1};
    smooth(state, input, count, &best);
    f64 least = state->squares;
    for (i64 round = 0; round < 8; round++) {
        for (i64 which = 0; which < 4; which++) {
            bool used = which == 0 || (which == 3 ? state->seasons != NULL : trend);
            for (f64 sign = -1.0; used && sign <= 1.0; sign += 2.0) {
                struct tuning other = best;
                f64 *value = member(&other, which);
                *value = within(*value + sign * steps[which], lows[which], highs[which]);
                smooth(state, input, count, &other);
                if (state->squares < least * (1.0 - 1e-9)) {
                    least = state->squares;
                    best = other;
                }
            }
        }
        for (i64 which = 0; which < 4; which++) {
            steps[which] *= 0.6;
        }
    }
    smooth(state, input, count, &best);
    return best;
}

static f64 slope_of(const f64 *values, i64 count)
{
    f64 n = (f64)count, middle = (n - 1.0) / 2.0, with = 0.0, square = 0.0;
    for (i64 i = 0; i < count; i++) {
        with += ((f64)i - middle) * values[i];
        square += ((f64)i - middle) * ((f64)i - middle);
    }
    return square > 0.0 ? with / square : 0.0;
}

/* The series without its seasons. */
static const f64 *deseasoned(struct arena *arena, const struct forecast_input *input, i64 count, const f64 *seasons)
{
    f64 *out = arena_new(arena, f64, count);
    for (i64 i = 0; i < count; i++) {
        out[i] = input->values[i] - (seasons != NULL ? seasons[i % input->season] : 0.0);
    }
    return out;
}

static f64 naive_deviation(const f64 *values, i64 count, i64 lag)
{
    f64 squares = 0.0;
    for (i64 i = lag; i < count; i++) {
        squares += (values[i] - values[i - lag]) * (values[i] - values[i - lag]);
    }
    return count > lag ? sqrt(squares / (f64)(count - lag)) : 0.0;
}

/* Learns from the first `count` values. */
static struct fitted fit(struct arena *arena, const struct forecast_input *input, i64 count,
                         enum forecast_method method)
{
    struct fitted out = {.season = input->season, .damping = 0.0};
    bool seasonal = input->season >= 2 && count >= 2 * input->season;
    struct smoothing state = {.seasons = seasonal ? arena_new(arena, f64, input->season) : NULL};
    if (method == FORECAST_NAIVE) {
        out.level = input->values[count - 1];
        out.deviation = naive_deviation(input->values, count, 1);
        return out;
    }
    if (method == FORECAST_SEASONAL_NAIVE) {
        out.seasons = input->values + count - input->season;
        out.deviation = naive_deviation(input->values, count, input->season);
        return out;
    }
    if (method == FORECAST_THETA) {
        start(&state, input, count);
        const f64 *plain = deseasoned(arena, input, count, state.seasons);
        struct forecast_input flat = {.values = plain, .count = count, .season = 0};
        struct smoothing level = {0};
        out.tuning = tune(&level, &flat, count, false);
        out.level = level.level;
        out.drift = slope_of(plain, count) / 2.0;
        out.deviation = sqrt(level.squares / (f64)greater(count - 2, 1));
    } else {
        out.tuning = tune(&state, input, count, true);
        out.level = state.level;
        out.slope = state.slope;
        out.damping = out.tuning.damping;
        i64 free = count - 4 - (seasonal ? input->season : 0);
        out.deviation = sqrt(state.squares / (f64)greater(free, 1));
    }
    f64 *next = seasonal ? arena_new(arena, f64, input->season) : NULL;
    for (i64 i = 0; next != NULL && i < input->season; i++) {
        next[i] = state.seasons[(count + i) % input->season];
    }
    out.seasons = next;
    return out;
}

/* The spread of a forecast `ahead` periods out, from the errors that pile up until then. */
static f64 spread(const struct fitted *fitted, enum forecast_method method, i64 ahead)
{
    f64 sum = 1.0, damped = 0.0, factor = 1.0;
    if (method == FORECAST_NAIVE) {
        return fitted->deviation * sqrt((f64)ahead);
    }
    if (method == FORECAST_SEASONAL_NAIVE) {
        return fitted->deviation * sqrt((f64)((ahead - 1) / fitted->season + 1));
    }
    const struct tuning *tuning = &fitted->tuning;
    for (i64 j = 1; j < ahead; j++) {
        factor *= tuning->damping;
        damped += factor;
        f64 weight = tuning->level + tuning->level * tuning->trend * damped;
        if (fitted->seasons != NULL && method == FORECAST_DAMPED && j % fitted->season == 0) {
            weight += tuning->seasonal;
        }
        sum += weight * weight;
    }
    return fitted->deviation * sqrt(sum);
}

static struct forecast_value ahead_of(const struct fitted *fitted, const struct forecast_input *input,
                                      enum forecast_method method, i64 ahead)
{
    f64 value = fitted->level + fitted->drift * (f64)ahead, factor = 1.0;
    for (i64 j = 1; j <= ahead && fitted->damping > 0.0; j++) {
        factor *= fitted->damping;
        value += factor * fitted->slope;
    }
    if (fitted->seasons != NULL) {
        value += fitted->seasons[(ahead - 1) % fitted->season];
    }
    value = within(value, input->least, input->most);
    f64 wide = spread(fitted, method, ahead);
    return (struct forecast_value){
        .value = value,
        .low = within(value - Z95 * wide, input->least, input->most),
        .high = within(value + Z95 * wide, input->least, input->most),
        .low80 = within(value - Z80 * wide, input->least, input->most),
        .high80 = within(value + Z80 * wide, input->least, input->most),
    };
}

struct tried {
    f64 error, inside95, inside80, values;
    i64 origins, horizon;
};

/* Forecasts from the past: the history up to each origin, against what came. */
static struct tried try_past(struct arena *arena, const struct forecast_input *input, enum forecast_method method)
{
    i64 least = greater(FORECAST_PERIODS_LEAST / 2, input->season >= 2 ? 2 * input->season : 0);
    struct tried out = {.horizon = lesser(input->horizon, greater((input->count - least) / 2, 1))};
    i64 first = greater(least, input->count - out.horizon - FORECAST_ORIGINS_MAX + 1);
    for (i64 origin = first; origin + out.horizon <= input->count; origin++) {
        struct fitted fitted = fit(arena, input, origin, method);
        out.origins++;
        for (i64 ahead = 1; ahead <= out.horizon; ahead++) {
            struct forecast_value value = ahead_of(&fitted, input, method, ahead);
            f64 came = input->values[origin + ahead - 1];
            out.error += fabs(came - value.value);
            out.inside95 += came >= value.low && came <= value.high ? 1.0 : 0.0;
            out.inside80 += came >= value.low80 && came <= value.high80 ? 1.0 : 0.0;
            out.values += 1.0;
        }
    }
    return out;
}

static f64 mean_change(const struct forecast_input *input)
{
    f64 sum = 0.0;
    for (i64 i = 1; i < input->count; i++) {
        sum += fabs(input->values[i] - input->values[i - 1]);
    }
    return sum / (f64)(input->count - 1);
}

static void choose(struct arena *arena, const struct forecast_input *input, struct forecast *out)
{
    f64 least = (f64)INFINITY, naive = 0.0;
    for (i32 method = FORECAST_NAIVE; method <= FORECAST_DAMPED; method++) {
        if (method == FORECAST_SEASONAL_NAIVE && input->season < 2) {
            continue;
        }
        struct tried tried = try_past(arena, input, (enum forecast_method)method);
        f64 mae = tried.error / fmax(tried.values, 1.0), change = mean_change(input);
        naive = method == FORECAST_NAIVE ? mae : naive;
        if (mae < least * (1.0 - 1e-9)) {
            least = mae;
            out->method = (enum forecast_method)method;
            out->backtest = (struct backtest){
                .origins = tried.origins,
                .horizon = tried.horizon,
                .mae = mae,
                .naive_mae = naive,
                .mase = change > 0.0 ? mae / change : 0.0,
                .coverage95 = tried.inside95 / fmax(tried.values, 1.0),
                .coverage80 = tried.inside80 / fmax(tried.values, 1.0),
                .better = mae < naive * (1.0 - 1e-9),
            };
        }
    }
}

err forecast_of(struct arena *arena, const struct forecast_input *input, struct forecast *out)
{
    struct forecast_input used = *input;
    *out = (struct forecast){0};
    if (input->horizon < 1 || input->horizon > FORECAST_HORIZON_MAX) {
        return ERR_INVALID;
    }
    if (input->count < FORECAST_PERIODS_LEAST) {
        return ERR_EMPTY;
    }
    if (used.season < 2 || used.count < 2 * used.season + 2) {
        used.season = 0; // too short to know a season
    }
    choose(arena, &used, out);
    struct fitted fitted = fit(arena, &used, used.count, out->method);
    out->values = arena_new(arena, struct forecast_value, input->horizon);
    for (i64 ahead = 1; ahead <= input->horizon; ahead++) {
        out->values[ahead - 1] = ahead_of(&fitted, &used, out->method, ahead);
    }
    return OK;
}
