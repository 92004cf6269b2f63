/* What deserves attention most: where an experience differs from the rest, or from the time before.
 *
 * For every touchpoint, the answers, next acts and mishaps of a span of time are
 * split by place, channel and every property of few values. A part is a finding
 * when it differs from the rest of its touchpoint, a whole touchpoint when it
 * differs from the span before. Differences must be larger than chance allows
 * over all comparisons made (false discovery rate 5 %, measure/compare.h) and
 * large enough to matter. Ranked by size times people; what is bad comes first.
 * The same data gives the same findings. Definitions: docs/metrics.md.
 */
#pragma once

#include "journey/asking.h"
#include "journey/tally.h"

enum finding_kind { FINDING_SCORE, FINDING_NEXT_ACT, FINDING_EVENT_RATE };

struct finding_figure {
    i64 n;
    f64 score, low, high; /* of a rate 0 to 1 */
};

struct finding {
    str touchpoint, name, stage;
    str field, value;                           /* none: the whole touchpoint */
    str metric;                                 /* FINDING_SCORE */
    str event;                                  /* FINDING_EVENT_RATE: the kind of event */
    i32 kind;                                   /* enum finding_kind */
    struct finding_figure *now, *before, *rest; /* before, rest: NULL where there is too little */
    f64 delta;                                  /* now less rest; of a whole touchpoint now less before */
    i64 people;                                 /* who were there now */
    bool good;
    str where; /* JSON: the conditions that give these events */
};
extern const struct shape finding_shape;

enum { FINDINGS_MAX = 24 };

/* `question` says when (both ends are needed) and which journey. */
err findings_read(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *sight,
                  const struct question *question, struct shape_list *out);
