/* A journey map: the journey as the company means it to be.
 *
 *     stages       | Mua hàng            | Sau bán hàng
 *     touchpoints  | [Giỏ hàng] [Thanh toán] | [Giao hàng] …      lanes: who carries it
 *
 * A touchpoint says what it is for, what the customer does there, which emotion
 * is required and which is enough, what should happen next and by when, who
 * owns it, and which events belong to it. A map is a document; published
 * versions of it never change (journey/maps.h).
 */
#pragma once

#include "journey/condition.h"
#include "json/shape.h"
#include "measure/metric.h"

/* An emotion as a target: the word for it, and the score by which it shows. */
struct emotion {
    str word;
    str metric;                /* nps, csat, ces or none: not measured */
    struct maybe_f64 at_least; /* nps -100 to 100, csat 0 to 100, ces 1 to 7 */
};

struct next_act {
    str name;
    str when;   /* JSON: the events that are this act */
    str within; /* "7d" */
};

struct touchpoint {
    str id; /* slug, unique in the map and the same in all its versions */
    str name;
    str stage; /* id of a stage */
    str lane;  /* id of a lane, or none */
    str function, task;
    struct emotion *required_emotion, *sufficient_emotion;
    struct next_act *next_act;
    str department, channel;
    str dimension; /* PX, BX, DX, UX or none */
    str metric;    /* nps, csat, ces or none */
    bool moment_that_matters;
    str where; /* JSON: the events that belong to it; an empty list: none */
};

struct stage {
    str id, name, description;
};

struct lane {
    str id, name, department;
};

/* What the map of a journey holds and an editor sends. */
struct journey_map {
    str name, description;
    struct shape_list stages, lanes, touchpoints; /* struct stage, lane, touchpoint */
};

extern const struct shape touchpoint_shape, stage_shape, lane_shape;
extern const struct shape journey_map_shape;

enum { MAP_STAGES_MAX = 40, MAP_LANES_MAX = 40, MAP_TOUCHPOINTS_MAX = 200 };

static inline struct touchpoint *journey_map_touchpoint(const struct journey_map *map, i64 i)
{
    return &((struct touchpoint *)map->touchpoints.items)[i];
}

static inline struct stage *journey_map_stage(const struct journey_map *map, i64 i)
{
    return &((struct stage *)map->stages.items)[i];
}

/* Place of a stage in the map, or -1. */
i64 journey_map_find_stage(const struct journey_map *map, str id);
i64 journey_map_find_touchpoint(const struct journey_map *map, str id);

/* Everything that the shape cannot say: slugs, uniqueness, references, targets within their metric, conditions, time
 * limits. ERR_INVALID with the pointer. */
err journey_map_check(struct ctx *ctx, const struct journey_map *map);

/* "Giao hàng tận nơi" → "giao-hang-tan-noi", at most 60 bytes; "x" where nothing is left. */
str journey_map_slug(struct arena *arena, str name);
