/* A run: "if", share, lot, and what is done. The end of the run and everything it does are one transaction. */
#include "act/state.h"

#include "base/id.h"
#include "base/random.h"
#include "events/props.h"
#include "store/jobs.h"

static const char *const outcomes[RUN_OUTCOME_COUNT + 1] = {"waiting",  "fired",    "condition", "sampled_out",
                                                            "held_out", "repeated", "nobody",    "gone",
                                                            "off",      "failed",   "unsent",    NULL};

struct run {
    i64 id, rule;
    str cause;
    i64 event;
    str alias, told;
    i64 at_ms, due_ms;
    i32 outcome;
    i64 done_ms;
};
static const struct shape_field run_fields[] = {
    {"id", SHAPE_ID, offsetof(struct run, id)},
    {"rule", SHAPE_ID, offsetof(struct run, rule)},
    {"cause", SHAPE_STR, offsetof(struct run, cause)},
    {"event", SHAPE_ID, offsetof(struct run, event)},
    {"alias", SHAPE_STR, offsetof(struct run, alias)},
    {"told", SHAPE_STR, offsetof(struct run, told)},
    {"at_ms", SHAPE_TIME, offsetof(struct run, at_ms)},
    {"due_ms", SHAPE_TIME, offsetof(struct run, due_ms)},
    {"outcome", SHAPE_WORD, offsetof(struct run, outcome), .words = outcomes},
    {"done_ms", SHAPE_TIME, offsetof(struct run, done_ms)},
};
static const struct shape run_shape = SHAPE("RunRow", struct run, run_fields, NULL);

/* Everything about one run while it is carried out. */
struct carrying {
    struct act *act;
    struct run run;
    struct rule rule;
    struct rule_ready ready;
    struct receiver person; /* .person 0: nobody */
    struct event *event;    /* NULL: there is none */
    enum run_outcome outcome;
    i64 now_ms;
};

/* Always the same people of a rule: by the rule and the person, or by the cause where nobody is known. */
bool rule_samples(i64 rule, f64 share, i64 person, str cause)
{
    static const u8 key[HASH_KEY_LEN] = "cham rule share";
    char rule_text[ID_TEXT_LEN], person_text[ID_TEXT_LEN];
    str who = person != 0 ? id_text(person, person_text) : cause;
    struct u128 hash = hash_keyed(key, (const str[]){id_text(rule, rule_text), who}, 2);
    return (f64)(hash.high >> 11) * 0x1p-53 < share;
}

static bool sampled(const struct carrying *carrying)
{
    return rule_samples(carrying->rule.id, carrying->ready.share, carrying->person.person, carrying->run.cause);
}

/* The lot is drawn once for a person and written down: whoever is left out stays out. */
static err draw(struct ctx *ctx, struct store *store, const struct carrying *carrying, bool *held)
{
    const struct receiver *person = &carrying->person;
    i64 rule = carrying->rule.id, drawn = 0;
    *held = false;
    if (carrying->ready.hold_out <= 0 || person->person == 0) {
        return OK;
    }
    struct lot {
        i64 held;
    } lot = {0};
    static const struct shape_field lot_fields[] = {{"held", SHAPE_I64, offsetof(struct lot, held)}};
    static const struct shape lot_shape = SHAPE("Lot", struct lot, lot_fields, NULL);
    err code = store_one(ctx, store, SQL_LOT_NEWEST,
                         ARGS(ARG_ID("rule", rule), ARG_STR("aliases", consent_texts(ctx, &person->aliases))),
                         &lot_shape, &lot);
    if (code == ERR_NOT_FOUND) {
        u64 random;
        random_bytes(&random, sizeof random);
        drawn = (f64)(random >> 11) * 0x1p-53 < carrying->ready.hold_out ? 1 : 0;
        *held = drawn != 0;
        return store_run(ctx, store, SQL_LOT_ADD,
                         ARGS(ARG_ID("rule", rule), ARG_STR("alias", person->aliases.items[0]), ARG_I64("held", drawn),
                              ARG_I64("now_ms", carrying->now_ms)),
                         NULL);
    }
    *held = lot.held != 0;
    return code;
}

/* What a rule fires once for, as a digest: the person, or the value of a property; none when there is no such. */
static str once_of(struct ctx *ctx, const struct carrying *carrying)
{
    const struct rule_ready *rule = &carrying->ready;
    struct json props = {0};
    char number[32], person[ID_TEXT_LEN];
    str what = carrying->person.person == 0 ? STR_NONE : id_text(carrying->person.person, person);
    if (str_is(rule->once_prop)) {
        bool has = carrying->event != NULL && props_parse(ctx, carrying->event->props, &props);
        what = has ? props_text(props_find(props, rule->once_prop), number) : STR_NONE;
    }
    if (what.len == 0) {
        return STR_NONE;
    }
    struct u128 hash = hash_keyed(carrying->act->options.key, (const str[]){STR("once"), what}, 2);
    char *text = arena_alloc(&ctx->arena, 32, 1);
    return hex(&hash, sizeof hash, text);
}

static err take_once(struct ctx *ctx, struct store *store, const struct carrying *carrying, bool *taken)
{
    const struct rule_ready *rule = &carrying->ready;
    str what = rule->once ? once_of(ctx, carrying) : STR_NONE;
    i64 changed = 1;
    if (str_is(what)) {
        i64 before_ms = rule->once_ms == 0 ? 0 : carrying->now_ms - rule->once_ms;
        TRY(store_run(ctx, store, SQL_ONCE_TAKE,
                      ARGS(ARG_ID("rule", carrying->rule.id), ARG_STR("what", what), ARG_ID("run", carrying->run.id),
                           ARG_I64("now_ms", carrying->now_ms), ARG_I64("before_ms", before_ms)),
                      &changed));
    }
    *taken = changed > 0;
    return OK;
}

static const struct act_action *find_action(const struct act *act, struct json action)
{
    str word = STR("");
    (void)json_str(json_get(action, STR("do")), &word);
    for (i64 i = 0; i < act->action_count; i++) {
        if (str_eq(word, str_from(act->actions[i].word))) {
            return &act->actions[i];
        }
    }
    return NULL;
}

static err do_all(struct ctx *ctx, const struct carrying *carrying)
{
    struct json list;
    struct json_reader *reader = json_reader_of(ctx); // actions read other documents
    TRY(json_parse(ctx, reader, carrying->rule.actions, &list));
    struct firing firing = {
        .rule = carrying->rule.id,
        .run = carrying->run.id,
        .rule_name = carrying->rule.name,
        .cause = carrying->run.cause,
        .alias = carrying->run.alias,
        .person = carrying->person.person,
        .event = carrying->event,
        .told = carrying->run.told,
    };
    for (struct json_iter i = json_each(list); json_next(&i); firing.index++) {
        const struct act_action *action = find_action(carrying->act, i.value);
        if (action != NULL) {
            TRY(action->fire(action->self, ctx, &firing, i.value));
        }
    }
    return OK;
}

/* By time, for everybody: each has a run of their own. */
static bool is_tick(const struct carrying *carrying)
{
    return carrying->ready.on == WHEN_TIME && carrying->ready.everybody && carrying->run.alias.len == 0;
}

/* What was decided outside stands unless the run was ended meanwhile. */
static err conclude(struct ctx *ctx, struct store *store, void *arg)
{
    struct carrying *carrying = arg;
    bool held = false, taken = true;
    i64 changed = 0;
    if (carrying->outcome == RUN_FIRED) {
        TRY(draw(ctx, store, carrying, &held));
        carrying->outcome = held ? RUN_HELD_OUT : RUN_FIRED;
    }
    if (carrying->outcome == RUN_FIRED) {
        TRY(take_once(ctx, store, carrying, &taken));
        carrying->outcome = taken ? RUN_FIRED : RUN_REPEATED;
    }
    TRY(store_run(ctx, store, SQL_RUN_END,
                  ARGS(ARG_ID("id", carrying->run.id), ARG_STR("outcome", str_from(outcomes[carrying->outcome])),
                       ARG_I64("now_ms", carrying->now_ms)),
                  &changed));
    if (changed == 0 || carrying->outcome != RUN_FIRED || is_tick(carrying)) { // a tick has fired for each of them
        return OK;
    }
    TRY(do_all(ctx, carrying));
    return run_settle(ctx, store, carrying->run.id);
}

static err read_event(struct ctx *ctx, struct carrying *carrying)
{
    i64 found = 0;
    if (carrying->run.event == 0) {
        return OK;
    }
    TRY(events_fetch(ctx, carrying->act->log, &carrying->run.event, 1, &carrying->event, &found));
    carrying->event = found > 0 ? carrying->event : NULL;
    return OK;
}

static err find_person(struct ctx *ctx, struct carrying *carrying)
{
    if (carrying->run.alias.len == 0) {
        return OK;
    }
    err code = receiver_find(ctx, carrying->act, carrying->run.alias, &carrying->person);
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return OK;
    }
    return code;
}

/* All that can be known before the transaction. */
static err decide(struct ctx *ctx, struct carrying *carrying)
{
    struct act *act = carrying->act;
    TRY(rule_prepare(ctx, &carrying->rule, &carrying->ready));
    TRY(read_event(ctx, carrying));
    TRY(find_person(ctx, carrying));
    carrying->outcome = RUN_FIRED;
    if (!carrying->rule.enabled) {
        carrying->outcome = RUN_OFF;
    } else if (carrying->run.event != 0 && carrying->event == NULL) {
        carrying->outcome = RUN_GONE;
    } else if (carrying->run.alias.len > 0 && carrying->person.person == 0) {
        carrying->outcome = RUN_NOBODY;
    }
    if (carrying->outcome != RUN_FIRED) {
        return OK;
    }
    struct matching matching = {
        .ctx = ctx,
        .event = carrying->event,
        .journeys = act->options.journeys,
        .rooms = act->rooms,
        .person = carrying->person.person,
        .traits = carrying->person.traits,
        .now_ms = carrying->now_ms,
    };
    bool holds = true;
    if (carrying->ready.on == WHEN_EVENT) { // of the others it chose whom they are for
        TRY(match(&matching, &carrying->ready.condition, &holds));
    }
    carrying->outcome = !holds ? RUN_CONDITION : sampled(carrying) ? RUN_FIRED : RUN_SAMPLED_OUT;
    return OK;
}

/* "RULE:cause" */
static err find_run(struct ctx *ctx, struct act *act, str cause, struct run *out)
{
    i64 rule = 0;
    if (cause.len <= ID_TEXT_LEN || !id_parse(str_slice(cause, 0, ID_TEXT_LEN), &rule)) {
        return ERR_NOT_FOUND;
    }
    *out = (struct run){0};
    return store_one(ctx, act->store, SQL_RUN_FIND,
                     ARGS(ARG_ID("rule", rule), ARG_STR("cause", str_slice(cause, ID_TEXT_LEN + 1, cause.len))),
                     &run_shape, out);
}

static err carry_out(struct ctx *ctx, struct carrying *carrying)
{
    struct act *act = carrying->act;
    err code = store_one(ctx, act->store, SQL_RULE_ROW, ARGS(ARG_ID("id", carrying->run.rule)), &rule_shape,
                         &carrying->rule);
    if (code == ERR_NOT_FOUND) {
        return OK; // its runs went along with it
    }
    TRY(code);
    carrying->now_ms = ctx_now_ms(ctx);
    TRY(decide(ctx, carrying));
    if (carrying->outcome == RUN_FIRED && is_tick(carrying)) {
        TRY(tick_everybody(ctx, act, &carrying->ready, carrying->run.cause));
    }
    return store_write(ctx, act->store, conclude, carrying);
}

err run_carry_out(struct ctx *ctx, struct act *act, const struct job *job)
{
    enum { AGAIN_MS = 15 * 1000, ATTEMPTS_MAX = 40 };
    struct carrying carrying = {.act = act};
    err code = find_run(ctx, act, job->cause, &carrying.run);
    if (code == OK && carrying.run.outcome == RUN_WAITING) {
        code = carry_out(ctx, &carrying);
    }
    if (code == OK || code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return job_forget(ctx, act->store, job->id);
    }
    str failure = str_copy(&ctx->arena, str_from(ctx->fault.key == NULL ? err_name(code) : ctx->fault.key));
    ctx_forgive(ctx);
    if (code != ERR_UNAVAILABLE && code != ERR_CANCELLED && code != ERR_BUSY && job->attempts >= ATTEMPTS_MAX) {
        carrying.outcome = RUN_FAILED;
        TRY(store_write(ctx, act->store, conclude, &carrying));
        return job_forget(ctx, act->store, job->id);
    }
    i64 due_ms = ctx_now_ms(ctx) + AGAIN_MS * lesser(job->attempts, 20);
    return job_again(ctx, act->store, job->id, due_ms, failure);
}
