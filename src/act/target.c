#include "act/target.h"

#include "act/state.h"
#include "base/clock.h"
#include "base/id.h"
#include "http/webhook.h"

static const struct shape_field target_fields[] = {
    {"id", SHAPE_ID, offsetof(struct target, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct target, name), .flags = SHAPE_REQUIRED},
    {"url", SHAPE_STR, offsetof(struct target, url), .flags = SHAPE_REQUIRED, .help = "shape.target.url"},
    {"on", SHAPE_BOOL, offsetof(struct target, enabled), .flags = SHAPE_REQUIRED},
    {"secret", SHAPE_STR, offsetof(struct target, secret), .flags = SHAPE_OMIT_NONE, .help = "shape.target.secret"},
    {"old_until_ms", SHAPE_TIME, offsetof(struct target, old_until_ms), .help = "shape.target.old_until_ms"},
    {"last_class", SHAPE_I64, offsetof(struct target, last_class), .flags = SHAPE_REQUIRED,
     .help = "shape.target.last_class"},
    {"last_ms", SHAPE_TIME, offsetof(struct target, last_ms)},
    {"failing_ms", SHAPE_TIME, offsetof(struct target, failing_ms), .help = "shape.target.failing_ms"},
    {"created_ms", SHAPE_TIME, offsetof(struct target, created_ms), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, offsetof(struct target, by), .flags = SHAPE_REQUIRED},
};
const struct shape target_shape = SHAPE("WebhookTarget", struct target, target_fields, "shape.target");

/* What signs, as it is kept. */
struct secrets {
    str url, secret, old_secret;
    bool enabled;
    i64 old_until_ms;
};
static const struct shape_field secrets_fields[] = {
    {"url", SHAPE_STR, offsetof(struct secrets, url)},
    {"on", SHAPE_BOOL, offsetof(struct secrets, enabled)},
    {"secret", SHAPE_STR, offsetof(struct secrets, secret)},
    {"old_secret", SHAPE_STR, offsetof(struct secrets, old_secret)},
    {"old_until_ms", SHAPE_TIME, offsetof(struct secrets, old_until_ms)},
};
static const struct shape secrets_shape = SHAPE("TargetSecrets", struct secrets, secrets_fields, NULL);

static err found(struct ctx *ctx, err code)
{
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found") : code;
}

err target_check(struct ctx *ctx, struct act *act, str url)
{
    return out_check(ctx, act->options.out, url, "url");
}

err target_add(struct ctx *ctx, struct act *act, struct target *target)
{
    i64 count = 0;
    TRY(store_number(ctx, act->store, SQL_TARGET_COUNT, ARGS_NONE, &count));
    if (count >= TARGETS_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.target.full", {"most", str_format(&ctx->arena, "%d", TARGETS_MAX)});
    }
    target->id = id_new();
    target->enabled = true;
    target->secret = webhook_secret(&ctx->arena);
    target->created_ms = ctx_now_ms(ctx);
    return store_run(ctx, act->store, SQL_TARGET_ADD,
                     ARGS(ARG_ID("id", target->id), ARG_STR("name", target->name), ARG_STR("url", target->url),
                          ARG_STR("secret", seal(ctx, act, target->secret)), ARG_I64("created_ms", target->created_ms),
                          ARG_STR("by", target->by)),
                     NULL);
}

err target_change(struct ctx *ctx, struct act *act, const struct target *target)
{
    return store_run(ctx, act->store, SQL_TARGET_CHANGE,
                     ARGS(ARG_ID("id", target->id), ARG_STR("name", target->name), ARG_STR("url", target->url),
                          ARG_I64("on", target->enabled)),
                     NULL);
}

err target_remove(struct ctx *ctx, struct act *act, i64 id)
{
    i64 removed = 0;
    TRY(store_run(ctx, act->store, SQL_TARGET_REMOVE, ARGS(ARG_ID("id", id)), &removed));
    return found(ctx, removed == 0 ? ERR_NOT_FOUND : OK);
}

err target_get(struct ctx *ctx, struct act *act, i64 id, struct target *out)
{
    *out = (struct target){0};
    return found(ctx, store_one(ctx, act->store, SQL_TARGET_ROW, ARGS(ARG_ID("id", id)), &target_shape, out));
}

err target_list(struct ctx *ctx, struct act *act, struct shape_list *out)
{
    return store_all(ctx, act->store, SQL_TARGET_ROWS, ARGS_NONE, &target_shape, out);
}

err target_rotate(struct ctx *ctx, struct act *act, i64 id, struct target *out)
{
    str secret = webhook_secret(&ctx->arena);
    i64 until_ms = ctx_now_ms(ctx) + (i64)SECRET_OVERLAP_DAYS * 24 * 3600 * 1000;
    TRY(target_get(ctx, act, id, out));
    TRY(store_run(ctx, act->store, SQL_TARGET_ROTATE,
                  ARGS(ARG_ID("id", id), ARG_STR("secret", seal(ctx, act, secret)), ARG_I64("until_ms", until_ms)),
                  NULL));
    out->secret = secret;
    out->old_until_ms = until_ms;
    return OK;
}

static err note(struct ctx *ctx, struct act *act, i64 id, i32 status)
{
    return store_run(ctx, act->store, SQL_TARGET_NOTE,
                     ARGS(ARG_ID("id", id), ARG_I64("class", status / 100), ARG_I64("now_ms", clock_ms()),
                          ARG_I64("off", status == 410)),
                     NULL);
}

err target_call(struct ctx *ctx, struct act *act, const struct target_call *call, i32 *status)
{
    struct secrets row = {0};
    str secrets[WEBHOOK_SECRETS_MAX];
    struct webhook webhook = {.secrets = {secrets, 1}, .id = call->message, .body = call->body};
    *status = 0;
    TRY(found(ctx, store_one(ctx, act->store, SQL_TARGET_SECRETS, ARGS(ARG_ID("id", call->id)), &secrets_shape, &row)));
    if (!row.enabled) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.target.off");
    }
    TRY(unseal(ctx, act, row.secret, &secrets[0]));
    if (str_is(row.old_secret) && row.old_until_ms > ctx_now_ms(ctx)) {
        TRY(unseal(ctx, act, row.old_secret, &secrets[1]));
        webhook.secrets.count = 2;
    }
    webhook.url = row.url;
    err code = webhook_send(ctx, act->options.out, &webhook, status);
    struct ctx here = {0}; // the description of the failure stays the caller's
    err noted = note(&here, act, call->id, *status);
    ctx_end(&here);
    return code != OK ? code : noted;
}
