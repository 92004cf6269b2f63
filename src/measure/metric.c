#include "measure/metric.h"

#include <math.h>
#include <stdio.h>

static const char *const words[METRIC_COUNT] = {NULL, "nps", "csat", "ces"};

enum { SCALE_END_MAX = 100 };

bool metric_parse(str word, enum metric *out)
{
    for (i32 i = METRIC_NPS; i < METRIC_COUNT; i++) {
        if (str_eq(word, str_from(words[i]))) {
            *out = (enum metric)i;
            return true;
        }
    }
    return false;
}

str metric_word(enum metric metric)
{
    return str_from(words[metric]);
}

bool scale_parse(str text, struct scale *out)
{
    str rest = text;
    i64 low, high;
    str first = str_cut(&rest, '-');
    if (!str_is(rest) || !str_i64(first, &low) || !str_i64(rest, &high)) {
        return false;
    }
    if (low < 0 || high > SCALE_END_MAX || low >= high) {
        return false;
    }
    *out = (struct scale){(i32)low, (i32)high};
    return true;
}

str scale_text(struct scale scale, char out[SCALE_TEXT_MAX])
{
    int len = snprintf(out, SCALE_TEXT_MAX, "%d-%d", scale.low, scale.high);
    return (str){out, len};
}

struct scale metric_scale(enum metric metric)
{
    switch (metric) {
    case METRIC_NPS: return (struct scale){0, 10};
    case METRIC_CSAT: return (struct scale){1, 5};
    case METRIC_CES: return (struct scale){1, 7};
    default: return (struct scale){0, 0};
    }
}

bool metric_allows(enum metric metric, struct scale scale)
{
    if (metric == METRIC_NONE) {
        return scale.low < scale.high;
    }
    if (metric == METRIC_CSAT && scale.low == 1 && scale.high == 10) {
        return true;
    }
    struct scale own = metric_scale(metric);
    return scale.low == own.low && scale.high == own.high;
}

err metric_admit(const struct answer *answer, f64 *score, struct scale *scale)
{
    struct scale on = answer->scale;
    if (on.low == 0 && on.high == 0) {
        on = metric_scale(answer->metric);
    }
    if (!metric_allows(answer->metric, on)) {
        return ERR_INVALID;
    }
    f64 given = answer->given;
    bool whole = given == floor(given);
    if (!(given >= (f64)on.low && given <= (f64)on.high) || (answer->metric != METRIC_NONE && !whole)) {
        return ERR_INVALID;
    }
    *score = answer->reversed ? (f64)(on.low + on.high) - given : given;
    *scale = on;
    return OK;
}
