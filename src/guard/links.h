/* One-time links: how people get a password without mail. A link is for one purpose, works once, and expires. */
#pragma once

#include "guard/users.h"

enum link_purpose { LINK_OWNER, LINK_INVITATION, LINK_RESET, LINK_PURPOSE_COUNT_ };
extern const char *const link_words[LINK_PURPOSE_COUNT_ + 1];

enum { LINK_DAYS = 7 };

struct link {
    i32 purpose; /* enum link_purpose */
    i64 user;    /* 0: the owner to be */
    str email, name;
    i32 role;
};

/* A new token; earlier links of the same user (or for the owner) end. */
err link_create(struct ctx *ctx, struct guard *guard, enum link_purpose purpose, i64 user, str *token);

/* What the link is for. ERR_NOT_FOUND (error.link) when it was used, is too old, or never was. */
err link_look(struct ctx *ctx, struct guard *guard, str token, struct link *out);

/* Uses it up: sets the password, and creates the owner where there is none. `email` and `name` are needed for an owner
 * and left alone otherwise (name may be given). The user's id comes back. */
struct link_answer {
    str token, email, name, password;
};
err link_accept(struct ctx *ctx, struct guard *guard, const struct link_answer *answer, i64 *user);
