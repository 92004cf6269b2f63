#include "act/runs.h"

#include "act/state.h"
#include "base/id.h"
#include "store/jobs.h"

struct run_send {
    i64 id;
    str channel, what, state, reason;
    i64 sent_ms;
};
static const struct shape_field run_send_fields[] = {
    {"id", SHAPE_ID, offsetof(struct run_send, id), .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_STR, offsetof(struct run_send, channel), .flags = SHAPE_REQUIRED},
    {"what", SHAPE_STR, offsetof(struct run_send, what), .flags = SHAPE_REQUIRED},
    {"state", SHAPE_STR, offsetof(struct run_send, state), .flags = SHAPE_REQUIRED},
    {"reason", SHAPE_STR, offsetof(struct run_send, reason)},
    {"sent_ms", SHAPE_TIME, offsetof(struct run_send, sent_ms)},
};
static const struct shape run_send_shape = SHAPE("RunSend", struct run_send, run_send_fields, NULL);

static const struct shape_field run_fields[] = {
    {"id", SHAPE_ID, offsetof(struct run_shown, id), .flags = SHAPE_REQUIRED},
    {"rule", SHAPE_ID, offsetof(struct run_shown, rule), .flags = SHAPE_REQUIRED},
    {"cause", SHAPE_STR, offsetof(struct run_shown, cause), .flags = SHAPE_REQUIRED, .help = "shape.run.cause"},
    {"event", SHAPE_ID, offsetof(struct run_shown, event)},
    {"person", SHAPE_ID, offsetof(struct run_shown, person), .flags = SHAPE_PERSONAL},
    {"person_name", SHAPE_STR, offsetof(struct run_shown, person_name), .flags = SHAPE_PERSONAL},
    {"alias", SHAPE_STR, offsetof(struct run_shown, alias), .flags = SHAPE_PERSONAL},
    {"outcome", SHAPE_STR, offsetof(struct run_shown, outcome), .flags = SHAPE_REQUIRED, .help = "shape.run.outcome"},
    {"at_ms", SHAPE_TIME, offsetof(struct run_shown, at_ms), .flags = SHAPE_REQUIRED},
    {"due_ms", SHAPE_TIME, offsetof(struct run_shown, due_ms), .flags = SHAPE_REQUIRED},
    {"done_ms", SHAPE_TIME, offsetof(struct run_shown, done_ms)},
    {"sends", SHAPE_LIST, offsetof(struct run_shown, sends), .of = &run_send_shape, .flags = SHAPE_REQUIRED},
};
const struct shape run_shown_shape = SHAPE("RuleRun", struct run_shown, run_fields, "shape.run");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct run_shown, id)},
    {"rule", SHAPE_ID, offsetof(struct run_shown, rule)},
    {"cause", SHAPE_STR, offsetof(struct run_shown, cause)},
    {"event", SHAPE_ID, offsetof(struct run_shown, event)},
    {"alias", SHAPE_STR, offsetof(struct run_shown, alias)},
    {"outcome", SHAPE_STR, offsetof(struct run_shown, outcome)},
    {"at_ms", SHAPE_TIME, offsetof(struct run_shown, at_ms)},
    {"due_ms", SHAPE_TIME, offsetof(struct run_shown, due_ms)},
    {"done_ms", SHAPE_TIME, offsetof(struct run_shown, done_ms)},
};
static const struct shape row_shape = SHAPE("RunShownRow", struct run_shown, row_fields, NULL);

/* Who an alias is now; nobody is no failure. */
static err name_of(struct ctx *ctx, struct act *act, str alias, i64 *person, str *name)
{
    struct person found;
    i64 id;
    *person = 0;
    *name = STR_NONE;
    if (alias.len == 0) {
        return OK;
    }
    err code = people_resolve(ctx, act->people, alias, &id);
    if (code == OK) {
        code = people_get(ctx, act->people, id, &found);
    }
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return OK;
    }
    TRY(code);
    *person = found.id;
    *name = found.name;
    return OK;
}

err runs_list(struct ctx *ctx, struct act *act, const struct runs_wanted *query, struct shape_list *out)
{
    str outcome = str_is(query->outcome) ? query->outcome : STR("");
    TRY(store_all(ctx, act->store, SQL_RUN_ROWS,
                  ARGS(ARG_I64("rule", query->rule), ARG_STR("outcome", outcome), ARG_I64("before", query->before),
                       ARG_I64("count", query->limit)),
                  &row_shape, out));
    struct run_shown *runs = out->items;
    for (i64 i = 0; i < out->count; i++) {
        TRY(name_of(ctx, act, runs[i].alias, &runs[i].person, &runs[i].person_name));
        TRY(store_all(ctx, act->store, SQL_SEND_OF_RUN, ARGS(ARG_ID("run", runs[i].id)), &run_send_shape,
                      &runs[i].sends));
    }
    return OK;
}

static const struct shape_field count_fields[] = {
    {"what", SHAPE_STR, offsetof(struct run_count, what), .flags = SHAPE_REQUIRED},
    {"reason", SHAPE_STR, offsetof(struct run_count, reason), .flags = SHAPE_OMIT_NONE},
    {"count", SHAPE_I64, offsetof(struct run_count, count), .flags = SHAPE_REQUIRED},
};
static const struct shape count_shape = SHAPE("RuleCount", struct run_count, count_fields, NULL);

static const struct shape_field figures_fields[] = {
    {"outcomes", SHAPE_LIST, offsetof(struct run_figures, outcomes), .of = &count_shape, .flags = SHAPE_REQUIRED,
     .help = "shape.run_figures.outcomes"},
    {"sends", SHAPE_LIST, offsetof(struct run_figures, sends), .of = &count_shape, .flags = SHAPE_REQUIRED,
     .help = "shape.run_figures.sends"},
};
const struct shape run_figures_shape = SHAPE("RuleFigures", struct run_figures, figures_fields, "shape.run_figures");

err runs_figures(struct ctx *ctx, struct act *act, i64 rule, i64 since_ms, struct run_figures *out)
{
    struct store_args args = ARGS(ARG_ID("rule", rule), ARG_I64("since_ms", since_ms));
    TRY(store_all(ctx, act->store, SQL_RUN_COUNTS, args, &count_shape, &out->outcomes));
    return store_all(ctx, act->store, SQL_SEND_COUNTS_OF_RULE, args, &count_shape, &out->sends);
}

/* The members of a send, and whose it is. */
static const struct shape_field shown_fields[] = {
    {"id", SHAPE_ID, offsetof(struct send_shown, send.id), .flags = SHAPE_REQUIRED},
    {"rule", SHAPE_ID, offsetof(struct send_shown, send.rule)},
    {"run", SHAPE_ID, offsetof(struct send_shown, send.run)},
    {"person", SHAPE_ID, offsetof(struct send_shown, person), .flags = SHAPE_PERSONAL},
    {"person_name", SHAPE_STR, offsetof(struct send_shown, person_name), .flags = SHAPE_PERSONAL},
    {"purpose", SHAPE_WORD, offsetof(struct send_shown, send.purpose), .words = purpose_words, .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_WORD, offsetof(struct send_shown, send.channel), .words = reach_words, .flags = SHAPE_REQUIRED},
    {"what", SHAPE_STR, offsetof(struct send_shown, send.what), .flags = SHAPE_REQUIRED, .help = "shape.send.what"},
    {"object", SHAPE_ID, offsetof(struct send_shown, send.object), .help = "shape.send.object"},
    {"target", SHAPE_ID, offsetof(struct send_shown, send.target), .help = "shape.send.target"},
    {"state", SHAPE_WORD, offsetof(struct send_shown, send.state), .words = send_state_words, .flags = SHAPE_REQUIRED},
    {"reason", SHAPE_STR, offsetof(struct send_shown, send.reason), .help = "shape.send.reason"},
    {"attempts", SHAPE_I64, offsetof(struct send_shown, send.attempts), .flags = SHAPE_REQUIRED},
    {"created_ms", SHAPE_TIME, offsetof(struct send_shown, send.created_ms), .flags = SHAPE_REQUIRED},
    {"due_ms", SHAPE_TIME, offsetof(struct send_shown, send.due_ms), .flags = SHAPE_REQUIRED},
    {"sent_ms", SHAPE_TIME, offsetof(struct send_shown, send.sent_ms)},
    {"by", SHAPE_STR, offsetof(struct send_shown, send.by)},
};
const struct shape send_shown_shape = SHAPE("Send", struct send_shown, shown_fields, "shape.send");

err sends_list(struct ctx *ctx, struct act *act, const struct sends_wanted *query, struct shape_list *out)
{
    struct shape_list rows;
    bool anybody = query->aliases == NULL;
    str aliases = anybody ? STR("[]") : consent_texts(ctx, query->aliases);
    TRY(store_all(ctx, act->store, SQL_SEND_ROWS,
                  ARGS(ARG_I64("rule", query->rule), ARG_I64("object", query->object),
                       ARG_STR("state", str_is(query->state) ? query->state : STR("")),
                       ARG_STR("reason", str_is(query->reason) ? query->reason : STR("")), ARG_I64("anybody", anybody),
                       ARG_STR("aliases", aliases), ARG_I64("before", query->before), ARG_I64("count", query->limit)),
                  &send_shape, &rows));
    struct send_shown *shown = arena_new(&ctx->arena, struct send_shown, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        shown[i].send = ((const struct send *)rows.items)[i];
        TRY(name_of(ctx, act, shown[i].send.alias, &shown[i].person, &shown[i].person_name));
    }
    *out = (struct shape_list){shown, rows.count};
    return OK;
}

err send_show(struct ctx *ctx, struct act *act, i64 id, struct send_shown *out)
{
    *out = (struct send_shown){0};
    TRY(store_one(ctx, act->store, SQL_SEND_ROW, ARGS(ARG_ID("id", id)), &send_shape, &out->send));
    return name_of(ctx, act, out->send.alias, &out->person, &out->person_name);
}

static err wrong_state(struct ctx *ctx, i64 changed)
{
    return changed > 0 ? OK : FAIL(ctx, ERR_CONFLICT, NULL, "error.send.state");
}

static err cancel(struct ctx *ctx, struct store *store, void *arg)
{
    i64 id = *(const i64 *)arg, changed = 0;
    struct send send = {0};
    TRY(store_run(ctx, store, SQL_SEND_CANCEL, ARGS(ARG_ID("id", id)), &changed));
    TRY(wrong_state(ctx, changed));
    TRY(store_one(ctx, store, SQL_SEND_ROW, ARGS(ARG_ID("id", id)), &send_shape, &send));
    return run_settle(ctx, store, send.run);
}

err send_cancel(struct ctx *ctx, struct act *act, i64 id)
{
    return store_writing(act->store) ? cancel(ctx, act->store, &id) : store_write(ctx, act->store, cancel, &id);
}

/* What failed gets a job of its own: the first one is gone. */
static err retry(struct ctx *ctx, struct store *store, void *arg)
{
    i64 id = *(const i64 *)arg, changed = 0, job;
    char text[ID_TEXT_LEN];
    struct send send = {0};
    TRY(store_run(ctx, store, SQL_SEND_RETRY, ARGS(ARG_ID("id", id), ARG_I64("now_ms", ctx_now_ms(ctx))), &changed));
    TRY(wrong_state(ctx, changed));
    TRY(store_one(ctx, store, SQL_SEND_ROW, ARGS(ARG_ID("id", id)), &send_shape, &send));
    TRY(run_settle(ctx, store, send.run));
    str lane = send_lane_of(ctx, &send), cause = str_copy(&ctx->arena, id_text(id, text));
    TRY(job_put(ctx, store, lane, cause, STR("{}"), &job));
    return job_hurry(ctx, store, lane, cause);
}

err send_retry(struct ctx *ctx, struct act *act, i64 id)
{
    TRY(store_writing(act->store) ? retry(ctx, act->store, &id) : store_write(ctx, act->store, retry, &id));
    pthread_mutex_lock(&act->lock);
    for (i32 i = 0; i < act->lane_count; i++) {
        act->lanes[i].rest_until_ms = 0; // whoever asks knows that somebody answers again
    }
    pthread_mutex_unlock(&act->lock);
    return OK;
}
