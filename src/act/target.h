/* Webhook targets: where signed calls go (http/webhook.h). A secret is shown once, when it is made. */
#pragma once

#include "act/act.h"

enum { TARGETS_MAX = 200, TARGET_NAME_MAX = 200, SECRET_OVERLAP_DAYS = 7 };

struct target {
    i64 id;
    str name, url;
    bool enabled;
    str secret;       /* only when it was made in this moment */
    i64 old_until_ms; /* until then the secret before signs as well */
    i64 last_class;   /* 2: the last call was answered with 2xx; 0: no answer, or not called yet */
    i64 last_ms, failing_ms;
    i64 created_ms;
    str by;
};
extern const struct shape target_shape;

/* Fills in id, secret and time. ERR_INVALID (/url) for an address that may not be called. add, change and rotate write inside the
 * caller's store_write; target_check goes before it, as it asks the name server. */
err target_check(struct ctx *ctx, struct act *act, str url);
err target_add(struct ctx *ctx, struct act *act, struct target *target);
err target_change(struct ctx *ctx, struct act *act, const struct target *target);
err target_remove(struct ctx *ctx, struct act *act, i64 id);
err target_get(struct ctx *ctx, struct act *act, i64 id, struct target *out);
err target_list(struct ctx *ctx, struct act *act, struct shape_list *out);

/* A new secret; the old one signs beside it for SECRET_OVERLAP_DAYS, so that the receiver changes when it likes. */
err target_rotate(struct ctx *ctx, struct act *act, i64 id, struct target *out);

/* Calls a target. `status` is what was answered, 0 without an answer; failures as webhook_send. Notes how it went. Not inside
 * store_write. */
struct target_call {
    i64 id;
    str message; /* the same at every attempt */
    str body;
};
err target_call(struct ctx *ctx, struct act *act, const struct target_call *call, i32 *status);
