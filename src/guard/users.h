/* The people who may sign in. */
#pragma once

#include "guard/guard.h"

struct user {
    i64 id;
    str email, name;
    i32 role;                            /* enum role */
    str language;                        /* "vi", "en"; none: the browser's */
    bool active, invited;                /* invited: has not set a password yet */
    struct str_list places, departments; /* empty: all */
    i64 created_ms;
};
extern const struct shape user_shape;

/* A user without a password, who gets one by an invitation. ERR_CONFLICT (error.email_taken), ERR_INVALID for what is no
 * address. The e-mail is folded. */
err user_create(struct ctx *ctx, struct guard *guard, struct user *user);
err user_list(struct ctx *ctx, struct guard *guard, struct shape_list *out);
err user_find(struct ctx *ctx, struct guard *guard, i64 id, struct user *out);
err user_by_email(struct ctx *ctx, struct guard *guard, str email, struct user *out);

/* Stores name, role, language, active, places and departments. A deactivated user's sessions and links end at once, and so do
 * the API keys that user made. ERR_CONFLICT (error.last_owner) when nobody could administer any more. */
err user_change(struct ctx *ctx, struct guard *guard, const struct user *user);

/* Sets a new password and ends all sessions and links of the user. */
err user_password(struct ctx *ctx, struct guard *guard, i64 id, str password);

/* OK when it is the user's password; ERR_INVALID (error.password_wrong) otherwise. Counts as an attempt to sign in. */
err user_proves(struct ctx *ctx, struct guard *guard, i64 id, str password, str address);

/* True while nobody can administer: no owner has set a password. */
err users_need_owner(struct ctx *ctx, struct guard *guard, bool *out);

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 200, EMAIL_MAX = 254, NAME_MAX_BYTES = 200 };
