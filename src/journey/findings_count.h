/* The figures behind findings: counted in one pass, judged afterwards.
 *
 * Whatever is counted has an outcome, a small number: an event, one of an unhappy
 * kind, an answer, a visit with or without its next act. For each field that
 * touchpoints are split by, and for the touchpoints as a whole, the scan counts
 *
 *     [touchpoint, value, span, outcome]
 *
 * column by column; the figures are made of these counts in the end.
 */
#pragma once

#include "journey/answer_codes.h"
#include "journey/steps.h"
#include "measure/compare.h"

enum { MISHAPS_MAX = 8, PROBES_MAX = 32, PROBE_VALUES_MAX = 40, SPAN_NOW = 0, SPAN_BEFORE = 1 };
enum { PROBE_CELLS_MOST = 1 << 19 }; /* of one probe: a field of more values than that is not split by */

/* What one span of time holds. */
struct figures {
    struct nps_tally nps;
    i64 csat_top, csat_all;
    struct moments ces;
    i64 next_done, next_all;  /* visits whose time has run out */
    i64 events;               /* without answers */
    i64 mishaps[MISHAPS_MAX]; /* events of each unhappy kind */
};

struct cell {
    struct figures spans[2];
    i64 people; /* now */
};

/* A field that touchpoints are split by. */
struct probe {
    str name; /* "place", "channel", "prop:X" */
    struct texts texts;
    i32 slot;   /* in the lens */
    i64 values; /* codes are below this; 1: too many to be told apart */
    u32 *cells; /* [touchpoint × (values + 1) + code]: cell + 1 */
};

/* A part of a touchpoint that is left out of the count: what is known to be bad is no measure for what is good. */
struct facet {
    i64 touchpoint, probe;
    u32 code;
};

struct findings_count {
    const struct asking *asking;
    const struct journey_version *version;
    i64 touchpoint_count;
    i64 from_ms; /* now begins */
    struct steps_plan plan;
    struct answer_codes codes;
    struct probe probes[PROBES_MAX];
    i64 probe_count;
    str mishaps[MISHAPS_MAX];      /* unhappy kinds of events, the first ones by their bytes */
    u32 mishap_codes[MISHAPS_MAX]; /* in the index */
    i64 mishap_count;
    i64 first_ms; /* of all events */
    const struct facet *without;
    i64 without_count;
    err (*read)(
        struct findings_count *count); /* fills `whole` and `cells` and those of the probes, without the facets */
    struct part *part;                 /* of the first count: what it kept serves the next */
    void *self;                        /* of who reads from elsewhere than the index */
    struct cell *whole;                /* [touchpoint] */
    struct cell *cells;
    i64 cell_count, cell_capacity;
};

/* Gives every property worth splitting by (few values, many events) a column; `out` are their names, in the context's
 * arena. */
err findings_promote(struct ctx *ctx, struct index *index, struct names *out);

/* Fields and unhappy kinds; `from_ms` is where now begins. */
err findings_prepare(const struct asking *asking, i64 from_ms, const struct names *props, struct findings_count *out);

/* Is it a kind that nobody hopes for? And the kinds that are, the first MISHAPS_MAX by their bytes. */
bool findings_is_unhappy(struct arena *arena, str kind);
void findings_sort_mishaps(struct findings_count *count, str *kinds, i64 kind_count);

/* May a property of so many values, on so many events, be one to split by? */
bool findings_splits(str name, i64 values, i64 events);

/* Adds a field to split by, when it has values. */
void findings_add_probe(struct findings_count *count, struct probe probe);

/* Adds the figures of a part of a touchpoint: a number for `probe.cells`. */
u32 findings_add_cell(struct findings_count *count, struct cell cell);

/* Counts what the asking takes, anew, without some facets. */
err findings_count(struct findings_count *count, const struct facet *without, i64 without_count);

/* The same from the index: `read` of what findings_prepare made. */
err findings_scan(struct findings_count *count);
void findings_count_free(struct findings_count *count);
