/* What every rule can do without knowing more than this room: call a webhook, tell people of the company. */
#include "act/actions.h"

#include "act/state.h"
#include "act/target.h"
#include "base/id.h"
#include "guard/rights.h"
#include "journey/pointer.h"

enum { NOTICE_TEXT_MAX = 500 };

static bool word_index(struct json value, const char *const *words, i32 *index)
{
    str text;
    bool is_text = json_str(value, &text);
    for (i32 i = 0; is_text && words[i] != NULL; i++) {
        if (str_eq(text, str_from(words[i]))) {
            *index = i;
            return true;
        }
    }
    return false;
}

err action_purpose(struct ctx *ctx, struct json action, enum purpose usual, i32 *purpose)
{
    struct json value = json_get(action, STR("purpose"));
    *purpose = (i32)usual;
    return !json_is(value) || word_index(value, purpose_words, purpose)
               ? OK
               : FAIL(ctx, ERR_INVALID, "purpose", "error.word",
                      {"allowed", STR("survey, service, marketing, research, training")});
}

err action_target(struct ctx *ctx, struct act *act, struct json action, i64 *id)
{
    struct target target;
    str text;
    bool given = json_str(json_get(action, STR("target")), &text) && id_parse(text, id);
    err code = given ? target_get(ctx, act, *id, &target) : ERR_NOT_FOUND;
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return FAIL(ctx, ERR_INVALID, "target", "error.target.unknown");
    }
    return code;
}

str action_cause(struct ctx *ctx, const struct firing *firing)
{
    char rule[ID_TEXT_LEN];
    return str_format(&ctx->arena, "rule:%.*s:%.*s:%lld", STR_ARG(id_text(firing->rule, rule)), STR_ARG(firing->cause),
                      (long long)firing->index);
}

/* webhook */

static err webhook_check(void *self, struct ctx *ctx, struct json action)
{
    static const char *const keys[] = {"do", "target", "purpose", "at_once", "text", NULL};
    i64 target;
    i32 purpose;
    bool at_once = false;
    str text;
    TRY(pointer_members(ctx, action, keys));
    if (json_is(json_get(action, STR("at_once"))) && !json_bool(json_get(action, STR("at_once")), &at_once)) {
        return FAIL(ctx, ERR_INVALID, "at_once", "error.type", {"expected", STR("true, false")});
    }
    if (json_is(json_get(action, STR("text"))) && !json_str(json_get(action, STR("text")), &text)) {
        return FAIL(ctx, ERR_INVALID, "text", "error.type", {"expected", STR("string")});
    }
    TRY(action_purpose(ctx, action, PURPOSE_SERVICE, &purpose));
    if (at_once &&
        !purpose_is_urgent(purpose)) { // a call may be any channel: nobody is asked or sold something at night
        return FAIL(ctx, ERR_INVALID, "at_once", "error.rule.at_once");
    }
    return action_target(ctx, self, action, &target);
}

/* What the call says is put together when it is made, but for what only this moment knows. */
static str webhook_input(struct ctx *ctx, const struct firing *firing, struct json action)
{
    struct json_writer out = json_writer_in(&ctx->arena);
    str text;
    bool at_once = false;
    json_object(&out);
    json_pair_str(&out, "rule", firing->rule_name);
    json_pair_id(&out, "event", firing->event == NULL ? 0 : firing->event->id);
    if (json_bool(json_get(action, STR("at_once")), &at_once)) {
        json_pair_bool(&out, "at_once", at_once);
    }
    if (json_str(json_get(action, STR("text")), &text)) {
        json_pair_str(&out, "text", text);
    }
    if (str_is(firing->told)) {
        json_pair_raw(&out, "alert", firing->told);
    }
    json_object_end(&out);
    return json_text(&out);
}

static err webhook_fire(void *self, struct ctx *ctx, const struct firing *firing, struct json action)
{
    struct act *act = self;
    struct send send = {
        .cause = action_cause(ctx, firing),
        .rule = firing->rule,
        .run = firing->run,
        .alias = firing->alias.len > 0 ? firing->alias : STR_NONE,
        .channel = REACH_WEBHOOK,
        .what = STR("webhook"),
        .input = webhook_input(ctx, firing, action),
    };
    TRY(action_purpose(ctx, action, PURPOSE_SERVICE, &send.purpose));
    err code = action_target(ctx, act, action, &send.target);
    if (code == ERR_INVALID) { // removed after the rule was saved
        ctx_forgive(ctx);
        return OK;
    }
    TRY(code);
    return send_put(ctx, act->store, &send);
}

struct event_row {
    i64 id, at_ms;
    str kind, channel, place, touchpoint, metric, question;
    struct maybe_f64 score;
    str scale, text, props;
};
static const struct shape_field event_fields[] = {
    {"id", SHAPE_ID, offsetof(struct event_row, id)},
    {"at_ms", SHAPE_TIME, offsetof(struct event_row, at_ms)},
    {"kind", SHAPE_STR, offsetof(struct event_row, kind)},
    {"channel", SHAPE_STR, offsetof(struct event_row, channel), .flags = SHAPE_OMIT_NONE},
    {"place", SHAPE_STR, offsetof(struct event_row, place), .flags = SHAPE_OMIT_NONE},
    {"touchpoint", SHAPE_STR, offsetof(struct event_row, touchpoint), .flags = SHAPE_OMIT_NONE},
    {"metric", SHAPE_STR, offsetof(struct event_row, metric), .flags = SHAPE_OMIT_NONE},
    {"question", SHAPE_STR, offsetof(struct event_row, question), .flags = SHAPE_OMIT_NONE},
    {"score", SHAPE_MAYBE_F64, offsetof(struct event_row, score), .flags = SHAPE_OMIT_NONE},
    {"scale", SHAPE_STR, offsetof(struct event_row, scale), .flags = SHAPE_OMIT_NONE},
    {"text", SHAPE_STR, offsetof(struct event_row, text), .flags = SHAPE_OMIT_NONE},
    {"properties", SHAPE_JSON, offsetof(struct event_row, props), .flags = SHAPE_OMIT_NONE},
};
static const struct shape event_row_shape = SHAPE("WebhookEvent", struct event_row, event_fields, NULL);

/* Without what we keep in it for ourselves. */
static str clean_props(struct ctx *ctx, str props)
{
    struct json value;
    if (props.len == 0 || json_parse(ctx, json_reader_here(), props, &value) != OK) {
        ctx_forgive(ctx);
        return STR_NONE;
    }
    struct json_writer out = json_writer_in(&ctx->arena);
    json_object(&out);
    for (struct json_iter i = json_each(value); json_next(&i);) {
        if (!str_eq(i.key, STR("$"))) {
            json_key(&out, str_eq(i.key, STR("$$")) ? STR("$") : i.key);
            json_put_value(&out, i.value);
        }
    }
    json_object_end(&out);
    return json_text(&out);
}

static err put_event(struct ctx *ctx, const struct act *act, i64 id, struct json_writer *out)
{
    struct event *event = NULL;
    i64 found = 0;
    if (id == 0) {
        return OK;
    }
    TRY(events_fetch(ctx, act->log, &id, 1, &event, &found));
    if (found == 0) {
        return OK;
    }
    struct event_row row = {
        .id = event->id,
        .at_ms = event->at_ms,
        .kind = event->kind,
        .channel = event->channel,
        .place = event->place,
        .touchpoint = event->touchpoint,
        .metric = event->metric,
        .question = event->question,
        .score = event->score,
        .scale = event->scale,
        .text = event->text,
        .props = clean_props(ctx, event->props),
    };
    json_key(out, STR("event"));
    shape_write(out, &event_row_shape, &row, SHAPE_ALL);
    return OK;
}

void payload_person(struct ctx *ctx, const struct receiver *to, struct json_writer *out)
{
    char id[ID_TEXT_LEN];
    if (to->person == 0) {
        return;
    }
    json_key(out, STR("person"));
    json_object(out);
    json_pair_str(out, "id", str_copy(&ctx->arena, id_text(to->person, id)));
    json_key(out, STR("aliases"));
    json_list(out);
    for (i64 i = 0; i < to->aliases.count; i++) {
        json_put_str(out, to->aliases.items[i]);
    }
    json_list_end(out);
    json_pair_str(out, "name", to->name);
    json_pair_str(out, "language", str_from(language_words[to->language]));
    json_pair_raw(out, "traits", to->traits);
    json_object_end(out);
}

static err webhook_make(void *self, struct ctx *ctx, const struct send *send, const struct receiver *to, str opt_out,
                        struct message *out)
{
    const struct act *act = self;
    struct json input;
    struct json_writer body = json_writer_in(&ctx->arena);
    struct json_reader *reader = json_reader_of(ctx);
    i64 event = 0;
    str text;
    TRY(json_parse(ctx, reader, send->input, &input));
    json_object(&body);
    json_pair_str(&body, "type", STR("rule.fired"));
    json_pair_i64(&body, "at_ms", send->created_ms);
    json_pair_str(&body, "rule", json_str(json_get(input, STR("rule")), &text) ? text : STR(""));
    if (json_str(json_get(input, STR("text")), &text)) {
        json_pair_str(&body, "text", text);
    }
    payload_person(ctx, to, &body);
    if (json_str(json_get(input, STR("event")), &text) && id_parse(text, &event)) {
        TRY(put_event(ctx, act, event, &body));
    }
    if (json_is(json_get(input, STR("alert")))) {
        json_key(&body, STR("alert"));
        json_put_value(&body, json_get(input, STR("alert")));
    }
    if (str_is(opt_out)) {
        json_pair_str(&body, "opt_out", opt_out);
    }
    json_object_end(&body);
    out->payload = json_text(&body);
    return OK;
}

/* notify */

static err notify_check(void *self, struct ctx *ctx, struct json action)
{
    static const char *const keys[] = {"do", "role", "text", NULL};
    i32 role;
    str text;
    (void)self;
    TRY(pointer_members(ctx, action, keys));
    if (!word_index(json_get(action, STR("role")), role_words, &role)) {
        return FAIL(ctx, ERR_INVALID, "role", "error.word", {"allowed", STR("owner, manager, analyst, agent, viewer")});
    }
    struct json given = json_get(action, STR("text"));
    if (json_is(given) && (!json_str(given, &text) || text.len > NOTICE_TEXT_MAX)) {
        return FAIL(ctx, ERR_INVALID, "text", "error.too_long",
                    {"most", str_format(&ctx->arena, "%d", NOTICE_TEXT_MAX)});
    }
    return OK;
}

static err notify_fire(void *self, struct ctx *ctx, const struct firing *firing, struct json action)
{
    const struct act *act = self;
    str role = STR("manager"), text = firing->rule_name;
    (void)json_str(json_get(action, STR("role")), &role);
    (void)json_str(json_get(action, STR("text")), &text);
    return store_run(ctx, act->store, SQL_NOTICE_ADD,
                     ARGS(ARG_ID("id", id_new()), ARG_STR("role", role), ARG_ID("rule", firing->rule),
                          ARG_ID("run", firing->run), ARG_STR("text", text),
                          ARG_ID("event", firing->event == NULL ? 0 : firing->event->id),
                          ARG_I64("now_ms", ctx_now_ms(ctx))),
                     NULL);
}

void actions_add(struct act *act)
{
    act_add_action(act, &(struct act_action){"webhook", act, webhook_check, webhook_fire});
    act_add_action(act, &(struct act_action){"notify", act, notify_check, notify_fire});
    act_add_maker(act, &(struct act_maker){"webhook", act, webhook_make, NULL});
}
