#include "api/asked.h"

#include "store/settings.h"

static const struct shape_field span_fields[] = {
    {"from", SHAPE_STR, offsetof(struct asked_span, from), .max = 40, .help = "shape.question.from"},
    {"to", SHAPE_STR, offsetof(struct asked_span, to), .max = 40, .help = "shape.question.to"},
};
const struct shape asked_span_shape = SHAPE("Span", struct asked_span, span_fields, NULL);

struct scope asked_scope(const struct principal *who)
{
    return (struct scope){
        .places = who->places,
        .departments = who->departments,
        .personal = principal_may(who, RIGHT_PEOPLE_READ),
    };
}

err asked_defaults(struct ctx *ctx, struct app *app, struct question_defaults *out)
{
    struct settings settings;
    TRY(settings_read(ctx, app->store, &settings));
    out->minimum_n = settings.minimum_n;
    return zone_find(ctx, settings.zone, &out->zone);
}

static err read_moment(struct ctx *ctx, const struct zone *zone, const char *name, str text, struct maybe_i64 *out)
{
    i64 at_ms;
    if (text.len == 0) {
        return OK;
    }
    if (!iso_parse(zone, text, &at_ms)) {
        return FAIL(ctx, ERR_INVALID, name, "error.ask.moment");
    }
    *out = (struct maybe_i64){at_ms, true};
    return OK;
}

err asked_question(struct ctx *ctx, struct app *app, const struct asked_span *span, i64 journey, struct question *out)
{
    struct question_defaults defaults;
    TRY(asked_defaults(ctx, app, &defaults));
    *out = (struct question){
        .kind = ASK_COUNT,
        .zone = defaults.zone,
        .minimum_n = defaults.minimum_n,
        .journey = journey,
        .where = {.op = CONDITION_ALL},
    };
    TRY(read_moment(ctx, defaults.zone, "from", span->from, &out->from_ms));
    return read_moment(ctx, defaults.zone, "to", span->to, &out->to_ms);
}
