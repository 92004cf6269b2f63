/* The journeys of the company: drafts, published versions, and which events lie on them.
 *
 * A published version never changes and is kept in memory for good. A version
 * decides for the events from its `from_ms` on: the first from ever, a later one
 * from its publication unless it was published for history too. Of several that
 * reach back to an event the newest decides, so adopting touchpoints for events
 * that lay on none changes nothing that was answered before.
 */
#pragma once

#include "journey/derive.h"
#include "journey/journey_map.h"
#include "store/store.h"

struct journeys;

/* What an editor sees: the draft, or a published version. */
struct journey {
    i64 id;
    str name, description;
    struct maybe_i64 version; /* newest published one */
    i64 published_ms;
    bool draft; /* there are changes that are not published */
    str etag;
    struct shape_list stages, lanes, touchpoints;
};
extern const struct shape journey_shape, journey_summary_shape;

struct journey_version {
    i64 version, published_ms;
    str by;
    i64 from_ms;
    struct journey_map map;
    struct condition *where, *when; /* of each touchpoint, and of its next act */
    i64 *within_ms;                 /* 0: no next act */
    struct ctx ctx;                 /* its memory */
};
extern const struct shape journey_version_shape;

/* Reads every published version. */
err journeys_open(struct ctx *ctx, struct store *store, struct journeys **out);
void journeys_close(struct journeys *journeys);

/* Editing. ERR_NOT_FOUND for an id that is none. */
err journeys_list(struct ctx *ctx, struct journeys *journeys, struct shape_list *out);

/* version 0: the newest published one, or the draft of a journey that has none; -1: the draft. */
err journeys_get(struct ctx *ctx, struct journeys *journeys, i64 id, i64 version, struct journey *out);

struct journey_new {
    str name;
    bool standard; /* with the stages of the standard template */
    i32 language;  /* enum language: of the names in it */
    str by;
};

/* A new journey; with a template it is published at once, so that events have a map to be put on. */
err journeys_create(struct ctx *ctx, struct journeys *journeys, const struct journey_new *new, i64 *id);

/* Replaces the draft. ERR_STALE when `etag` is given and is not that of the present draft (or, without one, of the
 * published version). */
err journeys_put_draft(struct ctx *ctx, struct journeys *journeys, i64 id, const struct journey_map *map, str etag);

/* Publishes the draft; it decides for events from `from_ms` on (INT64_MIN: all). A version that follows one without touchpoints
 * takes over where that began. ERR_CONFLICT (error.map.no_draft) when there is nothing to publish. */
err journeys_publish(struct ctx *ctx, struct journeys *journeys, i64 id, i64 from_ms, str by);

/* Appends touchpoints to the newest published version and publishes that, for the same time as the version before it. Ids that are
 * taken get a number. */
err journeys_adopt(struct ctx *ctx, struct journeys *journeys, i64 id, struct shape_list touchpoints, str by);

/* Removes every journey, for starting over. */
err journeys_clear(struct ctx *ctx, struct journeys *journeys);

err journeys_versions(struct ctx *ctx, struct journeys *journeys, i64 id, struct shape_list *out);

/* Asking. */

/* The versions that take part in an answer. */
struct journey_view {
    i64 id;
    i64 version;  /* 0: the one in force at each event decides */
    i64 as_of_ms; /* versions published later are not known yet; 0: all are */
    bool alone;   /* of one question: nothing about it is kept */
    const struct journey_version
        *newest; /* names, order, next acts and targets are taken from it; NULL: nothing is published */
    const struct journey_version **taking; /* ordered by the moment from which they decide */
    i64 *from_ms;
    i64 count;
};

/* The view of a journey; id 0 takes the oldest published one, and an empty view where there is none. ERR_INVALID
 * (error.ask.journey, error.ask.version) for what does not exist. */
err journeys_view(struct ctx *ctx, struct journeys *journeys, i64 id, i64 version, i64 as_of_ms,
                  struct journey_view *out);

/* A map of one touchpoint for one question: what begins (`where`), and what should follow (`when`) `within` which time. Lives as
 * long as the context. ERR_INVALID names what is no condition or no duration. */
struct journey_alone {
    str id, name, where, when, within;
};
err journey_alone(struct ctx *ctx, const struct journey_alone *of, const struct journey_version **out);
void journeys_view_alone(struct ctx *ctx, const struct journey_version *version, struct journey_view *out);

/* Ids of all journeys with a published version. */
err journeys_published(struct ctx *ctx, struct journeys *journeys, struct id_list *out);

/* Properties that the maps of a view look at: to be promoted before the index is viewed. */
void journeys_props(const struct journey_view *view, struct names *names);

/* The different (touchpoint, stage, department) of all versions of a view, and each version's codes for its touchpoints. */
struct derivation {
    struct touch *touches; /* [code]; [0] is "on no touchpoint" */
    u32 count;             /* the highest code */
    const struct derive_version *versions;
    i64 version_count;
};
void journeys_derivation(struct arena *arena, const struct journey_view *view, struct derivation *out);

/* Which touchpoint every row is on, as a column of the view; valid until the context ends. NULL where nothing is published. */
err journeys_derive(struct ctx *ctx, struct journeys *journeys, struct view *view, const struct journey_view *journey,
                    const struct derived **out);

/* Forgets which touchpoint rows are on: after an index was replaced. */
void journeys_forget(struct journeys *journeys);
