#include "journey/journey_map.h"

#include "base/zone.h"
#include "journey/pointer.h"
#include "text/fold.h"

enum { NAME_MAX_BYTES = 400, TEXT_MAX_BYTES = 4000, SLUG_MAX = 60, CONDITION_BYTES_MAX = 20000 };

static const struct shape_field emotion_fields[] = {
    {"word", SHAPE_STR, offsetof(struct emotion, word), .max = NAME_MAX_BYTES, .help = "shape.emotion.word"},
    {"metric", SHAPE_STR, offsetof(struct emotion, metric), .max = 10},
    {"at_least", SHAPE_MAYBE_F64, offsetof(struct emotion, at_least), .min = -100, .max = 100},
};
static const struct shape emotion_shape = SHAPE("Emotion", struct emotion, emotion_fields, "shape.emotion");

static const struct shape_field next_act_fields[] = {
    {"name", SHAPE_STR, offsetof(struct next_act, name), .max = NAME_MAX_BYTES},
    {"when", SHAPE_JSON, offsetof(struct next_act, when), .flags = SHAPE_REQUIRED, .max = CONDITION_BYTES_MAX},
    {"within", SHAPE_STR, offsetof(struct next_act, within), .flags = SHAPE_REQUIRED, .min = 2, .max = 10,
     .help = "shape.next_act.within"},
};
static const struct shape next_act_shape = SHAPE("NextAct", struct next_act, next_act_fields, "shape.next_act");

static const struct shape_field touchpoint_fields[] = {
    {"id", SHAPE_STR, offsetof(struct touchpoint, id), .flags = SHAPE_REQUIRED, .min = 1, .max = SLUG_MAX,
     .help = "shape.touchpoint.id"},
    {"name", SHAPE_STR, offsetof(struct touchpoint, name), .flags = SHAPE_REQUIRED, .min = 1, .max = NAME_MAX_BYTES},
    {"stage", SHAPE_STR, offsetof(struct touchpoint, stage), .flags = SHAPE_REQUIRED, .min = 1, .max = SLUG_MAX},
    {"lane", SHAPE_STR, offsetof(struct touchpoint, lane), .max = SLUG_MAX},
    {"function", SHAPE_STR, offsetof(struct touchpoint, function), .max = TEXT_MAX_BYTES},
    {"task", SHAPE_STR, offsetof(struct touchpoint, task), .max = TEXT_MAX_BYTES},
    {"required_emotion", SHAPE_MAYBE_OBJECT, offsetof(struct touchpoint, required_emotion), .of = &emotion_shape},
    {"sufficient_emotion", SHAPE_MAYBE_OBJECT, offsetof(struct touchpoint, sufficient_emotion), .of = &emotion_shape},
    {"next_act", SHAPE_MAYBE_OBJECT, offsetof(struct touchpoint, next_act), .of = &next_act_shape},
    {"department", SHAPE_STR, offsetof(struct touchpoint, department), .max = NAME_MAX_BYTES},
    {"channel", SHAPE_STR, offsetof(struct touchpoint, channel), .max = NAME_MAX_BYTES},
    {"dimension", SHAPE_STR, offsetof(struct touchpoint, dimension), .max = 2, .help = "shape.touchpoint.dimension"},
    {"metric", SHAPE_STR, offsetof(struct touchpoint, metric), .max = 10},
    {"moment_that_matters", SHAPE_BOOL, offsetof(struct touchpoint, moment_that_matters)},
    {"where", SHAPE_JSON, offsetof(struct touchpoint, where), .max = CONDITION_BYTES_MAX,
     .help = "shape.touchpoint.where"},
};
const struct shape touchpoint_shape = SHAPE("Touchpoint", struct touchpoint, touchpoint_fields, "shape.touchpoint");

static const struct shape_field stage_fields[] = {
    {"id", SHAPE_STR, offsetof(struct stage, id), .flags = SHAPE_REQUIRED, .min = 1, .max = SLUG_MAX},
    {"name", SHAPE_STR, offsetof(struct stage, name), .flags = SHAPE_REQUIRED, .min = 1, .max = NAME_MAX_BYTES},
    {"description", SHAPE_STR, offsetof(struct stage, description), .max = TEXT_MAX_BYTES},
};
const struct shape stage_shape = SHAPE("Stage", struct stage, stage_fields, "shape.stage");

static const struct shape_field lane_fields[] = {
    {"id", SHAPE_STR, offsetof(struct lane, id), .flags = SHAPE_REQUIRED, .min = 1, .max = SLUG_MAX},
    {"name", SHAPE_STR, offsetof(struct lane, name), .flags = SHAPE_REQUIRED, .min = 1, .max = NAME_MAX_BYTES},
    {"department", SHAPE_STR, offsetof(struct lane, department), .max = NAME_MAX_BYTES},
};
const struct shape lane_shape = SHAPE("Lane", struct lane, lane_fields, "shape.lane");

static const struct shape_field map_fields[] = {
    {"name", SHAPE_STR, offsetof(struct journey_map, name), .flags = SHAPE_REQUIRED, .min = 1, .max = NAME_MAX_BYTES},
    {"description", SHAPE_STR, offsetof(struct journey_map, description), .max = TEXT_MAX_BYTES},
    {"stages", SHAPE_LIST, offsetof(struct journey_map, stages), .of = &stage_shape, .max = MAP_STAGES_MAX},
    {"lanes", SHAPE_LIST, offsetof(struct journey_map, lanes), .of = &lane_shape, .max = MAP_LANES_MAX},
    {"touchpoints", SHAPE_LIST, offsetof(struct journey_map, touchpoints), .of = &touchpoint_shape,
     .max = MAP_TOUCHPOINTS_MAX},
};
const struct shape journey_map_shape = SHAPE("JourneyMap", struct journey_map, map_fields, "shape.map");

i64 journey_map_find_stage(const struct journey_map *map, str id)
{
    for (i64 i = 0; i < map->stages.count; i++) {
        if (str_eq(journey_map_stage(map, i)->id, id)) {
            return i;
        }
    }
    return -1;
}

i64 journey_map_find_touchpoint(const struct journey_map *map, str id)
{
    for (i64 i = 0; i < map->touchpoints.count; i++) {
        if (str_eq(journey_map_touchpoint(map, i)->id, id)) {
            return i;
        }
    }
    return -1;
}

static bool slug_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

str journey_map_slug(struct arena *arena, str name)
{
    str plain = fold_search(arena, name);
    struct buf out = buf_in(arena);
    for (i64 i = 0; i < plain.len && out.len < SLUG_MAX; i++) {
        if (slug_char(plain.data[i])) {
            buf_char(&out, plain.data[i]);
        } else if (out.len > 0 && out.data[out.len - 1] != '-') {
            buf_char(&out, '-');
        }
    }
    while (out.len > 0 && out.data[out.len - 1] == '-') {
        out.len--;
    }
    return out.len == 0 ? STR("x") : buf_str(&out);
}

static err check_slug(struct ctx *ctx, str id)
{
    for (i64 i = 0; i < id.len; i++) {
        if (!slug_char(id.data[i]) && id.data[i] != '-' && id.data[i] != '_') {
            return FAIL(ctx, ERR_INVALID, "id", "error.map.slug");
        }
    }
    return OK;
}

static err check_word(struct ctx *ctx, const char *field, str word, str allowed)
{
    if (word.len == 0) {
        return OK;
    }
    str rest = allowed;
    while (str_is(rest)) {
        if (str_eq(str_trim(str_cut(&rest, ',')), word)) {
            return OK;
        }
    }
    return FAIL(ctx, ERR_INVALID, field, "error.word", {"allowed", allowed});
}

#define METRICS STR("nps, csat, ces")

static err check_emotion(struct ctx *ctx, const char *field, const struct emotion *emotion)
{
    if (emotion == NULL) {
        return OK;
    }
    str before = pointer_enter(ctx, str_from(field));
    TRY(check_word(ctx, "metric", emotion->metric, METRICS));
    enum metric metric = METRIC_NONE;
    if (emotion->at_least.is && !metric_parse(emotion->metric, &metric)) {
        return FAIL(ctx, ERR_INVALID, "metric", "error.required", {"field", STR("metric")});
    }
    f64 low = metric == METRIC_NPS ? -100 : metric == METRIC_CES ? 1 : 0, high = metric == METRIC_CES ? 7 : 100;
    f64 value = emotion->at_least.value;
    if (emotion->at_least.is && !(value >= low && value <= high)) {
        return FAIL(ctx, ERR_INVALID, "at_least", "error.range", {"low", str_format(&ctx->arena, "%g", low)},
                    {"high", str_format(&ctx->arena, "%g", high)});
    }
    ctx->pointer = before;
    return OK;
}

static err check_conditions(struct ctx *ctx, const char *field, str json)
{
    struct condition tree;
    str before = pointer_enter(ctx, str_from(field));
    TRY(condition_parse(ctx, json, FIELD_IN_MAP, &tree));
    ctx->pointer = before;
    return OK;
}

static err check_next_act(struct ctx *ctx, const struct next_act *act)
{
    i64 limit;
    if (act == NULL) {
        return OK;
    }
    str before = pointer_enter(ctx, STR("next_act"));
    TRY(check_conditions(ctx, "when", act->when));
    if (!duration_parse(act->within, &limit) || limit <= 0) {
        return FAIL(ctx, ERR_INVALID, "within", "error.ask.duration");
    }
    ctx->pointer = before;
    return OK;
}

static err check_reference(struct ctx *ctx, const char *field, const char *list, bool found)
{
    return found ? OK : FAIL(ctx, ERR_INVALID, field, "error.map.reference", {"list", str_from(list)});
}

static bool has_lane(const struct journey_map *map, str id)
{
    for (i64 i = 0; i < map->lanes.count; i++) {
        if (str_eq(((struct lane *)map->lanes.items)[i].id, id)) {
            return true;
        }
    }
    return false;
}

static err check_touchpoint(struct ctx *ctx, const struct journey_map *map, const struct touchpoint *touchpoint)
{
    TRY(check_slug(ctx, touchpoint->id));
    TRY(check_reference(ctx, "stage", "stages", journey_map_find_stage(map, touchpoint->stage) >= 0));
    TRY(check_reference(ctx, "lane", "lanes", touchpoint->lane.len == 0 || has_lane(map, touchpoint->lane)));
    TRY(check_word(ctx, "dimension", touchpoint->dimension, STR("PX, BX, DX, UX")));
    TRY(check_word(ctx, "metric", touchpoint->metric, METRICS));
    TRY(check_emotion(ctx, "required_emotion", touchpoint->required_emotion));
    TRY(check_emotion(ctx, "sufficient_emotion", touchpoint->sufficient_emotion));
    TRY(check_next_act(ctx, touchpoint->next_act));
    return check_conditions(ctx, "where", touchpoint->where);
}

/* Ids of a list are slugs and each there once; all three structs begin with their id. */
static err check_ids(struct ctx *ctx, const char *name, struct shape_list list, size_t size)
{
    str before = pointer_enter(ctx, str_from(name));
    str list_pointer = ctx->pointer;
    for (i64 i = 0; i < list.count; i++) {
        const str *id = (const str *)((const char *)list.items + (size_t)i * size);
        pointer_enter_index(ctx, i);
        TRY(check_slug(ctx, *id));
        for (i64 k = 0; k < i; k++) {
            if (str_eq(*id, *(const str *)((const char *)list.items + (size_t)k * size))) {
                return FAIL(ctx, ERR_INVALID, "id", "error.map.twice", {"id", *id});
            }
        }
        ctx->pointer = list_pointer;
    }
    ctx->pointer = before;
    return OK;
}

_Static_assert(offsetof(struct stage, id) == 0 && offsetof(struct lane, id) == 0 &&
                   offsetof(struct touchpoint, id) == 0,
               "check_ids reads the id at the front");

err journey_map_check(struct ctx *ctx, const struct journey_map *map)
{
    TRY(check_ids(ctx, "stages", map->stages, sizeof(struct stage)));
    TRY(check_ids(ctx, "lanes", map->lanes, sizeof(struct lane)));
    TRY(check_ids(ctx, "touchpoints", map->touchpoints, sizeof(struct touchpoint)));
    str before = pointer_enter(ctx, STR("touchpoints"));
    str list_pointer = ctx->pointer;
    for (i64 i = 0; i < map->touchpoints.count; i++) {
        pointer_enter_index(ctx, i);
        TRY(check_touchpoint(ctx, map, journey_map_touchpoint(map, i)));
        ctx->pointer = list_pointer;
    }
    ctx->pointer = before;
    return OK;
}
