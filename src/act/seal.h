/* Secrets as they lie in the records: sealed with the key of the installation, so that a copy of the records alone
 * signs nothing. */
#pragma once

#include "base/ctx.h"

struct act;

str seal(struct ctx *ctx, const struct act *act, str secret);

/* ERR_CORRUPT when it was sealed with another key. */
err unseal(struct ctx *ctx, const struct act *act, str sealed, str *out);
