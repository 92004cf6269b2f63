/* The inside of people/: what its files share. Nobody outside people/ includes this. */
#pragma once

#include "people/people.h"

/* A trait that an event states; `name` and `value` live as long as the group. */
struct trait {
    i64 alias_id, at_ms, event;
    str name, value; /* value is JSON */
};
extern const struct shape trait_shape;

struct people {
    struct store *store;
    struct identity *identity;
    alias_no saved;     /* aliases up to this number are in the records */
    i64 cursor;         /* the newest event whose consequences are in the records */
    i64 kept_cursor;    /* the cursor as it is written down */
    i64 unkept;         /* events since then */
    struct link *links; /* found, not yet in the records; `event` and ends as in identity.h */
    i64 link_count, link_capacity;
    i64 *born; /* [alias - saved - 1]: the event and time that brought an alias not yet saved */
    i64 born_capacity;
};

/* forget.c: these events are gone. */
err people_forget(void *self, struct ctx *ctx, const i64 *ids, i64 count);

/* traits.c */

/* The newest value of each trait among rows sorted oldest first, as a JSON object. */
str traits_object(struct arena *arena, const struct shape_list *rows);

/* How the holder is called according to the traits; none when they do not say. */
str traits_name(struct arena *arena, struct json traits);

/* Writes a trait unless the same value is already known from before; true in `*changed` when it was written. */
err trait_put(struct ctx *ctx, struct people *people, const struct trait *trait, bool *changed);

/* What an alias is found by: its value and the names in its traits. */
err alias_fold(struct ctx *ctx, struct people *people, i64 alias_id, str alias);

/* "user:U1" → "user" and "U1". */
str alias_kind(str alias);
str alias_value(str alias);
