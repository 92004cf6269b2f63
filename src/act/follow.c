/* From events to runs: every stored event is held against "when" of every rule, and what matches is written down once. */
#include "act/state.h"

#include "base/id.h"
#include "store/jobs.h"

enum { CURSOR_EVERY = 20000, CLOCKS_APART_MS = 5 * 60 * 1000 };

err run_put(struct ctx *ctx, struct store *store, const struct run_new *run)
{
    char id[ID_TEXT_LEN];
    i64 now_ms = ctx_now_ms(ctx);
    str cause = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(id_text(run->rule, id)), STR_ARG(run->cause));
    TRY(store_later(ctx, store, SQL_RUN_ADD,
                    ARGS(ARG_ID("id", id_new()), ARG_ID("rule", run->rule), ARG_STR("cause", run->cause),
                         ARG_ID("event", run->event), ARG_STR("alias", run->alias.len > 0 ? run->alias : STR_NONE),
                         ARG_STR("told", run->told), ARG_I64("at_ms", now_ms),
                         ARG_I64("due_ms", greater(run->due_ms, now_ms)))));
    return job_put_later(ctx, store, &(struct job_new){STR(RUN_JOBS), cause, STR("{}"), run->due_ms});
}

struct hit {
    const struct rule_ready *rule;
    const struct event *event;
};

struct hits {
    struct act *act;
    struct hit *items;
    i64 count, capacity;
    i64 upto; /* the newest event of the group */
    bool looked;
};

static void add_hit(struct ctx *ctx, struct hits *hits, const struct rule_ready *rule, const struct event *event)
{
    if (hits->count == hits->capacity) {
        i64 wish = hits->capacity * 2 + 16;
        hits->items = arena_grow(&ctx->arena, hits->items, hits->capacity * (i64)sizeof(struct hit),
                                 wish * (i64)sizeof(struct hit), _Alignof(struct hit));
        hits->capacity = wish;
    }
    hits->items[hits->count++] = (struct hit){rule, event};
}

/* Old when it arrived, or from before the rule was on: an import, a replay. */
static bool is_fresh(const struct rule_ready *rule, const struct event *event)
{
    return event->received_ms >= rule->since_ms && event->received_ms - event->at_ms <= rule->fresh_ms &&
           event->at_ms - event->received_ms <= CLOCKS_APART_MS;
}

/* Most events match nothing, and are known by their kind or their age before a condition is looked at. */
static err look_at(struct ctx *ctx, struct act *act, const struct book *book, const struct event *event,
                   struct hits *hits)
{
    struct matching matching = {
        .ctx = ctx,
        .event = event,
        .journeys = act->options.journeys,
        .now_ms = event->received_ms,
    };
    for (i64 i = 0; i < book->count; i++) {
        const struct rule_ready *rule = &book->rules[i];
        bool holds = false;
        if (rule->on != WHEN_EVENT || !condition_may_be_kind(&rule->event, event->kind) || !is_fresh(rule, event)) {
            continue;
        }
        TRY(match(&matching, &rule->event, &holds));
        if (holds) {
            add_hit(ctx, hits, rule, event);
        }
    }
    return OK;
}

static err write_hits(struct ctx *ctx, struct store *store, void *arg)
{
    const struct hits *hits = arg;
    for (i64 i = 0; i < hits->count; i++) {
        const struct hit *hit = &hits->items[i];
        char id[ID_TEXT_LEN];
        struct run_new run = {
            .rule = hit->rule->id,
            .cause = str_format(&ctx->arena, "event:%.*s", STR_ARG(id_text(hit->event->id, id))),
            .event = hit->event->id,
            .alias = hit->event->alias,
            .due_ms = ctx_now_ms(ctx) + hit->rule->wait_ms,
        };
        TRY(run_put(ctx, store, &run));
    }
    return hits->act->shared ? OK : store_later(ctx, store, SQL_RULE_CURSOR_SET, ARGS(ARG_I64("event", hits->upto)));
}

/* Groups without a hit move the cursor only now and then: looking at events again finds the runs that are there. */
static err write_group(struct ctx *ctx, struct act *act, struct hits *hits, i64 count)
{
    act->unkept += count;
    if (hits->count == 0 && (act->shared || act->unkept < CURSOR_EVERY)) {
        return OK;
    }
    TRY(store_write(ctx, act->store, write_hits, hits));
    act->unkept = 0;
    act->kept_cursor = hits->upto;
    return OK;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct act *act = self;
    struct book *book;
    struct hits hits = {.act = act, .upto = items[count - 1].id};
    TRY(book_take(ctx, act, &book));
    err code = OK;
    for (i64 i = 0; i < count && code == OK && book->any; i++) {
        code = look_at(ctx, act, book, &items[i], &hits);
    }
    if (code == OK) {
        code = write_group(ctx, act, &hits, count);
    }
    book_leave(act, book);
    TRY(code);
    act->cursor = hits.upto;
    if (hits.count > 0) {
        act_wake(act);
    }
    return OK;
}

/* Where nothing was followed yet, what people know of the log already fires nothing. */
static err cursor(void *self, struct ctx *ctx, i64 *after_id)
{
    struct act *act = self;
    if (!act->shared && act->cursor == 0) {
        TRY(store_number(ctx, act->store, SQL_RULE_CURSOR, ARGS_NONE, &act->cursor));
        if (act->cursor == 0) {
            TRY(store_number(ctx, act->store, SQL_PEOPLE_CURSOR, ARGS_NONE, &act->cursor));
        }
        act->kept_cursor = act->cursor;
    }
    *after_id = act->cursor;
    return OK;
}

static err forget(void *self, struct ctx *ctx, const i64 *ids, i64 count)
{
    const struct act *act = self;
    struct json_writer list = json_writer_in(&ctx->arena);
    json_list(&list);
    for (i64 i = 0; i < count; i++) {
        json_put_i64(&list, ids[i]);
    }
    json_list_end(&list);
    return store_run(ctx, act->store, SQL_RUN_FORGET_EVENTS, ARGS(ARG_STR("ids", json_text(&list))), NULL);
}

struct event_follower act_follower(struct act *act)
{
    return (struct event_follower){
        .name = "rules", .self = act, .cursor = cursor, .follow = follow, .forget = forget, .records = true};
}
