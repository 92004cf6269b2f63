#include "listen/answer.h"

static bool is_known(struct scale scale)
{
    return (scale.low == 0 && scale.high == 10) ||
           (scale.low == 1 && (scale.high == 5 || scale.high == 7 || scale.high == 10));
}

static const char *allowed_scales(enum metric metric)
{
    switch (metric) {
    case METRIC_NPS: return "0-10";
    case METRIC_CSAT: return "1-5, 1-10";
    case METRIC_CES: return "1-7";
    default: return "0-10, 1-5, 1-7, 1-10";
    }
}

err answer_admit(struct ctx *ctx, const struct answer *answer, str column, struct event *event)
{
    struct answer checked = *answer;
    checked.metric = METRIC_NONE;
    (void)metric_parse(event->metric, &checked.metric);
    bool own = checked.metric != METRIC_NONE;
    bool scaled = checked.scale.high > checked.scale.low;
    if ((own && scaled && !metric_allows(checked.metric, checked.scale)) || (!own && !is_known(checked.scale))) {
        return FAIL(ctx, ERR_INVALID, "", "import.bad_scale", {"column", column},
                    {"allowed", str_from(allowed_scales(checked.metric))});
    }
    struct scale scale;
    f64 score;
    if (metric_admit(&checked, &score, &scale) != OK) {
        char text[SCALE_TEXT_MAX];
        str range = scale_text(scaled ? checked.scale : metric_scale(checked.metric), text);
        return FAIL(ctx, ERR_INVALID, "", "import.bad_score", {"column", column}, {"allowed", range});
    }
    char text[SCALE_TEXT_MAX];
    event->score = (struct maybe_f64){.value = score, .is = true};
    event->scale = str_copy(&ctx->arena, scale_text(scale, text));
    event->reversed = checked.reversed;
    return OK;
}
