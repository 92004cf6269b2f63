#include "act/rule.h"

#include "base/id.h"

static const struct shape_field rule_fields[] = {
    {"id", SHAPE_ID, offsetof(struct rule, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct rule, name), .flags = SHAPE_REQUIRED},
    {"on", SHAPE_BOOL, offsetof(struct rule, enabled), .flags = SHAPE_REQUIRED, .help = "shape.rule.on"},
    {"when", SHAPE_JSON, offsetof(struct rule, when), .flags = SHAPE_REQUIRED, .help = "shape.rule.when"},
    {"if", SHAPE_JSON, offsetof(struct rule, condition), .flags = SHAPE_REQUIRED, .help = "shape.rule.if"},
    {"wait", SHAPE_STR, offsetof(struct rule, wait), .help = "shape.rule.wait"},
    {"share", SHAPE_F64, offsetof(struct rule, share), .flags = SHAPE_REQUIRED, .help = "shape.rule.share"},
    {"hold_out", SHAPE_F64, offsetof(struct rule, hold_out), .flags = SHAPE_REQUIRED, .help = "shape.rule.hold_out"},
    {"once", SHAPE_JSON, offsetof(struct rule, once), .help = "shape.rule.once"},
    {"fresh", SHAPE_STR, offsetof(struct rule, fresh), .help = "shape.rule.fresh"},
    {"then", SHAPE_JSON, offsetof(struct rule, actions), .flags = SHAPE_REQUIRED, .help = "shape.rule.then"},
    {"since_ms", SHAPE_TIME, offsetof(struct rule, since_ms), .flags = SHAPE_REQUIRED, .help = "shape.rule.since_ms"},
    {"created_ms", SHAPE_TIME, offsetof(struct rule, created_ms), .flags = SHAPE_REQUIRED},
    {"changed_ms", SHAPE_TIME, offsetof(struct rule, changed_ms), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, offsetof(struct rule, by), .flags = SHAPE_REQUIRED},
};
const struct shape rule_shape = SHAPE("Rule", struct rule, rule_fields, "shape.rule");

static err full(struct ctx *ctx, struct store *store)
{
    i64 count = 0;
    TRY(store_number(ctx, store, SQL_RULE_COUNT, ARGS_NONE, &count));
    return count < RULES_MAX
               ? OK
               : FAIL(ctx, ERR_CONFLICT, NULL, "error.rule.full", {"most", str_format(&ctx->arena, "%d", RULES_MAX)});
}

/* What an absent member means is written down, so that a rule reads the same for everybody. */
static void settle(struct rule *rule)
{
    rule->condition = str_is(rule->condition) ? rule->condition : STR("[]");
    rule->share = rule->share <= 0 ? 1 : rule->share;
}

err rule_add(struct ctx *ctx, struct store *store, struct rule *rule)
{
    TRY(full(ctx, store));
    settle(rule);
    rule->id = id_new();
    rule->created_ms = rule->changed_ms = rule->since_ms = ctx_now_ms(ctx);
    TRY(store_run(ctx, store, SQL_RULE_ADD, ARGS_OF(&rule_shape, rule), NULL));
    return store_run(ctx, store, SQL_RULE_VERSION_GROW, ARGS_NONE, NULL);
}

err rule_change(struct ctx *ctx, struct store *store, const struct rule *before, struct rule *rule)
{
    settle(rule);
    rule->changed_ms = ctx_now_ms(ctx);
    if (rule->enabled && (!before->enabled || !str_eq(before->when, rule->when))) {
        rule->since_ms = rule->changed_ms;
    }
    TRY(store_run(ctx, store, SQL_RULE_CHANGE, ARGS_OF(&rule_shape, rule), NULL));
    return store_run(ctx, store, SQL_RULE_VERSION_GROW, ARGS_NONE, NULL);
}

static err found(struct ctx *ctx, err code)
{
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found") : code;
}

err rule_get(struct ctx *ctx, struct store *store, i64 id, struct rule *out)
{
    *out = (struct rule){0};
    return found(ctx, store_one(ctx, store, SQL_RULE_ROW, ARGS(ARG_ID("id", id)), &rule_shape, out));
}

err rule_remove(struct ctx *ctx, struct store *store, i64 id)
{
    i64 removed = 0;
    TRY(store_run(ctx, store, SQL_RULE_REMOVE, ARGS(ARG_ID("id", id)), &removed));
    TRY(found(ctx, removed == 0 ? ERR_NOT_FOUND : OK));
    return store_run(ctx, store, SQL_RULE_VERSION_GROW, ARGS_NONE, NULL);
}

err rule_list(struct ctx *ctx, struct store *store, struct shape_list *out)
{
    return store_all(ctx, store, SQL_RULE_ROWS, ARGS_NONE, &rule_shape, out);
}
