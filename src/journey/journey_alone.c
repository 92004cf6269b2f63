#include "journey/journeys.h"

#include "base/zone.h"
#include "journey/pointer.h"

err journey_alone(struct ctx *ctx, const struct journey_alone *of, const struct journey_version **out)
{
    struct arena *arena = &ctx->arena;
    struct journey_version *version = arena_new(arena, struct journey_version, 1);
    struct touchpoint *touchpoint = arena_new(arena, struct touchpoint, 1);
    struct next_act *act = arena_new(arena, struct next_act, 1);
    *act = (struct next_act){.name = of->name, .when = of->when, .within = of->within};
    *touchpoint = (struct touchpoint){.id = of->id, .name = of->name, .next_act = act, .where = of->where};
    version->version = 1;
    version->from_ms = INT64_MIN;
    version->map = (struct journey_map){.name = of->name, .touchpoints = {touchpoint, 1}};
    version->where = arena_new(arena, struct condition, 1);
    version->when = arena_new(arena, struct condition, 1);
    version->within_ms = arena_new(arena, i64, 1);
    str before = pointer_enter(ctx, STR("when"));
    TRY(condition_parse(ctx, of->where, FIELD_IN_MAP, version->where));
    ctx->pointer = before;
    pointer_enter(ctx, STR("then"));
    TRY(condition_parse(ctx, of->when, FIELD_IN_MAP, version->when));
    ctx->pointer = before;
    *out = version;
    return duration_parse(of->within, version->within_ms) ? OK : FAIL(ctx, ERR_INVALID, "within", "error.ask.duration");
}

void journeys_view_alone(struct ctx *ctx, const struct journey_version *version, struct journey_view *out)
{
    *out = (struct journey_view){.alone = true, .newest = version, .count = 1};
    out->taking = arena_new(&ctx->arena, const struct journey_version *, 1);
    out->from_ms = arena_new(&ctx->arena, i64, 1);
    out->taking[0] = version;
    out->from_ms[0] = version->from_ms;
}
