#include "base/clock.h"
#include "base/id.h"
#include "listen/answer.h"
#include "listen/limits.h"
#include "listen/lines.h"
#include "listen/money.h"
#include "listen/tracking.h"
#include "text/fold.h"
#include "text/phone.h"

enum { SKEW_LEAST_MS = 10 * 1000 };

/* The members of an item that mean something; each is looked up once. */
struct item {
    enum track_type type;
    str message_id, name, category, alias;
    str user, anonymous, previous, group;
    struct json event, context, properties, traits, timestamp, sent_at;
    str email, phone;
};

#define REFUSE(batch, field, key, ...) FAIL((batch)->ctx, ERR_INVALID, (field), (key)__VA_OPT__(, ) __VA_ARGS__)

/* Ids are texts; some programs send numbers. */
static str id_text_of(struct arena *arena, struct json value)
{
    str text;
    i64 number;
    if (json_str(value, &text)) {
        return str_copy(arena, str_trim(text));
    }
    bool whole = json_type(value) == JSON_I64 && json_i64(value, &number);
    return whole ? str_format(arena, "%lld", (long long)number) : STR_NONE;
}

static str real_id(struct arena *arena, struct json value)
{
    str id = id_text_of(arena, value);
    return str_is(id) && !is_nobody(id) ? fold_nfc(arena, id) : STR_NONE;
}

static str copied(struct arena *arena, str text)
{
    str composed = fold_nfc(arena, text);
    return composed.data == text.data ? str_copy(arena, text) : composed;
}

static str text_of(struct arena *arena, struct json value)
{
    str text;
    return json_str(value, &text) ? copied(arena, text) : STR_NONE;
}

static bool find_type(struct json value, enum track_type *out)
{
    str word;
    for (i32 i = 0; json_str(value, &word) && i < TRACK_BATCH; i++) {
        if (str_eq(word, str_from(track_words[i]))) {
            *out = (enum track_type)i;
            return true;
        }
    }
    return false;
}

static void read_members(struct track_batch *batch, struct json object, struct item *out, struct json *type)
{
    struct arena *arena = &batch->ctx->arena;
    struct json original = {0};
    for (struct json_iter i = json_each(object); json_next(&i);) {
        str key = i.key;
        if (str_eq(key, STR("type"))) {
            *type = i.value;
        } else if (str_eq(key, STR("messageId"))) {
            out->message_id = id_text_of(arena, i.value);
        } else if (str_eq(key, STR("userId"))) {
            out->user = real_id(arena, i.value);
        } else if (str_eq(key, STR("anonymousId"))) {
            out->anonymous = real_id(arena, i.value);
        } else if (str_eq(key, STR("previousId"))) {
            out->previous = real_id(arena, i.value);
        } else if (str_eq(key, STR("groupId"))) {
            out->group = id_text_of(arena, i.value);
        } else if (str_eq(key, STR("event"))) {
            out->event = i.value;
        } else if (str_eq(key, STR("name"))) {
            out->name = text_of(arena, i.value);
        } else if (str_eq(key, STR("category"))) {
            out->category = text_of(arena, i.value);
        } else if (str_eq(key, STR("timestamp"))) {
            out->timestamp = i.value;
        } else if (str_eq(key, STR("originalTimestamp"))) {
            original = i.value;
        } else if (str_eq(key, STR("sentAt"))) {
            out->sent_at = i.value;
        } else if (str_eq(key, STR("context"))) {
            out->context = i.value;
        } else if (str_eq(key, STR("properties"))) {
            out->properties = i.value;
        } else if (str_eq(key, STR("traits"))) {
            out->traits = i.value;
        }
    }
    if (json_type(out->timestamp) == JSON_NONE || json_type(out->timestamp) == JSON_NULL) {
        out->timestamp = original;
    }
}

/* Who: the user id, else the anonymous id; one that also carries the other proves that they are one person. */
static err read_who(struct track_batch *batch, struct item *item, struct event *out)
{
    struct arena *arena = &batch->ctx->arena;
    if (item->user.len > TRACK_ID_MAX || item->anonymous.len > TRACK_ID_MAX || item->previous.len > TRACK_ID_MAX) {
        return REFUSE(batch, "userId", "tracking.id_long");
    }
    if (str_is(item->user)) {
        out->alias = str_format(arena, "user:%.*s", STR_ARG(item->user));
    } else if (str_is(item->anonymous)) {
        out->alias = str_format(arena, "anon:%.*s", STR_ARG(item->anonymous));
        item->anonymous = STR_NONE; // it is the alias itself
    } else {
        return REFUSE(batch, "userId", "tracking.no_id");
    }
    return OK;
}

static err read_what(struct track_batch *batch, const struct item *item, struct event *out)
{
    out->kind = str_from(track_words[item->type]);
    if (item->type == TRACK_TRACK) {
        str name = text_of(&batch->ctx->arena, item->event);
        out->kind = str_is(name) ? str_trim(name) : STR("");
        if (out->kind.len == 0) {
            return REFUSE(batch, "event", "tracking.no_event");
        }
    }
    if (out->kind.len > TRACK_WORD_MAX) {
        return REFUSE(batch, "event", "tracking.word_long");
    }
    if (item->type == TRACK_ALIAS && !str_is(item->previous)) {
        return REFUSE(batch, "previousId", "tracking.no_previous");
    }
    if (item->type == TRACK_GROUP && (!str_is(item->group) || item->group.len == 0)) {
        return REFUSE(batch, "groupId", "tracking.no_group");
    }
    if (!names_admit(batch->tracking->names, batch->tracking->source, NAME_EVENT, out->kind)) {
        return REFUSE(batch, "event", "tracking.event_names");
    }
    if (str_is(item->message_id) && item->message_id.len > MESSAGE_ID_MAX) {
        return REFUSE(batch, "messageId", "tracking.message_id_long");
    }
    out->message_id = str_is(item->message_id) ? item->message_id : STR("");
    return OK;
}

/* ISO text, or milliseconds as some programs send them. */
static bool moment_of(struct json value, i64 *out)
{
    str text;
    if (json_str(value, &text)) {
        return time_parse(zone_utc(), STR("iso"), text, out);
    }
    return json_type(value) == JSON_I64 && json_i64(value, out);
}

/* When: corrected by how far the sender's clock is off. Differences of a few seconds are the way through the network, and
 * correcting those would move midnights. */
static err read_when(struct track_batch *batch, const struct item *item, struct event *out)
{
    i64 received = batch->tracking->received_ms, sent = batch->sent_ms, own;
    enum json_type type = json_type(item->timestamp);
    out->received_ms = out->at_ms = received;
    if (type == JSON_NONE || type == JSON_NULL) {
        return OK;
    }
    if (!moment_of(item->timestamp, &out->at_ms)) {
        return REFUSE(batch, "timestamp", "tracking.bad_time");
    }
    if (moment_of(item->sent_at, &own)) {
        sent = own;
    }
    i64 skew = sent > 0 ? received - sent : 0;
    if (skew > SKEW_LEAST_MS || skew < -SKEW_LEAST_MS) {
        i64 corrected;
        if (!__builtin_add_overflow(out->at_ms, skew, &corrected)) {
            out->at_ms = corrected;
        }
    }
    return is_plausible_ms(out->at_ms, received) ? OK : REFUSE(batch, "timestamp", "tracking.implausible_time");
}

static err read_word(struct track_batch *batch, struct json properties, const char *name, str *out)
{
    struct arena *arena = &batch->ctx->arena;
    str text = id_text_of(arena, json_get(properties, str_from(name)));
    *out = str_is(text) ? fold_nfc(arena, text) : STR("");
    if (out->len > TRACK_WORD_MAX) {
        return REFUSE(batch, name, "tracking.word_long");
    }
    bool admitted = out->len == 0 || names_admit(batch->tracking->names, batch->tracking->source, NAME_WORD, *out);
    return admitted ? OK : REFUSE(batch, name, "tracking.words");
}

static bool decimal_of(struct arena *arena, struct json value, struct decimal *out)
{
    str text;
    f64 number;
    if (!json_str(value, &text)) {
        char *digits = arena_new(arena, char, 32);
        if (!json_f64(value, &number)) {
            return false;
        }
        text = (str){digits, f64_text(number, digits)};
    }
    return decimal_parse(text, &(struct number_format){0}, out);
}

/* revenue, else total, else value; the last is money only where a currency stands beside it. */
static err read_amount(struct track_batch *batch, struct json properties, struct event *out)
{
    struct arena *arena = &batch->ctx->arena;
    struct json money = json_get(properties, STR("revenue")), named = json_get(properties, STR("currency"));
    str currency = STR("VND");
    bool has_currency = json_str(named, &currency);
    if (!json_is(money)) {
        money = json_get(properties, STR("total"));
    }
    if (!json_is(money) && has_currency) {
        money = json_get(properties, STR("value"));
    }
    struct decimal amount;
    if (!json_is(money) || !decimal_of(arena, money, &amount)) {
        return OK;
    }
    char code[4];
    i32 digits;
    if (!currency_find(str_trim(currency), code, &digits)) {
        return REFUSE(batch, "currency", "tracking.bad_currency");
    }
    if (!money_minor(amount, (struct decimal){1, 0}, digits, &out->amount.value)) {
        return REFUSE(batch, "revenue", "import.number_large", {"column", STR("revenue")});
    }
    out->amount.is = true;
    out->currency = str_copy(arena, (str){code, 3});
    return OK;
}

/* "SURVEY" or "SURVEY.QUESTION": the name of something that was made here. */
static bool is_of_survey(str text)
{
    i64 id;
    bool whole = text.len == ID_TEXT_LEN, series = text.len > ID_TEXT_LEN && text.data[ID_TEXT_LEN] == '.';
    return (whole || series) && id_parse(str_slice(text, 0, ID_TEXT_LEN), &id) && id <= id_from_ms(clock_ms());
}

/* Everybody can read a page's key and the ids of a survey: that an answer was given there only the survey itself says. */
static bool is_claim(const struct track_batch *batch, str name, struct json value)
{
    static const char *const names[] = {"metric", "question", "survey", "response"};
    bool ours = false;
    for (i64 i = 0; i < countof(names); i++) {
        ours = ours || str_eq(name, str_from(names[i]));
    }
    if (!ours || batch->tracking->who.trust != TRUST_BROWSER) {
        return false;
    }
    str text = id_text_of(&batch->ctx->arena, value);
    return str_is(text) && is_of_survey(fold_nfc(&batch->ctx->arena, text));
}

static err read_series(struct track_batch *batch, struct json properties, const char *name, str *out)
{
    *out = STR("");
    bool claim = is_claim(batch, str_from(name), json_get(properties, str_from(name)));
    return claim ? OK : read_word(batch, properties, name, out);
}

/* A score is an answer only with a metric or a question beside it; games have scores too. */
static err read_answer(struct track_batch *batch, struct json properties, struct event *out)
{
    struct json score = json_get(properties, STR("score"));
    enum json_type type = json_type(score);
    str metric, scale;
    TRY(read_series(batch, properties, "metric", &metric));
    TRY(read_series(batch, properties, "question", &out->question));
    bool asked = metric.len > 0 || out->question.len > 0;
    if (!asked || type == JSON_NONE || type == JSON_NULL) {
        return OK;
    }
    struct answer answer = {0};
    if (!json_f64(score, &answer.given)) {
        return REFUSE(batch, "score", "tracking.score_number");
    }
    if (json_str(json_get(properties, STR("scale")), &scale) && !scale_parse(scale, &answer.scale)) {
        return REFUSE(batch, "scale", "import.bad_scale", {"column", STR("scale")},
                      {"allowed", STR("0-10, 1-5, 1-7, 1-10")});
    }
    (void)json_bool(json_get(properties, STR("reversed")), &answer.reversed);
    enum metric known;
    str lower = str_lower_ascii(&batch->ctx->arena, metric);
    out->metric = metric_parse(lower, &known) ? lower : metric.len > 0 ? metric : out->question;
    return answer_admit(batch->ctx, &answer, STR("score"), out);
}

static err read_columns(struct track_batch *batch, struct json properties, struct event *out)
{
    out->metric = out->question = out->scale = out->currency = out->text = STR("");
    out->channel = out->place = out->touchpoint = STR("");
    if (json_type(properties) != JSON_OBJECT) {
        return OK;
    }
    TRY(read_word(batch, properties, "channel", &out->channel));
    TRY(read_word(batch, properties, "place", &out->place));
    TRY(read_word(batch, properties, "touchpoint", &out->touchpoint));
    str text = text_of(&batch->ctx->arena, json_get(properties, STR("text")));
    out->text = str_is(text) ? text : STR("");
    TRY(read_answer(batch, properties, out));
    return read_amount(batch, properties, out);
}

/* 203.0.113.77 → 203.0.113.0, 2001:db8:1:2::3 → 2001:db8:1::; anything else → nothing. */
static str truncated(struct arena *arena, str address)
{
    i64 dot = -1;
    for (i64 i = 0; i < address.len; i++) {
        dot = address.data[i] == '.' ? i : dot;
    }
    if (str_find_char(address, ':') < 0) {
        return dot > 0 ? str_format(arena, "%.*s.0", (int)dot, address.data) : STR("");
    }
    i64 end = 0;
    for (i32 groups = 0; end < address.len; end++) {
        groups += address.data[end] == ':';
        if (groups == 3 || (end > 0 && address.data[end] == ':' && address.data[end - 1] == ':')) {
            break;
        }
    }
    return str_format(arena, "%.*s::", (int)end, address.data);
}

static void put_context(struct track_batch *batch, struct json context)
{
    struct json_writer *props = &batch->props;
    bool own = json_type(context) == JSON_OBJECT;
    if (!own && batch->context_count == 0) {
        return;
    }
    json_key(props, STR("context"));
    json_object(props);
    for (struct json_iter i = json_each(context); own && json_next(&i);) {
        str address;
        json_key(props, i.key);
        bool cut = batch->tracking->truncate_addresses && str_eq(i.key, STR("ip")) && json_str(i.value, &address);
        if (cut) {
            json_put_str(props, truncated(&batch->ctx->arena, address));
        } else {
            json_put_value(props, i.value);
        }
    }
    for (i64 i = 0; i < batch->context_count; i++) {
        const struct track_pair *pair = &batch->context[i];
        if (own && json_is(json_get(context, pair->key))) {
            continue;
        }
        json_key(props, pair->key);
        bool cut = batch->tracking->truncate_addresses && str_eq(pair->key, STR("ip")) && pair->json.len > 2;
        if (cut) {
            json_put_str(props, truncated(&batch->ctx->arena, str_slice(pair->json, 1, pair->json.len - 1)));
        } else {
            json_put_raw(props, pair->json);
        }
    }
    json_object_end(props);
}

static void put_identity(struct track_batch *batch, const struct item *item)
{
    struct json_writer *props = &batch->props;
    bool traits = item->type == TRACK_IDENTIFY && json_type(item->traits) == JSON_OBJECT;
    if (!str_is(item->anonymous) && !str_is(item->previous) && !traits) {
        return;
    }
    json_key(props, STR("$"));
    json_object(props);
    json_pair_str(props, "trust", str_from(trust_words[batch->tracking->who.trust]));
    if (str_is(item->anonymous)) {
        json_pair_str(props, "anonymous", item->anonymous);
    }
    if (str_is(item->previous)) {
        json_pair_str(props, "previous", item->previous);
    }
    if (str_is(item->email)) {
        json_pair_str(props, "email", item->email);
    }
    if (str_is(item->phone)) {
        json_pair_str(props, "phone", item->phone);
    }
    if (traits) {
        json_key(props, STR("traits"));
        json_put_value(props, item->traits);
    }
    json_object_end(props);
}

/* The sender's own names never collide with what we add. */
static str property_name(str name)
{
    return str_eq(name, STR("$")) ? STR("$$") : str_eq(name, STR("context")) ? STR("$context") : name;
}

static err put_properties(struct track_batch *batch, const struct item *item)
{
    struct json_writer *props = &batch->props;
    bool some = json_type(item->properties) == JSON_OBJECT;
    for (struct json_iter i = json_each(item->properties); some && json_next(&i);) {
        if (!names_admit(batch->tracking->names, batch->tracking->source, NAME_PROPERTY, i.key)) {
            return REFUSE(batch, "properties", "tracking.property_names");
        }
        bool claim = is_claim(batch, i.key, i.value);
        json_key(props, claim ? str_format(&batch->ctx->arena, "$%.*s", STR_ARG(i.key)) : property_name(i.key));
        json_put_value(props, i.value);
    }
    if (str_is(item->name) && !json_is(json_get(item->properties, STR("name")))) {
        json_pair_str(props, "name", item->name);
    }
    if (str_is(item->category) && !json_is(json_get(item->properties, STR("category")))) {
        json_pair_str(props, "category", item->category);
    }
    if (item->type == TRACK_GROUP) {
        json_pair_str(props, "group_id", item->group);
        if (json_type(item->traits) == JSON_OBJECT) {
            json_key(props, STR("traits"));
            json_put_value(props, item->traits);
        }
    }
    return OK;
}

/* Writes behind the properties of the items before; what was written is taken back when the item is refused. */
static err build_props(struct track_batch *batch, struct item *item, struct event *out)
{
    struct arena *arena = &batch->ctx->arena;
    struct json_writer *props = &batch->props;
    i64 from = props->out.len;
    str word;
    if (item->type == TRACK_IDENTIFY) {
        item->email = json_str(json_get(item->traits, STR("email")), &word) ? fold_email(arena, word) : STR_NONE;
        word = id_text_of(arena, json_get(item->traits, STR("phone")));
        item->phone = str_is(word) ? phone_e164(arena, word) : STR_NONE;
    }
    props->comma = false;
    json_object(props);
    put_identity(batch, item);
    err result = put_properties(batch, item);
    put_context(batch, item->context);
    json_object_end(props);
    i64 len = props->out.len - from;
    if (result == OK && len > TRACK_EVENT_MAX) {
        result = REFUSE(batch, "", "tracking.event_large");
    }
    if (result != OK) {
        props->out.len = from;
        return result;
    }
    str text = {props->out.data + from, len}, composed = fold_nfc(arena, text);
    if (composed.data != text.data) {
        props->out.len = from;
        buf_add(&props->out, composed);
    }
    out->props.len = props->out.len - from;
    return OK;
}

static err read_item(struct track_batch *batch, struct json object, struct item *item, struct event *out)
{
    struct json type = {0};
    if (json_type(object) != JSON_OBJECT) {
        return REFUSE(batch, "", "tracking.no_object");
    }
    read_members(batch, object, item, &type);
    if (item->type == TRACK_BATCH && !find_type(type, &item->type)) {
        return REFUSE(batch, "type", "tracking.bad_type");
    }
    if (batch->tracking->count == TRACK_EVENTS_MAX) {
        return REFUSE(batch, "", "tracking.too_many");
    }
    TRY(read_who(batch, item, out));
    TRY(read_what(batch, item, out));
    TRY(read_when(batch, item, out));
    TRY(read_columns(batch, item->properties, out));
    out->source = batch->tracking->source;
    return build_props(batch, item, out);
}

static struct track_note *new_note(struct tracking *tracking)
{
    return tracking->note_count < TRACK_NOTES_MAX ? &tracking->notes[tracking->note_count++] : NULL;
}

/* The beginning of an item, as it came. */
static str excerpt_of(struct track_batch *batch, struct json item, str raw)
{
    struct arena *arena = &batch->ctx->arena;
    if (!json_is(item)) {
        return str_copy(arena, utf8_prefix(raw, EXCERPT_MAX));
    }
    struct json_writer text = json_writer_in(arena);
    json_put_value(&text, item);
    return utf8_prefix(json_text(&text), EXCERPT_MAX);
}

void track_refuse(struct track_batch *batch, enum track_type type, struct json item, str raw)
{
    struct tracking *tracking = batch->tracking;
    struct arena *arena = &batch->ctx->arena;
    tracking->refused++;
    struct track_note *note = new_note(tracking);
    if (note != NULL) {
        *note = (struct track_note){
            .event = -1,
            .type = type,
            .kind = text_of(arena, json_get(item, STR("event"))),
            .alias = id_text_of(arena, json_get(item, STR("userId"))),
            .message_id = id_text_of(arena, json_get(item, STR("messageId"))),
            .excerpt = excerpt_of(batch, item, raw),
            .fault = batch->ctx->fault,
        };
    }
    ctx_forgive(batch->ctx);
}

void track_item(struct track_batch *batch, struct json object)
{
    struct tracking *tracking = batch->tracking;
    struct event event = {0};
    struct item item = {.type = tracking->route};
    if (read_item(batch, object, &item, &event) != OK) {
        track_refuse(batch, item.type, object, STR(""));
        return;
    }
    tracking->events[tracking->count] = event;
    struct track_note *note = tracking->count < TRACK_NOTES_STORED ? new_note(tracking) : NULL;
    if (note != NULL) {
        *note = (struct track_note){
            .event = (i32)tracking->count,
            .type = item.type,
            .kind = event.kind,
            .alias = event.alias,
            .message_id = event.message_id,
            .excerpt = excerpt_of(batch, object, STR("")),
        };
    }
    tracking->count++;
}
