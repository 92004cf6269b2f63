#include "listen/voices/analysis.h"

#include "listen/voices/phrases.h"
#include "measure/drivers.h"

static const char *const method_words[] = {"lmg", "relative_weights", NULL};

#define NEEDED(type, member, kind)                                                                                     \
    {                                                                                                                  \
#member, (kind), offsetof(struct type, member), .flags = SHAPE_REQUIRED                                        \
    }
#define TOLD(type, member, kind, said)                                                                                 \
    {                                                                                                                  \
#member, (kind), offsetof(struct type, member), .flags = SHAPE_REQUIRED, .help = (said)                        \
    }

static const struct shape_field driver_fields[] = {
    TOLD(driver_row, key, SHAPE_STR, "shape.driver_row.key"),
    TOLD(driver_row, importance, SHAPE_F64, "shape.driver_row.importance"),
    NEEDED(driver_row, low, SHAPE_F64),
    NEEDED(driver_row, high, SHAPE_F64),
    TOLD(driver_row, effect, SHAPE_F64, "shape.driver_row.effect"),
    TOLD(driver_row, n, SHAPE_I64, "shape.driver_row.n"),
    TOLD(driver_row, few, SHAPE_BOOL, "shape.driver_row.few"),
    NEEDED(driver_row, good, SHAPE_I64),
    NEEDED(driver_row, bad, SHAPE_I64),
    TOLD(driver_row, mean, SHAPE_MAYBE_F64, "shape.driver_row.mean"),
};
static const struct shape driver_shape = SHAPE("Driver", struct driver_row, driver_fields, "shape.driver");

static const struct shape_field drivers_fields[] = {
    {"by", SHAPE_WORD, offsetof(struct drivers_answer, by), .words = drivers_by_words, .flags = SHAPE_REQUIRED},
    {"metric", SHAPE_STR, offsetof(struct drivers_answer, metric)},
    {"question", SHAPE_STR, offsetof(struct drivers_answer, question)},
    {"scale", SHAPE_STR, offsetof(struct drivers_answer, scale)},
    TOLD(drivers_answer, n, SHAPE_I64, "shape.drivers_answer.n"),
    TOLD(drivers_answer, left_out, SHAPE_I64, "shape.drivers_answer.left_out"),
    TOLD(drivers_answer, few, SHAPE_BOOL, "shape.drivers_answer.few"),
    TOLD(drivers_answer, need, SHAPE_I64, "shape.drivers_answer.need"),
    {"method", SHAPE_WORD, offsetof(struct drivers_answer, method), .words = method_words, .flags = SHAPE_REQUIRED,
     .help = "shape.drivers_answer.method"},
    TOLD(drivers_answer, r2, SHAPE_F64, "shape.drivers_answer.r2"),
    NEEDED(drivers_answer, r2_low, SHAPE_F64),
    NEEDED(drivers_answer, r2_high, SHAPE_F64),
    {"drivers", SHAPE_LIST, offsetof(struct drivers_answer, drivers), .of = &driver_shape, .flags = SHAPE_REQUIRED},
    TOLD(drivers_answer, caveat, SHAPE_STR, "shape.drivers_answer.caveat"),
};
const struct shape drivers_answer_shape = SHAPE("Drivers", struct drivers_answer, drivers_fields,
                                                "shape.drivers_answer");

static const struct shape_field point_fields[] = {
    NEEDED(forecast_point, period, SHAPE_STR),       NEEDED(forecast_point, n, SHAPE_I64),
    NEEDED(forecast_point, value, SHAPE_MAYBE_F64),  NEEDED(forecast_point, low, SHAPE_MAYBE_F64),
    NEEDED(forecast_point, high, SHAPE_MAYBE_F64),   NEEDED(forecast_point, low80, SHAPE_MAYBE_F64),
    NEEDED(forecast_point, high80, SHAPE_MAYBE_F64),
};
static const struct shape point_shape = SHAPE("ForecastPoint", struct forecast_point, point_fields,
                                              "shape.forecast_point");

static const struct shape_field check_fields[] = {
    TOLD(forecast_check, origins, SHAPE_I64, "shape.forecast_check.origins"),
    NEEDED(forecast_check, horizon, SHAPE_I64),
    TOLD(forecast_check, mae, SHAPE_F64, "shape.forecast_check.mae"),
    TOLD(forecast_check, naive_mae, SHAPE_F64, "shape.forecast_check.naive_mae"),
    TOLD(forecast_check, mase, SHAPE_F64, "shape.forecast_check.mase"),
    TOLD(forecast_check, coverage95, SHAPE_F64, "shape.forecast_check.coverage95"),
    NEEDED(forecast_check, coverage80, SHAPE_F64),
    TOLD(forecast_check, better, SHAPE_BOOL, "shape.forecast_check.better"),
};
static const struct shape check_shape = SHAPE("ForecastCheck", struct forecast_check, check_fields,
                                              "shape.forecast_check");

static const struct shape_field forecast_fields[] = {
    {"of", SHAPE_WORD, offsetof(struct forecast_answer, of), .words = forecast_what_words, .flags = SHAPE_REQUIRED},
    NEEDED(forecast_answer, every, SHAPE_STR),
    TOLD(forecast_answer, unit, SHAPE_STR, "shape.forecast_answer.unit"),
    TOLD(forecast_answer, few, SHAPE_BOOL, "shape.forecast_answer.few"),
    TOLD(forecast_answer, need, SHAPE_I64, "shape.forecast_answer.need"),
    NEEDED(forecast_answer, have, SHAPE_I64),
    {"method", SHAPE_STR, offsetof(struct forecast_answer, method), .help = "shape.forecast_answer.method"},
    {"history", SHAPE_LIST, offsetof(struct forecast_answer, history), .of = &point_shape, .flags = SHAPE_REQUIRED},
    {"forecast", SHAPE_LIST, offsetof(struct forecast_answer, forecast), .of = &point_shape, .flags = SHAPE_REQUIRED},
    {"backtest", SHAPE_MAYBE_OBJECT, offsetof(struct forecast_answer, backtest), .of = &check_shape},
};
const struct shape forecast_answer_shape = SHAPE("Forecast", struct forecast_answer, forecast_fields,
                                                 "shape.forecast_answer");

static const struct shape_field side_fields[] = {
    NEEDED(compare_side, n, SHAPE_I64),
    NEEDED(compare_side, texts, SHAPE_I64),
};
static const struct shape side_shape = SHAPE("CompareSide", struct compare_side, side_fields, NULL);

static const struct shape_field compare_row_fields[] = {
    TOLD(compare_row, what, SHAPE_STR, "shape.compare_row.what"),
    NEEDED(compare_row, key, SHAPE_STR),
    NEEDED(compare_row, first_n, SHAPE_I64),
    NEEDED(compare_row, first, SHAPE_F64),
    NEEDED(compare_row, second_n, SHAPE_I64),
    NEEDED(compare_row, second, SHAPE_F64),
    TOLD(compare_row, delta, SHAPE_F64, "shape.compare_row.delta"),
    NEEDED(compare_row, low, SHAPE_F64),
    NEEDED(compare_row, high, SHAPE_F64),
    NEEDED(compare_row, p, SHAPE_F64),
    TOLD(compare_row, found, SHAPE_BOOL, "shape.compare_row.found"),
};
static const struct shape compare_row_shape = SHAPE("CompareRow", struct compare_row, compare_row_fields,
                                                    "shape.compare_row");

static const struct shape_field compare_fields[] = {
    {"first", SHAPE_OBJECT, offsetof(struct compare_answer, first), .of = &side_shape, .flags = SHAPE_REQUIRED},
    {"second", SHAPE_OBJECT, offsetof(struct compare_answer, second), .of = &side_shape, .flags = SHAPE_REQUIRED},
    TOLD(compare_answer, compared, SHAPE_I64, "shape.compare_answer.compared"),
    {"rows", SHAPE_LIST, offsetof(struct compare_answer, rows), .of = &compare_row_shape, .flags = SHAPE_REQUIRED},
};
const struct shape compare_answer_shape = SHAPE("Comparison", struct compare_answer, compare_fields,
                                                "shape.compare_answer");

static const struct shape_field demanding_row_fields[] = {
    {"touchpoint", SHAPE_STR, offsetof(struct demanding_row, touchpoint), .help = "shape.demanding_row.touchpoint"},
    NEEDED(demanding_row, n, SHAPE_I64),
    TOLD(demanding_row, people, SHAPE_I64, "shape.demanding_row.people"),
    NEEDED(demanding_row, mean, SHAPE_F64),
    TOLD(demanding_row, tenth, SHAPE_F64, "shape.demanding_row.tenth"),
    NEEDED(demanding_row, gap, SHAPE_F64),
    NEEDED(demanding_row, tenth_n, SHAPE_I64),
    TOLD(demanding_row, worst_below, SHAPE_F64, "shape.demanding_row.worst_below"),
    NEEDED(demanding_row, few, SHAPE_BOOL),
};
static const struct shape demanding_row_shape = SHAPE("DemandingRow", struct demanding_row, demanding_row_fields,
                                                      "shape.demanding_row");

static const struct shape_field demanding_fields[] = {
    {"metric", SHAPE_STR, offsetof(struct demanding_answer, metric)},
    {"question", SHAPE_STR, offsetof(struct demanding_answer, question)},
    {"scale", SHAPE_STR, offsetof(struct demanding_answer, scale)},
    NEEDED(demanding_answer, left_out, SHAPE_I64),
    {"rows", SHAPE_LIST, offsetof(struct demanding_answer, rows), .of = &demanding_row_shape, .flags = SHAPE_REQUIRED},
};
const struct shape demanding_answer_shape = SHAPE("Demanding", struct demanding_answer, demanding_fields,
                                                  "shape.demanding_answer");

static const struct shape_field example_fields[] = {
    {"feedback", SHAPE_ID, offsetof(struct phrase_example, feedback), .flags = SHAPE_REQUIRED},
    {"at", SHAPE_TIME, offsetof(struct phrase_example, at_ms), .flags = SHAPE_REQUIRED},
    {"text", SHAPE_STR, offsetof(struct phrase_example, text), .flags = SHAPE_PERSONAL},
};
static const struct shape example_shape = SHAPE("PhraseExample", struct phrase_example, example_fields, NULL);

static const struct shape_field phrase_fields[] = {
    NEEDED(phrase_row, phrase, SHAPE_STR),
    NEEDED(phrase_row, now, SHAPE_I64),
    NEEDED(phrase_row, before, SHAPE_I64),
    TOLD(phrase_row, ratio, SHAPE_MAYBE_F64, "shape.phrase_row.ratio"),
    NEEDED(phrase_row, low, SHAPE_MAYBE_F64),
    NEEDED(phrase_row, high, SHAPE_MAYBE_F64),
    NEEDED(phrase_row, p, SHAPE_F64),
    {"examples", SHAPE_LIST, offsetof(struct phrase_row, examples), .of = &example_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape phrase_shape = SHAPE("Phrase", struct phrase_row, phrase_fields, NULL);

static const struct shape_field phrases_fields[] = {
    TOLD(phrases_answer, since, SHAPE_STR, "shape.phrases_answer.since"),
    NEEDED(phrases_answer, weeks, SHAPE_I64),
    NEEDED(phrases_answer, now_texts, SHAPE_I64),
    NEEDED(phrases_answer, before_texts, SHAPE_I64),
    NEEDED(phrases_answer, left_out, SHAPE_I64),
    TOLD(phrases_answer, tested, SHAPE_I64, "shape.phrases_answer.tested"),
    {"rows", SHAPE_LIST, offsetof(struct phrases_answer, rows), .of = &phrase_shape, .flags = SHAPE_REQUIRED},
};
const struct shape phrases_answer_shape = SHAPE("Phrases", struct phrases_answer, phrases_fields,
                                                "shape.phrases_answer");
