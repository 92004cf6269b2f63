#include "listen/voices/alerts.h"

#include "base/id.h"
#include "listen/voices/inside.h"

static const struct shape_field noticed_fields[] = {
    {"id", SHAPE_ID, offsetof(struct noticed, id), .flags = SHAPE_REQUIRED},
    {"kind", SHAPE_STR, offsetof(struct noticed, kind), .flags = SHAPE_REQUIRED, .help = "shape.alert.kind"},
    {"what", SHAPE_STR, offsetof(struct noticed, what), .flags = SHAPE_REQUIRED, .help = "shape.alert.what"},
    {"key", SHAPE_STR, offsetof(struct noticed, key), .help = "shape.alert.key"},
    {"period", SHAPE_STR, offsetof(struct noticed, period), .flags = SHAPE_REQUIRED, .help = "shape.alert.period"},
    {"observed", SHAPE_F64, offsetof(struct noticed, observed), .flags = SHAPE_REQUIRED},
    {"expected", SHAPE_F64, offsetof(struct noticed, expected), .flags = SHAPE_REQUIRED},
    {"low", SHAPE_MAYBE_F64, offsetof(struct noticed, low), .help = "shape.alert.low"},
    {"high", SHAPE_MAYBE_F64, offsetof(struct noticed, high)},
    {"p", SHAPE_MAYBE_F64, offsetof(struct noticed, p), .help = "shape.alert.p"},
    {"filter", SHAPE_JSON, offsetof(struct noticed, filter), .help = "shape.alert.filter"},
    {"created", SHAPE_TIME, offsetof(struct noticed, created_ms), .flags = SHAPE_REQUIRED},
    {"seen", SHAPE_TIME, offsetof(struct noticed, seen_ms), .help = "shape.alert.seen"},
    {"by", SHAPE_STR, offsetof(struct noticed, by)},
};
const struct shape noticed_shape = SHAPE("Alert", struct noticed, noticed_fields, "shape.alert");

err alerts_list(struct ctx *ctx, struct store *store, const struct alerts_asked *asked, struct shape_list *out)
{
    struct sight_texts seen = feedback_sight_texts(&ctx->arena, asked->sight);
    return store_all(ctx, store, SQL_ALERT_LIST,
                     ARGS(ARG_I64("before", asked->before == 0 ? INT64_MAX : asked->before),
                          ARG_I64("open", asked->open), ARG_I64("limit", asked->limit),
                          ARG_STR("sight_places", seen.places), ARG_STR("sight_touchpoints", seen.touchpoints)),
                     &noticed_shape, out);
}

err alerts_find(struct ctx *ctx, struct store *store, const struct feedback_sight *sight, i64 id, struct noticed *out)
{
    struct sight_texts seen = feedback_sight_texts(&ctx->arena, sight);
    return store_one(ctx, store, SQL_ALERT_FIND,
                     ARGS(ARG_I64("id", id), ARG_STR("sight_places", seen.places),
                          ARG_STR("sight_touchpoints", seen.touchpoints)),
                     &noticed_shape, out);
}

err alerts_put_aside(struct ctx *ctx, struct store *store, i64 id, bool seen, str by)
{
    i64 changed = 0;
    TRY(store_run(ctx, store, SQL_ALERT_PUT_ASIDE,
                  ARGS(ARG_ID("seen", seen ? ctx_now_ms(ctx) : 0), ARG_STR("by", seen ? by : STR_NONE),
                       ARG_I64("id", id)),
                  &changed));
    return changed == 0 ? ERR_NOT_FOUND : OK;
}

err alerts_clear(struct ctx *ctx, struct store *store)
{
    return store_run(ctx, store, SQL_ALERT_CLEAR, ARGS_NONE, NULL);
}
