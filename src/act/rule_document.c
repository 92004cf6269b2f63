/* Reading the parts of a rule. */
#include "act/rule.h"

#include "act/match.h"

#include "journey/pointer.h"
#include "text/phone.h"

enum { HOUR_MS = 3600 * 1000, ALERTS_MAX = 20 };
#define DAY_MS ((i64)24 * HOUR_MS)

static err wrong(struct ctx *ctx, const char *field, const char *expected)
{
    return FAIL(ctx, ERR_INVALID, field, "error.type", {"expected", str_from(expected)});
}

/* A duration such as "2h" of at most so many days. */
static err read_duration(struct ctx *ctx, const char *field, str text, i64 most_days, i64 *out)
{
    if (!duration_parse(text, out) || *out < 0) {
        return FAIL(ctx, ERR_INVALID, field, "error.ask.duration");
    }
    return *out <= most_days * DAY_MS ? OK
                                      : FAIL(ctx, ERR_INVALID, field, "error.rule.too_far",
                                             {"days", str_format(&ctx->arena, "%lld", (long long)most_days)});
}

/* A rule is read by others than those it is about, and outlives an erasure: it names nobody. */
static err names_nobody(struct ctx *ctx, const struct condition *condition)
{
    for (i64 i = 0; i < condition->operand_count; i++) {
        str text = condition->operands[i].text;
        bool number = condition->operands[i].number;
        if (!number && (str_find_char(text, '@') > 0 || phone_e164(&ctx->arena, text).len > 0)) {
            return FAIL(ctx, ERR_INVALID, "", "error.rule.names");
        }
    }
    for (i64 i = 0; i < condition->child_count; i++) { // as deep as conditions are nested: bounded when they are read
        TRY(names_nobody(ctx, &condition->children[i]));
    }
    return OK;
}

static err read_conditions(struct ctx *ctx, struct json value, bool whole, struct condition *out)
{
    TRY(condition_read(ctx, value, FIELD_IN_QUESTION, out));
    TRY(match_allows(ctx, out, whole));
    return names_nobody(ctx, out);
}

static err read_alerts(struct ctx *ctx, struct json list, struct rule_ready *out)
{
    if (json_type(list) != JSON_LIST || json_count(list) == 0 || json_count(list) > ALERTS_MAX) {
        return wrong(ctx, "", "list");
    }
    out->alerts.items = arena_new(&ctx->arena, str, json_count(list));
    for (struct json_iter i = json_each(list); json_next(&i);) {
        str word;
        if (!json_str(i.value, &word) || word.len == 0) {
            return wrong(ctx, "", "string");
        }
        out->alerts.items[out->alerts.count++] = str_copy(&ctx->arena, word);
    }
    return OK;
}

/* "09:30" as minutes after midnight. */
static bool read_clock(str text, i32 *minutes)
{
    i64 hour, minute;
    str rest = text, first = str_cut(&rest, ':');
    if (!str_i64(first, &hour) || !str_is(rest) || !str_i64(rest, &minute)) {
        return false;
    }
    *minutes = (i32)(hour * 60 + minute);
    return text.len == 5 && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

static err read_time(struct ctx *ctx, struct json time, struct rule_ready *out)
{
    static const char *const keys[] = {"every", "at", "on", "for", NULL};
    str word;
    i64 day = 1;
    TRY(pointer_members(ctx, time, keys));
    bool known = json_str(json_get(time, STR("every")), &word) && period_parse(word, &out->every);
    if (!known || (out->every != PERIOD_DAY && out->every != PERIOD_WEEK && out->every != PERIOD_MONTH)) {
        return FAIL(ctx, ERR_INVALID, "every", "error.word", {"allowed", STR("day, week, month")});
    }
    if (!json_str(json_get(time, STR("at")), &word) || !read_clock(word, &out->minute)) {
        return FAIL(ctx, ERR_INVALID, "at", "error.rule.clock");
    }
    i64 most = out->every == PERIOD_WEEK ? 7 : 28;
    bool given = json_is(json_get(time, STR("on")));
    if (given && (!json_i64(json_get(time, STR("on")), &day) || day < 1 || day > most || out->every == PERIOD_DAY)) {
        return FAIL(ctx, ERR_INVALID, "on", "error.range", {"low", STR("1")},
                    {"high", str_format(&ctx->arena, "%lld", (long long)most)});
    }
    out->day = (i32)day;
    out->everybody = true;
    if (json_is(json_get(time, STR("for")))) {
        bool text = json_str(json_get(time, STR("for")), &word);
        out->everybody = text && str_eq(word, STR("people"));
        if (!out->everybody && !(text && str_eq(word, STR("nobody")))) {
            return FAIL(ctx, ERR_INVALID, "for", "error.word", {"allowed", STR("people, nobody")});
        }
    }
    return OK;
}

static err read_when(struct ctx *ctx, struct json when, struct rule_ready *out)
{
    static const char *const keys[] = {"event", "alert", "time", NULL};
    struct json event = json_get(when, STR("event")), alert = json_get(when, STR("alert"));
    struct json time = json_get(when, STR("time"));
    TRY(pointer_members(ctx, when, keys));
    if (json_is(event) + json_is(alert) + json_is(time) != 1) {
        return FAIL(ctx, ERR_INVALID, "", "error.rule.when");
    }
    pointer_enter(ctx, json_is(event) ? STR("event") : json_is(alert) ? STR("alert") : STR("time"));
    out->on = json_is(event) ? WHEN_EVENT : json_is(alert) ? WHEN_ALERT : WHEN_TIME;
    if (out->on == WHEN_ALERT) {
        return read_alerts(ctx, alert, out);
    }
    if (out->on == WHEN_TIME) {
        return read_time(ctx, time, out);
    }
    TRY(read_conditions(ctx, event, false, &out->event));
    // Every event of the company is more than anybody means.
    return condition_empty(&out->event) ? FAIL(ctx, ERR_INVALID, "", "error.rule.every_event") : OK;
}

static err read_once(struct ctx *ctx, struct json once, struct rule_ready *out)
{
    static const char *const keys[] = {"per", "in", NULL};
    str text;
    TRY(pointer_members(ctx, once, keys));
    out->once = true;
    if (!json_str(json_get(once, STR("per")), &text)) {
        return wrong(ctx, "per", "string");
    }
    if (str_starts(text, STR("prop:")) && text.len > 5 && text.len < 200) {
        out->once_prop = str_copy(&ctx->arena, str_slice(text, 5, text.len));
    } else if (!str_eq(text, STR("person"))) {
        return FAIL(ctx, ERR_INVALID, "per", "error.word", {"allowed", STR("person, prop:NAME")});
    }
    struct json in = json_get(once, STR("in"));
    if (!json_is(in)) {
        return OK;
    }
    return json_str(in, &text) ? read_duration(ctx, "in", text, ONCE_DAYS_MAX, &out->once_ms)
                               : wrong(ctx, "in", "string");
}

static err read_actions(struct ctx *ctx, struct json list)
{
    if (json_type(list) != JSON_LIST || json_count(list) == 0 || json_count(list) > RULE_ACTIONS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.rule.then", {"most", str_format(&ctx->arena, "%d", RULE_ACTIONS_MAX)});
    }
    i64 index = 0;
    for (struct json_iter i = json_each(list); json_next(&i);) {
        str word, before = pointer_enter_index(ctx, index++);
        if (json_type(i.value) != JSON_OBJECT || !json_str(json_get(i.value, STR("do")), &word)) {
            return wrong(ctx, "do", "string");
        }
        ctx->pointer = before;
    }
    return OK;
}

/* One part of the document with a reader of its own; faults name the part. */
static err part(struct ctx *ctx, const char *name, str text, struct rule_ready *out,
                err (*read)(struct ctx *ctx, struct json value, struct rule_ready *out))
{
    struct json value;
    str before = pointer_enter(ctx, str_from(name));
    TRY(json_parse(ctx, json_reader_here(), text, &value));
    TRY(read(ctx, value, out));
    ctx->pointer = before;
    return OK;
}

static err read_if(struct ctx *ctx, struct json value, struct rule_ready *out)
{
    return read_conditions(ctx, value, true, &out->condition);
}

static err read_then(struct ctx *ctx, struct json value, struct rule_ready *out)
{
    (void)out;
    return read_actions(ctx, value);
}

static err read_shares(struct ctx *ctx, const struct rule *rule, struct rule_ready *out)
{
    out->share = rule->share <= 0 ? 1 : rule->share;
    out->hold_out = rule->hold_out;
    if (out->share > 1) {
        return FAIL(ctx, ERR_INVALID, "share", "error.range", {"low", STR("0")}, {"high", STR("1")});
    }
    return out->hold_out >= 0 && out->hold_out < 1
               ? OK
               : FAIL(ctx, ERR_INVALID, "hold_out", "error.range", {"low", STR("0")}, {"high", STR("1")});
}

/* Parts that mean nothing beside others. */
static err check_together(struct ctx *ctx, const struct rule_ready *rule)
{
    bool nobody = rule->on == WHEN_ALERT || (rule->on == WHEN_TIME && !rule->everybody);
    if (nobody && !condition_empty(&rule->condition)) {
        return FAIL(ctx, ERR_INVALID, "if", "error.rule.if_nobody");
    }
    if (rule->on == WHEN_TIME && rule->wait_ms > 0) {
        return FAIL(ctx, ERR_INVALID, "wait", "error.rule.wait_time");
    }
    if (rule->on == WHEN_TIME && rule->everybody && condition_empty(&rule->condition)) {
        return FAIL(ctx, ERR_INVALID, "if", "error.rule.everybody");
    }
    return OK;
}

err rule_prepare(struct ctx *ctx, const struct rule *rule, struct rule_ready *out)
{
    *out = (struct rule_ready){.id = rule->id, .since_ms = rule->since_ms, .actions = rule->actions};
    TRY(part(ctx, "when", rule->when, out, read_when));
    TRY(part(ctx, "if", str_is(rule->condition) ? rule->condition : STR("[]"), out, read_if));
    TRY(part(ctx, "then", rule->actions, out, read_then));
    if (str_is(rule->once) && !str_eq(rule->once, STR("null"))) {
        TRY(part(ctx, "once", rule->once, out, read_once));
    }
    out->fresh_ms = (i64)FRESH_HOURS_DEFAULT * HOUR_MS;
    if (rule->wait.len > 0) {
        TRY(read_duration(ctx, "wait", rule->wait, WAIT_DAYS_MAX, &out->wait_ms));
    }
    if (rule->fresh.len > 0) {
        TRY(read_duration(ctx, "fresh", rule->fresh, FRESH_HOURS_MAX / 24, &out->fresh_ms));
    }
    TRY(read_shares(ctx, rule, out));
    return check_together(ctx, out);
}
