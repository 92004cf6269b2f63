/* Rules by time: when their moment has come, once; and for everybody whom they are about. */
#include "act/state.h"

#include "base/id.h"
#include "journey/ask.h"
#include "store/settings.h"

enum { PAGE = 500 };

/* The newest moment of the rule that is not in the future. */
static i64 newest_moment(const struct rule_ready *rule, const struct zone *zone, i64 now_ms)
{
    i64 start = period_start(zone, rule->every, now_ms);
    for (int back = 0; back < 2; back++) {
        struct civil day = zone_civil(zone, start);
        i64 days = civil_days(day.year, day.month, day.day) + (rule->every == PERIOD_DAY ? 0 : rule->day - 1);
        struct civil at = civil_from_days(days);
        at.hour = rule->minute / 60;
        at.minute = rule->minute % 60;
        i64 at_ms = zone_ms(zone, at);
        if (at_ms <= now_ms) {
            return at_ms;
        }
        start = period_start(zone, rule->every, start - 1);
    }
    return 0;
}

struct ticking {
    const struct rule_ready *rule;
    i64 at_ms;
};

static err put_tick(struct ctx *ctx, struct store *store, void *arg)
{
    const struct ticking *ticking = arg;
    struct run_new run = {
        .rule = ticking->rule->id,
        .cause = str_format(&ctx->arena, "time:%lld", (long long)ticking->at_ms),
    };
    return run_put(ctx, store, &run);
}

/* A moment that passed while nobody was there is made up for as long as the rule calls it fresh. */
err tick(struct ctx *ctx, struct act *act)
{
    struct settings settings;
    const struct zone *zone;
    struct book *book;
    i64 now_ms = ctx_now_ms(ctx);
    TRY(book_take(ctx, act, &book));
    err code = settings_read(ctx, act->store, &settings);
    code = code == OK ? zone_find(ctx, settings.zone, &zone) : code;
    for (i64 i = 0; i < book->count && code == OK; i++) {
        const struct rule_ready *rule = &book->rules[i];
        i64 at_ms = rule->on == WHEN_TIME ? newest_moment(rule, zone, now_ms) : 0;
        i64 known = 0;
        if (at_ms <= rule->since_ms || now_ms - at_ms > rule->fresh_ms) {
            continue;
        }
        struct ticking ticking = {rule, at_ms};
        code = store_number(ctx, act->store, SQL_RUN_THERE,
                            ARGS(ARG_ID("rule", rule->id),
                                 ARG_STR("cause", str_format(&ctx->arena, "time:%lld", (long long)at_ms))),
                            &known);
        if (code == OK && known == 0) {
            code = store_write(ctx, act->store, put_tick, &ticking);
        }
    }
    book_leave(act, book);
    return code;
}

/* How somebody is called in the log: the oldest alias. */
static str alias_of(struct ctx *ctx, struct act *act, str id)
{
    struct identity *identity = people_identity(act->people);
    i64 person = 0;
    str alias = STR_NONE;
    if (id_parse(id, &person)) {
        identity_lock(identity);
        alias_no no = identity_of_id(identity, person);
        alias = no == 0 ? STR_NONE : str_copy(&ctx->arena, identity_text(identity, no));
        identity_unlock(identity);
    }
    return alias;
}

struct page {
    struct act *act;
    i64 rule;
    str cause;
    struct json rows;
};

/* The person's oldest alias stands for it. */
static err put_page(struct ctx *ctx, struct store *store, void *arg)
{
    const struct page *page = arg;
    for (struct json_iter i = json_each(page->rows); json_next(&i);) {
        str person = STR("");
        struct json value = json_get(i.value, STR("person"));
        if (json_type(value) == JSON_OBJECT) {
            value = json_get(value, STR("id"));
        }
        if (!json_str(value, &person)) {
            continue;
        }
        struct run_new run = {
            .rule = page->rule,
            .cause = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(page->cause), STR_ARG(person)),
            .alias = alias_of(ctx, page->act, person),
        };
        if (str_is(run.alias)) { // erased in between
            TRY(run_put(ctx, store, &run));
        }
    }
    return OK;
}

/* A page of those who satisfy the condition, as the engine finds them; `after` moves on, to 0 at the end. */
static err one_page(struct ctx *ctx, struct act *act, const struct rule_ready *rule, str cause, i64 *after)
{
    static const struct sight everything = {.personal = true};
    struct question question = {
        .kind = ASK_FEATURES,
        .zone = zone_utc(),
        .minimum_n = 1,
        .where = rule->condition,
        .limit = PAGE,
        .after_id = *after,
    };
    struct json answer;
    str text, next = STR_NONE;
    struct json_reader *reader = json_reader_of(ctx);
    TRY(ask_answer(ctx, act->rooms, &everything, &question, &text));
    TRY(json_parse(ctx, reader, text, &answer));
    struct page page = {act, rule->id, cause, json_get(answer, STR("rows"))};
    TRY(store_write(ctx, act->store, put_page, &page));
    *after = 0;
    if (json_str(json_get(answer, STR("next")), &next)) {
        (void)id_parse(next, after);
    }
    return OK;
}

err tick_everybody(struct ctx *ctx, struct act *act, const struct rule_ready *rule, str cause)
{
    i64 after = 0;
    do {
        TRY(one_page(ctx, act, rule, cause, &after));
    } while (after != 0);
    return OK;
}
