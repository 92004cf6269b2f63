#include "listen/voices/note.h"

#include "base/id.h"
#include "listen/answer.h"
#include "people/alias.h"
#include "people/people.h"
#include "text/fold.h"
#include "text/phone.h"

static const char *const source_words[] = {"complaint", "call", "chat", "email", "other", NULL};
static const char *const kinds[] = {"Complaint Made", "Call Noted", "Chat Noted", "Email Received", "Feedback Given"};

static const struct shape_field new_fields[] = {
    {"source", SHAPE_WORD, offsetof(struct note_new, source), .words = source_words, .flags = SHAPE_REQUIRED},
    {"text", SHAPE_STR, offsetof(struct note_new, text), .min = 1, .max = NOTE_TEXT_MAX, .flags = SHAPE_REQUIRED},
    {"person", SHAPE_STR, offsetof(struct note_new, person), .max = 300, .help = "shape.note.person"},
    {"channel", SHAPE_STR, offsetof(struct note_new, channel), .max = 100},
    {"place", SHAPE_STR, offsetof(struct note_new, place), .max = 200},
    {"touchpoint", SHAPE_STR, offsetof(struct note_new, touchpoint), .max = 200},
    {"metric", SHAPE_STR, offsetof(struct note_new, metric), .max = 10},
    {"scale", SHAPE_STR, offsetof(struct note_new, scale), .max = 10},
    {"score", SHAPE_MAYBE_F64, offsetof(struct note_new, score)},
    {"at_ms", SHAPE_TIME, offsetof(struct note_new, at_ms), .help = "shape.note.at_ms"},
    {"key", SHAPE_STR, offsetof(struct note_new, key), .min = 1, .max = 100, .help = "shape.note.key"},
};
const struct shape note_new_shape = SHAPE("FeedbackNew", struct note_new, new_fields, "shape.note");

/* Of the person of an id: its oldest alias. */
static err alias_of_id(struct ctx *ctx, struct people *people, i64 id, str *out)
{
    struct identity *identity = people_identity(people);
    TRY(people_catch_up(ctx, people));
    identity_lock(identity);
    alias_no no = identity_of_id(identity, id);
    if (no != 0) {
        *out = str_copy(&ctx->arena, identity_text(identity, identity_person(identity, no)));
    }
    identity_unlock(identity);
    return OK;
}

err note_alias(struct ctx *ctx, struct people *people, str person, str *out)
{
    struct arena *arena = &ctx->arena;
    str text = str_trim(str_is(person) ? person : STR(""));
    str contact;
    i64 id;
    *out = STR_NONE;
    if (text.len == 0) {
        return OK;
    }
    if (id_parse(text, &id)) {
        TRY(alias_of_id(ctx, people, id, out));
    } else if (str_is(contact = alias_whole(arena, text))) {
        *out = contact;
    } else if (str_is(contact = fold_email(arena, text))) {
        *out = str_format(arena, "email:%.*s", STR_ARG(contact));
    } else if (str_is(contact = phone_e164(arena, text))) {
        *out = str_format(arena, "phone:%.*s", STR_ARG(contact));
    }
    return str_is(*out) ? OK : FAIL(ctx, ERR_INVALID, "person", "error.note.person");
}

static err admit(struct ctx *ctx, const struct note_new *note, struct event *event)
{
    struct answer answer = {.given = note->score.value};
    if (!note->score.is) {
        return OK;
    }
    if (!metric_parse(note->metric, &answer.metric)) {
        return FAIL(ctx, ERR_INVALID, "metric", "error.note.metric");
    }
    if (note->scale.len > 0 && !scale_parse(note->scale, &answer.scale)) {
        return FAIL(ctx, ERR_INVALID, "scale", "error.note.metric");
    }
    event->metric = note->metric;
    return answer_admit(ctx, &answer, STR("score"), event);
}

err note_put(struct ctx *ctx, struct people *people, struct events *events, const struct principal *who,
             const struct note_new *note, i64 *id)
{
    struct event event = {
        .at_ms = note->at_ms != 0 ? note->at_ms : ctx_now_ms(ctx),
        .source = STR("staff"),
        .message_id = note->key.len > 0 ? note->key : STR(""),
        .kind = str_from(kinds[note->source]),
        .channel = note->channel,
        .place = note->place,
        .touchpoint = note->touchpoint,
        .text = fold_nfc(&ctx->arena, note->text),
    };
    u8 outcome = EVENT_NONE;
    TRY(note_alias(ctx, people, note->person, &event.alias));
    TRY(admit(ctx, note, &event));
    struct json_writer props = json_writer_in(&ctx->arena);
    json_object(&props);
    json_pair_str(&props, "by", who->name);
    json_object_end(&props);
    event.props = json_text(&props);
    TRY(events_append(ctx, events, &event, 1, &outcome));
    *id = event.id;
    return OK;
}
