#include "api/inviting.h"

#include "act/actions.h"
#include "base/clock.h"
#include "base/id.h"
#include "events/log.h"
#include "http/http.h"
#include "journey/pointer.h"
#include "listen/survey/invitation.h"
#include "listen/survey/link.h"
#include "store/settings.h"

enum { EXPIRES_DAYS = 30 };

/* {"do":"survey","survey":ID,"channel":"email"|"webhook","target":ID,"purpose":…} */

static bool survey_of(struct json action, i64 *id)
{
    str text;
    return json_str(json_get(action, STR("survey")), &text) && id_parse(text, id);
}

static bool by_webhook(struct json action)
{
    str text = STR("email");
    (void)json_str(json_get(action, STR("channel")), &text);
    return str_eq(text, STR("webhook"));
}

static err check_members(struct ctx *ctx, struct json action)
{
    static const char *const keys[] = {"do", "survey", "channel", "target", "purpose", NULL};
    TRY(pointer_members(ctx, action, keys));
    str channel = STR("email");
    (void)json_str(json_get(action, STR("channel")), &channel);
    return str_eq(channel, STR("email")) || str_eq(channel, STR("webhook"))
               ? OK
               : FAIL(ctx, ERR_INVALID, "channel", "error.word", {"allowed", STR("email, webhook")});
}

static err check(void *self, struct ctx *ctx, struct json action)
{
    struct app *app = self;
    struct survey survey;
    i64 id = 0, target;
    i32 purpose;
    TRY(check_members(ctx, action));
    err code = survey_of(action, &id) ? survey_get(ctx, app->surveys, id, &survey) : ERR_NOT_FOUND;
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return FAIL(ctx, ERR_INVALID, "survey", "error.rule.survey");
    }
    TRY(code);
    TRY(action_purpose(ctx, action, PURPOSE_SURVEY, &purpose));
    if (purpose != PURPOSE_SURVEY) { // the word about another purpose is no word about surveys
        return FAIL(ctx, ERR_INVALID, "purpose", "error.word", {"allowed", STR("survey")});
    }
    return by_webhook(action) ? action_target(ctx, app->act, action, &target) : OK;
}

static err fire(void *self, struct ctx *ctx, const struct firing *firing, struct json action)
{
    struct app *app = self;
    struct send send = {
        .cause = action_cause(ctx, firing),
        .rule = firing->rule,
        .run = firing->run,
        .alias = firing->alias,
        .channel = by_webhook(action) ? REACH_WEBHOOK : REACH_EMAIL,
        .what = STR("survey"),
    };
    if (firing->alias.len == 0 || !survey_of(action, &send.object)) {
        return OK; // nobody to ask
    }
    TRY(action_purpose(ctx, action, PURPOSE_SURVEY, &send.purpose));
    if (send.channel == REACH_WEBHOOK && action_target(ctx, app->act, action, &send.target) != OK) {
        ctx_forgive(ctx); // removed after the rule was saved
        return OK;
    }
    return send_put(ctx, app->store, &send);
}

struct linking {
    struct app *app;
    const struct send *send;
    i64 id;
};

/* Both or neither: a personal link without its message would look like one that somebody made by hand. */
static err make_link(struct ctx *ctx, struct store *store, void *arg)
{
    struct linking *linking = arg;
    const struct send *send = linking->send;
    struct survey_invitation with = {
        .survey = send->object,
        .alias = send->alias,
        .channel = str_from(reach_words[send->channel]),
        .expires_ms = clock_ms() + (i64)EXPIRES_DAYS * 24 * 3600 * 1000,
    };
    str token;
    TRY(survey_invite(ctx, linking->app->surveys, &with, &token, &linking->id));
    return send_note_link(ctx, store, send->id, linking->id);
}

/* One personal link for a message, however often it is tried. */
static err link_of(struct ctx *ctx, struct app *app, const struct send *send, str *url)
{
    struct survey_link link;
    struct linking linking = {app, send, send->link};
    if (linking.id == 0) {
        TRY(store_write(ctx, app->store, make_link, &linking));
    }
    TRY(survey_link_get(ctx, app->surveys, linking.id, str_copy(&ctx->arena, http_base(app->http)), &link));
    *url = link.url;
    return OK;
}

static str payload(struct ctx *ctx, const struct send *send, const struct receiver *to,
                   const struct invitation *invitation, const struct invitation_words *words)
{
    struct json_writer out = json_writer_in(&ctx->arena);
    json_object(&out);
    json_pair_str(&out, "type", STR("survey.invitation"));
    json_pair_id(&out, "invitation", send->id);
    json_pair_id(&out, "survey", send->object);
    json_pair_str(&out, "link", invitation->url);
    json_pair_str(&out, "opt_out", invitation->opt_out);
    json_pair_str(&out, "language", words->language);
    json_pair_str(&out, "title", survey_text(ctx, invitation->document, invitation->document->title, words->language));
    json_pair_str(&out, "subject", words->subject);
    json_pair_str(&out, "text", words->text);
    payload_person(ctx, to, &out);
    json_object_end(&out);
    return json_text(&out);
}

static err make(void *self, struct ctx *ctx, const struct send *send, const struct receiver *to, str opt_out,
                struct message *out)
{
    struct app *app = self;
    struct survey survey;
    struct survey_version version;
    struct survey_document document;
    struct settings settings;
    struct invitation_words words;
    err code = survey_get(ctx, app->surveys, send->object, &survey);
    if (code == ERR_NOT_FOUND || (code == OK && survey.state != SURVEY_OPEN)) {
        ctx_forgive(ctx);
        out->refused = SEND_CLOSED;
        return OK;
    }
    TRY(code);
    TRY(survey_version_get(ctx, app->surveys, send->object, survey.version, &version, &document));
    TRY(settings_read(ctx, app->store, &settings));
    struct invitation invitation = {
        .document = &document,
        .language = to->language,
        .opt_out = opt_out,
        .organisation = settings.organisation,
    };
    TRY(link_of(ctx, app, send, &invitation.url));
    invitation_write(ctx, &invitation, &words);
    out->subject = words.subject;
    out->text = words.text;
    out->html = words.html;
    out->payload = payload(ctx, send, to, &invitation, &words);
    return OK;
}

/* The invitation is an experience too: an event, once for each send. */
static err sent(void *self, struct ctx *ctx, const struct send *send, const struct receiver *to)
{
    struct app *app = self;
    u8 outcome;
    char id[ID_TEXT_LEN];
    struct json_writer props = json_writer_in(&ctx->arena);
    (void)to;
    json_object(&props);
    json_pair_id(&props, "survey", send->object);
    json_pair_id(&props, "invitation", send->id);
    json_pair_str(&props, "channel", str_from(reach_words[send->channel]));
    json_pair_id(&props, "rule", send->rule);
    json_object_end(&props);
    struct event event = {
        .at_ms = send->sent_ms > 0 ? send->sent_ms : clock_ms(),
        .source = STR("survey"),
        .message_id = str_format(&ctx->arena, "sent:%.*s", STR_ARG(id_text(send->id, id))),
        .alias = send->alias,
        .kind = STR("Survey Sent"),
        .channel = str_from(reach_words[send->channel]),
        .props = json_text(&props),
    };
    return events_append(ctx, app->events, &event, 1, &outcome);
}

void inviting_add(struct app *app)
{
    act_add_action(app->act, &(struct act_action){"survey", app, check, fire});
    act_add_maker(app->act, &(struct act_maker){"survey", app, make, sent});
}

err invite(struct ctx *ctx, struct app *app, const struct invite_by_hand *with)
{
    char id[ID_TEXT_LEN];
    struct send send = {
        .cause = str_format(&ctx->arena, "hand:%.*s:%.*s:%.*s", STR_ARG(id_text(with->survey, id)),
                            STR_ARG(with->batch), STR_ARG(with->alias)),
        .alias = with->alias,
        .purpose = PURPOSE_SURVEY,
        .channel = with->channel,
        .what = STR("survey"),
        .object = with->survey,
        .target = with->target,
        .by = with->by,
    };
    return send_put(ctx, app->store, &send);
}
