/* Forgetting people who answered. */
#pragma once

#include "store/store.h"

/* Removes the responses and invitations of these aliases ("user:U1") with everything that was sent along. From what others or
 * nobody answered it takes out the contact answers that hold one of their e-mail addresses or telephone numbers, however it was
 * written; of nobody's responses also the files and hidden fields. Scores and texts stay: they say no more whose they are. */
err survey_forget(struct ctx *ctx, struct store *store, const struct str_list *aliases);
