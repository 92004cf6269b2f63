/* People: whose aliases, what is said about them, how they are found and how they are forgotten.
 *
 * Everything here but erasures follows from the event log, in whatever order it
 * is read: the room follows the log and writes, in one transaction of the
 * records for each group, the aliases that are new, the links that an event
 * proves, and the traits it states. An event keeps the alias it arrived under; who is one person is
 * computed from the links (identity.h) and changes no event.
 *
 * What listening puts into an event for us stands below "$" in its props:
 *
 *     {"$":{"trust":"server","anonymous":"A1","email":"a@b.vn","phone":"+84…","previous":"B","traits":{…}}}
 *
 * A browser's word about an e-mail or telephone number is a claim: it is kept as
 * a trait and joins nobody.
 */
#pragma once

#include "events/log.h"
#include "json/shape.h"
#include "people/identity.h"
#include "store/store.h"

struct people;

/* Reads aliases and links into memory. */
err people_open(struct ctx *ctx, struct store *store, struct people **out);
void people_close(struct people *people);

/* Lock it with identity_lock before the first look. */
struct identity *people_identity(struct people *people);

/* The room as a follower of the log. Alone with the records it has a durable cursor: the newest event whose consequences are
 * there. Where records are shared there is none, because ids of several processes interleave: every process gives its own groups,
 * and those of dead ones, in any order and perhaps twice; the log remembers which still are to be given. Followed inside the log's
 * store_write it is part of that transaction. */
struct event_follower people_follower(struct people *people);

/* Several processes on the same records; nothing of this does anything where they are not shared.
 *
 * Each has its own replica of identity in memory. Its reader brings it up to date first, once at the beginning of what must hang
 * together. */

/* Takes over what other processes have written, and tells the log's server who moved if nobody has. One statement when there is
 * nothing new. ERR_UNAVAILABLE when a server is away. Not inside store_write. */
err people_catch_up(struct ctx *ctx, struct people *people);

/* The ids of the aliases of events, put into the events: aliases that are new are written. Part of the caller's store_write, if
 * there is one; the event must have its id. The first parameter is the struct people. */
err people_prepare(void *self, struct ctx *ctx, struct event *items, i64 count);

/* After a group is followed and committed: the same as people_catch_up. Failing does no harm, as whoever asks does it again. */
err people_settle(void *self, struct ctx *ctx);

/* Who keeps for each alias whose person it is, outside: told before people_catch_up returns, in any order; of two words about an
 * alias the one of the higher version counts. */
struct people_moving {
    err (*put)(void *self, struct ctx *ctx, const struct moved *items, i64 count, i64 version);
    void *self;
};
void people_tell_moves(struct people *people, const struct people_moving *with);

/* Has everything told again at the next people_catch_up: what was kept outside is lost, or new. */
err people_tell_anew(struct ctx *ctx, struct people *people);

/* How far the records lag behind the log is written down when the log closes or now. Nothing to do where records are shared. */
err people_keep_cursor(struct ctx *ctx, struct people *people);

/* A person for the eyes. */

struct person_alias {
    str kind, value;
    bool verified; /* a server, an import or staff vouches for it */
    i64 since_ms;
};
extern const struct shape person_alias_shape;

struct person {
    i64 id;
    str name;                  /* as the person writes it, family name first; else an alias */
    str traits;                /* a JSON object: the newest value of each */
    struct shape_list aliases; /* struct person_alias */
};

/* ERR_NOT_FOUND for an id that no alias has. An id of a younger alias gives the person it belongs to. */
err people_get(struct ctx *ctx, struct people *people, i64 id, struct person *out);

/* All aliases of a person, whole ("user:U1"), in the context's arena. */
err people_aliases(struct ctx *ctx, struct people *people, i64 id, struct str_list *out);

/* The id of the person who has an alias ("user:U1") or whose id text it is; ERR_NOT_FOUND otherwise. */
err people_resolve(struct ctx *ctx, struct people *people, str text, i64 *id);

/* Persons whose name, e-mail, number or id holds `text` (any case, tone, đ), the newest first; everybody without a text.
 * `before` is the cursor of the page before, 0 for the first; `*next` is 0 at the end. */
struct people_query {
    str text;
    i64 before, limit;
};
err people_list(struct ctx *ctx, struct people *people, const struct people_query *query, struct id_list *ids,
                i64 *next);

/* Calls `each` with the values of a trait, oldest first: of several for one person (its oldest alias) the last one counts.
 * Texts come without quotes, other values as JSON. The identity must not be locked. */
err people_trait(struct ctx *ctx, struct people *people, str name, err (*each)(void *self, alias_no person, str value),
                 void *self);

/* Writes anew by what everybody is found; people_open does it when there is nothing. */
err people_refold(struct ctx *ctx, struct people *people);

/* Forgets aliases that no event and no link speaks of any more: after events were deleted. Where records are shared it waits for
 * what is under way. */
err people_prune(struct ctx *ctx, struct people *people, struct events *log);

/* Erasing. */

/* Who else keeps traces and removes them: lists of refused lines, the debugger. `texts` are values that name the person ("U1"), or
 * whole aliases ("user:U1") where that was wished. */
struct people_trace {
    void *self;
    err (*erase)(void *self, struct ctx *ctx, const struct str_list *texts);
    bool aliases;
};

struct erasure {
    i64 id, person, asked_ms, done_ms, events, aliases;
    str digest;
    str pending;
};
extern const struct shape erasure_shape;

struct people_erasing {
    struct events *events;
    const struct people_trace *traces;
    i64 trace_count;
};

/* Removes a person from the log, the records and everything that follows them, and writes a certificate without
 * personal data. Interrupted by a crash, it goes on with people_erase_pending. */
err people_erase(struct ctx *ctx, struct people *people, const struct people_erasing *with, i64 id,
                 struct erasure *out);
err people_erase_pending(struct ctx *ctx, struct people *people, const struct people_erasing *with);
