#include "act/suppressed.h"

#include "act/gate.h"
#include "people/state.h"

static const struct shape_field fields[] = {
    {"address", SHAPE_STR, offsetof(struct suppression, address), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL},
    {"reason", SHAPE_STR, offsetof(struct suppression, reason), .flags = SHAPE_REQUIRED, .help = "shape.send.reason"},
    {"since_ms", SHAPE_TIME, offsetof(struct suppression, since_ms), .flags = SHAPE_REQUIRED},
};
const struct shape suppression_shape = SHAPE("Suppression", struct suppression, fields, "shape.suppression");

static const struct shape_field row_fields[] = {
    {"reason", SHAPE_STR, offsetof(struct suppression, reason)},
    {"since_ms", SHAPE_TIME, offsetof(struct suppression, since_ms)},
};
static const struct shape row_shape = SHAPE("SuppressionRow", struct suppression, row_fields, NULL);

err suppressed_list(struct ctx *ctx, struct act *act, const struct str_list *aliases, struct shape_list *out)
{
    struct suppression *items = arena_new(&ctx->arena, struct suppression, greater(aliases->count, 1));
    *out = (struct shape_list){items, 0};
    for (i64 i = 0; i < aliases->count; i++) {
        if (!str_eq(alias_kind(aliases->items[i]), STR("email"))) {
            continue;
        }
        struct suppression *item = &items[out->count];
        item->address = alias_value(aliases->items[i]);
        err code = store_one(ctx, act->store, SQL_SUPPRESSED_ROW,
                             ARGS(ARG_STR("address", gate_address(ctx, act, item->address))), &row_shape, item);
        if (code != OK && code != ERR_NOT_FOUND) {
            return code;
        }
        out->count += code == OK ? 1 : 0;
    }
    return OK;
}

err suppressed_lift(struct ctx *ctx, struct act *act, const struct str_list *aliases)
{
    struct shape_list list;
    TRY(suppressed_list(ctx, act, aliases, &list));
    const struct suppression *items = list.items;
    for (i64 i = 0; i < list.count; i++) {
        TRY(store_run(ctx, act->store, SQL_SUPPRESS_LIFT,
                      ARGS(ARG_STR("address", gate_address(ctx, act, items[i].address))), NULL));
    }
    return list.count > 0 ? OK : ERR_NOT_FOUND;
}
