/* Saved views of the inbox: a filter under a name, for oneself or for everybody.
 *
 * A view names nobody: who asks for a person or for words that name one does so each time, so that an erasure need not look
 * here. A view with a person is refused; one whose words name an erased person goes with that person.
 */
#pragma once

#include "listen/voices/filter.h"

enum { VIEWS_MAX = 2000, VIEW_NAME_MAX = 200 };

struct view_saved {
    i64 id;
    str name, filter; /* JSON */
    bool shared;
    i64 owner; /* the user; 0: a key */
    str by;
    bool may_change;
    i64 created_ms, changed_ms;
};
extern const struct shape view_saved_shape;

/* Fills in id, owner, name of the owner and times. ERR_INVALID below "filter" for what is none or names a person
 * (error.feedback.view_person). */
err view_add(struct ctx *ctx, struct store *store, const struct principal *who, struct view_saved *view);
err view_list(struct ctx *ctx, struct store *store, const struct principal *who, struct shape_list *out);
/* ERR_NOT_FOUND for what is another's and not shared. */
err view_get(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct view_saved *out);
/* ERR_FORBIDDEN (error.saved.others) for another's. */
err view_change(struct ctx *ctx, struct store *store, const struct principal *who, struct view_saved *view);
err view_remove(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct view_saved *removed);

/* Removes the views that hold one of these texts (an erased person's values). */
err view_erase(struct ctx *ctx, struct store *store, const struct str_list *texts);
