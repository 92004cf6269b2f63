/* What others tell the room, and ask of it: rules to check, alerts, persons to forget. */
#include "act/state.h"

#include "journey/pointer.h"

static err unknown_action(struct ctx *ctx, const struct act *act)
{
    struct buf allowed = buf_in(&ctx->arena);
    for (i64 i = 0; i < act->action_count; i++) {
        buf_format(&allowed, "%s%s", i > 0 ? ", " : "", act->actions[i].word);
    }
    return FAIL(ctx, ERR_INVALID, "do", "error.word", {"allowed", buf_str(&allowed)});
}

static err check_action(struct ctx *ctx, const struct act *act, struct json action)
{
    str word = STR("");
    (void)json_str(json_get(action, STR("do")), &word);
    for (i64 i = 0; i < act->action_count; i++) {
        if (str_eq(word, str_from(act->actions[i].word))) {
            return act->actions[i].check(act->actions[i].self, ctx, action);
        }
    }
    return unknown_action(ctx, act);
}

err act_check(struct ctx *ctx, struct act *act, const struct rule *rule)
{
    struct rule_ready ready;
    struct json list;
    struct json_reader *reader = json_reader_of(ctx); // actions read other documents
    i64 index = 0;
    TRY(rule_prepare(ctx, rule, &ready));
    TRY(json_parse(ctx, reader, rule->actions, &list));
    str top = pointer_enter(ctx, STR("then"));
    for (struct json_iter i = json_each(list); json_next(&i);) {
        str here = pointer_enter_index(ctx, index++);
        TRY(check_action(ctx, act, i.value));
        ctx->pointer = here;
    }
    ctx->pointer = top;
    return OK;
}

struct telling {
    struct act *act;
    const struct alert *alert;
    const struct book *book;
};

static bool about(const struct rule_ready *rule, str word)
{
    bool found = false;
    for (i64 i = 0; i < rule->alerts.count; i++) {
        found |= str_eq(rule->alerts.items[i], word);
    }
    return rule->on == WHEN_ALERT && found;
}

static err put_runs(struct ctx *ctx, struct store *store, void *arg)
{
    const struct telling *telling = arg;
    for (i64 i = 0; i < telling->book->count; i++) {
        const struct rule_ready *rule = &telling->book->rules[i];
        struct run_new run = {
            .rule = rule->id,
            .cause = str_format(&ctx->arena, "alert:%.*s", STR_ARG(telling->alert->id)),
            .told = telling->alert->told,
            .due_ms = ctx_now_ms(ctx) + rule->wait_ms,
        };
        if (about(rule, telling->alert->word)) {
            TRY(run_put(ctx, store, &run));
        }
    }
    return OK;
}

err act_tell(struct ctx *ctx, struct act *act, const struct alert *alert)
{
    struct book *book;
    TRY(book_take(ctx, act, &book));
    struct telling telling = {act, alert, book};
    err code = store_write(ctx, act->store, put_runs, &telling);
    book_leave(act, book);
    act_wake(act);
    return code;
}

static err forget(struct ctx *ctx, struct store *store, void *arg)
{
    static const enum statement steps[] = {SQL_SEND_FORGET, SQL_RUN_FORGET, SQL_LOT_FORGET};
    str aliases = *(const str *)arg;
    for (i64 i = 0; i < countof(steps); i++) {
        TRY(store_run(ctx, store, steps[i], ARGS(ARG_STR("aliases", aliases)), NULL));
    }
    return OK;
}

err act_forget(struct ctx *ctx, struct act *act, const struct str_list *aliases)
{
    str list = consent_texts(ctx, aliases);
    return store_write(ctx, act->store, forget, &list);
}
