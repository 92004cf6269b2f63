/* Events on no touchpoint, and the touchpoints that could be made from them. */
#pragma once

#include "journey/asking.h"
#include "text/sentence.h"

struct unmapped {
    str kind, channel, metric; /* what the events have in common; none: no channel, no answers */
    i64 events, people;
    struct touchpoint *suggested; /* name, stage and condition; may be adopted as it is */
};
extern const struct shape unmapped_shape;

enum { UNMAPPED_MAX = 100 };

/* The most frequent first, at most UNMAPPED_MAX. Calls that only say who somebody is (identify, group, alias) are no
 * experience and left out. The question says when and which journey. */
err suggest_unmapped(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                     const struct question *question, enum language language, struct shape_list *out);

/* The stage that events of this kind most likely belong to: by words in Vietnamese and English. Place in the map, 0 when
 * nothing speaks for any. */
i64 suggest_stage(struct arena *arena, const struct journey_map *map, str kind, str metric);
