#include "act/trial.h"

#include "act/actions.h"
#include "act/state.h"
#include "base/id.h"
#include "journey/ask.h"

static const struct shape_field fired_fields[] = {
    {"event", SHAPE_ID, offsetof(struct trial_fired, event), .flags = SHAPE_REQUIRED},
    {"person", SHAPE_ID, offsetof(struct trial_fired, person), .flags = SHAPE_PERSONAL},
    {"person_name", SHAPE_STR, offsetof(struct trial_fired, person_name), .flags = SHAPE_PERSONAL},
    {"at_ms", SHAPE_TIME, offsetof(struct trial_fired, at_ms), .flags = SHAPE_REQUIRED},
};
static const struct shape fired_shape = SHAPE("RuleTrialFired", struct trial_fired, fired_fields, NULL);

static const struct shape_field trial_fields[] = {
    {"events", SHAPE_I64, offsetof(struct trial, events), .flags = SHAPE_REQUIRED, .help = "shape.rule_trial.events"},
    {"fires", SHAPE_I64, offsetof(struct trial, fires), .flags = SHAPE_REQUIRED},
    {"people", SHAPE_I64, offsetof(struct trial, people), .flags = SHAPE_REQUIRED},
    {"condition", SHAPE_I64, offsetof(struct trial, condition), .flags = SHAPE_REQUIRED},
    {"sampled_out", SHAPE_I64, offsetof(struct trial, sampled_out), .flags = SHAPE_REQUIRED},
    {"no_consent", SHAPE_I64, offsetof(struct trial, no_consent), .flags = SHAPE_REQUIRED,
     .help = "shape.rule_trial.no_consent"},
    {"more", SHAPE_BOOL, offsetof(struct trial, more), .flags = SHAPE_REQUIRED, .help = "shape.rule_trial.more"},
    {"sample", SHAPE_LIST, offsetof(struct trial, sample), .of = &fired_shape, .flags = SHAPE_REQUIRED},
};
const struct shape trial_shape = SHAPE("RuleTrial", struct trial, trial_fields, "shape.rule_trial");

/* One person of the trial: looked up once. */
struct tried {
    i64 person;
    struct receiver who;
    bool sampled, holds, fired;
};

struct trying {
    struct act *act;
    const struct rule *rule;
    struct rule_ready ready;
    struct wanted {
        i32 purpose, reach;
    } wanted[RULE_ACTIONS_MAX]; /* what its actions send */
    i64 wanted_count;
    struct tried *people;
    i64 count;
    struct trial *out;
};

static err read_actions(struct ctx *ctx, struct trying *trying)
{
    struct json list;
    TRY(json_parse(ctx, json_reader_here(), trying->rule->actions, &list));
    for (struct json_iter i = json_each(list); json_next(&i) && trying->wanted_count < RULE_ACTIONS_MAX;) {
        str word = STR(""), channel = STR("email");
        struct wanted *wanted = &trying->wanted[trying->wanted_count];
        (void)json_str(json_get(i.value, STR("do")), &word);
        (void)json_str(json_get(i.value, STR("channel")), &channel);
        bool survey = str_eq(word, STR("survey"));
        if (survey || str_eq(word, STR("webhook"))) {
            TRY(action_purpose(ctx, i.value, survey ? PURPOSE_SURVEY : PURPOSE_SERVICE, &wanted->purpose));
            wanted->reach = survey && str_eq(channel, STR("email")) ? REACH_EMAIL : REACH_WEBHOOK;
            trying->wanted_count++;
        }
    }
    return OK;
}

/* Did the person agree to anything that the rule sends? */
static err find_word(struct ctx *ctx, const struct trying *trying, struct tried *tried)
{
    for (i64 i = 0; i < trying->wanted_count && !tried->holds; i++) {
        TRY(consent_holds(ctx, trying->act->store, &tried->who.aliases, (enum purpose)trying->wanted[i].purpose,
                          (enum reach)trying->wanted[i].reach, &tried->holds, NULL));
    }
    return OK;
}

static err find_tried(struct ctx *ctx, struct trying *trying, const struct row *row, struct tried **out)
{
    *out = NULL;
    for (i64 i = 0; i < trying->count && *out == NULL; i++) {
        *out = trying->people[i].person == row->person->id ? &trying->people[i] : NULL;
    }
    if (*out != NULL) {
        return OK;
    }
    struct tried *tried = &trying->people[trying->count];
    char id[ID_TEXT_LEN];
    *tried = (struct tried){.person = row->person->id};
    TRY(receiver_find(ctx, trying->act, str_copy(&ctx->arena, id_text(tried->person, id)), &tried->who));
    TRY(find_word(ctx, trying, tried));
    tried->sampled = rule_samples(trying->rule->id, trying->ready.share, tried->person, STR_NONE);
    trying->count++;
    *out = tried;
    return OK;
}

static void count_fire(struct trying *trying, const struct row *row, struct tried *tried)
{
    struct trial *out = trying->out;
    struct trial_fired *sample = out->sample.items;
    out->fires++;
    if (tried != NULL) {
        out->people += tried->fired ? 0 : 1;
        out->no_consent += trying->wanted_count > 0 && !tried->holds ? 1 : 0;
        tried->fired = true;
    }
    if (out->sample.count < TRIAL_SAMPLE) {
        sample[out->sample.count++] = (struct trial_fired){
            .event = row->id,
            .person = tried == NULL ? 0 : tried->person,
            .at_ms = row->at_ms,
            .person_name = tried == NULL ? STR_NONE : tried->who.name,
        };
    }
}

/* An event, and what the person had done by its moment and the wait behind it. */
static err try_one(struct ctx *ctx, struct trying *trying, const struct row *row, const struct event *event)
{
    struct tried *tried = NULL;
    bool holds = true;
    if (row->person != NULL) {
        err code = find_tried(ctx, trying, row, &tried);
        if (code == ERR_NOT_FOUND) { // erased in this moment
            ctx_forgive(ctx);
            return OK;
        }
        TRY(code);
    }
    struct matching matching = {
        .ctx = ctx,
        .event = event,
        .journeys = trying->act->options.journeys,
        .rooms = trying->act->rooms,
        .person = tried == NULL ? 0 : tried->person,
        .traits = tried == NULL ? STR_NONE : tried->who.traits,
        .now_ms = event->at_ms + trying->ready.wait_ms + 1,
    };
    trying->out->events++;
    TRY(match(&matching, &trying->ready.condition, &holds));
    if (!holds) {
        trying->out->condition++;
    } else if (tried != NULL && !tried->sampled) {
        trying->out->sampled_out++;
    } else {
        count_fire(trying, row, tried);
    }
    return OK;
}

static err read_events(struct ctx *ctx, struct trying *trying, i64 from_ms, struct shape_list *rows)
{
    static const struct sight everything = {.personal = true};
    str next;
    struct question question = {
        .kind = ASK_TIMELINE,
        .zone = zone_utc(),
        .from_ms = {from_ms, true},
        .where = trying->ready.event,
        .limit = TRIAL_EVENTS_MAX,
    };
    TRY(ask_rows(ctx, trying->act->rooms, &everything, &question, rows, &next));
    trying->out->more = str_is(next);
    return OK;
}

err trial_run(struct ctx *ctx, struct act *act, const struct rule *rule, i64 from_ms, struct trial *out)
{
    struct trying trying = {.act = act, .rule = rule, .out = out};
    struct shape_list rows;
    *out = (struct trial){.sample = {arena_new(&ctx->arena, struct trial_fired, TRIAL_SAMPLE), 0}};
    TRY(rule_prepare(ctx, rule, &trying.ready));
    if (trying.ready.on != WHEN_EVENT) {
        return FAIL(ctx, ERR_INVALID, "when", "error.rule.trial");
    }
    TRY(read_actions(ctx, &trying));
    TRY(read_events(ctx, &trying, from_ms, &rows));
    trying.people = arena_new(&ctx->arena, struct tried, greater(rows.count, 1));
    i64 *ids = arena_new(&ctx->arena, i64, greater(rows.count, 1)), found = 0;
    struct event *events = NULL;
    const struct row *items = rows.items;
    for (i64 i = 0; i < rows.count; i++) {
        ids[i] = items[i].id;
    }
    if (rows.count > 0) {
        TRY(events_fetch(ctx, act->log, ids, rows.count, &events, &found));
    }
    for (i64 i = 0, k = 0; i < rows.count && k < found; i++) {
        if (events[k].id == items[i].id) {
            TRY(try_one(ctx, &trying, &items[i], &events[k++]));
        }
    }
    return OK;
}
