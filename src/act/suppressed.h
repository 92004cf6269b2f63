/* Addresses that refused mail for good. Nothing is mailed to them until somebody who knows better says that they take mail again;
 * who refuses once more is back among them. Only keyed digests are kept, so whose they are is found from the people's side. */
#pragma once

#include "act/act.h"

struct suppression {
    str address;
    str reason; /* SEND_… */
    i64 since_ms;
};
extern const struct shape suppression_shape;

/* Those among the e-mail addresses of some aliases. */
err suppressed_list(struct ctx *ctx, struct act *act, const struct str_list *aliases, struct shape_list *out);

/* Lifts them; ERR_NOT_FOUND where there are none. Inside store_write it is part of that transaction. */
err suppressed_lift(struct ctx *ctx, struct act *act, const struct str_list *aliases);
