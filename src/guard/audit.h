/* The audit log: who changed what, and who read personal data. Append-only; each entry carries the digest
 * of the one before it, so that a removed or altered entry shows. */
#pragma once

#include "guard/guard.h"

struct audit_entry {
    i64 id, at_ms;
    str who, action, object, detail, address;
    str digest; /* of this entry and the digest before it, hexadecimal */
};

extern const struct shape audit_entry_shape;

/* Appends; the action is a word like "user.create" or "people.read", the object an id or name. Control characters are
 * written as escapes. Call it inside the store transaction of the change, or alone. */
struct audit {
    str action, object, detail, address;
};
err audit_add(struct ctx *ctx, struct guard *guard, const struct principal *who, const struct audit *what);

/* Newest first, before the entry `before` (0: from the end). */
err audit_list(struct ctx *ctx, struct guard *guard, i64 before, i64 limit, struct shape_list *out);

/* ERR_CORRUPT with the id of the first entry whose digest does not follow from the one before it. */
err audit_verify(struct ctx *ctx, struct guard *guard);
