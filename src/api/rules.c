/* Rules: /api/v1/rules. */
#include "act/runs.h"
#include "act/trial.h"
#include "api/people.h"
#include "api/routes.h"
#include "base/id.h"

#define PART(name_, member, flags_, help_)                                                                             \
    {                                                                                                                  \
        (name_), SHAPE_JSON, offsetof(struct rule, member), .min = 2, .max = RULE_PART_MAX, .flags = (flags_),         \
                                                            .help = (help_)                                            \
    }

/* The same members in the same order for both, so that the bits of what was given mean the same. */
#define RULE_FIELDS(required)                                                                                          \
    {"name", SHAPE_STR, offsetof(struct rule, name), .min = 1, .max = RULE_NAME_MAX, .flags = (required)},             \
        {"on", SHAPE_BOOL, offsetof(struct rule, enabled), .help = "shape.rule.on"},                                   \
        PART("when", when, required, "shape.rule.when"), PART("if", condition, 0, "shape.rule.if"),                    \
        {"wait", SHAPE_STR, offsetof(struct rule, wait), .max = 20, .help = "shape.rule.wait"},                        \
        {"share", SHAPE_F64, offsetof(struct rule, share), .min = 0, .max = 1, .help = "shape.rule.share"},            \
        {"hold_out", SHAPE_F64, offsetof(struct rule, hold_out), .min = 0, .max = 1, .help = "shape.rule.hold_out"},   \
        PART("once", once, 0, "shape.rule.once"),                                                                      \
        {"fresh", SHAPE_STR, offsetof(struct rule, fresh), .max = 20, .help = "shape.rule.fresh"},                     \
        PART("then", actions, required, "shape.rule.then"),

static const struct shape_field new_fields[] = {RULE_FIELDS(SHAPE_REQUIRED)};
static const struct shape new_shape = SHAPE("RuleNew", struct rule, new_fields, "shape.rule_new");

static const struct shape_field change_fields[] = {RULE_FIELDS(0)};
static const struct shape change_shape = SHAPE("RuleChange", struct rule, change_fields, "shape.rule_change");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(rule_list(request->ctx, request->app->store, &items));
    return reply_list(reply, &rule_shape, items, STR_NONE);
}

static err check(struct request *request, const struct rule *rule)
{
    return act_check(request->ctx, request->app->act, rule);
}

static err create(struct request *request, struct reply *reply)
{
    struct rule rule = *(const struct rule *)request->input;
    rule.by = request->who->name;
    TRY(check(request, &rule));
    TRY(rule_add(request->ctx, request->app->store, &rule));
    TRY(request_audit(request, "rule.create", rule.name, STR("")));
    return reply_shape(reply, &rule_shape, &rule);
}

static err show(struct request *request, struct reply *reply)
{
    struct rule rule;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(rule_get(request->ctx, request->app->store, id, &rule));
    return reply_shape(reply, &rule_shape, &rule);
}

static void apply(struct rule *rule, const struct rule *change, shape_seen seen)
{
#define TAKE(name, member) rule->member = shape_has(&change_shape, seen, name) ? change->member : rule->member
    TAKE("name", name);
    TAKE("on", enabled);
    TAKE("when", when);
    TAKE("if", condition);
    TAKE("wait", wait);
    TAKE("share", share);
    TAKE("hold_out", hold_out);
    TAKE("once", once);
    TAKE("fresh", fresh);
    TAKE("then", actions);
#undef TAKE
}

static err change(struct request *request, struct reply *reply)
{
    struct rule before, rule;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(rule_get(request->ctx, request->app->store, id, &before));
    rule = before;
    apply(&rule, request->input, request->seen);
    TRY(check(request, &rule));
    TRY(rule_change(request->ctx, request->app->store, &before, &rule));
    TRY(request_audit(request, "rule.change", rule.name, rule.enabled ? STR("on") : STR("off")));
    return reply_shape(reply, &rule_shape, &rule);
}

static err remove_rule(struct request *request, struct reply *reply)
{
    struct rule rule;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(rule_get(request->ctx, request->app->store, id, &rule));
    TRY(rule_remove(request->ctx, request->app->store, id));
    TRY(request_audit(request, "rule.remove", rule.name, STR("")));
    return reply_nothing(reply);
}

/* What it did. */

struct runs_query {
    str outcome, after;
    i64 limit;
};
static const struct shape_field runs_fields[] = {
    {"outcome", SHAPE_STR, offsetof(struct runs_query, outcome), .max = 20, .help = "shape.run.outcome"},
    {"limit", SHAPE_I64, offsetof(struct runs_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct runs_query, after), .max = 40},
};
static const struct shape runs_shape = SHAPE("RuleRunsQuery", struct runs_query, runs_fields, NULL);

static err list_runs(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct runs_query *given = request->query;
    struct rule rule;
    struct shape_list items;
    char text[ID_TEXT_LEN];
    bool more;
    struct runs_wanted query = {.outcome = given->outcome, .limit = page_limit(given->limit)};
    TRY(request_param_id(request, "id", &query.rule));
    TRY(rule_get(ctx, request->app->store, query.rule, &rule));
    if (str_is(given->after) && !id_parse(given->after, &query.before)) {
        return FAIL(ctx, ERR_INVALID, "after", "error.cursor");
    }
    do { // a page on which nobody may be seen would tell that somebody is there
        TRY(runs_list(ctx, request->app->act, &query, &items));
        more = items.count == query.limit;
        query.before = more ? ((const struct run_shown *)items.items)[items.count - 1].id : 0;
        TRY(KEEP_SEEN(request, &items, struct run_shown, person));
    } while (items.count == 0 && more && !ctx_stopped(ctx));
    return reply_list(reply, &run_shown_shape, items, more ? id_text(query.before, text) : STR_NONE);
}

/* They count everybody: not for those who see only some places. */
static err figures(struct request *request, struct reply *reply)
{
    enum { FIGURES_DAYS = 30 };
    struct rule rule;
    struct run_figures figures;
    i64 id;
    if (principal_limited(request->who)) {
        return ERR_FORBIDDEN;
    }
    TRY(request_param_id(request, "id", &id));
    TRY(rule_get(request->ctx, request->app->store, id, &rule));
    i64 since_ms = ctx_now_ms(request->ctx) - (i64)FIGURES_DAYS * 24 * 3600 * 1000;
    TRY(runs_figures(request->ctx, request->app->act, id, since_ms, &figures));
    return reply_shape(reply, &run_figures_shape, &figures);
}

/* Nothing is sent and nothing is kept: the rule as it would be saved, over the last days. */
static err try_rule(struct request *request, struct reply *reply)
{
    enum { TRIAL_DAYS = 30, TRIALS_A_MINUTE = 20 };
    const struct rule *rule = request->input;
    struct trial trial;
    if (principal_limited(request->who)) {
        return ERR_FORBIDDEN; // it looks at everybody
    }
    TRY(guard_rate(request->ctx, request->app->guard, "rule_trial", request->who->name, TRIALS_A_MINUTE));
    TRY(check(request, rule));
    i64 from_ms = ctx_now_ms(request->ctx) - (i64)TRIAL_DAYS * 24 * 3600 * 1000;
    TRY(trial_run(request->ctx, request->app->act, rule, from_ms, &trial));
    return reply_shape(reply, &trial_shape, &trial);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/rules", list, RIGHT_RULES_READ, .out = &rule_shape, .flags = ROUTE_LIST,
     .summary = "route.rules.list"},
    {HTTP_POST, "/api/v1/rules", create, RIGHT_RULES_WRITE, .in = &new_shape, .out = &rule_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.rules.create"},
    {HTTP_GET, "/api/v1/rules/:id", show, RIGHT_RULES_READ, .out = &rule_shape, .summary = "route.rules.show"},
    {HTTP_PATCH, "/api/v1/rules/:id", change, RIGHT_RULES_WRITE, .in = &change_shape, .out = &rule_shape,
     .flags = ROUTE_CHANGES, .summary = "route.rules.change"},
    {HTTP_DELETE, "/api/v1/rules/:id", remove_rule, RIGHT_RULES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.rules.remove"},
    {HTTP_POST, "/api/v1/rules/trial", try_rule, RIGHT_RULES_WRITE, .in = &new_shape, .out = &trial_shape,
     .flags = ROUTE_PERSONAL, .summary = "route.rules.trial"},
    {HTTP_GET, "/api/v1/rules/:id/runs", list_runs, RIGHT_RULES_READ, .query = &runs_shape, .out = &run_shown_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.rules.runs"},
    {HTTP_GET, "/api/v1/rules/:id/figures", figures, RIGHT_RULES_READ, .out = &run_figures_shape,
     .summary = "route.rules.figures"},
};
const struct route_table rules_routes = ROUTES(routes);
