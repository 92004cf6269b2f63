/* Forgetting people who answered. */
#pragma once

#include "store/store.h"

/* Removes the responses and invitations of these aliases ("user:U1") with everything that was sent along. */
err survey_forget(struct ctx *ctx, struct store *store, const struct str_list *aliases);

/* Removes responses in which somebody wrote one of these values as a name, address or number. */
err survey_forget_contacts(struct ctx *ctx, struct store *store, const struct str_list *values);
