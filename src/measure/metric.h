/* What an answer may be: the three metrics, their scales, and the gate at entry.
 *
 * Whoever takes an answer in (tracking, import, survey) passes it through
 * `metric_admit` once; what is stored is then on the stored scale, high is
 * good, and nothing later has to ask again.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum metric { METRIC_NONE, METRIC_NPS, METRIC_CSAT, METRIC_CES, METRIC_COUNT };

/* "nps", "csat", "ces"; false for any other word. */
bool metric_parse(str word, enum metric *out);

/* The word; none for METRIC_NONE. */
str metric_word(enum metric metric);

struct scale {
    i32 low, high;
};

/* "0-10"; false unless it is two whole numbers, low before high, within 0 to 100. */
bool scale_parse(str text, struct scale *out);

/* The text form ("1-5") in `out`. */
enum { SCALE_TEXT_MAX = 16 };
str scale_text(struct scale scale, char out[SCALE_TEXT_MAX]);

/* nps 0-10, csat 1-5, ces 1-7; METRIC_NONE has none (0-0). */
struct scale metric_scale(enum metric metric);

/* May this metric be answered on this scale? nps 0-10; csat 1-5 or 1-10; ces 1-7; METRIC_NONE any. */
bool metric_allows(enum metric metric, struct scale scale);

struct answer {
    enum metric metric;
    struct scale scale; /* 0-0: the metric's own */
    f64 given;          /* as the customer gave it */
    bool reversed;      /* the wording was reversed (high = bad): it is flipped */
};

/* What to store for an answer: its number, flipped where the wording was reversed, and its scale. ERR_INVALID
 * when the metric does not allow the scale, the number is outside it, or a metric's number has a fraction. */
err metric_admit(const struct answer *answer, f64 *score, struct scale *scale);
