/* People: whose aliases, what is said about them, how they are found and how they are forgotten.
 *
 * Everything here but erasures follows from the event log: the room follows the
 * log and writes, in one transaction of the records for each group, the aliases
 * that are new, the links that an event proves, the traits it states, and how
 * far it came. An event keeps the alias it arrived under; who is one person is
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

/* The room as a follower of the log, with a durable cursor. */
struct event_follower people_follower(struct people *people);

/* How far the records lag behind the log is written down when the log closes or now. */
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
 * Texts come without quotes, other values as JSON. The identity must be locked for reading. */
err people_trait(struct ctx *ctx, struct people *people, str name, err (*each)(void *self, alias_no person, str value),
                 void *self);

/* Forgets aliases that no event and no link speaks of any more: after events were deleted. */
err people_prune(struct ctx *ctx, struct people *people, struct events *log);

/* Erasing. */

/* Who else keeps traces and removes them: lists of refused lines, the debugger. `texts` are values that name the person. */
struct people_trace {
    void *self;
    err (*erase)(void *self, struct ctx *ctx, const struct str_list *texts);
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
